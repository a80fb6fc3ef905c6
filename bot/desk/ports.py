"""What the desk needs from outside: the record of one workspace, within one transaction."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.desk.commands import NewReport
from bot.rules.files import Likely, PastCase
from bot.rules.policy import Policy
from bot.rules.values import (
    Case,
    Customer,
    Decision,
    History,
    IssuedWarning,
    Outcome,
    Report,
    Rung,
    Safeguard,
    Standing,
    Verdict,
)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of somebody. `read_at`: when it said so."""

    user: str
    guest: bool
    outsider: bool
    bot: bool
    deactivated: bool
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that Slack shows, or should: `wanted` is the version to show, `shown` the one that stands there.

    `subject` is the number of the record it shows; `target` the channel or user it goes to; `round` counts messages
    that are sent again, as a daily reminder is. `tag` is an opaque key by which it is found again, `lane` the rate
    limit that the next call falls under.
    `in_doubt`: an earlier attempt may have posted it.
    """

    team: str
    kind: str
    subject: int
    target: str
    round: int
    channel: str | None
    ts: str | None
    tag: str
    lane: str
    wanted: int
    attempt: int
    failures: int
    in_doubt: bool
    created_at: datetime


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

    def add(self, name: str, now: datetime) -> Customer:
        """A new customer, or the same one where somebody was quicker."""

    def lock(self, number: int) -> None:
        """From here to the end of the transaction nobody else changes anything about this customer."""

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

    def join(self, customer: int, case: int, since: datetime) -> None:
        """Bring the customer's reports that weigh, happened after `since` and belong to no case into this one."""

    def withdraw(self, number: int, now: datetime) -> None:
        """It weighs nothing from now on."""

    def reporters(self, case: int) -> frozenset[str]:
        """Who reported anything in the case."""

    def history(self, customer: int, now: datetime) -> History:
        """All that a verdict about the customer rests on."""

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
        """The newest decision about the customer."""

    def past(self, customer: int, besides: int) -> tuple[PastCase, ...]:
        """Closed cases of the customer, newest first."""


class Warnings(Protocol):
    """Formal warnings."""

    def issue(self, case: Case, letter: str, by: str, now: datetime, salt: str) -> IssuedWarning:
        """Keep the letter as it was issued."""

    def deliver(self, warning: IssuedWarning) -> None:
        """Note when and how it was delivered, and until when it counts."""

    def of_case(self, case: int) -> IssuedWarning | None:
        """The warning issued in a case."""

    def about(self, customer: int) -> tuple[IssuedWarning, ...]:
        """All warnings to the customer, newest first."""


class Verdicts(Protocol):
    """What the policy said, each time it was asked."""

    def add(self, verdict: Verdict, customer: int, n: int, report: int | None, case: int | None, now: datetime) -> None:
        """Keep it beside entry `n` of the customer's audit chain."""

    def of_report(self, report: int) -> Verdict:
        """The verdict that the report brought about."""

    def newest(self, customer: int) -> Verdict:
        """The last one about the customer."""

    def keep_policy(self, policy: Policy, now: datetime) -> None:
        """Keep the policy whole, once, so that its verdicts can be derived again."""


class Safeguards(Protocol):
    """Notes that a customer needs tolerance."""

    def about(self, customer: int, now: datetime) -> tuple[Safeguard, ...]:
        """Those in force."""


class People(Protocol):
    """Colleagues as Slack last described them; the loop reads them, requests only look."""

    def profile(self, user: str) -> Profile | None:
        """What Slack said of them, or None where it was never asked."""

    def groups_of(self, user: str, groups: Sequence[str]) -> dict[str, bool]:
        """For each user group on record: whether they are in it."""

    def group_read_at(self, group: str) -> datetime | None:
        """When Slack last told who is in the group."""

    def stale(self, users: Iterable[str], before: datetime) -> tuple[str, ...]:
        """Those never read, or not since `before`."""

    def members(self, groups: Sequence[str]) -> tuple[str, ...]:
        """Everybody in these groups."""

    def learn(self, profile: Profile) -> None:
        """Note what Slack says of somebody."""

    def learn_group(self, group: str, users: Iterable[str], now: datetime) -> None:
        """Note who is in a group."""


