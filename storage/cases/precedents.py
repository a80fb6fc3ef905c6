"""What cases are compared by, and past cases to compare with: a bounded number, however many there are."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select

from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.decisions import Choice
from bot.rules.policy.verdicts import Verdict
from bot.rules.precedents import Likeness, Precedent
from storage.db.repository import Repository, insert
from storage.db.statements import Found
from storage.tables.cases import matter, precedent
from storage.tables.customers import customer
from storage.tables.decisions import decision
from storage.tables.reports import report

LOOKED_AT = 200  # cases of the same category, and as many of any: the newest ones

_OURS = precedent.c.team == bindparam("our_team")
_NOTED = ("category", "points", "reporters")
_STANDING = select(customer.c.standing).where(
    customer.c.team == bindparam("our_team"), customer.c.number == bindparam("whose")
)
_NOTE = {
    dialect: (change := insert(precedent, dialect).values(standing=_STANDING.scalar_subquery())).on_conflict_do_update(
        index_elements=[precedent.c.team, precedent.c.case],
        set_={name: change.excluded[name] for name in _NOTED},
    )
    for dialect in ("sqlite", "postgresql")
}
_OF_CASE = select(precedent).where(_OURS, precedent.c.case == bindparam("case"))
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
    .join(matter, and_(matter.c.team == precedent.c.team, matter.c.number == precedent.c.case))
    .join(customer, and_(customer.c.team == precedent.c.team, customer.c.number == matter.c.customer))
    .outerjoin(decision, and_(decision.c.team == precedent.c.team, decision.c.case == precedent.c.case))
    .where(_OURS, matter.c.customer != bindparam("besides"))
    .where(matter.c.outcome.in_([outcome.value for outcome in (Outcome.WARNED, Outcome.DROPPED, Outcome.KEPT)]))
    .where(or_(decision.c.ended_how.is_(None), decision.c.ended_how != "overturned"))
    .where(matter.c.closed_at <= _AS_OF)
    .order_by(precedent.c.case.desc())
    .limit(LOOKED_AT)
)
_OF_CATEGORY = _ENDED.where(precedent.c.category == bindparam("category"))
_SINCE = select(func.count().label("told")).where(
    report.c.team == bindparam("our_team"),
    report.c.customer == bindparam("customer"),
    report.c.happened_at > bindparam("since"),
    report.c.reported_at <= _AS_OF,
    or_(report.c.withdrawn_at.is_(None), report.c.withdrawn_at > _AS_OF),
)


class Precedents(Repository):
    """See `ports.Precedents`."""

    def note(self, case: int, customer: int, verdict: Verdict) -> None:
        """What the case is compared by, from the newest verdict. The standing is that of the first time."""
        self.put(
            _NOTE,
            whose=customer,
            case=case,
            category=verdict.heaviest,
            points=verdict.points,
            reporters=verdict.reporters,
        )

    def of_case(self, case: int) -> Likeness | None:
        """What the case is compared by."""
        row = self.one(_OF_CASE, case=case)
        return None if row is None else _likeness(row)

    def candidates(self, like: Likeness, besides: int, as_of: datetime) -> tuple[Precedent, ...]:
        """The newest cases that had ended by then with a warning or a decision, of other customers than this one."""
        alike = self.all(_OF_CATEGORY, category=like.category, besides=besides, as_of=as_of)
        rows = (*alike, *self.all(_ENDED, besides=besides, as_of=as_of))
        return tuple(map(_precedent, {row.case: row for row in rows}.values()))

    def followed(self, past: Precedent, as_of: datetime) -> Precedent:
        """The same with how many reports had come after its end by then."""
        row = self.one(_SINCE, customer=past.customer, since=past.closed_at, as_of=as_of)
        return replace(past, since=0 if row is None else int(row.told))


def _likeness(row: Found) -> Likeness:
    return Likeness(row.category, row.points, row.reporters, Standing(row.standing))


def _precedent(row: Found) -> Precedent:
    decided = {Choice.DROP.value: Outcome.DROPPED, Choice.KEEP.value: Outcome.KEPT}
    return Precedent(
        case=row.case,
        customer=row.customer,
        name=row.name,
        by=_likeness(row),
        outcome=decided.get(row.choice) or Outcome(row.outcome),
        closed_at=row.closed_at,
        conditions=tuple(row.conditions or ()),
    )
