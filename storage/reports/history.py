"""The recorded history as a replay reads it: page by page of customers, so that no more than a page is in memory."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, bindparam, func, select

from bot.rules.decisions import Choice
from bot.rules.policy.replay import Given, Said, Span, Told, Trail
from bot.rules.policy.verdicts import Incident, Rung, Severity
from storage.db.repository import Repository
from storage.db.statements import Found
from storage.tables.cases import matter, warning
from storage.tables.customers import customer, safeguard
from storage.tables.decisions import decision
from storage.tables.reports import report, verdict

PAGE = 5_000  # reports; a customer with more makes a page of their own
MOST_CUSTOMERS = 500

_REPORTS = report.c.team == bindparam("our_team")
_TOTAL = select(func.count().label("reports")).where(_REPORTS)
_SIZES = (
    select(report.c.customer, func.count().label("reports"))
    .where(_REPORTS, report.c.customer > bindparam("after"))
    .group_by(report.c.customer)
    .order_by(report.c.customer)
    .limit(MOST_CUSTOMERS)
)


def _of_page(table: Any, *columns: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's types name the columns' own
    whose = table.c.number if table is customer else table.c.customer
    return select(whose.label("about"), *columns).where(
        table.c.team == bindparam("our_team"), whose.between(bindparam("first"), bindparam("last"))
    )


_NAMES = _of_page(customer, customer.c.name)
_TOLD = (
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
    .outerjoin(decision, and_(decision.c.team == report.c.team, decision.c.case == report.c.case))
    .order_by(report.c.reported_at, report.c.number)
)
_SAID = _of_page(verdict, verdict.c.at, verdict.c.rung, verdict.c.report, verdict.c.case).order_by(
    verdict.c.customer, verdict.c.n
)
_GIVEN = (
    _of_page(warning, warning.c.number, warning.c.delivered_at, warning.c.withdrawn_at, matter.c.closed_at)
    .join(matter, and_(matter.c.team == warning.c.team, matter.c.number == warning.c.case))
    .where(warning.c.delivered_at.is_not(None))
)
_SAFEGUARDS = _of_page(safeguard, safeguard.c.set_at, safeguard.c.ends_at, safeguard.c.removed_at)
_DECISIONS = _of_page(decision, decision.c.at, decision.c.ended_at, decision.c.choice)


class Trails(Repository):
    """What a replay needs of each customer."""

    def reports(self) -> int:
        """How many reports there are."""
        row = self.one(_TOTAL)
        return int(row.reports) if row else 0

    def page(self, after: int, size: int = PAGE) -> tuple[Trail, ...]:
        """The next customers with reports, by number, after this one, up to so many reports; empty at the end."""
        whom = self._next(after, size)
        if not whom:
            return ()
        names = {row.about: row.name for row in self._of(_NAMES, whom)}
        told, said, given, safeguards, decisions = (
            _by_customer(self._of(query, whom)) for query in (_TOLD, _SAID, _GIVEN, _SAFEGUARDS, _DECISIONS)
        )
        return tuple(
            Trail(
                customer=one,
                name=names[one],
                told=tuple(map(_told, told[one])),
                said=tuple(map(_said, said[one])),
                given=tuple(map(_given, given[one])),
                safeguards=tuple(map(_safeguard, safeguards[one])),
                decisions=tuple(Span(row.at, row.ended_at, row.choice == Choice.DROP) for row in decisions[one]),
            )
            for one in whom
        )

    def _next(self, after: int, size: int) -> list[int]:
        whom: list[int] = []
        reports = 0
        for row in self.all(_SIZES, after=after):
            reports += row.reports
            if whom and reports > size:
                break
            whom.append(row.customer)
        return whom

    def _of(self, query: Any, whom: list[int]) -> list[Found]:  # noqa: ANN401 - a query of `_of_page`
        return self.all(query, first=whom[0], last=whom[-1])


def _by_customer(rows: Iterable[Found]) -> dict[int, list[Found]]:
    found: dict[int, list[Found]] = defaultdict(list)
    for row in rows:
        found[row.about].append(row)
    return found


def _told(row: Found) -> Told:
    void = [at for at in (row.withdrawn_at, row.discounted_at) if at]
    judged_at = row.decided_at if row.choice == Choice.KEEP else row.ended_at
    incident = Incident(
        row.number, row.reporter, row.category, Severity(row.severity), row.happened_at, doubted=row.doubted
    )
    return Told(incident, row.reported_at, min(void, default=None), judged_at)


def _said(row: Found) -> Said:
    return Said(row.at, Rung(row.rung), news=row.report is not None, before_management=row.case is not None)


def _given(row: Found) -> Given:
    return Given(row.number, row.delivered_at, row.closed_at or row.delivered_at, row.withdrawn_at)


def _safeguard(row: Found) -> Span:
    ends = [at for at in (row.ends_at, row.removed_at) if at]
    return Span(row.set_at, min(ends, default=None))
