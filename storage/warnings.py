"""Formal warnings."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.rules.cases import Case
from bot.rules.policy.verdicts import DeliveredWarning
from bot.rules.refusals import Unknown
from bot.rules.warnings import Delivery, IssuedWarning
from storage.db.repository import Repository
from storage.db.statements import Found
from storage.tables.cases import warning

_OURS = warning.c.team == bindparam("our_team")
_OF_CASE = select(warning).where(_OURS, warning.c.case == bindparam("case"))
_ABOUT = select(warning).where(_OURS, warning.c.customer == bindparam("customer")).order_by(warning.c.number.desc())
_DELIVERED = (
    select(warning.c.number, warning.c.delivered_at, warning.c.expires_at)
    .where(_OURS, warning.c.customer == bindparam("customer"))
    .where(warning.c.delivered_at.is_not(None), warning.c.withdrawn_at.is_(None))
    .order_by(warning.c.number)
)
_DELIVER = (
    update(warning)
    .where(_OURS, warning.c.number == bindparam("which"), warning.c.delivered_at.is_(None))
    .values(
        delivered_at=bindparam("at"),
        delivered_by=bindparam("by"),
        delivered_how=bindparam("how"),
        expires_at=bindparam("until"),
    )
)
_WITHDRAW = (
    update(warning)
    .where(_OURS, warning.c.number == bindparam("which"), warning.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("now"))
)
_BY_NUMBER = select(warning).where(_OURS, warning.c.number == bindparam("number"))


class Warnings(Repository):
    """See `ports.Warnings`."""

    def issue(self, case: Case, letter: str, by: str, now: datetime, salt: str) -> IssuedWarning:
        """Keep the letter as it was issued."""
        number = self.next_number("warning")
        self.add_row(
            warning,
            number=number,
            case=case.number,
            customer=case.customer,
            letter=letter,
            salt=salt,
            issued_by=by,
            issued_at=now,
        )
        return IssuedWarning(number=number, case=case.number, letter=letter, issued_by=by, issued_at=now)

    def deliver(self, delivered: IssuedWarning) -> None:
        """Note when and how it was delivered, and until when it counts."""
        self.run(
            _DELIVER,
            which=delivered.number,
            at=delivered.delivered_at,
            by=delivered.delivered_by,
            how=str(delivered.delivered_how),
            until=delivered.expires_at,
        )

    def withdraw(self, number: int, now: datetime) -> None:
        """It counts no more."""
        self.run(_WITHDRAW, which=number, now=now)

    def get(self, number: int) -> IssuedWarning:
        """The warning, or `refusals.Unknown`."""
        row = self.one(_BY_NUMBER, number=number)
        if row is None:
            raise Unknown("warning", number)
        return _warning(row)

    def of_case(self, case: int) -> IssuedWarning | None:
        """The warning issued in a case."""
        row = self.one(_OF_CASE, case=case)
        return None if row is None else _warning(row)

    def about(self, customer: int) -> tuple[IssuedWarning, ...]:
        """All warnings to the customer, newest first."""
        return tuple(_warning(row) for row in self.all(_ABOUT, customer=customer))

    def delivered(self, customer: int) -> tuple[DeliveredWarning, ...]:
        """Those to the customer that were delivered and not withdrawn, oldest first."""
        found = self.all(_DELIVERED, customer=customer)
        return tuple(DeliveredWarning(row.number, row.delivered_at, row.expires_at) for row in found)


def _warning(row: Found) -> IssuedWarning:
    return IssuedWarning(
        number=row.number,
        case=row.case,
        letter=row.letter,
        issued_by=row.issued_by,
        issued_at=row.issued_at,
        delivered_at=row.delivered_at,
        delivered_by=row.delivered_by,
        delivered_how=Delivery(row.delivered_how) if row.delivered_how else None,
        expires_at=row.expires_at,
        withdrawn_at=row.withdrawn_at,
    )
