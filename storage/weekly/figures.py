"""The figures of a week, counted in the database and found by its indexes: no rows are read into memory."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, bindparam, case, cast, func, or_, select, union

from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.decisions import Choice
from bot.rules.weekly_figures import TREND, CaseFigures, Counts, UpcomingFigures, WarningFigures
from storage.db.queries import is_row, ours
from storage.db.repository import Repository
from storage.tables.cases import matter, objection, warning
from storage.tables.customers import customer
from storage.tables.decisions import decision
from storage.tables.reports import check_in, report


def _within(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Between the first moment of the span and its end."""
    return (column >= bindparam("starts")) & (column < bindparam("ends"))


def _in_trend(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return (column >= bindparam("bound0")) & (column < bindparam(f"bound{TREND}"))


def _which_week(column: ColumnElement[Any]) -> ColumnElement[int]:
    """The week of the trend, counted from 0. When the clocks change, a week is longer or shorter than others."""
    ends = ((column < bindparam(f"bound{week + 1}"), week) for week in range(TREND - 1))
    return cast(case(*ends, else_=TREND - 1), Integer)


_REPORTS = ours(report) & report.c.withdrawn_at.is_(None)
_WARNINGS = ours(warning) & warning.c.withdrawn_at.is_(None)
HAS_CONDITIONS = cast(decision.c.conditions, Text) != "[]"

_TREND = (
    select(report.c.category.label("key"), _which_week(report.c.reported_at).label("week"), func.count().label("n"))
    .where(_REPORTS, _in_trend(report.c.reported_at))
    .group_by("key", "week")
)
_DECIDED = (
    select(decision.c.choice.label("key"), _which_week(decision.c.at).label("week"), func.count().label("n"))
    .where(ours(decision), _in_trend(decision.c.at))
    .group_by("key", "week")
)
_REPS = select(func.count(report.c.reporter.distinct())).where(_REPORTS, _within(report.c.reported_at))
_ASKING = union(
    select(report.c.reporter.label("rep")).where(
        ours(report), _within(report.c.reported_at), report.c.wants_support.is_(True)
    ),
    select(check_in.c.rep.label("rep")).where(ours(check_in), _within(check_in.c.care_at)),
).subquery()
_ASKED = select(func.count()).select_from(_ASKING)
_KEPT = select(func.count()).where(
    ours(decision), _within(decision.c.at), decision.c.choice == Choice.KEEP.value, HAS_CONDITIONS
)
_SPANS = (
    select(matter.c.opened_at, decision.c.at)
    .join(matter, is_row(matter, decision.c.case))
    .where(ours(decision), _within(decision.c.at))
)
_OPENED = select(func.count()).where(ours(matter), _within(matter.c.opened_at))
_ENDED = (
    select(matter.c.outcome, func.count().label("n"))
    .where(ours(matter), _within(matter.c.closed_at))
    .group_by(matter.c.outcome)
)
_OPEN = select(func.count()).where(ours(matter), matter.c.closed_at.is_(None))
_ISSUED = select(func.count()).where(_WARNINGS, _within(warning.c.issued_at))
_DELIVERED = select(func.count()).where(_WARNINGS, _within(warning.c.delivered_at))
_WAITING = (
    select(func.count())
    .select_from(warning)
    .join(matter, is_row(matter, warning.c.case))
    .where(_WARNINGS, warning.c.delivered_at.is_(None), matter.c.closed_at.is_(None))
)
_STANDINGS = (
    select(customer.c.standing, func.count().label("n"))
    .where(ours(customer), customer.c.merged_into.is_(None))
    .where(customer.c.standing.in_([each.value for each in Standing if each is not Standing.CLEAR]))
    .group_by(customer.c.standing)
)
_REVIEWS = select(func.count()).where(
    ours(decision),
    decision.c.ended_at.is_(None),
    decision.c.review_on <= bindparam("day"),
    or_(decision.c.choice == Choice.DROP.value, HAS_CONDITIONS),
)


def _unanswered(due_at: ColumnElement[Any], *still: ColumnElement[bool]) -> Any:  # noqa: ANN401 - SQLAlchemy's type names each column
    now = bindparam("now", type_=due_at.type)
    return select(
        func.count().label("n"), func.coalesce(func.sum(case((due_at <= now, 1), else_=0)), 0).label("late")
    ).where(*still)


_OBJECTIONS = _unanswered(objection.c.due_at, ours(objection), objection.c.answer.is_(None))


class Weeks(Repository):
    """What happened in a week, in figures. A span begins with its first moment and ends before its second."""

    def reports(self, bounds: Sequence[datetime]) -> Counts:
        """Reports by category in each week between these moments, without those that were withdrawn."""
        return {(row.key, row.week): row.n for row in self.all(_TREND, **_bounds(bounds))}

    def decisions(self, bounds: Sequence[datetime]) -> Counts:
        """Decisions by choice in each week between these moments."""
        return {(row.key, row.week): row.n for row in self.all(_DECIDED, **_bounds(bounds))}

    def reps(self, starts: datetime, ends: datetime) -> int:
        """How many different reps reported."""
        return self.counted(_REPS, starts=starts, ends=ends)

    def asked_support(self, starts: datetime, ends: datetime) -> int:
        """How many different reps asked for someone to talk to."""
        return self.counted(_ASKED, starts=starts, ends=ends)

    def kept_with_conditions(self, starts: datetime, ends: datetime) -> int:
        """How many decisions keep a customer with conditions."""
        return self.counted(_KEPT, starts=starts, ends=ends)

    def decided(self, starts: datetime, ends: datetime) -> Iterator[tuple[datetime, datetime]]:
        """For each decision, when its case was opened and when it was made."""
        for row in self.stream(_SPANS, starts=starts, ends=ends):
            yield row.opened_at, row.at

    def cases(self, starts: datetime, ends: datetime) -> CaseFigures:
        """How many cases were opened, how many ended, by outcome, and how many are open now."""
        ended = {Outcome(row.outcome): row.n for row in self.all(_ENDED, starts=starts, ends=ends)}
        return CaseFigures(self.counted(_OPENED, starts=starts, ends=ends), ended, self.counted(_OPEN))

    def warned(self, starts: datetime, ends: datetime) -> WarningFigures:
        """How many warnings were issued, how many delivered, and how many are not delivered yet."""
        span = {"starts": starts, "ends": ends}
        return WarningFigures(self.counted(_ISSUED, **span), self.counted(_DELIVERED, **span), self.counted(_WAITING))

    def standings(self) -> dict[Standing, int]:
        """How many customers have each standing; clear ones are left out."""
        return {Standing(row.standing): row.n for row in self.all(_STANDINGS)}

    def coming(self, now: datetime, until: date) -> UpcomingFigures:
        """Reviews that are due up to a day, and the objections that wait for an answer."""
        waiting = self.all(_OBJECTIONS, now=now)[0]
        return UpcomingFigures(self.counted(_REVIEWS, day=until), waiting.n, waiting.late)


def _bounds(bounds: Sequence[datetime]) -> dict[str, datetime]:
    return {f"bound{n}": moment for n, moment in enumerate(bounds)}
