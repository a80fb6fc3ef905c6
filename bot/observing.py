"""Puts together what watches the bot, and answers the probes: health, its threads, the metrics."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot import VERSION
from bot.alerts import Alerts, Heartbeat
from bot.health import Health, HealthMonitor
from bot.metrics import Counted, Process, metrics
from bot.problems import SECRET_SUSPECTED, Problem, ProblemKind
from bot.slack_watch import SlackWatch
from bot.usecases.context import Context
from bot.usecases.home.home import refresh_manager_homes
from bot.usecases.processes import SAY_AGAIN_IN, ThisProcess
from bot.usecases.reconcile import after_restore
from bot.usecases.transport import Unanswered
from bot.watch import DatabaseWatch, Watch
from bot.worker import Worker
from handlers.client.answers import SlackAnswers
from handlers.client.transport import SlackTransport
from handlers.notices import not_on_record
from handlers.signatures import RefusedRequests
from handlers.socket_mode import SocketMode
from storage.database import Database
from storage.db.revision import NEWEST

WAIT_FOR_START = 0.5  # seconds
TRY_SLACK_AGAIN_IN = 60.0  # seconds
NEVER_AGAIN = 10.0**9  # seconds


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
class Sources:
    """Slack, what it has answered, what else the process has counted, and who is told what is wrong."""

    slack: SlackTransport
    answers: SlackAnswers
    counted: Counted
    refused: RefusedRequests
    operators: Sequence[str] = ()
    heartbeat_url: str | None = None


def _compare_with_slack(context: Context, worker: Worker) -> float:
    """Once, as soon as the workspace is known: was a backup restored? Raises NotRecorded."""
    team = worker.roster.our_team()
    if not team:
        return WAIT_FOR_START
    try:
        after_restore(context, worker.delivery.slack, team, not_on_record(), time.sleep)
    except Unanswered:
        return TRY_SLACK_AGAIN_IN
    return NEVER_AGAIN


def observe(worker: Worker, socket: SocketMode | None, process: ThisProcess, sources: Sources) -> Observed:
    """Have these watched, from the start of `watch` on."""
    context, database = worker.scheduler.context, worker.scheduler.database
    tries, broke = DatabaseWatch(database.try_to_write), dict[str, str]()
    database.refused, sources.refused.team = tries.refused, worker.roster.known_team
    asks = SlackWatch(sources.slack, context.firm, sources.answers)
    health = Health(database, worker, tries, asks, socket, broke, lambda: process.differing)
    monitor = HealthMonitor(health.reasons, health.warnings, lambda: refresh_manager_homes(context, database.teams()))

    def check_health() -> float:
        """Not at the start: managers' Homes would show for a moment that the managers are not known."""
        return WAIT_FOR_START if worker.roster.not_started() else monitor.check()

    def look_at_others() -> float:
        if team := worker.roster.our_team():
            process.check(team)
        return SAY_AGAIN_IN

    alerts = Alerts(sources.slack, context.clock, sources.operators, worker.roster.directors)

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
        "restore": lambda: _compare_with_slack(context, worker),
    }
    if sources.heartbeat_url:
        loops["heartbeat"] = Heartbeat(sources.heartbeat_url, lambda: not health.reasons()).look
    return Observed(health, monitor, asks, Watch(loops, broke), sources.counted)
