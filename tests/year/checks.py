"""The invariants of the whole system, checked after each step. A broken one ends the year, described in words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.rules.audit import CLOCK
from storage.tables.cases import matter
from storage.tables.decisions import decision
from tests.builders import audit_problems
from tests.year import clock_checks, pictures, verdicts
from tests.year.clock_checks import ClockChecks
from tests.year.entitled import wrong_deciders
from tests.year.facts import Facts, Row, facts, new_entries, new_verdicts
from tests.year.office import Office
from tests.year.statements import Statements

OFTEN = 3  # steps: time makes a message untrue until the next act about the customer draws it again
FOREVER = ("by", "at", "rationale", "approved_by", "letter")  # of a decision: the terms may change, these never


@dataclass
class Checks:
    """`every`: number of steps between two checks that take long: of the whole audit log, and of changed messages."""

    office: Office
    every: int
    known: Facts
    statements: Statements = field(init=False)
    clock: ClockChecks = field(default_factory=ClockChecks)
    behind: set[pictures.Key] = field(default_factory=set)
    steps: int = 0

    def __post_init__(self) -> None:
        self.statements = Statements(self.office)

    def __call__(self, what: str) -> None:
        before, self.known = self.known, facts(self.office.database, self.office.clock())
        wrong = [*self._wrong(before, self.known, what)]
        self.steps += 1
        assert not wrong, f"at {self.known.now}, step {self.steps}, after {what}: {wrong}"

    def _wrong(self, before: Facts, after: Facts, what: str) -> Iterator[str]:
        yield from _cases(before, after)
        yield from self._decisions(before, after)
        yield from self._verdicts(before, after)
        yield from _log(before, after)
        yield from _unshown(before, after)
        for entry in new_entries(self.office.database, before, after):
            if entry.actor == CLOCK:
                yield from self.clock.check_entry(entry, after, self.office.policy)
        if what == "clock":
            yield from _by_the_clock(before, after)
        if after.is_quiet():
            yield from self.clock.missed(after, self.office.policy)
        yield from self._shown(before, after)
        changed = {key for key, wanted in after.wanted.items() if before.wanted.get(key) != wanted}
        yield from self.statements.in_messages(after, None if self.steps % OFTEN == 0 else changed)
        if self.steps % self.every == 0 and after.is_quiet():
            yield from self.statements.in_views(after)
        if self.steps % self.every == 0:
            yield from audit_problems(self.office.database)

    def _shown(self, before: Facts, after: Facts) -> Iterator[str]:
        """Renders new messages after each step, and changed ones only now and then, as delivery also skips versions."""
        self.behind |= {key for key, wanted in after.wanted.items() if before.wanted.get(key) != wanted}
        due = self.behind if self.steps % self.every == 0 else self.behind - before.wanted.keys()
        self.behind = self.behind - due
        yield from pictures.wrong(self.office, due)

    def _decisions(self, before: Facts, after: Facts) -> Iterator[str]:
        policy, people = self.office.policy, self.office.people
        for made in after.of(decision):
            earlier = before.decision(made.case)
            if earlier is None:
                yield from wrong_deciders(before, people, made, before.case(made.case), policy.approvals_to_drop)
                if made.choice == "drop" and not self._may_drop(before, after, made):
                    yield f"case {made.case} ended in a drop without a warning"
            elif any(getattr(made, name) != getattr(earlier, name) for name in FOREVER):
                yield f"the decision of case {made.case} was changed"
            elif earlier.choice == "keep" and made.choice == "drop":
                yield f"the decision of case {made.case} became a drop"
        for earlier in before.of(decision):
            if after.decision(earlier.case) is None:
                yield f"the decision of case {earlier.case} is gone"

    def _may_drop(self, before: Facts, after: Facts, made: Row) -> bool:
        policy, customer = self.office.policy, before.case(made.case).customer
        urgent = (
            policy.category(incident.category).zero_tolerance
            for incident in verdicts.history(before, customer, after.now).incidents
            if not incident.void and not incident.judged
            if after.now < incident.happened_at + policy.points_expire_after
        )
        warned = clock_checks.warned(Facts(after.now, before.rows, {}, 0, {}), customer)
        return warned >= policy.warnings_before_decision or any(urgent)

    def _verdicts(self, before: Facts, after: Facts) -> Iterator[str]:
        for said in new_verdicts(self.office.database, before, after):
            again = verdicts.derived(self.office.database, after, said)
            if verdicts.stored(said) not in again:
                yield f"the policy said {verdicts.stored(said)} of customer {said.customer}, and would say {again}"


def _cases(before: Facts, after: Facts) -> Iterator[str]:
    for customer, open_ in Counter(case.customer for case in after.open_cases()).items():
        if open_ > 1:
            yield f"customer {customer} has {open_} open cases"
        if after.customer(customer).merged_into is not None:
            yield f"there is a case about customer {customer}, who is somebody else"
    was = {case.number: case for case in before.of(matter)}
    for case in after.of(matter):
        decided = after.decision(case.number) is not None
        if decided != (case.outcome in {"dropped", "kept"}):
            yield f"case {case.number} ended as {case.outcome}, decided: {decided}"
        if (case.outcome is None) != (case.closed_at is None):
            yield f"case {case.number} is neither open nor ended"
        earlier = was.pop(case.number, None)
        if earlier is None:
            continue
        if case.version < earlier.version:
            yield f"case {case.number} went back to version {case.version}"
        if earlier.outcome not in {None, "merged"} and case.outcome != earlier.outcome:
            yield f"case {case.number} ended as {earlier.outcome} and then as {case.outcome}"
    yield from (f"case {number} is gone" for number in was)


def _log(before: Facts, after: Facts) -> Iterator[str]:
    if before.chain.items() - after.chain.items():
        yield f"the audit log lost {before.chain.items() - after.chain.items()}"
    if len(after.chain) < len(before.chain) or after.verdicts < before.verdicts:
        yield "the audit log, or the verdicts, became fewer"


def _unshown(before: Facts, after: Facts) -> Iterator[str]:
    """If a case changed, its notice must be refreshed."""
    was = {case.number: case.version for case in before.of(matter)}
    for case in after.of(matter):
        key = ("case", case.number, "C0MANAGE", 0)
        moved = case.version != was.get(case.number)
        if moved and after.wanted.get(key, 0) <= before.wanted.get(key, 0):
            yield f"case {case.number} moved on to version {case.version}, and its message does not follow"


def _by_the_clock(before: Facts, after: Facts) -> Iterator[str]:
    """The clock never opens or ends a case, and never decides."""
    if {case.number for case in before.open_cases()} != {case.number for case in after.open_cases()}:
        yield "the clock opened or ended a case"
    if len(before.of(decision)) != len(after.of(decision)):
        yield "the clock decided"
