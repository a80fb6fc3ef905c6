"""What the policy said, each time it was asked, and the policies themselves."""

from datetime import datetime

from sqlalchemy import Integer, bindparam, select, union

from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import Reason, Rung, Verdict
from storage.db.mapping import value_of
from storage.db.queries import insert_or_ignore, ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.customers import merger
from storage.tables.reports import policy, verdict

_OF_REPORT = select(verdict).where(ours(verdict, "report")).limit(1)
_NEWEST = select(verdict).where(ours(verdict, "customer")).order_by(verdict.c.n.desc()).limit(1)
_WHOSE = union(
    select(bindparam("customer", type_=Integer)),
    select(merger.c.duplicate).where(ours(merger, "customer")),
    select(merger.c.customer).where(ours(merger), merger.c.duplicate == bindparam("customer")),
)
_ASKED = select(verdict.c.n).where(ours(verdict, "case", "rung"), verdict.c.customer.in_(_WHOSE)).limit(1)
_POLICY = select(policy.c.digest).where(ours(policy, "digest"))
_ADD_POLICY = insert_or_ignore(policy)


class Verdicts(Repository):
    """What the policy said, each time it was asked, and the policies themselves."""

    def add(self, new: Verdict, customer: int, n: int, report: int | None, case: int | None, now: datetime) -> None:
        """Store the verdict. `n`: the entry of the customer's audit chain that goes with it."""
        self.add_row(
            verdict,
            customer=customer,
            n=n,
            report=report,
            case=case,
            rung=new.rung.value,
            reasons=[[reason.rule, reason.facts] for reason in new.reasons],
            points=new.points,
            reporters=new.reporters,
            heaviest=new.heaviest,
            urgent=new.urgent,
            policy=new.policy_digest,
            at=now,
        )

    def of_report(self, report: int) -> Verdict:
        """The verdict that followed the report. Raises Unknown."""
        return _verdict(self.known("report", report, _OF_REPORT, report=report))

    def entry_of_report(self, report: int) -> int:
        """The number of the entry in the audit chain of the customer who was reported. Raises Unknown."""
        return int(self.known("report", report, _OF_REPORT, report=report).n)

    def newest(self, customer: int) -> Verdict:
        """The last verdict about the customer. Raises Unknown."""
        return _verdict(self._newest(customer))

    def newest_at(self, customer: int) -> datetime:
        """When the last verdict about the customer was given. Raises Unknown."""
        at: datetime = self._newest(customer).at
        return at

    def _newest(self, customer: int) -> Row:
        return self.known("customer", customer, _NEWEST, customer=customer)

    def has_asked(self, customer: int, case: int, rung: Rung) -> bool:
        """Whether the policy has asked for this rung in this case, whichever of two merged records it was about."""
        return self.one(_ASKED, customer=customer, case=case, rung=rung.value) is not None

    def has_policy(self, digest: str) -> bool:
        """Whether the policy with this digest is stored."""
        return self.one(_POLICY, digest=digest) is not None

    def keep_policy(self, used: Policy, now: datetime) -> None:
        """Store the whole policy, once, so that its verdicts can be derived again."""
        if not self.has_policy(used.digest):
            self.put(_ADD_POLICY, digest=used.digest, body=used.text, since=now)


def _verdict(row: Row) -> Verdict:
    reasons = tuple(Reason(rule, facts) for rule, facts in row.reasons)
    return value_of(Verdict, row, rung=Rung(row.rung), reasons=reasons, policy_digest=row.policy)
