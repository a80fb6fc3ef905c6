"""Hearings of both sides of a case, and what came out."""

from datetime import datetime

from sqlalchemy import select, update

from bot.rules.hearings import Finding, Hearing
from storage.db.mapping import columns_of, member_of, value_of
from storage.db.queries import bound, ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.cases import hearing

_BY_NUMBER = select(hearing).where(ours(hearing, "number"))
_OF_CASE = select(hearing).where(ours(hearing, "case")).order_by(hearing.c.number)
_NEWEST = select(hearing).where(ours(hearing, "case")).order_by(hearing.c.number.desc()).limit(1)
_ENDING = ("ended_at", "ended_by", "finding", "reps_side", "customers_side", "why")
_END = update(hearing).where(ours(hearing, "number"), hearing.c.ended_at.is_(None)).values(**bound(*_ENDING))


class Hearings(Repository):
    """Hearings of both sides of a case. A case may have several, and at most one is under way."""

    def get(self, number: int) -> Hearing:
        """The hearing. Raises Unknown."""
        return _hearing(self._row(number))

    def newest(self, case: int) -> Hearing | None:
        """The last hearing in the case."""
        return self.maybe(_hearing, _NEWEST, case=case)

    def of_case(self, case: int) -> tuple[Hearing, ...]:
        """Every hearing in the case, oldest first."""
        return tuple(_hearing(row) for row in self.all(_OF_CASE, case=case))

    def begin(
        self,
        case: int,
        taken_by: str,
        now: datetime,
        salt: str,
        *,
        asked_by: str | None = None,
        words: str | None = None,
    ) -> Hearing:
        """Store that somebody takes the hearing, under the next number. See `Hearing` for `asked_by` and `words`."""
        begun = Hearing(self.next_number("hearing"), case, taken_by, now, asked_by, words)
        self.add_row(hearing, salt=salt, **columns_of(begun))
        return begun

    def salt(self, number: int) -> str:
        """The salt of the hearing's texts."""
        return str(self._row(number).salt)

    def end(self, ended: Hearing) -> None:
        """Store how it ended, if it is under way."""
        values = columns_of(ended)
        self.run(_END, number=ended.number, **{name: values[name] for name in _ENDING})

    def _row(self, number: int) -> Row:
        return self.known("hearing", number, _BY_NUMBER, number=number)


def _hearing(row: Row) -> Hearing:
    return value_of(Hearing, row, finding=member_of(Finding, row.finding))
