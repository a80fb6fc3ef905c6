"""What cases are compared by, and past cases to compare with: a limited number, however many there are."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.decisions import Choice, Ending
from bot.rules.policy.verdicts import Verdict
from bot.rules.precedents import CaseTraits, Precedent
from storage.db.mapping import value_of
from storage.db.queries import is_row, ours, upsert
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.cases import matter, precedent
from storage.tables.customers import customer
from storage.tables.decisions import decision
from storage.tables.reports import report

MOST = 200  # cases of the same category, and as many of any: the newest ones

_STANDING = select(customer.c.standing).where(ours(customer), customer.c.number == bindparam("whose"))
_SAVE = upsert(precedent, "category", "points", "reporters", standing=_STANDING.scalar_subquery())
_OF_CASE = select(precedent).where(ours(precedent, "case"))
_AS_OF = bindparam("as_of", type_=matter.c.closed_at.type)
_ENDED = (
    select(
        precedent,
        matter.c.customer,
        customer.c.name,
        matter.c.outcome,
        matter.c.closed_at,
        decision.c.choice,
        decision.c.conditions,
    )
    .join(matter, is_row(matter, precedent.c.case))
    .join(customer, is_row(customer, matter.c.customer))
    .outerjoin(decision, is_row(decision, precedent.c.case, "case"))
    .where(ours(precedent), matter.c.customer != bindparam("besides"))
    .where(matter.c.outcome.in_([outcome.value for outcome in (Outcome.WARNED, Outcome.DROPPED, Outcome.KEPT)]))
    .where(or_(decision.c.ended_how.is_(None), decision.c.ended_how != Ending.CANCELLED.value))
    .where(matter.c.closed_at <= _AS_OF)
    .order_by(precedent.c.case.desc())
    .limit(MOST)
)
_OF_CATEGORY = _ENDED.where(precedent.c.category == bindparam("category"))
_SINCE = select(func.count()).where(
    ours(report, "customer"),
    report.c.happened_at > bindparam("since"),
    report.c.reported_at <= _AS_OF,
    or_(report.c.withdrawn_at.is_(None), report.c.withdrawn_at > _AS_OF),
)


class Precedents(Repository):
    """What cases are compared by, and past cases to compare with."""

    def save(self, case: int, customer: int, verdict: Verdict) -> None:
        """Store what the case is compared by, from the newest verdict. The standing is stored only the first time."""
        figures = {"category": verdict.heaviest, "points": verdict.points, "reporters": verdict.reporters}
        self.put(_SAVE, whose=customer, case=case, **figures)

    def of_case(self, case: int) -> CaseTraits | None:
        """What the case is compared by."""
        return self.maybe(_traits, _OF_CASE, case=case)

    def candidates(self, like: CaseTraits, besides: int, as_of: datetime) -> tuple[Precedent, ...]:
        """Other customers' newest cases that had ended by `as_of` with a warning or a decision; some hundreds.

        `besides`: the customer whose cases are left out.
        """
        alike = self.all(_OF_CATEGORY, category=like.category, besides=besides, as_of=as_of)
        rows = (*alike, *self.all(_ENDED, besides=besides, as_of=as_of))
        return tuple(map(_precedent, {row.case: row for row in rows}.values()))

    def with_reports_since(self, past: Precedent, as_of: datetime) -> Precedent:
        """The same with the number of reports that had come after its end by `as_of`."""
        since = self.counted(_SINCE, customer=past.customer, since=past.closed_at, as_of=as_of)
        return replace(past, since=since)


def _traits(row: Row) -> CaseTraits:
    return value_of(CaseTraits, row, standing=Standing(row.standing))


def _precedent(row: Row) -> Precedent:
    decided = {Choice.DROP.value: Outcome.DROPPED, Choice.KEEP.value: Outcome.KEPT}
    outcome = decided.get(row.choice) or Outcome(row.outcome)
    conditions = tuple(row.conditions or ())
    return value_of(Precedent, row, traits=_traits(row), outcome=outcome, conditions=conditions, since=0)
