"""What cases are compared by, and past cases to compare with: a bounded number, however many there are."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select

from bot.rules.precedent import Likeness, Precedent
from bot.rules.values import Choice, Outcome, Standing, Verdict
from storage.part import Part, insert
from storage.statements import Found
from storage.tables import customer, decision, matter, precedent, report

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
    .order_by(precedent.c.case.desc())
    .limit(LOOKED_AT)
)
_OF_CATEGORY = _ENDED.where(precedent.c.category == bindparam("category"))
_SINCE = select(func.count().label("told")).where(
    report.c.team == bindparam("our_team"),
    report.c.customer == bindparam("customer"),
    report.c.happened_at > bindparam("since"),
    report.c.withdrawn_at.is_(None),
)


class Precedents(Part):
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

    def candidates(self, like: Likeness, besides: int) -> tuple[Precedent, ...]:
        """The newest cases that ended with a warning or a decision, of other customers than this one."""
        alike = self.all(_OF_CATEGORY, category=like.category, besides=besides)
        return tuple(map(_precedent, {row.case: row for row in (*alike, *self.all(_ENDED, besides=besides))}.values()))

    def followed(self, past: Precedent) -> Precedent:
        """The same with how many reports came after its end."""
        return replace(past, since=self._told_since(past.customer, past.closed_at))

    def _told_since(self, about: int, since: datetime) -> int:
        row = self.one(_SINCE, customer=about, since=since)
        return 0 if row is None else int(row.told)


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
