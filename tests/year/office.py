"""A firm with its bot: time passes, due tasks run, and the bot is down at times."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import cycle

from bot.policy_file.load import load
from bot.rules.business_time import Span
from bot.rules.people import Profile
from bot.rules.policy.policy import Policy
from bot.usecases.context import Context
from bot.usecases.roster import Roster, settings_read
from bot.usecases.scheduler import Scheduler
from bot.usecases.weekly.summaries import schedule_summary
from storage.database import Database
from tests.builders import FIRM, TEAM, FrozenClock, a_profile

GUESTS = frozenset({"U0GUS"})
GROUP = frozenset({"U0PRIYA", "U0BRAD"})


@dataclass
class People:
    """What Slack says of people: who is in the managers' group, and who has left the firm."""

    group: set[str] = field(default_factory=lambda: set(GROUP))
    gone: set[str] = field(default_factory=set)

    def members_of(self, group: str) -> tuple[str, ...]:
        return tuple(sorted(self.group)) if group == "S0MANAGERS" else ()

    def profile(self, user: str, team: str, now: datetime) -> Profile:
        del team
        return a_profile(user, now, guest=user in GUESTS, deactivated=user in self.gone)


@dataclass
class Office:
    """`moved` is called after each change of the record: one act, or all tasks that were due at a moment."""

    database: Database
    clock: FrozenClock
    policy: Policy
    moved: Callable[[str], None]
    people: People = field(default_factory=People)
    down_until: datetime | None = None

    @property
    def context(self) -> Context:
        return Context(self.database.begin, self.database.read, self.policy, FIRM, self.clock)

    def start(self, policy: Policy | None = None) -> None:
        """Start the bot, as `bot.app` does. Another policy takes effect only then."""
        self.policy = policy or self.policy
        with self.context.begin(TEAM) as tx:
            settings_read(tx, self.context)
        schedule_summary(self.context, TEAM)
        self.moved("start")

    def ask_slack(self) -> None:
        """Read profiles and the managers' group from Slack."""
        Roster(self.context, self.people).refresh(TEAM)

    def work(self, span: timedelta) -> None:
        """Let the bot run for this long. Each task runs at its time."""
        until = self.clock() + span
        while (due := self.database.next_task_at()) is not None and due <= until:
            self.clock.time = max(due, self.clock())
            self.tick()
        self.clock.time = until
        self.ask_slack()
        self.tick()

    def sleep(self, span: timedelta) -> None:
        """Let the bot be down for this long."""
        self.clock.forward(seconds=span.total_seconds())

    def tick(self) -> None:
        """Run all tasks that are due. Fails if there is no end to them."""
        done = sum(1 for _ in self._ticks())
        assert done < 500, "the clock never comes to rest"
        if done:
            self.moved("clock")

    def _ticks(self) -> Iterator[None]:
        scheduler = Scheduler(self.context, self.database)
        for _ in range(500):
            if not scheduler.tick():
                return
            yield


def policies(zone: str, *, approvals: int, warnings: int, days: int) -> list[Policy]:
    """The built-in policy in a zone, where points and warnings expire after `days`; and a milder one to change to.

    `warnings`: how many a drop takes. In the milder one a kind of conduct has a time of its own to decide, each.
    """
    life, built_in = timedelta(days=days), load(None, zone)
    strict = replace(
        built_in, approvals_to_drop=approvals, warnings_before_decision=warnings,
        points_expire_after=life, warnings_expire_after=life,
    )  # fmt: skip
    spans = cycle((Span.parse("4 hours"), None, Span.parse("5 business days")))
    kinds = {key: replace(kind, decide=next(spans)) for key, kind in built_in.categories.items()}
    milder = {"warn_at_points": 6, "decide_at_points": 4, "warnings_before_decision": 3 - warnings, "categories": kinds}
    return [strict, replace(strict, **milder, approvals_to_drop=3 - approvals)]
