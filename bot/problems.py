"""What may be wrong with the bot, in sentences for those who run it and for management."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from bot.language import _
from bot.rules.notices import NoticeKind, RefusedMessage
from bot.rules.refusals import Denial, NotRecorded
from bot.rules.scheduled_tasks import BrokenTask, TaskKind
from bot.rules.troubles import DatabaseTrouble
from bot.usecases.transport import ChannelFault, Shown

# Translators: {why} is a sentence.
AWAY = _("The bot cannot use the database, and records nothing until it can. {why}")
WHY_AWAY = {
    DatabaseTrouble.WRONG_PASSWORD: _("The server does not accept the user's password: see DATABASE_URL."),
    DatabaseTrouble.NO_SUCH_USER: _("The server knows no such user: see DATABASE_URL."),
    DatabaseTrouble.NO_SUCH_DATABASE: _("The server has no database of that name: see DATABASE_URL."),
    DatabaseTrouble.NO_SUCH_HOST: _("The server's name cannot be resolved: see DATABASE_URL, and the network's DNS."),
    DatabaseTrouble.NOT_ALLOWED: _(
        "The server does not let this user in, or does not let it write: see its pg_hba.conf and grants."
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
TASK_BREAKS = _("The scheduled task {kind} about {subject} has failed {failures} times, last with {error}.")

# Translators: {settings} are names in the settings.
OTHER_SETTINGS = _(
    "Another process on this database runs with other settings ({settings}): give all processes the same."
)
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

# Translators: {error} is Slack's name for a reason.
TOKEN_REFUSED = _("Slack does not accept the bot's token: {error}. Nobody can report until you give it a valid one.")
# Translators: {error} is a name in the program.
SLACK_SILENT = _("Slack has not answered for more than a minute: {error}.")
CLOCK_AHEAD = _(
    "This machine's clock is {seconds:,} seconds ahead of Slack's. From five minutes on, nobody can report."
)
CLOCK_BEHIND = _("This machine's clock is {seconds:,} seconds behind Slack's. From five minutes on, nobody can report.")
EVERY_TIME = {
    # Translators: {error} is Slack's name for a reason.
    Shown.FORMS: _("Slack has lately refused every form: {error}. Nobody can report until you mend this."),
    Shown.POSTS: _("Slack has lately refused every message: {error}."),
}
UNFIT: Mapping[str, str] = {
    # Translators: {channel} is an ID at Slack.
    ChannelFault.ARCHIVED: _("The channel {channel} is archived. Unarchive it, or name another."),
    ChannelFault.NOT_JOINED: _("The bot is not in the channel {channel}. Invite it there, or name another."),
    ChannelFault.SHARED: _(
        "People of another firm can read the channel {channel}, since it is shared with them. Name one that is not."
    ),
    ChannelFault.PUBLIC: _("The channel {channel} is public: everybody can read what is reported. Make it private."),
}
# Translators: {channel} is an ID at Slack, {error} Slack's name for a reason.
UNSEEN = _("Slack does not show the channel {channel} to the bot: {error}.")
SECRET_SUSPECTED = _(
    "The last requests that name this workspace were not signed with SLACK_SIGNING_SECRET, so nobody can report. "
    "Copy it again from the app's page at Slack, unless you know who sent them."
)
NO_DIRECTOR = _("Nobody in DIRECTORS can act any more, so overdue cases go to nobody. Name somebody else.")

COPIED = _(
    "This database was copied or moved here since it was last served. If nothing serves from the other place any more, "
    "run `reconcile`; if something does, stop one of the two: two with one app answer each other's buttons."
)
COPY_AT_WORK = _(
    "Messages of this record come from somebody else: another process serves from a copy of this database with the "
    "same token. Stop one of the two."
)

# To directors.
CASE_NOT_FOLLOWED = _(
    "I cannot do what is due in case {case}: its reminders may not come. Please look at the case yourself, and ask "
    "whoever runs Backstop to look at its log."
)
ASK_FOR_MORE = _(
    "Nobody may act on case {case} any more: all managers and directors have a stake in it, were involved in it, "
    "or have left. Please ask whoever runs Backstop to name more managers or directors."
)
OF_A_CASE = frozenset(
    {
        TaskKind.REMINDER,
        TaskKind.DEADLINE,
        TaskKind.OVERDUE,
        TaskKind.WHO_IS_LEFT,
        TaskKind.REVIEW,
        TaskKind.OBJECTION_DUE,
        TaskKind.LESSON,
    }
)
"""The tasks whose subject is a case."""


class ProblemKind(StrEnum):
    """What a problem is about: its name in the metrics."""

    DATABASE = "database"
    STARTING = "starting"
    SOCKET = "socket_mode"
    ROSTER = "roster"
    THREAD = "thread"
    MESSAGE = "message"
    NOBODY_LEFT = "nobody_left"
    TASK = "task"
    SETTING = "setting"
    COPY = "copy"
    TOKEN = "token"  # noqa: S105 - the name of a problem
    SLACK = "slack"
    CLOCK = "clock"
    FORMS = "forms"
    POSTS = "posts"
    CHANNEL = "channel"
    NO_DIRECTOR = "no_director"
    SECRET = "secret"  # noqa: S105 - the name of a problem


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong. `says`: in one or two sentences. `subject`: tells it from others of its kind.

    `to_directors`: what the directors read of it, if it is theirs.
    """

    kind: ProblemKind
    says: str
    subject: str = ""
    to_directors: str = ""

    @property
    def key(self) -> str:
        """What stays the same while it is the same problem."""
        return f"{self.kind} {self.subject}"


