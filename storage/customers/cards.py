"""Looking a customer up: what is shown only there."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select

from bot.rules.audit_acts import Act
from bot.rules.customer_cards import Told
from bot.rules.decisions import Decision
from bot.rules.home import OwnReport
from storage.db.repository import Repository
from storage.db.statements import Found
from storage.rows import a_decision, own_report, reports_of
from storage.tables.audit import audit
from storage.tables.customers import customer, former_name
from storage.tables.decisions import decision
from storage.tables.reports import report

REPS_OWN = (Act.CHECK_IN, Act.ANSWER_CHECK_IN)  # acts that managers are not told of

_OWN = reports_of(
    select(report.c.number)
    .where(report.c.team == bindparam("our_team"), report.c.customer == bindparam("about"))
    .where(report.c.reporter == bindparam("user"))
    .order_by(report.c.happened_at.desc(), report.c.number.desc())
    .limit(bindparam("most"))
    .subquery()
)
_FORMER = (
    select(former_name.c.name)
    .where(former_name.c.team == bindparam("our_team"))
    .where(former_name.c.customer.in_(bindparam("chains", expanding=True)))
    .order_by(former_name.c.name)
)
_NAMES = select(customer.c.name).where(
    customer.c.team == bindparam("our_team"), customer.c.number.in_(bindparam("chains", expanding=True))
)
_LAST_DECISION = (
    select(decision)
    .where(decision.c.team == bindparam("our_team"), decision.c.customer == bindparam("about"))
    .order_by(decision.c.ended_at.is_(None).desc(), decision.c.at.desc(), decision.c.case.desc())
    .limit(1)
)
_MERGED = select(customer.c.number).where(
    customer.c.team == bindparam("our_team"), customer.c.merged_into.in_(bindparam("into", expanding=True))
)
_CHAINS = (
    select(audit)
    .where(audit.c.team == bindparam("our_team"), audit.c.customer.in_(bindparam("chains", expanding=True)))
    .where(audit.c.act.not_in(REPS_OWN))
)
_TOLD = (
    _CHAINS.order_by(audit.c.at.desc(), audit.c.customer, audit.c.n.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
_COUNT_TOLD = select(func.count().label("n")).select_from(_CHAINS.subquery())


class Lookups(Repository):
    """See `ports.Lookups`."""

    def former_names(self, customer: int) -> tuple[str, ...]:
        """What the customer was called before, and the records merged into theirs."""
        chains = self.chains(customer)
        once = [row.name for row in self.all(_FORMER, chains=list(chains))]
        merged = [row.name for row in self.all(_NAMES, chains=list(chains[1:]))] if chains[1:] else []
        return tuple(dict.fromkeys((*once, *merged)))

    def own(self, user: str, customer: int, most: int) -> tuple[OwnReport, ...]:
        """The user's newest reports about the customer."""
        return tuple(own_report(row) for row in self.all(_OWN, user=user, about=customer, most=most))

    def last_decision(self, customer: int) -> Decision | None:
        """The decision in force about the customer, or else the newest one."""
        row = self.one(_LAST_DECISION, about=customer)
        return None if row is None else a_decision(row)

    def chains(self, customer: int) -> tuple[int, ...]:
        """The customer, and every record that was merged into theirs."""
        found = new = [customer]
        while new:
            new = [row.number for row in self.all(_MERGED, into=new)]
            found = [*found, *new]
        return tuple(found)

    def count_told(self, chains: Sequence[int]) -> int:
        """How many entries their timeline has."""
        row = self.one(_COUNT_TOLD, chains=list(chains))
        return int(row.n) if row else 0

    def told(self, chains: Sequence[int], most: int, skip: int = 0) -> tuple[Told, ...]:
        """Entries of their audit logs, newest first."""
        return tuple(_told(row) for row in self.all(_TOLD, chains=list(chains), most=most, skip=skip))


def _told(row: Found) -> Told:
    return Told(row.customer, row.at, row.actor, row.act, row.facts)
