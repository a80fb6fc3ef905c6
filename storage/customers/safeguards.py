"""Safeguards: notes that a customer needs tolerance."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from bot.rules.customers import Safeguard
from storage.db.mapping import value_of
from storage.db.queries import bound, ours
from storage.db.repository import Repository, new_key
from storage.db.statements import Row
from storage.tables.customers import safeguard

_BY_NUMBER = select(safeguard).where(ours(safeguard, "number"))
_IN_FORCE = (
    select(safeguard)
    .where(ours(safeguard, "customer"), safeguard.c.removed_at.is_(None))
    .where(or_(safeguard.c.ends_at.is_(None), safeguard.c.ends_at > bindparam("now")))
    .order_by(safeguard.c.number)
)
_LIFT = (
    update(safeguard)
    .where(ours(safeguard, "number"), safeguard.c.removed_at.is_(None))
    .values(**bound("removed_at", "removed_by", "removed_why", "removed_salt"))
)


class Safeguards(Repository):
    """Notes that a customer needs tolerance. One is in force until its end, or until somebody lifts it."""

    def about(self, customer: int, now: datetime) -> tuple[Safeguard, ...]:
        """The customer's safeguards in force, oldest first."""
        return tuple(_safeguard(row) for row in self.all(_IN_FORCE, customer=customer, now=now))

    def get(self, number: int) -> tuple[int, Safeguard]:
        """The customer's number and the safeguard, in force or not. Raises Unknown."""
        row = self.known("safeguard", number, _BY_NUMBER, number=number)
        return row.customer, _safeguard(row)

    def ends_at(self, number: int) -> datetime | None:
        """When it ends by itself; None where only somebody who lifts it ends it. Raises Unknown."""
        at: datetime | None = self.known("safeguard", number, _BY_NUMBER, number=number).ends_at
        return at

    def set(self, customer: int, new: Safeguard, ends_at: datetime | None, salt: str) -> Safeguard:
        """Store it, under the next number. `ends_at`: None where only somebody who lifts it ends it."""
        number = self.next_number("safeguard")
        self.add_row(
            safeguard,
            number=number,
            random_key=new_key(),
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
        """End the safeguard, if nobody has lifted it."""
        self.run(_LIFT, number=number, removed_at=now, removed_by=by, removed_why=why, removed_salt=salt)


def _safeguard(row: Row) -> Safeguard:
    return value_of(Safeguard, row, lifted_at=row.removed_at)
