"""What the policy said, each time it was asked, and the policies themselves."""

from datetime import datetime

from sqlalchemy import bindparam, select

from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import Reason, Rung, Verdict
from bot.rules.refusals import Unknown
from storage.db.repository import Repository, insert
from storage.db.statements import Found
from storage.tables.reports import policy, verdict

_OURS = verdict.c.team == bindparam("our_team")
_OF_REPORT = select(verdict).where(_OURS, verdict.c.report == bindparam("report")).limit(1)
_NEWEST = (
    select(verdict).where(_OURS, verdict.c.customer == bindparam("customer")).order_by(verdict.c.n.desc()).limit(1)
)
_KEPT = select(policy.c.digest).where(
    policy.c.team == bindparam("our_team"), policy.c.digest == bindparam("its_digest")
)
_KEEP = {dialect: insert(policy, dialect).on_conflict_do_nothing() for dialect in ("sqlite", "postgresql")}


class Verdicts(Repository):
    """See `ports.Verdicts`."""

    def add(self, said: Verdict, customer: int, n: int, report: int | None, case: int | None, now: datetime) -> None:
        """Keep it beside entry `n` of the customer's audit chain."""
        self.add_row(
            verdict,
            customer=customer,
            n=n,
            report=report,
            case=case,
            rung=said.rung.value,
            reasons=[[reason.rule, reason.facts] for reason in said.reasons],
            points=said.points,
            reporters=said.reporters,
            heaviest=said.heaviest,
            urgent=said.urgent,
            policy=said.policy_digest,
            at=now,
        )

    def of_report(self, report: int) -> Verdict:
        """The verdict that the report brought about."""
        row = self.one(_OF_REPORT, report=report)
        if row is None:
            raise Unknown("report", report)
        return _verdict(row)

    def newest(self, customer: int) -> Verdict:
        """The last one about the customer."""
        return _verdict(self._newest(customer))

    def newest_at(self, customer: int) -> datetime:
        """When it was."""
        at: datetime = self._newest(customer).at
        return at

    def _newest(self, customer: int) -> Found:
        row = self.one(_NEWEST, customer=customer)
        if row is None:
            raise Unknown("customer", customer)
        return row

    def keep_policy(self, used: Policy, now: datetime) -> None:
        """Keep the policy whole, once, so that its verdicts can be derived again."""
        if self.one(_KEPT, its_digest=used.digest) is None:
            self.put(_KEEP, digest=used.digest, body=used.body(), since=now)


def _verdict(row: Found) -> Verdict:
    return Verdict(
        rung=Rung(row.rung),
        reasons=tuple(Reason(rule, facts) for rule, facts in row.reasons),
        points=row.points,
        reporters=row.reporters,
        urgent=row.urgent,
        policy_digest=row.policy,
        heaviest=row.heaviest,
    )
