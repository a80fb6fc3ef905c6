"""Whether the bot does its work: why it is not ready, what else is wrong, and when that changes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.problems import (
    NO_DIRECTOR,
    Problem,
    ProblemKind,
    away_text,
    broken_task,
    named_in_vain,
    nobody_left,
    other_settings,
    refused_message,
)
from bot.rules.refusals import NotRecorded
from bot.slack_watch import SlackWatch
from bot.watch import DatabaseWatch
from bot.worker import Worker
from handlers.socket_mode import SocketMode
from storage.database import Database

CHECK_AGAIN_IN: Final = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Health:
    """What is wrong, of what the threads find and what is on record.

    `broken_loops`: a sentence for each loop of `Watch` that broke, by its name. `differing`: the settings of which
    another process on this database has others. `copies`: what is wrong with copies of the database.
    """

    database: Database
    worker: Worker
    database_watch: DatabaseWatch
    slack_watch: SlackWatch | None = None
    socket: SocketMode | None = None
    broken_loops: Mapping[str, str] = field(default_factory=dict)
    differing: Callable[[], Sequence[str]] = tuple
    copies: Callable[[], Sequence[Problem]] = tuple

    def reasons(self) -> list[Problem]:
        """Why this process cannot record now, or cannot be reached by Slack; empty if it is ready. It never waits."""
        failure, starting = self.database_watch.failure(), self.worker.roster.not_started()
        socket = self.socket.problems() if self.socket else ()
        return [
            *([Problem(ProblemKind.DATABASE, away_text(failure), failure.trouble)] if failure else []),
            *([Problem(ProblemKind.STARTING, starting)] if starting else []),
            *(Problem(ProblemKind.SOCKET, sentence) for sentence in socket),
            *(self.slack_watch.reasons(signed=not self.socket) if self.slack_watch else ()),
        ]

    def warnings(self) -> list[Problem]:
        """What else is wrong, though the bot does its work."""
        settings = self.differing()
        threads = {} if self.worker.roster.not_started() else self.worker.problems()
        return [
            *([other_settings(settings)] if settings else []),
            *self.copies(),
            *(_of_thread(name, sentence) for name, sentence in (*threads.items(), *self.broken_loops.items())),
            *(self.slack_watch.warnings(signed=not self.socket) if self.slack_watch else ()),
            *([] if self.database_watch.failure() else _on_record(self.database, self.worker)),
        ]


def _of_thread(name: str, sentence: str) -> Problem:
    return Problem(ProblemKind.ROSTER if name == "roster" else ProblemKind.THREAD, sentence, name)


def _on_record(database: Database, worker: Worker) -> list[Problem]:
    """What the record shows to be wrong; empty while it cannot be read."""
    try:
        with database.read_outbox() as outbox:
            messages = outbox.refused_to_mend(worker.roster.firm.channels)
        return [
            *map(refused_message, messages),
            *left_to_nobody(database),
            *broken_tasks(database),
            *_named_in_vain(worker),
            *([] if worker.roster.has_director() else [Problem(ProblemKind.NO_DIRECTOR, NO_DIRECTOR)]),
        ]
    except NotRecorded:
        return []


def broken_tasks(database: Database) -> list[Problem]:
    """Each scheduled task that breaks again and again. Raises NotRecorded."""
    return [broken_task(task) for task in database.broken_tasks()]


def left_to_nobody(database: Database) -> list[Problem]:
    """Each case on which nobody may act. Raises NotRecorded."""
    return [nobody_left(case) for case in database.cases_left_to_nobody()]


def _named_in_vain(worker: Worker) -> Iterator[Problem]:
    """Everybody whom the settings name and who can do nothing."""
    named, found = worker.roster.firm.named, worker.roster.named_in_vain()
    for setting, entry in ((setting, entry) for setting, entries in named.items() for entry in entries):
        if (why := found.get(entry)) is not None:
            yield named_in_vain(setting, entry, why)


class HealthMonitor:
    """Checks the bot's health again and again: see `Health`. Who asks what was found waits for nothing.

    It calls `on_change` when the problems differ from those at its last successful call. The first check always calls
    it: managers' Homes may still show the problems of an earlier run. `again_in`: seconds until the next check.
    """

    def __init__(
        self,
        reasons: Callable[[], Sequence[Problem]],
        warnings: Callable[[], Sequence[Problem]],
        on_change: Callable[[], None],
        again_in: float = CHECK_AGAIN_IN,
    ) -> None:
        self._reasons, self._warnings = reasons, warnings
        self._on_change, self._again_in = on_change, again_in
        self._shown: Sequence[Problem] | None = None
        self.problems: Sequence[Problem] = ()
        self.warnings: Sequence[Problem] = ()

    def check(self) -> float:
        """Check now; the seconds until the next. Raises NotRecorded if `on_change` does; it is called again then."""
        self.warnings = self._warnings()
        self.problems = [*self._reasons(), *self.warnings]
        if self.problems != self._shown:
            self._on_change()
            self._shown = self.problems
        return self._again_in
