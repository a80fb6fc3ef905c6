"""Matters before management, how they ended, and what was decided."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    select,
)

from bot.rules.cases import Case, Left, Outcome
from bot.rules.decisions import Choice, Decision, Ending
from bot.rules.home import OwnReport
from bot.rules.policy.verdicts import Rung, Severity
from storage.db.statements import Found
from storage.tables.cases import matter
from storage.tables.customers import customer
from storage.tables.decisions import decision
from storage.tables.reports import report


def a_case(row: Found) -> Case:
    """A row of the table of matters."""
    return Case(
        number=row.number,
        customer=row.customer,
        rung=Rung(row.rung),
        version=row.version,
        opened_at=row.opened_at,
        due_at=row.due_at,
        urgent=row.urgent,
        outcome=Outcome(row.outcome) if row.outcome else None,
        closed_at=row.closed_at,
        left=Left(row.left),
        raised=row.raised,
    )


def a_decision(row: Found) -> Decision:
    """A row of the table of decisions."""
    return Decision(
        case=row.case,
        choice=Choice(row.choice),
        by=row.by,
        at=row.at,
        rationale=row.rationale,
        review_on=row.review_on,
        effective_on=row.effective_on,
        reason_class=row.reason_class,
        conditions=tuple(row.conditions),
        letter=row.letter,
        approved_by=tuple(row.approved_by),
        appeal_until=row.appeal_until,
        ended_at=row.ended_at,
        ended_how=Ending(row.ended_how) if row.ended_how else None,
    )


def _same(table: Any, column: ColumnElement[int], *, key: str = "number") -> ColumnElement[bool]:  # noqa: ANN401 - a table or an alias
    return and_(table.c.team == bindparam("our_team"), table.c[key] == column)


def reports_of(page: Subquery) -> Select[*tuple[Any, ...]]:
    """The lines of somebody's own reports, for the page of numbers that this gives."""
    return (
        select(
            report.c.number,
            report.c.category,
            report.c.severity,
            report.c.happened_at,
            report.c.withdrawn_at,
            report.c.discounted_at,
            customer.c.name,
            matter.c.rung,
            matter.c.due_at,
            matter.c.outcome,
            decision.c.choice,
        )
        .select_from(page)
        .join(report, _same(report, page.c.number))
        .join(customer, _same(customer, report.c.customer))
        .outerjoin(matter, _same(matter, report.c.case))
        .outerjoin(decision, _same(decision, report.c.case, key="case"))
        .order_by(report.c.number.desc())
    )


def own_report(row: Found) -> OwnReport:
    """A row of `reports_of`."""
    return OwnReport(
        number=row.number,
        customer=row.name,
        category=row.category,
        severity=Severity(row.severity),
        happened_at=row.happened_at,
        withdrawn=row.withdrawn_at is not None,
        discounted=row.discounted_at is not None,
        rung=Rung(row.rung) if row.rung else None,
        due_at=row.due_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        choice=Choice(row.choice) if row.choice else None,
    )
