"""The record of customers: what reps told, what management does about it, what the policy said."""

from datetime import datetime
from typing import Protocol

from bot.desk.commands import NewReport
from bot.rules.aftermath import Terms
from bot.rules.files import Likely, PastCase
from bot.rules.policy import Policy
from bot.rules.values import (
    Case,
    Customer,
    Decision,
    DeliveredWarning,
    Ending,
    Incident,
    IssuedWarning,
    Left,
    Outcome,
    Report,
    Rung,
    Standing,
    Verdict,
)


class Customers(Protocol):
    """The customers on record."""

    def get(self, number: int) -> Customer:
        """The customer, or `refusals.Unknown`."""

    def same(self, name: str) -> Customer | None:
        """The one of this name, whatever its case, spaces and punctuation."""

    def alike(self, name: str) -> tuple[Likely, ...]:
        """Those of this name but for a company suffix or "the"."""

    def likely(self, typed: str, most: int) -> tuple[Likely, ...]:
        """Those that somebody typing this may mean, best first, typos forgiven."""

    def nearest(self, typed: str, most: int) -> tuple[Likely, ...]:
        """The names that have most in common with what was typed, though none may fit."""

    def add(self, name: str, now: datetime) -> Customer:
        """A new customer, or the same one where somebody was quicker."""

    def lock(self, number: int) -> Customer:
        """From here to the end of the transaction nobody else changes anything about this customer.

        Where it was merged into another one, that one is meant.
        """

    def current(self, found: Customer) -> Customer:
        """The customer, or the one whom they were merged into."""

    def stand(self, number: int, standing: Standing) -> None:
        """Note how the customer stands now."""


class Reports(Protocol):
    """What reps told."""

    def get(self, number: int) -> Report:
        """The report, or `refusals.Unknown`."""

    def by_form(self, form: str) -> int | None:
        """The number of the report that this form was recorded as."""

    def add(self, new: NewReport, customer: int, now: datetime, salt: str) -> Report:
        """Record it, under the next number."""

    def case_of(self, number: int) -> int | None:
        """The case that the report belongs to."""

    def join(self, case: Case, since: datetime) -> None:
        """Bring the customer's reports that weigh, happened after `since` and belong to no case into this one."""

    def changed(self, number: int, case: Case) -> None:
        """The report stands differently from this version of its case on."""

    def news(self, case: int, seen: int) -> tuple[Report, ...]:
        """What whoever saw this version of the case does not know: reports that came since, or stand differently."""

    def withdraw(self, number: int, now: datetime) -> None:
        """It weighs nothing from now on."""

    def discount(self, number: int, hearing: int, now: datetime) -> None:
        """It weighs nothing from now on, since this hearing found it to be a misunderstanding."""

    def reporters(self, case: int) -> frozenset[str]:
        """Who reported anything in the case."""

    def incidents(self, customer: int) -> tuple[Incident, ...]:
        """All that was ever reported about the customer, as the policy sees it, in the order in which it happened."""

    def of_case(self, case: int) -> tuple[Report, ...]:
        """The reports of a case, newest first."""

    def tally(self, customer: int) -> tuple[int, int]:
        """How many reports about the customer, and by how many people, ever; withdrawn ones aside."""


class Cases(Protocol):
    """Matters before management, how they ended, and what was decided."""

    def get(self, number: int) -> Case:
        """The case, or `refusals.Unknown`."""

    def open_about(self, customer: int) -> Case | None:
        """The customer's open case; there is at most one."""

    def open(self, customer: int, rung: Rung, now: datetime, due_at: datetime, *, urgent: bool) -> Case:
        """Put a matter before management."""

    def all_open(self) -> tuple[int, ...]:
        """The numbers of all open cases."""

    def leave_to(self, number: int, left: Left) -> None:
        """Note who is left to act; one version on."""

    def go_up(self, number: int) -> Case:
        """The directors are told once more: the case as it stands now, one version on."""

    def move(self, case: Case, rung: Rung, due_at: datetime, *, urgent: bool) -> Case:
        """The case as it stands now: one version on."""

    def touch(self, number: int) -> None:
        """One version on, nothing else: something beside it changed that people should see."""

    def close(
        self, number: int, outcome: Outcome, now: datetime, by: str | None, rationale: str | None, salt: str = ""
    ) -> None:
        """End it."""

    def closing(self, number: int) -> tuple[str | None, str | None]:
        """Who closed it (None: the rules did), with what rationale."""

    def decide(self, decision: Decision, customer: int, salt: str) -> None:
        """Note the decision; there is one for a case."""

    def decision(self, number: int) -> Decision | None:
        """What was decided in the case."""

    def in_force(self, customer: int) -> Decision | None:
        """The newest decision about the customer that has not ended."""

    def end(self, number: int, how: Ending, now: datetime) -> None:
        """The decision of this case is no longer in force."""

    def hold_to(self, number: int, terms: Terms) -> None:
        """The decision of this case has these terms from now on."""

    def past(self, customer: int, besides: int) -> tuple[PastCase, ...]:
        """Closed cases of the customer, newest first."""


class Warnings(Protocol):
    """Formal warnings."""

    def issue(self, case: Case, letter: str, by: str, now: datetime, salt: str) -> IssuedWarning:
        """Keep the letter as it was issued."""

    def deliver(self, warning: IssuedWarning) -> None:
        """Note when and how it was delivered, and until when it counts."""

    def withdraw(self, number: int, now: datetime) -> None:
        """It counts no more."""

    def get(self, number: int) -> IssuedWarning:
        """The warning, or `refusals.Unknown`."""

    def of_case(self, case: int) -> IssuedWarning | None:
        """The warning issued in a case."""

    def about(self, customer: int) -> tuple[IssuedWarning, ...]:
        """All warnings to the customer, newest first."""

    def delivered(self, customer: int) -> tuple[DeliveredWarning, ...]:
        """Those to the customer that were delivered and not withdrawn, oldest first."""


class Verdicts(Protocol):
    """What the policy said, each time it was asked."""

    def add(self, verdict: Verdict, customer: int, n: int, report: int | None, case: int | None, now: datetime) -> None:
        """Keep it beside entry `n` of the customer's audit chain."""

    def of_report(self, report: int) -> Verdict:
        """The verdict that the report brought about."""

    def newest(self, customer: int) -> Verdict:
        """The last one about the customer."""

    def newest_at(self, customer: int) -> datetime:
        """When it was."""

    def keep_policy(self, policy: Policy, now: datetime) -> None:
        """Keep the policy whole, once, so that its verdicts can be derived again."""


class Audit(Protocol):
    """The log that only grows."""

    def append(self, customer: int, actor: str, act: str, facts: dict[str, object], now: datetime) -> int:
        """Add an entry to the customer's chain; its number in it."""
