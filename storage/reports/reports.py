"""What reps reported, and the incidents that a verdict about a customer rests on."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import and_, bindparam, false, func, or_, select, update
from sqlalchemy import case as choice_of

from bot.rules.cases import Case
from bot.rules.decisions import Choice
from bot.rules.policy.ending_rules import EndingRule, Informed
from bot.rules.policy.verdicts import Incident, Severity
from bot.rules.reports import MANY_REPORTS, Evidence, NewReport, Place, Report
from storage.db.digested_tables import random_salt
from storage.db.mapping import value_of
from storage.db.queries import bound, is_row, many, ours
from storage.db.repository import Repository, new_key
from storage.db.statements import Row
from storage.tables.decisions import decision
from storage.tables.reports import report

_THIS = ours(report, "number")
_COUNTS = and_(report.c.withdrawn_at.is_(None), report.c.discounted_at.is_(None))
_BY_NUMBER = select(report).where(_THIS)
_CASE_OF = select(report.c.case).where(_THIS)
_OF_CASE = select(report).where(ours(report, "case")).order_by(report.c.happened_at.desc(), report.c.number.desc())
_SHOWN_WITH_CASE = and_(
    ours(report), or_(report.c.customer == bindparam("customer"), report.c.case == bindparam("case"))
)
_COUNT_WITH_CASE = select(func.count()).select_from(report).where(_SHOWN_WITH_CASE)
_WITH_CASE = (
    select(report)
    .where(_SHOWN_WITH_CASE)
    .order_by(
        choice_of((report.c.case == bindparam("case"), 0), else_=1),
        report.c.happened_at.desc(),
        report.c.number.desc(),
    )
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
_CUSTOMERS_IN = select(report.c.customer).where(ours(report, "case")).distinct().order_by(report.c.customer)
_JUDGED = and_(
    is_row(decision, report.c.case, "case"),
    or_(decision.c.choice == Choice.KEEP.value, decision.c.ended_at.is_not(None)),
)
_INCIDENTS = (
    select(
        report.c.number,
        report.c.reporter,
        report.c.category,
        report.c.severity,
        report.c.happened_at,
        report.c.doubted,
        report.c.withdrawn_at,
        report.c.discounted_at,
        decision.c.case.is_not(None).label("judged"),
    )
    .outerjoin(decision, _JUDGED)
    .where(ours(report, "customer"))
    .order_by(report.c.happened_at, report.c.number)
)
_COUNT = select(func.count().label("reports"), func.count(report.c.reporter.distinct()).label("reporters")).where(
    ours(report, "customer"), report.c.withdrawn_at.is_(None)
)
_JOIN_CASE = (
    update(report)
    .where(ours(report, "customer"), report.c.case.is_(None), _COUNTS, report.c.happened_at > bindparam("since"))
    .values(**bound("case", "since_version"))
)
_WAITING = (
    select(report.c.number)
    .where(ours(report, "customer"), report.c.case.is_(None), _COUNTS, report.c.happened_at > bindparam("since"))
    .limit(1)
)
_MARK_CHANGED = update(report).where(_THIS).values(**bound("since_version"))
_NEWS = (
    select(report)
    .where(ours(report, "case"), report.c.since_version > bindparam("seen"))
    .order_by(report.c.number.desc())
)
_CHANGED_AT = select(func.coalesce(func.max(report.c.since_version), 0)).where(ours(report, "case"))
_NEWEST_TIMES = (
    select(report.c.reported_at)
    .where(ours(report, "reporter"))
    .order_by(report.c.number.desc())
    .limit(MANY_REPORTS + 2)
)
_DISCOUNT = update(report).where(_THIS, _COUNTS).values(**bound("discounted_at", "discounted_in"))
_OF_UNKNOWN = (
    select(report.c.customer)
    .where(ours(report), report.c.reporter.in_(many("reporters")), report.c.reporter_known.is_(false()))
    .distinct()
)
_WITHDRAW = update(report).where(_THIS).values(**bound("withdrawn_at"))


class Reports(Repository):
    """What reps reported. A report counts unless it was withdrawn or discounted."""

    def get(self, number: int) -> Report:
        """The report. Raises Unknown."""
        return _report(self.known("report", number, _BY_NUMBER, number=number))

    def add(
        self, new: NewReport, customer: int, now: datetime, salt: str, within: EndingRule | None, *, known: bool
    ) -> Report:
        """Store it, under the next number. `known`: whether the reporter's profile had been read from Slack.

        `within`: see `Report.ended_within`.
        """
        number = self.next_number("report")
        self.add_row(
            report,
            number=number,
            random_key=new_key(),
            customer=customer,
            reporter=new.by.user,
            category=new.category,
            severity=new.severity.value,
            place=new.place.value,
            happened_at=new.happened_at,
            reported_at=now,
            narrative=new.narrative.strip(),
            salt=salt,
            evidence=[each.parts for each in new.evidence],
            doubted=new.doubted,
            wants_support=new.wants_support,
            reporter_known=known,
            support_salt=random_salt(),
            informed_first=new.ended.informed.value if new.ended else None,
            ended_within=within.value if within else None,
        )
        return _as_reported(new, number, customer, now, within, known=known)

    def newest_times(self, reporter: str) -> list[datetime]:
        """When the rep made their newest `MANY_REPORTS` + 2 reports, the newest first."""
        return [row.reported_at for row in self.all(_NEWEST_TIMES, reporter=reporter)]

    def case_of(self, number: int) -> int | None:
        """The case that the report belongs to."""
        row = self.one(_CASE_OF, number=number)
        return None if row is None else row.case

    def join_case(self, case: Case, since: datetime) -> None:
        """Bring the customer's reports that count, happened after `since` and belong to no case into this one."""
        values = {"case": case.number, "since_version": case.version}
        self.run(_JOIN_CASE, customer=case.customer, since=since, **values)

    def has_waiting(self, customer: int, since: datetime) -> bool:
        """Whether a report that counts and happened after `since` belongs to no case."""
        return self.one(_WAITING, customer=customer, since=since) is not None

    def mark_changed(self, number: int, case: Case) -> None:
        """Store that the report has changed with this version of its case."""
        self.run(_MARK_CHANGED, number=number, since_version=case.version)

    def news(self, case: int, seen: int) -> tuple[Report, ...]:
        """The case's reports that came or changed after version `seen` of it."""
        return tuple(_report(row) for row in self.all(_NEWS, case=case, seen=seen))

    def changed_at_version(self, case: int) -> int:
        """The version of the case at which a report last came or changed."""
        return self.counted(_CHANGED_AT, case=case)

    def withdraw(self, number: int, now: datetime) -> None:
        """Withdraw it: it counts no more."""
        self.run(_WITHDRAW, number=number, withdrawn_at=now)

    def discount(self, number: int, hearing: int, now: datetime) -> None:
        """Discount it, since this hearing found it to be a misunderstanding: it counts no more."""
        self.run(_DISCOUNT, number=number, discounted_at=now, discounted_in=hearing)

    def customers_of_unknown(self, reporters: Sequence[str]) -> tuple[int, ...]:
        """The customers whom these people reported before it was known who they are."""
        return tuple(row.customer for row in self.all(_OF_UNKNOWN, reporters=list(reporters)))

    def incidents(self, customer: int) -> tuple[Incident, ...]:
        """All that was ever reported about the customer, as the policy sees it, in the order of the incidents."""
        return tuple(_incident(row, judged=bool(row.judged)) for row in self.all(_INCIDENTS, customer=customer))

    def of_case(self, case: int) -> tuple[Report, ...]:
        """The reports of a case, newest first."""
        return tuple(_report(row) for row in self.all(_OF_CASE, case=case))

    def count_with_case(self, case: Case) -> int:
        """How many reports are in this case or about its customer."""
        return self.counted(_COUNT_WITH_CASE, customer=case.customer, case=case.number)

    def with_case(self, case: Case, most: int, skip: int) -> tuple[Report, ...]:
        """The reports in this case, newest first, then the others about its customer."""
        values = {"customer": case.customer, "case": case.number}
        return tuple(_report(row) for row in self.all(_WITH_CASE, most=most, skip=skip, **values))

    def customers_in(self, case: int) -> tuple[int, ...]:
        """The numbers of the customers whom the reports of a case are about."""
        return tuple(row.customer for row in self.all(_CUSTOMERS_IN, case=case))

    def count(self, customer: int) -> tuple[int, int]:
        """How many reports about the customer there are, and by how many people; withdrawn ones do not count."""
        row = self.one(_COUNT, customer=customer)
        return (0, 0) if row is None else (int(row.reports), int(row.reporters))


def _as_reported(
    new: NewReport, number: int, customer: int, now: datetime, within: EndingRule | None, *, known: bool
) -> Report:
    incident = Incident(number, new.by.user, new.category, new.severity, _in_utc(new.happened_at), new.doubted)
    return Report(
        incident=incident,
        customer=customer,
        place=new.place,
        reported_at=_in_utc(now),
        narrative=new.narrative.strip(),
        evidence=tuple(new.evidence),
        wants_support=new.wants_support,
        reporter_known=known,
        informed_first=new.ended.informed if new.ended else None,
        ended_within=within,
    )


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _incident(row: Row, *, judged: bool = False) -> Incident:
    void = row.withdrawn_at is not None or row.discounted_at is not None
    return value_of(Incident, row, severity=Severity(row.severity), void=void, judged=judged)


def _report(row: Row) -> Report:
    evidence = tuple(Evidence(*each) for each in row.evidence)
    informed, within = row.informed_first, row.ended_within
    return value_of(
        Report,
        row,
        incident=_incident(row),
        place=Place(row.place),
        evidence=evidence,
        informed_first=Informed(informed) if informed else None,
        ended_within=EndingRule(within) if within else None,
    )
