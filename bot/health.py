"""Whether the bot does its work: why it is not ready, what else is wrong, and when that changes."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

from bot.language import _
from bot.rules.notices import RefusedMessage
from bot.rules.refusals import NotRecorded
from bot.usecases.context import Firm
from bot.worker import Worker
from handlers.socket_mode import SocketMode
from storage.database import Database

AWAY = _("The database cannot be used; nothing is recorded until it can.")
NOBODY_LEFT = _("Too few people are left to act on case {case}: name more of them in MANAGERS or DIRECTORS.")
# Translators: {kind} and {error} are names in the program, {target} is an ID at Slack.
NOT_SHOWN = _("The message about {kind} {subject} cannot be shown in {target}: {error}.")
# Translators: {kind} and {error} are names in the program, {subject} is a number.
TASK_BREAKS = _("The scheduled task {kind} about {subject} has broken {failures} times, last with {error}.")


def reasons_not_ready(database: Database, firm: Firm, worker: Worker, socket: SocketMode | None) -> Sequence[str]:
    """Why the bot does not do its work right now, one sentence each; empty if it does."""
    try:
        with database.outbox() as outbox:
            messages = outbox.refused_to_mend(firm.channels)
        cases = database.cases_left_to_nobody()
    except NotRecorded:
        return [AWAY]
    reasons = [*map(refusal_text, messages), *(NOBODY_LEFT.format(case=case) for case in cases)]
    return [*reasons, *worker.problems(), *(socket.problems() if socket else ())]


def warnings(database: Database) -> Sequence[str]:
    """What is wrong although the bot does its work, one sentence each; empty while the database cannot be used."""
    try:
        return [TASK_BREAKS.format(**asdict(task)) for task in database.broken_tasks()]
    except NotRecorded:
        return []


def refusal_text(message: RefusedMessage) -> str:
    """The sentence about a message that Slack refuses."""
    return NOT_SHOWN.format(kind=message.kind, subject=message.subject, target=message.target, error=message.error)


class HealthMonitor:
    """Calls `on_change` when the problems differ from those at its last successful call.

    The first check always calls it: managers' Homes may still show the problems of an earlier run.
    """

    def __init__(self, problems: Callable[[], Sequence[str]], on_change: Callable[[], None]) -> None:
        self.problems = problems
        self.on_change = on_change
        self._shown: tuple[str, ...] | None = None

    def check(self) -> None:
        """Check now. Raises NotRecorded if `on_change` does; the next check then calls it again."""
        problems = tuple(self.problems())
        if problems != self._shown:
            self.on_change()
            self._shown = problems
