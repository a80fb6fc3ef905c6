"""Hearings of both sides of a case, and what came out."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, update

from bot.rules.hearings import Finding, Hearing
from storage.db.mapping import columns_of, member_of, value_of
from storage.db.queries import bound, is_row, ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.cases import hearing, matter
from storage.tables.customers import merger

_BY_NUMBER = select(hearing).where(ours(hearing, "number"))
_OF_CASE = select(hearing).where(ours(hearing, "case")).order_by(hearing.c.number)
_NEWEST = select(hearing).where(ours(hearing, "case")).order_by(hearing.c.number.desc()).limit(1)
_BEHIND: Any = select(matter.c.number.label("case")).where(ours(matter, "number")).cte("behind", recursive=True)
_MOVED: Any = merger.c.moved
_JOINED = and_(ours(merger), _MOVED["survivor"].as_integer() == _BEHIND.c.case, merger.c.undone_at.is_(None))
_BEHIND = _BEHIND.union(
    select(_MOVED["closed"].as_integer()).join(_BEHIND, _JOINED).where(_MOVED["closed"].as_integer().is_not(None))
)
_OF_ALL = select(hearing).join(_BEHIND, is_row(hearing, _BEHIND.c.case, "case")).order_by(hearing.c.number)
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

    def behind(self, case: int) -> tuple[Hearing, ...]:
        """As `of_case`, with the hearings in the cases that a merger has ended for this one."""
        return tuple(_hearing(row) for row in self.all(_OF_ALL, number=case))

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
