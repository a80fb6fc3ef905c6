"""The composition root: makes every object once, from the settings, and connects them."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from wsgiref.types import WSGIApplication

from bot.http_server import application
from bot.metrics import Counted
from bot.observing import USUAL, Intervals, Observed, Sources, build, observe
from bot.policy_file.load import load as load_policy
from bot.rules.notices import Notice
from bot.rules.refusals import NotRecorded
from bot.rules.weeks import SummaryTime
from bot.settings.load import Settings
from bot.usecases.context import Clock, Context, Firm
from bot.usecases.customers.retention import schedule_retention
from bot.usecases.delivery.content import content, left_for
from bot.usecases.delivery.delivery import Delivery, Render
from bot.usecases.home.help import greet
from bot.usecases.processes import ThisProcess
from bot.usecases.reports.files import Fetcher
from bot.usecases.roster import Roster, settings_read
from bot.usecases.scheduler import Scheduler
from bot.usecases.transport import Message
from bot.usecases.weekly.summaries import before_delivery, schedule_summary
from bot.worker import Worker
from handlers.bolt import bolt_app
from handlers.client.answers import SlackAnswers
from handlers.client.transport import SlackTransport, posting_client
from handlers.concurrency import LimitedApp
from handlers.dispatcher import Asks
from handlers.notices import NoticeRenderer
from handlers.record_keys import with_keys
from handlers.signatures import RefusedRequests, SignedRequests
from handlers.socket_mode import SocketMode
from storage.database import Database
from storage.migrate import migrate
from storage.transaction import Transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot, assembled. `web` answers HTTP; all the rest runs from `start` to `stop`."""

    database: Database
    context: Context
    process: ThisProcess
    worker: Worker
    observed: Observed
    web: WSGIApplication
    socket: SocketMode | None

    def start(self) -> None:
        """Start the threads. The settings may name others than before, so it is checked who may act on open cases."""
        for team in self.database.teams():
            self.process.start(team)
            with self.context.begin(team) as tx:
                settings_read(tx, self.context)
        log.info("started", extra={"ids": build(self.database, self.socket)})
        self.database.listen()
        self.worker.start()
        self.observed.watch.start()
        if self.socket:
            self.socket.start()

    def stop(self) -> None:
        """Finish what is under way. What is not delivered by then is delivered after the next start."""
        if self.socket:
            self.socket.stop()
        self.observed.watch.stop()
        self.worker.stop()
        with suppress(NotRecorded):
            self.process.end()
        self.database.close()


def assemble(settings: Settings, clock: Clock, *, greets: bool = False, waits: Intervals = USUAL) -> Bot:
    """The bot of these settings, with its database brought up to date. `greets`: it greets the management channel.
    `waits`: see `Intervals`.

    Raises PolicyError, NotRecorded if the database cannot be used, and OtherRevision if another release made it.
    """
    policy = load_policy(settings.policy_file, settings.timezone)
    database = Database(settings.database_url.get_secret_value())
    migrate(database)
    answers, refused = SlackAnswers(), RefusedRequests()
    firm = firm_of(settings)
    context = Context(database.begin, database.read, policy, firm, clock, workspace_url=answers.workspace_url)
    token = settings.slack_bot_token.get_secret_value()
    secret, api_url = settings.slack_signing_secret.get_secret_value(), settings.slack_api_url
    counted = Counted(refused=refused.counts, slack=answers.counts)
    slack = SlackTransport(posting_client(token, api_url, answers), confirms=settings.confirm_posts)

    def shown() -> Sequence[str]:
        return observed.sentences()

    delivery = Delivery(
        database.outbox, database.read, render_function(context, shown), slack, clock,
        prepare=partial(before_delivery, context), count=counted.deliveries.add, lease=waits.lease,
    )  # fmt: skip
    find_team, fetch_file = partial(_find_team, context, slack, greets), Fetcher(context, slack).fetch_next
    worker = Worker(delivery, Roster(context, slack), Scheduler(context, database), find_team, fetch_file)
    asks = Asks(worker.roster.our_team, worker.roster.read_profile, settings.confirm_posts)
    app = bolt_app(
        context, asks, token=token, signing_secret=secret, api_url=api_url, answers=answers, timeout=waits.form
    )
    worker.request_waiting = app.slots.in_use
    socket = _socket_mode(settings, app, counted)
    database.changed = worker.wake
    process = ThisProcess(context, database.place, lambda: bool(socket and socket.has_received) or refused.has_accepted)
    heartbeat = settings.heartbeat_url.get_secret_value() if settings.heartbeat_url else None
    sources = Sources(slack, answers, counted, refused, settings.operators, heartbeat, waits)
    observed = observe(worker, socket, process, sources)
    signed = SignedRequests(app, secret, refused, counted.requests)
    web = application(signed, observed.reasons, observed.figures, observed.warnings)
    return Bot(database, context, process, worker, observed, web, socket)


def _socket_mode(settings: Settings, app: LimitedApp, counted: Counted) -> SocketMode | None:
    token = settings.slack_app_token
    return (
        SocketMode(app, token.get_secret_value(), settings.slack_api_url, answered=counted.requests) if token else None
    )


def render_function(context: Context, health: Callable[[], Sequence[str]] = tuple) -> Render:
    """A function that reads the content of a notice from the database and renders it for Slack."""
    renderer = NoticeRenderer(context.policy, context.firm, health, context.workspace_url)

    def render(tx: Transaction, notice: Notice) -> Message:
        message = renderer.render(notice, content(tx, context, notice))
        blocks = with_keys(message.blocks, tx.record_keys.of)
        return replace(message, blocks=blocks, left_for=left_for(context, notice))

    return render


def _find_team(context: Context, slack: SlackTransport, greets: bool) -> str:  # noqa: FBT001 - bound in one place
    """Ask Slack which workspace this is, and schedule its next summary and what is to be erased. Raises NotRecorded."""
    team = slack.team()
    with context.begin(team) as tx:
        tx.installation.begin()
        if greets:
            greet(tx, context)
    schedule_summary(context, team)
    schedule_retention(context, team)
    return team


def firm_of(settings: Settings) -> Firm:
    """What the use cases need of the settings."""
    weekday, at = settings.summary_at
    return Firm(
        settings.management_channel,
        settings.managers,
        settings.directors,
        settings.care_contact,
        settings.summary_channel,
        SummaryTime(weekday, at, settings.timezone),
        settings.leads,
    )
