"""The entries of interim protection in a case, and what holds about a customer."""

from sqlalchemy import bindparam, select

from bot.rules.policy.interim_rules import ProtectionKind
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.protection import Protection
from storage.db.mapping import columns_of, member_of, value_of
from storage.db.queries import is_row, ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.cases import matter, protection
from storage.tables.reports import report

_OF_CASE = select(protection).where(ours(protection, "case")).order_by(protection.c.n)
_NEWEST = select(protection).where(ours(protection, "case")).order_by(protection.c.n.desc()).limit(1)
_OF_OPEN_CASE = (
    select(protection)
    .join(matter, is_row(matter, protection.c.case))
    .where(ours(protection), ours(matter, "customer"), matter.c.closed_at.is_(None))
    .order_by(protection.c.n.desc())
    .limit(1)
)
_SEVERE = (
    select(report.c.number)
    .where(ours(report, "case"), report.c.severity == Severity.SEVERE.value)
    .where(report.c.withdrawn_at.is_(None), report.c.discounted_at.is_(None))
    .where(report.c.since_version > bindparam("seen"))
    .limit(1)
)


class Protections(Repository):
    """The entries of interim protection, a case each. What holds about a customer follows from their open case."""

    def of_case(self, case: int) -> tuple[Protection, ...]:
        """Every entry of the case, oldest first."""
        return tuple(_protection(row) for row in self.all(_OF_CASE, case=case))

    def newest(self, case: int) -> Protection | None:
        """The last entry of the case, open or not."""
        return self.maybe(_protection, _NEWEST, case=case)

    def in_force(self, customer: int) -> Protection | None:
        """What holds about the customer now: nothing unless a case is open."""
        last = self.maybe(_protection, _OF_OPEN_CASE, customer=customer)
        return last if last and last.kind else None

    def severe_since(self, case: int, version: int) -> bool:
        """Whether a severe report that counts came into the case after this version of it."""
        return self.one(_SEVERE, case=case, seen=version) is not None

    def add(self, entry: Protection, salt: str) -> None:
        """Store the next entry of a case."""
        self.add_row(protection, salt=salt, **columns_of(entry))


def _protection(row: Row) -> Protection:
    return value_of(Protection, row, kind=member_of(ProtectionKind, row.kind), rung=Rung(row.rung))
