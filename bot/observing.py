"""Puts together what watches the bot, and answers the probes: health, its threads, the metrics."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot import VERSION, watch
from bot.alerts import LASTS, LOOK_AGAIN_IN, Alerts, Heartbeat
from bot.health import CHECK_AGAIN_IN, Health, HealthMonitor
from bot.metrics import Counted, Process, metrics
from bot.problems import COPIED, COPY_AT_WORK, SECRET_SUSPECTED, Problem, ProblemKind
from bot.slack_watch import ASK_AGAIN_IN, SlackWatch
from bot.usecases.context import Context
from bot.usecases.delivery.delivery import LEASE
from bot.usecases.home.home import refresh_manager_homes
from bot.usecases.processes import SAY_AGAIN_IN, ThisProcess
from bot.usecases.reconcile import after_restore, is_another_at_work
from bot.usecases.transport import RateLimited, Refused, Slack, Unanswered
from bot.watch import DatabaseWatch, Watch
from bot.worker import Worker
from handlers.client import forms
from handlers.client.answers import SlackAnswers
from handlers.client.transport import SlackTransport
from handlers.notices import not_on_record
from handlers.signatures import RefusedRequests
from handlers.socket_mode import SocketMode
from storage.database import Database
from storage.db.revision import NEWEST

WAIT_FOR_START = 0.5  # seconds
TRY_SLACK_AGAIN_IN = 60.0  # seconds
COMPARE_AGAIN_IN = 300.0  # seconds


@dataclass(frozen=True, slots=True)
class Observed:
    """What watches the bot. `monitor` knows what it found last, `watch` has the threads."""

    health: Health
    monitor: HealthMonitor
    asks: SlackWatch
    watch: Watch
    counted: Counted

    def figures(self) -> bytes:
        """The metrics."""
        health, reasons = self.health, self.health.reasons()
        kinds = [problem.kind.value for problem in (*reasons, *self.monitor.warnings)]
        records = health.database_watch.failure() is None
        process = Process(not reasons, records, kinds, self.counted, build(health.database, health.socket))
        return metrics(health.database, health.worker.scheduler.context.clock, process)

    def reasons(self) -> list[str]:
        """Why the bot is not ready."""
        return [problem.says for problem in self.health.reasons()]

    def warnings(self) -> list[str]:
        """What else was wrong at the last check."""
        return [problem.says for problem in self.monitor.warnings]

    def sentences(self) -> list[str]:
        """What managers read of the bot's health in their App Home."""
        return [problem.says for problem in self.monitor.problems]


def build(database: Database, socket: SocketMode | None) -> dict[str, str]:
    """What runs, for the metrics and the log's first line."""
    return {
        "version": VERSION,
        "revision": NEWEST,
        "mode": "socket" if socket else "http",
        "database": database.engine.dialect.name,
    }


@dataclass(frozen=True, slots=True)
class Intervals:
    """How long the bot waits, in seconds, before it tries the database, asks Slack, and checks its health again.

    `kept`: for how long a full disk counts as full, `lasts`: for how long something is wrong, before `alerts` looks
    whether anybody is to hear of it. `form`: for how long Slack may take to open one. `lease`: see `Delivery`. A test
    waits less with shorter ones, and on a busy machine longer for a form.
    """

    lease: timedelta = LEASE
    database: float = watch.TRY_AGAIN_IN
    kept: float = watch.KEPT
    slack: float = ASK_AGAIN_IN
    health: float = CHECK_AGAIN_IN
    alerts: float = LOOK_AGAIN_IN
    lasts: float = LASTS
    form: int = forms.TIMEOUT


USUAL: Final = Intervals()


@dataclass(frozen=True, slots=True)
class Sources:
    """Slack, what it has answered, what else the process has counted; who hears of what is wrong, and how soon."""

    slack: SlackTransport
    answers: SlackAnswers
    counted: Counted
    refused: RefusedRequests
    operators: Sequence[str] = ()
    heartbeat_url: str | None = None
    waits: Intervals = USUAL


