"""What the clock must and must not have done, according to the audit log and the scheduled tasks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.rules.business_time import add_months, next_business_day
from bot.rules.customers import Standing
from bot.rules.policy.policy import Policy
from storage.tables import customers as tables_customers
from storage.tables.cases import objection, warning
from storage.tables.decisions import decision, review
from tests.year.facts import Facts, Row

Reminders = dict[tuple[int, str], list[datetime]]  # by case number and deadline: when people were notified


@dataclass
class ClockChecks:
    """Collects what the clock did, and finds what is wrong about it."""

    reminded: Reminders = field(default_factory=dict)
    overdue: Reminders = field(default_factory=dict)
    objections: Reminders = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)
    lapsed: set[int] = field(default_factory=set)

    def check_entry(self, entry: Row, after: Facts, policy: Policy) -> Iterator[str]:
        """Problems with an entry of the audit log that the clock wrote."""
        if entry.act in {"remind", "overdue"}:
            yield from self._deadline(entry, after, policy)
        elif entry.act == "objection overdue":
            yield from self._repeated(self.objections, entry, policy)
        elif entry.act == "lapse":
            yield from self._lapse(entry, after)
        elif entry.act == "ask what was learnt":
            if entry.facts["case"] in self.asked:
                yield f"case {entry.facts['case']} was asked twice what was learnt"
            self.asked.add(entry.facts["case"])

    def _deadline(self, entry: Row, after: Facts, policy: Policy) -> Iterator[str]:
        case = after.case(entry.facts["case"])
        if case.closed_at is not None or case.due_at.isoformat() != entry.facts["due_at"]:
            yield f"{entry.act} of case {case.number} on a deadline that is none"
        if entry.act == "overdue":
            yield from self._repeated(self.overdue, entry, policy)
            return
        if entry.at >= case.due_at:
            yield f"case {case.number} was reminded of when it was overdue"
        if _sent_before(self.reminded, entry):
            yield f"case {case.number} was reminded twice of {case.due_at}"
        _remember(self.reminded, entry)

    def _repeated(self, sent: Reminders, entry: Row, policy: Policy) -> Iterator[str]:
        """Once at the deadline, then at most once each business day."""
        before = _sent_before(sent, entry)
        earliest = next_business_day(before[-1], policy.hours) if before else datetime.fromisoformat(_due(entry))
        if entry.at < earliest:
            yield f"{entry.act} {entry.facts} at {entry.at}, which is too early after {before}"
        _remember(sent, entry)

    def _lapse(self, entry: Row, after: Facts) -> Iterator[str]:
        case = entry.facts["case"]
        made = after.decision(case)
        if case in self.lapsed:
            yield f"the decision of case {case} lapsed twice"
        if made is None or made.ended_how != "lapsed" or made.ended_at != entry.at:
            yield f"the decision of case {case} did not lapse"
        self.lapsed.add(case)

    def missed(self, known: Facts, policy: Policy) -> Iterator[str]:
        """What should have been done or scheduled, when no task is due any more."""
        for case in known.open_cases():
            yield from self._missed_for_case(case, known, policy)
        for asked in known.of(objection, lambda row: row.answer is None):
            if known.now >= asked.due_at:
                key = (asked.case, asked.due_at.isoformat())
                yield from _overdue_unsent("objection", self.objections.get(key), known, policy, asked.case)
            if known.scheduled_at("objection", asked.case) is None:
                yield f"the objection in case {asked.case} is forgotten"
        for made in known.of(decision, lambda row: row.ended_at is None and binds(row)):
            yield from _unreviewed(made, known, policy)
        for made in known.of(decision):
            owed = known.letter_owed(made.case)
            if (known.scheduled_at("letter", made.case) is None) is not (owed is None):
                yield f"the letter of case {made.case} is {owed}, and asking for it is planned otherwise"
        yield from _wrong_standings(known)

    def _missed_for_case(self, case: Row, known: Facts, policy: Policy) -> Iterator[str]:
        key = (case.number, case.due_at.isoformat())
        if known.now >= case.due_at:
            yield from _overdue_unsent("case", self.overdue.get(key), known, policy, case.number)
            if known.scheduled_at("overdue", case.number) is None:
                yield f"case {case.number} is overdue, and the clock will not come back to it"
        elif known.scheduled_at("due", case.number) != case.due_at:
            yield f"case {case.number} is due at {case.due_at}, and the clock does not know"
        elif known.scheduled_at("remind", case.number) is None and key not in self.reminded:
            yield f"nobody was reminded of case {case.number}"


def binds(made: Row) -> bool:
    return made.choice == "drop" or bool(made.conditions)


def _overdue_unsent(
    what: str, sent_before: list[datetime] | None, known: Facts, policy: Policy, number: int
) -> Iterator[str]:
    if not sent_before:
        yield f"{what} {number} is overdue, and nobody was notified"
    elif next_business_day(sent_before[-1], policy.hours) <= known.now:
        yield f"{what} {number} is overdue, and nobody was notified since {sent_before[-1]}"


def _unreviewed(made: Row, known: Facts, policy: Policy) -> Iterator[str]:
    ends = policy.hours.at(made.review_on, policy.hours.closes)
    renewed = [row.at for row in known.of(review, lambda row: row.case == made.case and row.outcome == "renewed")]
    since = policy.hours.local_date(max(renewed, default=made.at))
    scheduled = known.scheduled_at("review", made.case)
    if known.now >= ends:
        yield f"the decision of case {made.case} runs beyond its review on {made.review_on}"
    if scheduled is None or scheduled > ends:
        yield f"the end of the decision of case {made.case} at {ends} is planned for {scheduled}"
    if made.review_on > add_months(since, policy.longest_months):
        yield f"the decision of case {made.case} runs from {since} to {made.review_on}"


def _wrong_standings(known: Facts) -> Iterator[str]:
    for customer in known.of(tables_customers.customer):
        holds = stands_as(known, customer)
        if customer.standing != holds:
            yield f"customer {customer.number} stands {customer.standing}, and is {holds.value}"


def stands_as(known: Facts, customer: Row) -> Standing:
    if customer.merged_into is not None:
        return Standing.CLEAR
    made = known.in_force(customer.number)
    if made is not None and made.choice == "drop":
        return Standing.DROPPED
    if any(case.customer == customer.number and case.rung in {"hear", "decide"} for case in known.open_cases()):
        return Standing.UNDER_REVIEW
    if made is not None and made.conditions:
        return Standing.RESTRICTED
    return Standing.WARNED if warned(known, customer.number) else Standing.CLEAR


def warned(known: Facts, customer: int) -> int:
    """How many of a customer's delivered warnings are valid."""
    return sum(
        row.delivered_at <= known.now < row.expires_at
        for row in known.of(warning, lambda row: row.customer == customer and row.delivered_at)
        if row.withdrawn_at is None
    )


def _sent_before(sent: Reminders, entry: Row) -> list[datetime]:
    return sent.get((entry.facts["case"], _due(entry)), [])


def _remember(sent: Reminders, entry: Row) -> None:
    sent.setdefault((entry.facts["case"], _due(entry)), []).append(entry.at)


def _due(entry: Row) -> str:
    due: str = entry.facts["due_at"]
    return due
