"""Formal warnings."""

from datetime import datetime

from sqlalchemy import select, update

from bot.rules.cases import Case
from bot.rules.policy.verdicts import DeliveredWarning
from bot.rules.warnings import Delivery, IssuedWarning
from storage.db.mapping import columns_of, member_of, value_of
from storage.db.queries import bound, ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.cases import warning

_THIS = ours(warning, "number")
_BY_NUMBER = select(warning).where(_THIS)
_OF_CASE = select(warning).where(ours(warning, "case"))
_ABOUT = select(warning).where(ours(warning, "customer")).order_by(warning.c.number.desc())
_DELIVERED = (
    select(warning.c.number, warning.c.delivered_at, warning.c.expires_at)
    .where(ours(warning, "customer"), warning.c.delivered_at.is_not(None), warning.c.withdrawn_at.is_(None))
    .order_by(warning.c.number)
)
_DELIVER = (
    update(warning)
    .where(_THIS, warning.c.delivered_at.is_(None))
    .values(**bound("delivered_at", "delivered_by", "delivered_how", "expires_at", "objection_until"))
)
_WITHDRAW = update(warning).where(_THIS, warning.c.withdrawn_at.is_(None)).values(**bound("withdrawn_at"))


class Warnings(Repository):
    """Formal warnings, at most one for each case."""

    def issue(self, case: Case, letter: str, by: str, now: datetime, salt: str) -> IssuedWarning:
        """Store the letter as it was issued, under the next number."""
        issued = IssuedWarning(self.next_number("warning"), case.number, letter, by, now)
        stored = {name: value for name, value in columns_of(issued).items() if name != "erased"}
        self.add_row(warning, customer=case.customer, salt=salt, **stored)
        return issued

    def deliver(self, delivered: IssuedWarning) -> None:
        """Store when and how it was delivered and until when it is valid, if it was not delivered yet."""
        self.run(
            _DELIVER,
            number=delivered.number,
            delivered_at=delivered.delivered_at,
            delivered_by=delivered.delivered_by,
            delivered_how=str(delivered.delivered_how),
            expires_at=delivered.expires_at,
            objection_until=delivered.objection_until,
        )

    def withdraw(self, number: int, now: datetime) -> None:
        """End the warning's validity."""
        self.run(_WITHDRAW, number=number, withdrawn_at=now)

    def get(self, number: int) -> IssuedWarning:
        """The warning. Raises Unknown."""
        return _warning(self.known("warning", number, _BY_NUMBER, number=number))

    def of_case(self, case: int) -> IssuedWarning | None:
        """The warning issued in the case."""
        return self.maybe(_warning, _OF_CASE, case=case)

    def about(self, customer: int) -> tuple[IssuedWarning, ...]:
        """All warnings to the customer, newest first."""
        return tuple(_warning(row) for row in self.all(_ABOUT, customer=customer))

    def delivered(self, customer: int) -> tuple[DeliveredWarning, ...]:
        """The warnings to the customer that were delivered and not withdrawn, oldest first."""
        return tuple(value_of(DeliveredWarning, row) for row in self.all(_DELIVERED, customer=customer))


def _warning(row: Row) -> IssuedWarning:
    how = member_of(Delivery, row.delivered_how)
    return value_of(IssuedWarning, row, delivered_how=how, erased=row.salt == "")
