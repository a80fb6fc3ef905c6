"""Cases, how they ended, and what was decided in them."""

from datetime import datetime

from sqlalchemy import Text, bindparam, cast, select, update

from bot.rules.case_files import PastCase
from bot.rules.cases import Case, Left, Outcome
from bot.rules.conditions import user_in
from bot.rules.decisions import Decision, Ending
from bot.rules.objections import Terms
from bot.rules.policy.verdicts import Rung
from storage.db.digested_tables import random_salt
from storage.db.mapping import columns_of
from storage.db.queries import bound, ours
from storage.db.repository import Repository, new_key
from storage.rows import a_case, a_decision
from storage.tables.cases import matter
from storage.tables.decisions import decision

_COLUMNS = [column for column in matter.c if column.name not in {"team", "closed_by", "rationale", "salt"}]
_BY_NUMBER = select(*_COLUMNS).where(ours(matter, "number"))
_OPEN_ABOUT = select(*_COLUMNS).where(ours(matter, "customer"), matter.c.closed_at.is_(None))
_CLOSING = select(matter.c.closed_by, matter.c.rationale).where(ours(matter, "number"))
_PAST = (
    select(matter.c.number, matter.c.rung, matter.c.outcome, matter.c.closed_at, matter.c.closed_by)
    .where(ours(matter, "customer"), matter.c.closed_at.is_not(None), matter.c.number != bindparam("besides"))
    .order_by(matter.c.number.desc())
    .limit(10)
)
_CHANGE = update(matter).where(ours(matter, "number")).values(version=matter.c.version + 1)
_SET_LEFT = _CHANGE.values(**bound("left"))
_ESCALATE = _CHANGE.values(raised=matter.c.raised + 1)
_MOVE = _CHANGE.values(**bound("rung", "due_at", "urgent"))
_CLOSE = _CHANGE.where(matter.c.closed_at.is_(None)).values(
    **bound("outcome", "closed_at", "closed_by", "rationale", "salt")
)
_DECISION = select(decision).where(ours(decision, "case"))
_DECISIONS = select(decision).where(ours(decision, "customer")).order_by(decision.c.case)
_IN_FORCE = (
    select(decision)
    .where(ours(decision, "customer"), decision.c.ended_at.is_(None))
    .order_by(decision.c.at.desc(), decision.c.case.desc())
    .limit(1)
)
_NAMES_COLLEAGUE = select(decision.c.case, decision.c.customer, decision.c.details).where(
    ours(decision), decision.c.ended_at.is_(None), cast(decision.c.details, Text).like('%"@%')
)
_THIS_DECISION = ours(decision, "case")
_END_DECISION = (
    update(decision).where(_THIS_DECISION, decision.c.ended_at.is_(None)).values(**bound("ended_at", "ended_how"))
)
_SET_TERMS = (
    update(decision)
    .where(_THIS_DECISION)
    .values(**bound("choice", "review_on", "effective_on", "conditions", "details"))
)


class Cases(Repository):
    """Cases, how they ended, and what was decided in them. Every change of a case raises its version by one."""

    def get(self, number: int) -> Case:
        """The case. Raises Unknown."""
        return a_case(self.known("case", number, _BY_NUMBER, number=number))

    def open_about(self, customer: int) -> Case | None:
        """The customer's open case; there is at most one."""
        return self.maybe(a_case, _OPEN_ABOUT, customer=customer)

    def open(self, customer: int, rung: Rung, now: datetime, due_at: datetime, *, urgent: bool) -> Case:
        """Open a case, under the next number."""
        number = self.next_number("case")
        self.add_row(
            matter,
            number=number,
            random_key=new_key(),
            customer=customer,
            rung=rung.value,
            version=1,
            opened_at=now,
            due_at=due_at,
            urgent=urgent,
            left=Left.MANAGERS.value,
            raised=0,
        )
        return Case(number, customer, rung, version=1, opened_at=now, due_at=due_at, urgent=urgent)

    def set_left(self, number: int, left: Left) -> None:
        """Store who is left to act."""
        self.run(_SET_LEFT, number=number, left=left.value)

    def escalate(self, number: int) -> Case:
        """Count one more escalation to the directors; the case as it is now."""
        (row,) = self.altered(_ESCALATE, number=number)
        return a_case(row)

    def move(self, case: Case, rung: Rung, due_at: datetime, *, urgent: bool) -> Case:
        """Set the rung and the deadline, and whether it is urgent; the case as it is now."""
        (row,) = self.altered(_MOVE, number=case.number, rung=rung.value, due_at=due_at, urgent=urgent)
        return a_case(row)

    def touch(self, number: int) -> None:
        """Raise the version and nothing else: something about the case changed that people should see."""
        self.run(_CHANGE, number=number)

    def close(
        self, number: int, outcome: Outcome, now: datetime, by: str | None, rationale: str | None, salt: str = ""
    ) -> None:
        """Close the case, if it is open."""
        how = {"outcome": outcome.value, "closed_at": now, "closed_by": by, "rationale": rationale, "salt": salt}
        self.run(_CLOSE, number=number, **how)

    def closing(self, number: int) -> tuple[str | None, str | None]:
        """Who closed it (None: the rules did), with what rationale."""
        row = self.one(_CLOSING, number=number)
        return (None, None) if row is None else (row.closed_by, row.rationale)

    def add_decision(self, made: Decision, customer: int, salt: str) -> None:
        """Store the decision; there is one for a case."""
        self.add_row(decision, customer=customer, salt=salt, details_salt=random_salt(), **columns_of(made))

    def decision(self, number: int) -> Decision | None:
        """What was decided in the case."""
        return self.maybe(a_decision, _DECISION, case=number)

    def in_force(self, customer: int) -> Decision | None:
        """The newest decision about the customer that has not ended."""
        return self.maybe(a_decision, _IN_FORCE, customer=customer)

    def decisions_about(self, customer: int) -> tuple[Decision, ...]:
        """Every decision about the customer, in force or not, by case."""
        return tuple(a_decision(row) for row in self.all(_DECISIONS, customer=customer))

    def end_decision(self, number: int, how: Ending, now: datetime) -> None:
        """End the decision of this case, if it is in force."""
        self.run(_END_DECISION, case=number, ended_at=now, ended_how=how.value)

    def set_terms(self, number: int, terms: Terms) -> None:
        """Give the decision of this case these terms from now on."""
        self.run(_SET_TERMS, case=number, **columns_of(terms))

    def contacts(self) -> dict[str, tuple[tuple[int, int], ...]]:
        """By colleague whom the conditions of decisions in force name, the case and the customer of each."""
        found: dict[str, tuple[tuple[int, int], ...]] = {}
        for row in self.all(_NAMES_COLLEAGUE):
            for user in filter(None, (user_in(value) for _, value in row.details)):
                found[user] = (*found.get(user, ()), (row.case, row.customer))
        return found

    def past(self, customer: int, besides: int) -> tuple[PastCase, ...]:
        """The customer's closed cases other than this one, newest first, ten at most."""
        return tuple(
            PastCase(row.number, row.rung, Outcome(row.outcome), row.closed_at, row.closed_by)
            for row in self.all(_PAST, customer=customer, besides=besides)
        )
