"""Who hears both sides of a case, and what came out."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.rules.hearings import Finding, Hearing
from bot.rules.refusals import Unknown
from storage.db.repository import Repository
from storage.db.statements import Found
from storage.tables.cases import hearing

_OURS = hearing.c.team == bindparam("our_team")
_BY_NUMBER = select(hearing).where(_OURS, hearing.c.number == bindparam("number"))
_OF_CASE = select(hearing).where(_OURS, hearing.c.case == bindparam("of_case")).order_by(hearing.c.number)
_NEWEST = (
    select(hearing).where(_OURS, hearing.c.case == bindparam("of_case")).order_by(hearing.c.number.desc()).limit(1)
)
_END = (
    update(hearing)
    .where(_OURS, hearing.c.number == bindparam("which"), hearing.c.ended_at.is_(None))
    .values(
        ended_at=bindparam("at"),
        ended_by=bindparam("by"),
        finding=bindparam("found"),
        reps_side=bindparam("reps"),
        customers_side=bindparam("customers"),
        why=bindparam("because"),
    )
)


class Hearings(Repository):
    """See `ports.Hearings`."""

    def get(self, number: int) -> Hearing:
        """The hearing, or `refusals.Unknown`."""
        return _hearing(self._row(number))

    def newest(self, case: int) -> Hearing | None:
        """The last hearing in the case."""
        row = self.one(_NEWEST, of_case=case)
        return None if row is None else _hearing(row)

    def of_case(self, case: int) -> tuple[Hearing, ...]:
        """Every hearing in the case, oldest first."""
        return tuple(_hearing(row) for row in self.all(_OF_CASE, of_case=case))

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
        """Somebody takes the hearing; at most one is under way in a case."""
        number = self.next_number("hearing")
        self.add_row(
            hearing,
            number=number,
            case=case,
            taken_by=taken_by,
            taken_at=now,
            asked_by=asked_by,
            words=words,
            salt=salt,
        )
        return Hearing(number, case, taken_by, now, asked_by, words)

    def salt(self, number: int) -> str:
        """What seals the hearing's texts."""
        return str(self._row(number).salt)

    def end(self, ended: Hearing) -> None:
        """Note how it ended."""
        self.run(
            _END,
            which=ended.number,
            at=ended.ended_at,
            by=ended.ended_by,
            found=ended.finding and ended.finding.value,
            reps=ended.reps_side,
            customers=ended.customers_side,
            because=ended.why,
        )

    def _row(self, number: int) -> Found:
        row = self.one(_BY_NUMBER, number=number)
        if row is None:
            raise Unknown("hearing", number)
        return row


def _hearing(row: Found) -> Hearing:
    return Hearing(
        number=row.number,
        case=row.case,
        taken_by=row.taken_by,
        taken_at=row.taken_at,
        asked_by=row.asked_by,
        words=row.words,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        finding=Finding(row.finding) if row.finding else None,
        reps_side=row.reps_side,
        customers_side=row.customers_side,
        why=row.why,
    )
