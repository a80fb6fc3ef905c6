"""Rows that several features read: cases, decisions, the lines of somebody's own reports, and broken tasks."""

from typing import Any

from sqlalchemy import Select, Subquery, and_, exists, func, literal_column, or_, select

from bot.rules.cases import Case, Left, Outcome
from bot.rules.decisions import Choice, Decision, Ending
from bot.rules.home import OwnReport
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.scheduled_tasks import TaskKind
from storage.db.mapping import member_of, value_of
from storage.db.queries import is_row
from storage.db.statements import Row
from storage.tables.cases import matter, objection, warning
from storage.tables.customers import customer
from storage.tables.decisions import decision
from storage.tables.outbox import step
from storage.tables.reports import report

# A scheduled task is called broken from its second failure on: the first may be an accident. The first condition is the
# index's; SQLite does not see that the second one implies it.
IS_BROKEN = and_(step.c.failures > literal_column("0"), step.c.failures >= 2)  # noqa: PLR2004 - explained above

# A case, or an objection to what was done in it, on which too few people may act, or a letter that nobody may send,
# directors included. `left` is of what the case waits for now.
IS_LEFT_TO_NOBODY = and_(
    matter.c.left == literal_column(f"'{Left.NOBODY}'"),
    or_(
        matter.c.closed_at.is_(None),
        exists().where(
            objection.c.team == matter.c.team, objection.c.case == matter.c.number, objection.c.answer.is_(None)
        ),
        exists().where(step.c.team == matter.c.team, step.c.kind == TaskKind.LETTER, step.c.subject == matter.c.number),
    ),
)

_HOLDS: Any = decision.alias("holds")
_EACH: Any = decision.alias("in_force")
_NEWEST_IN_FORCE = (  # the case of the decision about a report's customer that `Cases.in_force` finds
    select(_EACH.c.case)
    .where(_EACH.c.team == report.c.team, _EACH.c.customer == report.c.customer, _EACH.c.ended_at.is_(None))
    .order_by(_EACH.c.at.desc(), _EACH.c.case.desc())
    .limit(1)
    .scalar_subquery()
)


def a_case(row: Row) -> Case:
    """The case in a row of the table `matter`."""
    outcome = member_of(Outcome, row.outcome)
    return value_of(Case, row, rung=Rung(row.rung), outcome=outcome, left=Left(row.left), escalations=row.raised)


def a_decision(row: Row) -> Decision:
    """The decision in a row of the table `decision`."""
    return value_of(
        Decision,
        row,
        choice=Choice(row.choice),
        conditions=tuple(row.conditions),
        details=tuple((key, value) for key, value in row.details),
        approved_by=tuple(row.approved_by),
        ended_how=member_of(Ending, row.ended_how),
    )


def own_reports_of(page: Subquery) -> Select[*tuple[Any, ...]]:
    """The lines of somebody's own reports whose numbers are in this page, newest first."""
    return (
        select(
            report.c.number,
            report.c.category,
            report.c.severity,
            report.c.happened_at,
            report.c.withdrawn_at,
            report.c.discounted_at,
            report.c.ended_within,
            customer.c.name,
            matter.c.rung,
            matter.c.due_at,
            matter.c.outcome,
            decision.c.choice,
            decision.c.ended_at,
            warning.c.withdrawn_at.label("cancelled_at"),
            _HOLDS.c.choice.label("holds"),
        )
        .select_from(page)
        .join(report, is_row(report, page.c.number))
        .join(customer, is_row(customer, report.c.customer))
        .outerjoin(matter, is_row(matter, report.c.case))
        .outerjoin(decision, is_row(decision, report.c.case, "case"))
        .outerjoin(warning, is_row(warning, report.c.case, "case"))
        .outerjoin(
            _HOLDS,
            and_(
                is_row(_HOLDS, _NEWEST_IN_FORCE, "case"),
                _HOLDS.c.case.is_distinct_from(report.c.case),
                or_(
                    _HOLDS.c.choice == Choice.DROP.value,
                    _HOLDS.c.at >= func.coalesce(matter.c.closed_at, report.c.reported_at),
                ),
            ),
        )
        .order_by(report.c.number.desc())
    )


def own_report(row: Row) -> OwnReport:
    """A row of `own_reports_of`."""
    return value_of(
        OwnReport,
        row,
        customer=row.name,
        severity=Severity(row.severity),
        withdrawn=row.withdrawn_at is not None,
        discounted=row.discounted_at is not None,
        ended_within=row.ended_within is not None,
        rung=member_of(Rung, row.rung),
        outcome=member_of(Outcome, row.outcome),
        choice=member_of(Choice, row.choice),
        is_over=row.ended_at is not None,
        cancelled=row.cancelled_at is not None,
        holds=member_of(Choice, row.holds),
    )
