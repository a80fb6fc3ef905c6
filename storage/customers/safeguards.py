"""Notes that a customer needs tolerance."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from bot.rules.customers import Safeguard
from bot.rules.refusals import Unknown
from storage.db.repository import Repository
from storage.db.statements import Found
from storage.tables.customers import safeguard

_OURS = safeguard.c.team == bindparam("our_team")
_BY_NUMBER = select(safeguard).where(_OURS, safeguard.c.number == bindparam("number"))
_IN_FORCE = (
    select(safeguard)
    .where(_OURS, safeguard.c.customer == bindparam("customer"), safeguard.c.removed_at.is_(None))
    .where(or_(safeguard.c.ends_at.is_(None), safeguard.c.ends_at > bindparam("now")))
    .order_by(safeguard.c.number)
)
_LIFT = (
    update(safeguard)
    .where(_OURS, safeguard.c.number == bindparam("which"), safeguard.c.removed_at.is_(None))
    .values(
        removed_at=bindparam("at"),
        removed_by=bindparam("by"),
        removed_why=bindparam("because"),
        removed_salt=bindparam("with_salt"),
    )
)


class Safeguards(Repository):
    """See `ports.Safeguards`."""

    def about(self, customer: int, now: datetime) -> tuple[Safeguard, ...]:
        """Those in force, oldest first."""
        return tuple(_safeguard(row) for row in self.all(_IN_FORCE, customer=customer, now=now))

    def get(self, number: int) -> tuple[int, Safeguard]:
        """The customer, and the safeguard in force or not, or `refusals.Unknown`."""
        row = self.one(_BY_NUMBER, number=number)
        if row is None:
            raise Unknown("safeguard", number)
        return row.customer, _safeguard(row)

    def set(self, customer: int, new: Safeguard, ends_at: datetime | None, salt: str) -> Safeguard:
        """Keep it, under the next number. It is in force until `ends_at`, or until somebody lifts it."""
        number = self.next_number("safeguard")
        self.add_row(
            safeguard,
            number=number,
            customer=customer,
            kind=new.kind,
            note=new.note,
            salt=salt,
            words=new.words,
            until=new.until,
            set_by=new.set_by,
            set_at=new.set_at,
            ends_at=ends_at,
        )
        return self.get(number)[1]

    def lift(self, number: int, by: str, why: str, now: datetime, salt: str) -> None:
        """It is in force no more."""
        self.run(_LIFT, which=number, by=by, because=why, at=now, with_salt=salt)


def _safeguard(row: Found) -> Safeguard:
    return Safeguard(
        kind=row.kind,
        note=row.note,
        words=row.words,
        until=row.until,
        set_by=row.set_by,
        set_at=row.set_at,
        number=row.number,
        lifted_at=row.removed_at,
        lifted_by=row.removed_by,
    )
