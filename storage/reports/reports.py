"""What reps told, and what a verdict about a customer rests on."""

from datetime import UTC, datetime

from sqlalchemy import and_, bindparam, func, or_, select, update

from bot.rules.cases import Case
from bot.rules.decisions import Choice
from bot.rules.policy.verdicts import Incident, Severity
from bot.rules.refusals import Unknown
from bot.rules.reports import Evidence, NewReport, Place, Report
from storage.db.repository import Repository
from storage.db.statements import Found
from storage.tables.decisions import decision
from storage.tables.reports import report

_OURS = report.c.team == bindparam("our_team")
_WEIGHS = and_(report.c.withdrawn_at.is_(None), report.c.discounted_at.is_(None))
_BY_NUMBER = select(report).where(_OURS, report.c.number == bindparam("number"))
_BY_FORM = select(report.c.number).where(_OURS, report.c.form == bindparam("form"))
_CASE_OF = select(report.c.case).where(_OURS, report.c.number == bindparam("number"))
_OF_CASE = select(report).where(_OURS, report.c.case == bindparam("case")).order_by(report.c.happened_at.desc())
_OF_CASE = _OF_CASE.order_by(report.c.number.desc())
_REPORTERS = select(report.c.reporter).where(_OURS, report.c.case == bindparam("case"))
_JUDGED = and_(
    decision.c.team == report.c.team,
    decision.c.case == report.c.case,
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
    .where(_OURS, report.c.customer == bindparam("customer"))
    .order_by(report.c.happened_at, report.c.number)
)
_TALLY = select(func.count().label("told"), func.count(report.c.reporter.distinct()).label("by")).where(
    _OURS, report.c.customer == bindparam("customer"), report.c.withdrawn_at.is_(None)
)
_JOIN = (
    update(report)
    .where(_OURS, report.c.customer == bindparam("about"), report.c.case.is_(None), _WEIGHS)
    .where(report.c.happened_at > bindparam("since"))
    .values(case=bindparam("into"), since_version=bindparam("from_version"))
)
_CHANGED = update(report).where(_OURS, report.c.number == bindparam("which")).values(since_version=bindparam("version"))
_NEWS = (
    select(report)
    .where(_OURS, report.c.case == bindparam("case"), report.c.since_version > bindparam("seen"))
    .order_by(report.c.number.desc())
)
_DISCOUNT = (
    update(report)
    .where(_OURS, report.c.number == bindparam("which"), _WEIGHS)
    .values(discounted_at=bindparam("now"), discounted_in=bindparam("hearing"))
)
_WITHDRAW = update(report).where(_OURS, report.c.number == bindparam("which")).values(withdrawn_at=bindparam("now"))


class Reports(Repository):
    """See `ports.Reports`."""

    def get(self, number: int) -> Report:
        """The report, or `refusals.Unknown`."""
        row = self.one(_BY_NUMBER, number=number)
        if row is None:
            raise Unknown("report", number)
        return _report(row)

    def by_form(self, form: str) -> int | None:
        """The number of the report that this form was recorded as."""
        row = self.one(_BY_FORM, form=form)
        return None if row is None else int(row.number)

    def add(self, new: NewReport, customer: int, now: datetime, salt: str) -> Report:
        """Record it, under the next number."""
        number = self.next_number("report")
        self.add_row(
            report,
            number=number,
            form=new.form,
            customer=customer,
            reporter=new.by.user,
            category=new.category,
            severity=new.severity.value,
            place=new.place.value,
            happened_at=new.happened_at,
            reported_at=now,
            narrative=new.narrative.strip(),
            salt=salt,
            evidence=[[e.kind, e.address, e.title] for e in new.evidence],
            doubted=new.doubted,
            wants_support=new.wants_support,
        )
        return Report(
            incident=Incident(
                number=number,
                reporter=new.by.user,
                category=new.category,
                severity=new.severity,
                happened_at=new.happened_at.astimezone(UTC),
                doubted=new.doubted,
            ),
            customer=customer,
            place=new.place,
            reported_at=now.astimezone(UTC),
            narrative=new.narrative.strip(),
            evidence=tuple(new.evidence),
            wants_support=new.wants_support,
        )

    def case_of(self, number: int) -> int | None:
        """The case that the report belongs to."""
        row = self.one(_CASE_OF, number=number)
        return None if row is None else row.case

    def join(self, case: Case, since: datetime) -> None:
        """Bring the customer's reports that weigh, happened after `since` and belong to no case into this one."""
        self.run(_JOIN, about=case.customer, into=case.number, from_version=case.version, since=since)

    def changed(self, number: int, case: Case) -> None:
        """The report stands differently from this version of its case on."""
        self.run(_CHANGED, which=number, version=case.version)

    def news(self, case: int, seen: int) -> tuple[Report, ...]:
        """What whoever saw this version of the case does not know: reports that came since, or stand differently."""
        return tuple(_report(row) for row in self.all(_NEWS, case=case, seen=seen))

    def withdraw(self, number: int, now: datetime) -> None:
        """It weighs nothing from now on."""
        self.run(_WITHDRAW, which=number, now=now)

    def discount(self, number: int, hearing: int, now: datetime) -> None:
        """It weighs nothing from now on, since this hearing found it to be a misunderstanding."""
        self.run(_DISCOUNT, which=number, hearing=hearing, now=now)

    def reporters(self, case: int) -> frozenset[str]:
        """Who reported anything in the case."""
        return frozenset(row.reporter for row in self.all(_REPORTERS, case=case))

    def incidents(self, customer: int) -> tuple[Incident, ...]:
        """All that was ever reported about the customer, as the policy sees it, in the order in which it happened."""
        return tuple(_incident(row, judged=bool(row.judged)) for row in self.all(_INCIDENTS, customer=customer))

    def of_case(self, case: int) -> tuple[Report, ...]:
        """The reports of a case, newest first."""
        return tuple(_report(row) for row in self.all(_OF_CASE, case=case))

    def tally(self, customer: int) -> tuple[int, int]:
        """How many reports about the customer, and by how many people, ever; withdrawn ones aside."""
        row = self.one(_TALLY, customer=customer)
        return (0, 0) if row is None else (int(row.told), int(row.by))


def _incident(row: Found, *, judged: bool = False) -> Incident:
    return Incident(
        number=row.number,
        reporter=row.reporter,
        category=row.category,
        severity=Severity(row.severity),
        happened_at=row.happened_at,
        doubted=row.doubted,
        void=row.withdrawn_at is not None or row.discounted_at is not None,
        judged=judged,
    )


def _report(row: Found) -> Report:
    return Report(
        incident=_incident(row),
        customer=row.customer,
        place=Place(row.place),
        reported_at=row.reported_at,
        narrative=row.narrative,
        evidence=tuple(Evidence(*e) for e in row.evidence),
        wants_support=row.wants_support,
        withdrawn_at=row.withdrawn_at,
        discounted_at=row.discounted_at,
        discounted_in=row.discounted_in,
    )