def away_text(failure: NotRecorded) -> str:
    """The sentences about a database that cannot be used, why, and its own code for that."""
    words = AWAY.format(why=WHY_AWAY[failure.trouble])
    return f"{words} ({failure.code})" if failure.code else words


def refused_message(message: RefusedMessage) -> Problem:
    """A message that Slack refuses."""
    if message.kind == NoticeKind.CARE:  # which report it is about would tell which rep asked for support
        words = CARE_NOT_SHOWN.format(target=message.target, error=message.error)
    else:
        words = NOT_SHOWN.format(kind=message.kind, subject=message.subject, target=message.target, error=message.error)
    return Problem(ProblemKind.MESSAGE, words, f"{message.target} {message.error}")


def broken_task(task: BrokenTask) -> Problem:
    """A scheduled task that breaks again and again."""
    about_case = CASE_NOT_FOLLOWED.format(case=task.subject) if task.kind in OF_A_CASE else ""
    return Problem(ProblemKind.TASK, TASK_BREAKS.format(**asdict(task)), f"{task.kind} {task.subject}", about_case)


def nobody_left(case: int) -> Problem:
    """A case on which nobody may act."""
    return Problem(ProblemKind.NOBODY_LEFT, NOBODY_LEFT.format(case=case), str(case), ASK_FOR_MORE.format(case=case))


def other_settings(names: Sequence[str]) -> Problem:
    """Another process on this database has others of these settings."""
    words = ", ".join(names)
    return Problem(ProblemKind.SETTING, OTHER_SETTINGS.format(settings=words), words)


def named_in_vain(setting: str, entry: str, why: Denial | str) -> Problem:
    """Somebody whom a setting names and who can do nothing. `why`: Slack's error code, or why they may not act."""
    words = WHY[why] if isinstance(why, Denial) else UNKNOWN_TO_SLACK.format(error=why)
    return Problem(ProblemKind.SETTING, DOES_NOTHING.format(setting=setting, entry=entry, why=words), entry)


def token_refused(error: str) -> Problem:
    """Slack does not accept the token."""
    return Problem(ProblemKind.TOKEN, TOKEN_REFUSED.format(error=error), error)


def slack_silent(error: str) -> Problem:
    """Slack does not answer."""
    return Problem(ProblemKind.SLACK, SLACK_SILENT.format(error=error))


def clock_differs(ahead: float) -> Problem:
    """This machine's clock is so many seconds ahead of Slack's."""
    words = CLOCK_AHEAD if ahead > 0 else CLOCK_BEHIND
    return Problem(ProblemKind.CLOCK, words.format(seconds=round(abs(ahead) / 10) * 10))


def refused_every_time(what: Shown, error: str) -> Problem:
    """Slack refuses all forms or all posts."""
    return Problem(ProblemKind(what), EVERY_TIME[what].format(error=error), error)


def channel_unfit(channel: str, why: str) -> Problem:
    """A channel that should not be used. `why`: a ChannelFault, or Slack's error code."""
    words = UNFIT[why].format(channel=channel) if why in UNFIT else UNSEEN.format(channel=channel, error=why)
    return Problem(ProblemKind.CHANNEL, words, f"{channel} {why}")
