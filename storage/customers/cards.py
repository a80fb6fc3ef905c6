"""What only a customer card and its timeline show."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select

from bot.rules.audit import REPS_OWN, Act
from bot.rules.customer_cards import CustomerOnRecord, TimelineEntry
from bot.rules.customers import Customer
from bot.rules.decisions import Decision
from bot.rules.home import OwnReport
from storage.db.mapping import value_of
from storage.db.queries import many, ours
from storage.db.repository import Repository
from storage.rows import a_decision, own_report, own_reports_of
from storage.tables.audit import audit
from storage.tables.customers import customer, former_name
from storage.tables.decisions import decision
from storage.tables.reports import report

_NOT_LISTED = (*REPS_OWN, Act.READ)  # who read is in the log; in a timeline it would crowd out what happened

_OWN = own_reports_of(
    select(report.c.number)
    .where(ours(report, "customer", "reporter"))
    .order_by(report.c.happened_at.desc(), report.c.number.desc())
    .limit(bindparam("most"))
    .subquery()
)
_FORMER_NAMES = (
    select(former_name.c.name)
    .where(ours(former_name), former_name.c.customer.in_(many("numbers")))
    .order_by(former_name.c.name)
)
_NAMES = select(customer.c.name).where(ours(customer), customer.c.number.in_(many("numbers")))
_LAST_DECISION = (
    select(decision)
    .where(ours(decision, "customer"))
    .order_by(decision.c.ended_at.is_(None).desc(), decision.c.at.desc(), decision.c.case.desc())
    .limit(1)
)
_CREATED_AT = select(customer.c.created_at).where(ours(customer, "number"))
_REPORTS = select(func.count()).where(ours(report, "customer"), report.c.withdrawn_at.is_(None))
_MERGED = select(customer.c.number).where(ours(customer), customer.c.merged_into.in_(many("into")))
_ENTRIES = select(audit).where(ours(audit), audit.c.customer.in_(many("numbers")), audit.c.act.not_in(_NOT_LISTED))
_PAGE = (
    _ENTRIES.order_by(audit.c.at.desc(), audit.c.customer, audit.c.n.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
_COUNT_ENTRIES = select(func.count()).select_from(_ENTRIES.subquery())

_WITH_REFERENCE = select(customer.c.number, customer.c.crm_reference).where(
    ours(customer), customer.c.crm_reference.is_not(None)
)


class Cards(Repository):
    """What only a customer card and its timeline show."""

    def former_names(self, customer: int) -> tuple[str, ...]:
        """The customer's former names, and the names of the records merged into theirs."""
        numbers = self.with_merged(customer)
        former = [row.name for row in self.all(_FORMER_NAMES, numbers=list(numbers))]
        merged = [row.name for row in self.all(_NAMES, numbers=list(numbers[1:]))] if numbers[1:] else []
        return tuple(dict.fromkeys((*former, *merged)))

    def own_reports(self, user: str, customer: int, most: int) -> tuple[OwnReport, ...]:
        """The user's newest reports about the customer."""
        return tuple(own_report(row) for row in self.all(_OWN, reporter=user, customer=customer, most=most))

    def last_decision(self, customer: int) -> Decision | None:
        """The decision in force about the customer, or else the newest one."""
        return self.maybe(a_decision, _LAST_DECISION, customer=customer)

    def with_merged(self, customer: int) -> tuple[int, ...]:
        """The number of the customer, then those of all records that were merged into theirs."""
        found = new = [customer]
        while new:
            new = [row.number for row in self.all(_MERGED, into=new)]
            found = [*found, *new]
        return tuple(found)

    def on_record(self, found: Customer) -> CustomerOnRecord:
        """What says which record this is. Raises Unknown."""
        number = found.number
        row = self.known("customer", number, _CREATED_AT, number=number)
        reports = self.counted(_REPORTS, customer=number)
        return CustomerOnRecord(found, reports, row.created_at, self.with_merged(number)[1:])

    def references(self) -> tuple[tuple[int, str], ...]:
        """The number and the CRM reference of every customer who has one."""
        return tuple((row.number, row.crm_reference) for row in self.all(_WITH_REFERENCE))

    def count_entries(self, customers: Sequence[int]) -> int:
        """How many entries `entries` has in all."""
        return self.counted(_COUNT_ENTRIES, numbers=list(customers))

    def entries(self, customers: Sequence[int], most: int, skip: int = 0) -> tuple[TimelineEntry, ...]:
        """A page of these customers' audit logs, newest first, without reps' own check-ins and without who read."""
        rows = self.all(_PAGE, numbers=list(customers), most=most, skip=skip)
        return tuple(value_of(TimelineEntry, row) for row in rows)
