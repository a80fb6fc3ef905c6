"""The composition root: every part made once, from the settings, and put together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from wsgiref.types import WSGIApplication

from bot.http_server import application
from bot.language import _
from bot.metrics import metrics
from bot.policy_file.load import load as load_policy
from bot.rules.notices import Trouble
from bot.rules.refusals import NotRecorded
from bot.rules.weeks import Slot
from bot.settings.load import Settings
from bot.usecases.context import Clock, Context, Firm
from bot.usecases.delivery.content import content
from bot.usecases.delivery.delivery import Delivery, Draw
from bot.usecases.home.home import show_managers
from bot.usecases.roster import Roster
from bot.usecases.scheduler import Scheduler
from bot.usecases.shared.schedule import plan_a_look_at_all
from bot.usecases.weekly.summaries import plan_summary
from bot.worker import Watch, Worker
from handlers.bolt import SignedRequests, bolt_app
from handlers.client.directory import Directory
from handlers.client.posting import Poster, posting_client
from handlers.notices import NoticeRenderer
from handlers.socket_mode import SocketMode
from handlers.weekly.chart import Charts
from handlers.weekly.chart_process import drawn
from storage.database import Database
from storage.migrate import migrate

AWAY = _("The database cannot be used; nothing is recorded until it can.")
NOBODY_LEFT = _("Too few people are left to act on case {case}: name more of them in MANAGERS or DIRECTORS.")
# Translators: {kind} and {error} are names in the program, {target} is an ID at Slack.
NOT_SHOWN = _("The message about {kind} {subject} cannot be shown in {target}: {error}.")


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot, assembled. `web` answers HTTP; the loop and Socket Mode run from `start` to `stop`."""

    database: Database
    context: Context
    worker: Worker
    web: WSGIApplication
    socket: SocketMode | None

    def start(self) -> None:
        """Begin to deliver, and to listen where Slack is listened to over a socket.

        Who may act may have changed with the settings: each open case is looked at.
        """
        for team in self.database.teams():
            with self.context.begin(team) as tx:
                plan_a_look_at_all(tx, self.context.clock())
        self.database.listen()
        self.worker.start()
        if self.socket:
            self.socket.start()

    def stop(self) -> None:
        """Finish what is under way. What was acked and not delivered yet is delivered after the next start."""
        if self.socket:
            self.socket.stop()
        self.worker.stop()
        self.database.close()


def assemble(settings: Settings, clock: Clock) -> Bot:
    """The bot of these settings, its database brought up to date.

    Raises:
        policy_file.PolicyError: the policy cannot be used.
        migrate.NewerThanTheCode: the database belongs to a later release.
        refusals.NotRecorded: the database cannot be reached.
    """
    policy = load_policy(settings.policy_file, settings.timezone)
    database = Database(settings.database_url.get_secret_value())
    migrate(database)
    context = Context(database.begin, database.read, policy, firm_of(settings), clock)
    token = settings.slack_bot_token.get_secret_value()
    secret = settings.slack_signing_secret.get_secret_value()
    client = posting_client(token, settings.slack_api_url)
    directory = Directory(client)

    def health() -> Sequence[str]:
        return reasons_not_ready(database, context.firm, worker, socket)

    def introduce() -> str:
        """Once Slack has told which workspace this is, its next summary can be planned."""
        team = directory.team()
        plan_summary(context, team)
        return team

    prepare = Charts(context, client, drawn).prepare
    draw = drawing(context, health)
    delivery = Delivery(database.outbox, database.read, draw, Poster(client), clock, prepare=prepare)
    worker = Worker(delivery, Roster(context, directory), Scheduler(context, database), introduce)
    database.changed = worker.wake
    app = bolt_app(context, token=token, signing_secret=secret, api_url=settings.slack_api_url, met=worker.ask_about)
    worker.asked = app.turns.asked
    worker.watch = Watch(health, lambda: show_managers(context, database.teams())).look
    app_token = settings.slack_app_token
    socket = SocketMode(app, app_token.get_secret_value(), settings.slack_api_url) if app_token else None
    web = application(SignedRequests(app, secret), health, lambda: metrics(database, clock, ready=not health()))
    return Bot(database, context, worker, web, socket)


def drawing(context: Context, health: Callable[[], Sequence[str]] = tuple) -> Draw:
    """How a message is drawn: its content is read from the record, and rendered for Slack."""
    renderer = NoticeRenderer(context.policy, context.firm, health)
    return lambda tx, notice: renderer.render(notice, content(tx, context, notice))


def firm_of(settings: Settings) -> Firm:
    """Who is who, as the desk needs it."""
    weekday, at = settings.summary_at
    return Firm(
        settings.management_channel,
        settings.managers,
        settings.directors,
        settings.care_contact,
        settings.summary_channel,
        Slot(weekday, at, settings.timezone),
    )


def reasons_not_ready(database: Database, firm: Firm, worker: Worker, socket: SocketMode | None) -> Sequence[str]:
    """Why the bot does not do its work right now, one sentence each; empty when it does."""
    try:
        with database.outbox() as outbox:
            troubles = outbox.to_mend(firm.channels)
        stuck = database.nobody_left()
    except NotRecorded:
        return [AWAY]
    reasons = [*map(sentence, troubles)]
    reasons += [NOBODY_LEFT.format(case=case) for case in stuck]
    return [*reasons, *worker.troubles(), *(socket.troubles() if socket else ())]


def sentence(trouble: Trouble) -> str:
    """A message that cannot be shown, said plainly."""
    return NOT_SHOWN.format(kind=trouble.kind, subject=trouble.subject, target=trouble.target, error=trouble.error)