@dataclass
class Copies:
    """Compares Slack with the record: was a backup restored, and does somebody else serve from a copy?

    `our_team`: the workspace, once it is known. `since`: when Slack had been compared with the record; None before.
    """

    context: Context
    slack: Slack
    our_team: Callable[[], str]
    process: ThisProcess
    since: datetime | None = None
    another: bool = False

    def look(self) -> float:
        """Compare. Returns after how many seconds to look again. Raises NotRecorded.

        Where the database was copied here, no message loses its buttons until somebody says that this one is in use.
        """
        team, slack = self.our_team(), self.slack
        if not team or self.process.copied is None:
            return WAIT_FOR_START
        if self.process.copied:
            return TRY_SLACK_AGAIN_IN
        try:
            if self.since is None:
                now = self.context.clock()
                after_restore(self.context, slack, team, not_on_record(), time.sleep)
                self.since = now
            elif slack.confirms:
                self.another = is_another_at_work(self.context, slack, team, self.since)
        except (Unanswered, Refused, RateLimited):
            return TRY_SLACK_AGAIN_IN
        return COMPARE_AGAIN_IN

    def problems(self) -> list[Problem]:
        """What is wrong with copies."""
        found = {COPIED: self.process.copied, COPY_AT_WORK: self.another}
        return [Problem(ProblemKind.COPY, words, words[:20]) for words, is_so in found.items() if is_so]


def observe(worker: Worker, socket: SocketMode | None, process: ThisProcess, sources: Sources) -> Observed:
    """Have these watched, from the start of `watch` on."""
    context, database, waits = worker.scheduler.context, worker.scheduler.database, sources.waits
    tries, broke = DatabaseWatch(database.try_to_write, again_in=waits.database, kept=waits.kept), dict[str, str]()
    database.refused, sources.refused.team = tries.refused, worker.roster.known_team
    copies = Copies(context, worker.delivery.slack, worker.roster.our_team, process)
    asks = SlackWatch(sources.slack, context.firm, sources.answers, again_in=waits.slack)
    health = Health(database, worker, tries, asks, socket, broke, lambda: process.differing, copies.problems)
    monitor = HealthMonitor(health.reasons, health.warnings, partial(_show_health, context, database), waits.health)

    def check_health() -> float:
        """Not at the start: managers' Homes would show for a moment that the managers are not known."""
        return WAIT_FOR_START if worker.roster.not_started() else monitor.check()

    def look_at_others() -> float:
        if team := worker.roster.our_team():
            process.check(team)
        return SAY_AGAIN_IN

    alerts = _alerts(worker, sources)

    def send_alerts() -> float:
        """About the reasons as they are now: while the database does not answer, no check comes to an end.

        What strangers may have sent is said to operators alone.
        """
        guessed = [Problem(ProblemKind.SECRET, SECRET_SUSPECTED)] if sources.refused.suspects_secret() else []
        return alerts.look([*health.reasons(), *monitor.warnings, *guessed])

    loops = {
        "alerts": send_alerts,
        "database": tries.look,
        "slack": asks.look,
        "watch": check_health,
        "process": look_at_others,
        "restore": copies.look,
    }
    if sources.heartbeat_url:
        loops["heartbeat"] = Heartbeat(sources.heartbeat_url, lambda: not health.reasons(), waits.alerts).look
    return Observed(health, monitor, asks, Watch(loops, broke), sources.counted)


def _show_health(context: Context, database: Database) -> None:
    refresh_manager_homes(context, database.teams())


def _alerts(worker: Worker, sources: Sources) -> Alerts:
    clock, directors, waits = worker.scheduler.context.clock, worker.roster.directors, sources.waits
    return Alerts(sources.slack, clock, sources.operators, directors, again_in=waits.alerts, lasts=waits.lasts)
