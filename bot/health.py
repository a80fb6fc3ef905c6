"""Whether the bot does its work: why it is not ready, what else is wrong, and when that changes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

from bot.language import _
from bot.rules.notices import NoticeKind, RefusedMessage
from bot.rules.refusals import Denial, NotRecorded
from bot.rules.troubles import DatabaseTrouble
from bot.usecases.context import Firm
from bot.worker import Worker
from handlers.socket_mode import SocketMode
from storage.database import Database

# Translators: {why} is a sentence.
AWAY = _("The database cannot be used; nothing is recorded until it can. {why}")
WHY_AWAY = {
    DatabaseTrouble.WRONG_PASSWORD: _("The server does not accept the user's password: see DATABASE_URL."),
    DatabaseTrouble.NO_SUCH_USER: _("The server knows no such user: see DATABASE_URL."),
    DatabaseTrouble.NO_SUCH_DATABASE: _("The server has no database of that name: see DATABASE_URL."),
    DatabaseTrouble.NO_SUCH_HOST: _("The server's name cannot be resolved: see DATABASE_URL, and the network's DNS."),
    DatabaseTrouble.NOT_ALLOWED: _(
        "The server does not let this user in, or not write: see its pg_hba.conf and grants."
    ),
    DatabaseTrouble.TLS: _("No encrypted connection could be made: see sslmode in DATABASE_URL, and the certificates."),
    DatabaseTrouble.UNREACHABLE: _("No server answers at that address: is it running? See DATABASE_URL."),
    DatabaseTrouble.STARTING: _("The server is starting or stopping."),
    DatabaseTrouble.LOST: _("The connection to the server was lost."),
    DatabaseTrouble.SILENT: _("It does not answer in time."),
    DatabaseTrouble.TOO_MANY: _("No connection is free: the server, or this process, has too many open."),
    DatabaseTrouble.READ_ONLY: _("It is read-only."),
    DatabaseTrouble.FULL: _("Its disk is full."),
    DatabaseTrouble.LOCKED: _("Another process keeps it locked."),
    DatabaseTrouble.MOVED: _("Its file was moved or replaced: put it back, or start again."),
    DatabaseTrouble.NOT_OPENED: _(
        "Its file cannot be opened: does it exist, and may the bot's user read and write it?"
    ),
    DatabaseTrouble.DAMAGED: _("It is damaged: restore a backup."),
    DatabaseTrouble.DISK: _("Its disk does not read or write."),
    DatabaseTrouble.UNKNOWN: _("The reason is not one that Backstop knows."),
}
NOBODY_LEFT = _("Too few people are left to act on case {case}: name more of them in MANAGERS or DIRECTORS.")
# Translators: {kind} and {error} are names in the program, {target} is an ID at Slack.
NOT_SHOWN = _("The message about {kind} {subject} cannot be shown in {target}: {error}.")
# Translators: {error} is a name in the program, {target} is an ID at Slack.
CARE_NOT_SHOWN = _("A message to the care contact cannot be shown in {target}: {error}.")
# Translators: {kind} and {error} are names in the program, {subject} is a number.
TASK_BREAKS = _("The scheduled task {kind} about {subject} has broken {failures} times, last with {error}.")

# Translators: {setting} is a name in the settings, {entry} an ID at Slack.
DOES_NOTHING = _("{setting} names {entry}, {why}. Take them out of {setting}, or name somebody else.")
WHY = {
    Denial.DEACTIVATED: _("whose account at Slack is deactivated"),
    Denial.GUEST: _("who is a guest"),
    Denial.OUTSIDER: _("who belongs to another workspace"),
    Denial.BOT: _("which is a bot"),
}
# Translators: {error} is Slack's name for a reason.
UNKNOWN_TO_SLACK = _("which Slack refuses to show ({error})")


def away_text(failure: NotRecorded) -> str:
    """The sentences about a database that cannot be used, why, and its own code for that."""
    words = AWAY.format(why=WHY_AWAY[failure.trouble])
    return f"{words} ({failure.code})" if failure.code else words


def reasons_not_ready(database: Database, firm: Firm, worker: Worker, socket: SocketMode | None) -> Sequence[str]:
    """Why the bot does not do its work right now, one sentence each; empty if it does."""
    try:
        with database.outbox() as outbox:
            messages = outbox.refused_to_mend(firm.channels)
    except NotRecorded as failure:
        return [away_text(failure)]
    return [*map(refusal_text, messages), *worker.problems(), *(socket.problems() if socket else ())]


def warnings(database: Database, worker: Worker) -> Sequence[str]:
    """What is wrong though the bot does its work, one sentence each; empty while the database cannot be used."""
    try:
        return [*left_to_nobody(database), *broken_tasks(database), *_named_in_vain(worker)]
    except NotRecorded:
        return []


def broken_tasks(database: Database) -> Sequence[str]:
    """A sentence for each scheduled task that breaks again and again. Raises NotRecorded."""
    return [TASK_BREAKS.format(**asdict(task)) for task in database.broken_tasks()]


def _named_in_vain(worker: Worker) -> Iterator[str]:
    """A sentence for everybody whom the settings name and who can do nothing."""
    named, found = worker.roster.context.firm.named, worker.named_in_vain()
    for setting, entry in ((setting, entry) for setting, entries in named.items() for entry in entries):
        if (why := found.get(entry)) is not None:
            words = WHY[why] if isinstance(why, Denial) else UNKNOWN_TO_SLACK.format(error=why)
            yield DOES_NOTHING.format(setting=setting, entry=entry, why=words)


def left_to_nobody(database: Database) -> Sequence[str]:
    """A sentence for each case on which nobody may act. Raises NotRecorded."""
    return [NOBODY_LEFT.format(case=case) for case in database.cases_left_to_nobody()]


def for_managers(reasons: Callable[[], Sequence[str]], database: Database, worker: Worker) -> Sequence[str]:
    """What managers read in their App Home: why the bot is not ready, on what nobody may act, who is named in vain."""
    try:
        return [*reasons(), *left_to_nobody(database), *_named_in_vain(worker)]
    except NotRecorded:
        return reasons()


def refusal_text(message: RefusedMessage) -> str:
    """The sentence about a message that Slack refuses."""
    if message.kind == NoticeKind.CARE:  # which report it is about would tell which rep asked for support
        return CARE_NOT_SHOWN.format(target=message.target, error=message.error)
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