class Notices(Protocol):
    """Which messages Slack should show."""

    def want(
        self, kind: str, subject: int, target: str, now: datetime, *, urgent: bool = False, round_: int = 0
    ) -> None:
        """The message is to show the newest state: posted if it is not there yet, edited if it is.

        `round_` tells messages apart that are sent again instead of edited, as a daily reminder is.
        """

    def want_reports_of(self, case: int, now: datetime) -> None:
        """The messages to everybody who reported in the case are to show the newest state."""


class Steps(Protocol):
    """What the clock is to do. One of each kind for a subject."""

    def set(self, kind: str, subject: int, at: datetime) -> None:
        """Do it at this time; an earlier plan for it is replaced."""

    def cancel(self, kind: str, subject: int) -> None:
        """Do not do it, where it was planned."""


class Audit(Protocol):
    """The log that only grows."""

    def append(self, customer: int, actor: str, act: str, facts: dict[str, object], now: datetime) -> int:
        """Add an entry to the customer's chain; its number in it."""


class Record(Protocol):
    """One workspace's record, within one transaction."""

    @property
    def customers(self) -> Customers:
        """The customers on record."""

    @property
    def reports(self) -> Reports:
        """What reps told."""

    @property
    def cases(self) -> Cases:
        """Matters before management."""

    @property
    def warnings(self) -> Warnings:
        """Formal warnings."""

    @property
    def verdicts(self) -> Verdicts:
        """What the policy said."""

    @property
    def safeguards(self) -> Safeguards:
        """Notes that a customer needs tolerance."""

    @property
    def people(self) -> People:
        """Colleagues as Slack last described them."""

    @property
    def notices(self) -> Notices:
        """Which messages Slack should show."""

    @property
    def steps(self) -> Steps:
        """What the clock is to do."""

    @property
    def audit(self) -> Audit:
        """The log that only grows."""


Begin = Callable[[str], AbstractContextManager[Record]]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A message that Slack refuses to show, and the name it gives the reason."""

    kind: str
    subject: int
    target: str
    error: str


class Outbox(Protocol):
    """The messages that are behind, over all workspaces."""

    def claim(self, now: datetime, lease: timedelta) -> Notice | None:
        """The next notice that is behind and may be sent now; nobody else gets it until the lease ends."""

    def shown(self, job: Notice, channel: str, ts: str, now: datetime) -> None:
        """The message stands at `ts` and shows version `job.wanted`; ignored where the lease has passed on."""

    def failed(self, job: Notice, code: str, again_at: datetime, *, refused: bool, doubt: bool) -> None:
        """It did not work. `refused`: until somebody mends it. `doubt`: it may have been posted all the same."""

    def paused(self, job: Notice, until: datetime) -> None:
        """Slack asked for a pause on this lane; nothing was posted now."""

    def gone(self, job: Notice, now: datetime) -> None:
        """Somebody deleted the message: it is to be posted anew."""

    def troubles(self) -> tuple[Trouble, ...]:
        """What Slack refuses to show, and why."""

    def next_moment(self) -> datetime | None:
        """When the next notice that is behind may be sent, its lane being free; None where none is."""

    def behind(self) -> tuple[int, datetime | None]:
        """How many notices are behind, and since when the oldest of them exists."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that the clock is to do, and the workspace and record it is about."""

    team: str
    kind: str
    subject: int


class Agenda(Protocol):
    """What the clock is to do next, over all workspaces."""

    def step(self, now: datetime) -> AbstractContextManager[tuple[Step, Record] | None]:
        """The first step that is due, taken off, and its workspace's record: one transaction with what follows."""

    def next_step_at(self) -> datetime | None:
        """When the next step is due."""


OpenOutbox = Callable[[], AbstractContextManager[Outbox]]
