"""The recorded history as a replay reads it: in pages of customers, so that no more than one page is in memory."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, func, select

from bot.rules.decisions import Choice
from bot.rules.policy.replay import CustomerHistory, PastReport, PastVerdict, PastWarning, Period
from bot.rules.policy.verdicts import Incident, Rung, Severity
from storage.db.queries import is_row, ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.cases import matter, warning
from storage.tables.customers import customer, safeguard
from storage.tables.decisions import decision
from storage.tables.reports import report, verdict

PAGE = 5_000  # reports; a customer with more has a page of their own
MOST_CUSTOMERS = 500

_COUNT = select(func.count()).where(ours(report))
_SIZES = (
    select(report.c.customer, func.count().label("reports"))
    .where(ours(report), report.c.customer > bindparam("after"))
    .group_by(report.c.customer)
    .order_by(report.c.customer)
    .limit(MOST_CUSTOMERS)
)


def _of_page(table: Any, *columns: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's types name the columns' own
    whose = table.c.number if table is customer else table.c.customer
    return select(whose.label("about"), *columns).where(
        ours(table), whose.between(bindparam("first"), bindparam("last"))
    )


_NAMES = _of_page(customer, customer.c.name)
_REPORTS = (
    _of_page(
        report,
        report.c.number,
        report.c.reporter,
        report.c.category,
        report.c.severity,
        report.c.happened_at,
        report.c.reported_at,
        report.c.doubted,
        report.c.withdrawn_at,
        report.c.discounted_at,
        decision.c.choice,
        decision.c.at.label("decided_at"),
        decision.c.ended_at,
    )
    .outerjoin(decision, is_row(decision, report.c.case, "case"))
    .order_by(report.c.reported_at, report.c.number)
)
_VERDICTS = _of_page(verdict, verdict.c.at, verdict.c.rung, verdict.c.report, verdict.c.case).order_by(
    verdict.c.customer, verdict.c.n
)
_WARNINGS = (
    _of_page(warning, warning.c.number, warning.c.delivered_at, warning.c.withdrawn_at, matter.c.closed_at)
    .join(matter, is_row(matter, warning.c.case))
    .where(warning.c.delivered_at.is_not(None))
)
_SAFEGUARDS = _of_page(safeguard, safeguard.c.set_at, safeguard.c.ends_at, safeguard.c.removed_at)
_DECISIONS = _of_page(decision, decision.c.at, decision.c.ended_at, decision.c.choice)


class History(Repository):
    """What a replay needs of each customer."""

    def count_reports(self) -> int:
        """How many reports there are."""
        return self.counted(_COUNT)

    def page(self, after: int, size: int = PAGE) -> tuple[CustomerHistory, ...]:
        """The next customers with reports, by number, after `after`, up to `size` reports; empty at the end."""
        numbers = self._next(after, size)
        if not numbers:
            return ()
        names = {row.about: row.name for row in self._of(_NAMES, numbers)}
        reports, verdicts, warnings, safeguards, decisions = (
            _by_customer(self._of(query, numbers))
            for query in (_REPORTS, _VERDICTS, _WARNINGS, _SAFEGUARDS, _DECISIONS)
        )
        return tuple(
            CustomerHistory(
                customer=number,
                name=names[number],
                reports=tuple(map(_report, reports[number])),
                verdicts=tuple(map(_verdict, verdicts[number])),
                warnings=tuple(map(_warning, warnings[number])),
                safeguards=tuple(map(_safeguard, safeguards[number])),
                decisions=tuple(Period(row.at, row.ended_at, row.choice == Choice.DROP) for row in decisions[number]),
            )
            for number in numbers
        )

    def _next(self, after: int, size: int) -> list[int]:
        numbers: list[int] = []
        reports = 0
        for row in self.all(_SIZES, after=after):
            reports += row.reports
            if numbers and reports > size:
                break
            numbers.append(row.customer)
        return numbers

    def _of(self, query: Any, numbers: list[int]) -> list[Row]:  # noqa: ANN401 - a query of `_of_page`
        return self.all(query, first=numbers[0], last=numbers[-1])


def _by_customer(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.about].append(row)
    return found


def _report(row: Row) -> PastReport:
    void = [at for at in (row.withdrawn_at, row.discounted_at) if at]
    judged_at = row.decided_at if row.choice == Choice.KEEP else row.ended_at
    incident = Incident(
        row.number, row.reporter, row.category, Severity(row.severity), row.happened_at, doubted=row.doubted
    )
    return PastReport(incident, row.reported_at, min(void, default=None), judged_at)


def _verdict(row: Row) -> PastVerdict:
    return PastVerdict(row.at, Rung(row.rung), news=row.report is not None, before_management=row.case is not None)


def _warning(row: Row) -> PastWarning:
    return PastWarning(row.number, row.delivered_at, row.closed_at or row.delivered_at, row.withdrawn_at)


def _safeguard(row: Row) -> Period:
    ends = [at for at in (row.ends_at, row.removed_at) if at]
    return Period(row.set_at, min(ends, default=None))
