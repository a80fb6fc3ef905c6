"""Matters before management, how they ended, and what was decided."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.rules.case_files import PastCase
from bot.rules.cases import Case, Left, Outcome
from bot.rules.decisions import Decision, Ending
from bot.rules.objections import Terms
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import Unknown
from storage.db.repository import Repository
from storage.rows import a_case, a_decision
from storage.tables.cases import matter
from storage.tables.decisions import decision

_OURS = matter.c.team == bindparam("our_team")
_COLUMNS = (
    matter.c.number,
    matter.c.customer,
    matter.c.rung,
    matter.c.version,
    matter.c.opened_at,
    matter.c.due_at,
    matter.c.urgent,
    matter.c.outcome,
    matter.c.closed_at,
    matter.c.left,
    matter.c.raised,
)
_BY_NUMBER = select(*_COLUMNS).where(_OURS, matter.c.number == bindparam("number"))
_OPEN_ABOUT = select(*_COLUMNS).where(_OURS, matter.c.customer == bindparam("customer"), matter.c.closed_at.is_(None))
_CLOSING = select(matter.c.closed_by, matter.c.rationale).where(_OURS, matter.c.number == bindparam("number"))
_PAST = (
    select(matter.c.number, matter.c.rung, matter.c.outcome, matter.c.closed_at, matter.c.closed_by)
    .where(_OURS, matter.c.customer == bindparam("customer"), matter.c.closed_at.is_not(None))
    .where(matter.c.number != bindparam("besides"))
    .order_by(matter.c.number.desc())
    .limit(10)
)
_CHANGE = update(matter).where(_OURS, matter.c.number == bindparam("which"))
_TOUCH = _CHANGE.values(version=matter.c.version + 1)
_LEAVE_TO = _CHANGE.values(version=matter.c.version + 1, left=bindparam("to"))
_RAISE = _CHANGE.values(version=matter.c.version + 1, raised=matter.c.raised + 1)
_OPEN = select(matter.c.number).where(_OURS, matter.c.closed_at.is_(None)).order_by(matter.c.number)
_MOVE = _CHANGE.values(
    version=matter.c.version + 1,
    rung=bindparam("new_rung"),
    due_at=bindparam("new_due_at"),
    urgent=bindparam("is_urgent"),
)
_CLOSE = _CHANGE.where(matter.c.closed_at.is_(None)).values(
    version=matter.c.version + 1,
    outcome=bindparam("ended_as"),
    closed_at=bindparam("now"),
    closed_by=bindparam("by"),
    rationale=bindparam("why"),
    salt=bindparam("with_salt"),
)
_DECISIONS = decision.c.team == bindparam("our_team")
_DECISION = select(decision).where(_DECISIONS, decision.c.case == bindparam("case"))
_IN_FORCE = (
    select(decision)
    .where(_DECISIONS, decision.c.customer == bindparam("customer"), decision.c.ended_at.is_(None))
    .order_by(decision.c.at.desc(), decision.c.case.desc())
    .limit(1)
)
_THIS_DECISION = update(decision).where(_DECISIONS, decision.c.case == bindparam("which"))
_END = _THIS_DECISION.where(decision.c.ended_at.is_(None)).values(ended_at=bindparam("now"), ended_how=bindparam("how"))
_HOLD_TO = _THIS_DECISION.values(
    choice=bindparam("new_choice"),
    review_on=bindparam("new_review_on"),
    effective_on=bindparam("new_effective_on"),
    conditions=bindparam("new_conditions", type_=decision.c.conditions.type),
)


class Cases(Repository):
    """See `ports.Cases`."""

    def get(self, number: int) -> Case:
        """The case, or `refusals.Unknown`."""
        row = self.one(_BY_NUMBER, number=number)
        if row is None:
            raise Unknown("case", number)
        return a_case(row)

    def open_about(self, customer: int) -> Case | None:
        """The customer's open case; there is at most one."""
        row = self.one(_OPEN_ABOUT, customer=customer)
        return None if row is None else a_case(row)

    def open(self, customer: int, rung: Rung, now: datetime, due_at: datetime, *, urgent: bool) -> Case:
        """Put a matter before management."""
        number = self.next_number("case")
        self.add_row(
            matter,
            number=number,
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

    def all_open(self) -> tuple[int, ...]:
        """The numbers of all open cases."""
        return tuple(row.number for row in self.all(_OPEN))

    def leave_to(self, number: int, left: Left) -> None:
        """Note who is left to act; one version on."""
        self.run(_LEAVE_TO, which=number, to=left.value)

    def go_up(self, number: int) -> Case:
        """The directors are told once more: the case as it stands now, one version on."""
        (row,) = self.altered(_RAISE, which=number)
        return a_case(row)

    def move(self, case: Case, rung: Rung, due_at: datetime, *, urgent: bool) -> Case:
        """The case as it stands now: one version on."""
        (row,) = self.altered(_MOVE, which=case.number, new_rung=rung.value, new_due_at=due_at, is_urgent=urgent)
        return a_case(row)

    def touch(self, number: int) -> None:
        """One version on, nothing else: something beside it changed that people should see."""
        self.run(_TOUCH, which=number)

    def close(
        self, number: int, outcome: Outcome, now: datetime, by: str | None, rationale: str | None, salt: str = ""
    ) -> None:
        """End it."""
        self.run(_CLOSE, which=number, ended_as=outcome.value, now=now, by=by, why=rationale, with_salt=salt)

    def closing(self, number: int) -> tuple[str | None, str | None]:
        """Who closed it (None: the rules did), with what rationale."""
        row = self.one(_CLOSING, number=number)
        return (None, None) if row is None else (row.closed_by, row.rationale)

    def decide(self, made: Decision, customer: int, salt: str) -> None:
        """Note the decision; there is one for a case."""
        self.add_row(
            decision,
            case=made.case,
            customer=customer,
            choice=made.choice.value,
            by=made.by,
            at=made.at,
            rationale=made.rationale,
            salt=salt,
            review_on=made.review_on,
            effective_on=made.effective_on,
            reason_class=made.reason_class,
            conditions=list(made.conditions),
            letter=made.letter,
            approved_by=list(made.approved_by),
            appeal_until=made.appeal_until,
        )

    def decision(self, number: int) -> Decision | None:
        """What was decided in the case."""
        row = self.one(_DECISION, case=number)
        return None if row is None else a_decision(row)

    def in_force(self, customer: int) -> Decision | None:
        """The newest decision about the customer that has not ended."""
        row = self.one(_IN_FORCE, customer=customer)
        return None if row is None else a_decision(row)

    def end(self, number: int, how: Ending, now: datetime) -> None:
        """The decision of this case is no longer in force."""
        self.run(_END, which=number, how=how.value, now=now)

    def hold_to(self, number: int, terms: Terms) -> None:
        """The decision of this case has these terms from now on."""
        self.run(
            _HOLD_TO,
            which=number,
            new_choice=terms.choice.value,
            new_review_on=terms.review_on,
            new_effective_on=terms.effective_on,
            new_conditions=list(terms.conditions),
        )

    def past(self, customer: int, besides: int) -> tuple[PastCase, ...]:
        """Closed cases of the customer, newest first, ten at most."""
        return tuple(
            PastCase(row.number, row.rung, Outcome(row.outcome), row.closed_at, row.closed_by)
            for row in self.all(_PAST, customer=customer, besides=besides)
        )
