"""The lists of a weekly summary: the first few items of each, and how many there are in all."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, case, exists, func, select

from bot.rules.decisions import Choice
from bot.rules.policy.verdicts import Rung
from bot.rules.weekly_figures import DroppedCustomer, FirstFew, Item, Learnt, OverdueCase, ReportedAgain, WarnedAgain
from storage.db.queries import is_row, many, ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.cases import matter, warning
from storage.tables.customers import customer
from storage.tables.decisions import decision, lesson
from storage.tables.reports import report

_TOTAL = func.count().over().label("total")
_MOST: BindParameter[int] = bindparam("most")


_LATE = (
    select(matter.c.number, matter.c.rung, matter.c.due_at, customer.c.name, customer.c.number.label("whose"), _TOTAL)
    .join(customer, is_row(customer, matter.c.customer))
    .where(ours(matter), matter.c.closed_at.is_(None), matter.c.due_at <= bindparam("now"))
    .order_by(matter.c.due_at, matter.c.number)
    .limit(_MOST)
)
_VALID = (
    select(
        warning.c.customer,
        func.min(warning.c.delivered_at, type_=warning.c.delivered_at.type).label("since"),
        func.count().label("warnings"),
    )
    .where(ours(warning), warning.c.withdrawn_at.is_(None))
    .where(warning.c.delivered_at <= bindparam("now"), warning.c.expires_at > bindparam("now"))
    .group_by(warning.c.customer)
    .subquery()
)
_DECIDED_SINCE = exists().where(
    ours(decision),
    decision.c.customer == _VALID.c.customer,
    decision.c.at >= _VALID.c.since,
)
_OPEN_CASE = exists().where(ours(matter), matter.c.customer == _VALID.c.customer, matter.c.closed_at.is_(None))
_UNHEEDED = (
    select(
        customer.c.name,
        _VALID.c.customer.label("whose"),
        _VALID.c.since,
        _VALID.c.warnings,
        func.count(report.c.number).label("reports"),
        _TOTAL,
    )
    .select_from(_VALID)
    .join(customer, is_row(customer, _VALID.c.customer))
    .join(report, is_row(report, _VALID.c.customer, "customer"))
    .where(report.c.happened_at >= _VALID.c.since)
    .where(report.c.withdrawn_at.is_(None), report.c.discounted_at.is_(None))
    .where(~_DECIDED_SINCE, ~_OPEN_CASE)
    .group_by(_VALID.c.customer, customer.c.name, _VALID.c.since, _VALID.c.warnings)
    .order_by(func.count(report.c.number).desc(), _VALID.c.since, _VALID.c.customer)
    .limit(_MOST)
)
_NOT_WITHDRAWN = ours(report) & report.c.withdrawn_at.is_(None)
_OF_THE_WEEK = select(report.c.customer).where(
    _NOT_WITHDRAWN, report.c.reported_at >= bindparam("starts"), report.c.reported_at < bindparam("ends")
)
_NOW = func.sum(case((report.c.reported_at >= bindparam("starts"), 1), else_=0))
_AGAIN = (
    select(report.c.customer, _NOW.label("now"), func.count().label("trend"), _TOTAL)
    .where(_NOT_WITHDRAWN, report.c.reported_at >= bindparam("since"), report.c.reported_at < bindparam("ends"))
    .where(report.c.customer.in_(_OF_THE_WEEK))
    .group_by(report.c.customer)
    .having(func.count() > 1)
    .order_by(_NOW.desc(), func.count().desc(), report.c.customer)
    .limit(_MOST)
    .subquery()
)
_REPEATS = (
    select(_AGAIN, customer.c.name)
    .join(customer, is_row(customer, _AGAIN.c.customer))
    .order_by(_AGAIN.c.now.desc(), _AGAIN.c.trend.desc(), _AGAIN.c.customer)
)
_DROPS = (
    select(customer.c.name, customer.c.number.label("whose"), decision.c.reason_class, decision.c.effective_on, _TOTAL)
    .join(customer, is_row(customer, decision.c.customer))
    .where(ours(decision), decision.c.choice == Choice.DROP.value)
    .where(decision.c.at >= bindparam("starts"), decision.c.at < bindparam("ends"))
    .order_by(decision.c.at, decision.c.case)
    .limit(_MOST)
)
_LESSONS = (
    select(lesson.c.case, lesson.c.line, _TOTAL)
    .where(ours(lesson), lesson.c.line != "")
    .where(lesson.c.at >= bindparam("starts"), lesson.c.at < bindparam("ends"))
    .order_by(lesson.c.at, lesson.c.case)
    .limit(_MOST)
)
_NAMES = select(customer.c.number, customer.c.name, customer.c.merged_into).where(
    ours(customer), customer.c.number.in_(many("numbers"))
)
_LINES = select(lesson.c.case, lesson.c.line).where(ours(lesson), lesson.c.case.in_(many("cases")))


class WeekLists(Repository):
    """The lists of a weekly summary: the first `most` items of each."""

    def late(self, now: datetime, most: int) -> FirstFew[OverdueCase]:
        """Open cases past their deadline, the longest first. Their `days` are not set."""
        return self._first(
            _LATE,
            lambda row: OverdueCase(row.number, row.name, Rung(row.rung), row.due_at, number=row.whose),
            now=now,
            most=most,
        )

    def unheeded(self, now: datetime, most: int) -> FirstFew[WarnedAgain]:
        """Customers who were warned and reported again, and nothing followed; those with the most reports first."""
        return self._first(
            _UNHEEDED,
            lambda row: WarnedAgain(row.name, row.warnings, row.since, row.reports, row.whose),
            now=now,
            most=most,
        )

    def repeats(self, since: datetime, starts: datetime, ends: datetime, most: int) -> FirstFew[ReportedAgain]:
        """Customers reported in the week, and more than once since `since`."""
        span = {"since": since, "starts": starts, "ends": ends, "most": most}
        return self._first(_REPEATS, lambda row: ReportedAgain(row.name, row.now, row.trend, row.customer), **span)

    def drops(self, starts: datetime, ends: datetime, most: int) -> FirstFew[DroppedCustomer]:
        """Customers dropped, in the order of the decisions."""
        span = {"starts": starts, "ends": ends, "most": most}
        return self._first(
            _DROPS, lambda row: DroppedCustomer(row.name, row.reason_class, row.effective_on, row.whose), **span
        )

    def lessons(self, starts: datetime, ends: datetime, most: int) -> FirstFew[Learnt]:
        """What was learnt from drops, one line for each."""
        return self._first(_LESSONS, lambda row: Learnt(row.case, row.line), starts=starts, ends=ends, most=most)

    def names(self, numbers: Collection[int]) -> dict[int, str]:
        """By number, the name of each customer; of one that was merged, that of the record which they are part of."""
        found = {row.number: row for row in self.all(_NAMES, numbers=list(numbers))} if numbers else {}
        merged = {row.merged_into for row in found.values() if row.merged_into is not None}
        into = self.names(merged) if merged else {}
        return {number: into.get(row.merged_into, row.name) for number, row in found.items()}

    def lines(self, cases: Collection[int]) -> dict[int, str]:
        """By case, the line of what was learnt from it."""
        return {row.case: row.line for row in self.all(_LINES, cases=list(cases))} if cases else {}

    def _first(self, query: Select[*tuple[Any, ...]], item: Callable[[Row], Item], **values: object) -> FirstFew[Item]:
        rows = self.all(query, **values)
        return FirstFew(tuple(item(row) for row in rows), rows[0].total if rows else 0)
