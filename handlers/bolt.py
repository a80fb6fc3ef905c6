"""Bolt's app: which listener answers which of Slack's requests."""

import json
import logging
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from slack_bolt import App, BoltResponse
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.rules.people import Person
from bot.usecases.context import Desk
from handlers import ids, names
from handlers.cases.listeners import Managing
from handlers.cases.listeners_stakes import Stakes
from handlers.concurrency import AppInTurn, Turns
from handlers.customers.listeners import Keeping
from handlers.decisions.listeners import Appeals, Lessons, Reviews
from handlers.errors import TIMEOUT, Edge, Forms
from handlers.hearings.listeners import Hearings, Letters, Menu, Safeguards
from handlers.home.listeners import Looking
from handlers.parsing.people import changed_user
from handlers.reports.listeners import Reporting
from handlers.weekly.listeners import Weekly

_TEXT: Final = ("Content-Type", "text/plain; charset=utf-8")


def bolt_app(desk: Desk, *, token: str, signing_secret: str, api_url: str, met: Callable[[Person], None]) -> AppInTurn:
    """The app, with every listener. It makes no call to Slack before a request asks for one."""
    turns = Turns()
    forms = Forms(WebClient(token=token, base_url=api_url, timeout=TIMEOUT, retry_handlers=[]), turns)
    bolts = logging.getLogger("slack_bolt.App")
    bolts.addFilter(_not)  # it would warn of SLACK_BOT_TOKEN in the environment, which is where ours belongs
    app = AppInTurn(
        signing_secret=signing_secret,
        client=WebClient(base_url=api_url, timeout=TIMEOUT, retry_handlers=[]),  # without the token: authorize has it
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        token_verification_enabled=False,
        ignoring_self_events_enabled=False,
        authorize=lambda context: AuthorizeResult(
            enterprise_id=context.enterprise_id, team_id=context.team_id, bot_token=token
        ),
    )
    bolts.removeFilter(_not)
    app.turns = turns
    edge = Edge(forms)

    @app.error
    def answer(error: Exception, body: dict[str, Any]) -> BoltResponse:
        return edge.answer(error, body)

    _listen_to_reps(app, Reporting(desk, forms, met))
    _listen_to_managers(app, Managing(desk, forms))
    _listen_to_summaries(app, Weekly(desk, forms))
    _listen_to_those_with_a_stake(app, Stakes(desk, forms))
    _listen_to_the_fair(app, Hearings(desk, forms), Safeguards(desk, forms), Letters(desk, forms))
    _listen_to_second_looks(app, Reviews(desk, forms), Appeals(desk, forms), Lessons(desk, forms))
    _listen_to_who_looks(app, Looking(desk, forms, met), Keeping(desk, forms))
    _listen_to_events(app, met)
    return app


def _not(_: logging.LogRecord) -> bool:
    return False


def _listen_to_reps(app: App, reporting: Reporting) -> None:
    app.view(ids.REPORT_FORM)(reporting.submit)  # first: Bolt asks one listener after the other whether it is meant
    app.command(names.COMMAND_REPORT)(reporting.command)
    app.message_shortcut(names.SHORTCUT_REPORT)(reporting.shortcut)
    app.options(ids.CUSTOMER)(reporting.options)
    app.block_action(ids.WITHDRAW)(reporting.withdraw)
    app.block_action(ids.HOME_REPORT)(reporting.ask)
    app.block_action(ids.REPORT_THEM)(reporting.ask_about)
    for answer in (ids.CHECK_IN_FINE, ids.CHECK_IN_TALK, ids.CHECK_IN_DECLINE):
        app.block_action(answer)(reporting.answer)


def _listen_to_managers(app: App, managing: Managing) -> None:
    clicks = {
        ids.READ_IN_FULL: managing.read,
        ids.APPROVE_DROP: managing.ask_drop,
        ids.KEEP_CUSTOMER: managing.ask_keep,
        ids.ISSUE_WARNING: managing.ask_warning,
        ids.MARK_DELIVERED: managing.ask_delivered,
        ids.NOT_NOW: managing.ask_not_now,
    }
    submissions = {
        ids.DROP_FORM: managing.drop,
        ids.KEEP_FORM: managing.keep,
        ids.WARNING_FORM: managing.warn,
        ids.DELIVERED_FORM: managing.delivered,
        ids.NOT_NOW_FORM: managing.not_now,
    }
    for action, listener in clicks.items():
        app.block_action(action)(listener)
    for callback, submitted in submissions.items():
        app.view(callback)(submitted)


def _listen_to_those_with_a_stake(app: App, stakes: Stakes) -> None:
    app.block_action(ids.RECUSE)(stakes.ask)
    app.view(ids.RECUSE_FORM)(stakes.recuse)
    app.view(ids.TAKE_BACK_FORM)(stakes.take_back)


def _listen_to_the_fair(app: App, hearings: Hearings, safeguards: Safeguards, letters: Letters) -> None:
    rare = {
        ids.READ_LETTER: letters.read,
        ids.RECORD_DISPUTE: letters.ask_dispute,
        ids.SET_SAFEGUARD: safeguards.ask_set,
        ids.LIFT_SAFEGUARD: safeguards.ask_lift,
    }
    clicks = {
        ids.TAKE_HEARING: hearings.take,
        ids.TAKE_OVER: hearings.ask_take_over,
        ids.HEAR_BOTH_SIDES: hearings.ask_hear,
        ids.RECORD_OUTCOME: hearings.ask_outcome,
        ids.SETTLE_DISPUTE: letters.ask_settle,
        ids.MORE: Menu(rare).choose,
    }
    submissions = {
        ids.TAKE_OVER_FORM: hearings.take_over,
        ids.HEAR_FORM: hearings.hear,
        ids.OUTCOME_FORM: hearings.outcome,
        ids.SET_SAFEGUARD_FORM: safeguards.set,
        ids.LIFT_SAFEGUARD_FORM: safeguards.lift,
        ids.DISPUTE_FORM: letters.dispute,
        ids.SETTLE_FORM: letters.settle,
    }
    for action, listener in (rare | clicks).items():
        app.block_action(action)(listener)
    for callback, submitted in submissions.items():
        app.view(callback)(submitted)


def _listen_to_second_looks(app: App, reviews: Reviews, appeals: Appeals, lessons: Lessons) -> None:
    clicks = {
        ids.RENEW: reviews.ask_renew,
        ids.LET_LAPSE: reviews.ask_lapse,
        ids.ASK_FOR_REVIEW: appeals.ask,
        ids.UPHOLD: appeals.ask_uphold,
        ids.CHANGE: appeals.ask_change,
        ids.OVERTURN: appeals.ask_overturn,
        ids.LOOK_BACK: lessons.ask,
    }
    submissions = {
        ids.RENEW_FORM: reviews.renew,
        ids.LAPSE_FORM: reviews.let_lapse,
        ids.APPEAL_FORM: appeals.put_down,
        ids.UPHOLD_FORM: appeals.uphold,
        ids.CHANGE_FORM: appeals.change,
        ids.OVERTURN_FORM: appeals.overturn,
        ids.LESSON_FORM: lessons.learn,
    }
    for action, listener in clicks.items():
        app.block_action(action)(listener)
    for callback, submitted in submissions.items():
        app.view(callback)(submitted)


def _listen_to_who_looks(app: App, looking: Looking, keeping: Keeping) -> None:
    app.event(names.EVENT_HOME_OPENED)(looking.home)
    app.command(names.COMMAND_CUSTOMER)(looking.command)
    app.options(ids.FIND)(looking.options)
    clicks = {
        ids.HOME_LOOK_UP: looking.ask,
        ids.OPEN_CUSTOMER: looking.open,
        ids.TURN_BACK: looking.turn,
        ids.TURN_ON: looking.turn,
        ids.DESCRIBE: keeping.ask_describe,
        ids.GUARD: keeping.ask_guard,
        ids.UNGUARD: keeping.ask_unguard,
        ids.MERGE: keeping.ask_merge,
        ids.UNDO_MERGE: keeping.undo_merge,
    }
    app.block_action(ids.LISTS)(looking.list)
    for action, listener in clicks.items():
        app.block_action(action)(listener)
    app.view(ids.LOOK_UP_FORM)(looking.find)
    app.view(ids.DESCRIBE_FORM)(keeping.describe)
    app.view(ids.GUARD_FORM)(keeping.guard)
    app.view(ids.UNGUARD_FORM)(keeping.unguard)
    app.view(ids.MERGE_FORM)(keeping.merge)


def _listen_to_summaries(app: App, weekly: Weekly) -> None:
    app.block_action(ids.REFRESH_WEEK)(weekly.refresh)
    app.block_action(ids.WEEK_AS_TABLE)(weekly.table)


def _listen_to_events(app: App, met: Callable[[Person], None]) -> None:
    @app.event(names.EVENT_USER_CHANGE)
    def user_changed(body: dict[str, Any]) -> None:
        """Somebody was made a guest, or left: read them anew."""
        met(changed_user(body))


class Door:
    """The WSGI application behind `/slack/events`: a request is signed by Slack, and is something Slack would send.

    Bolt checks the signature as well, but only after parsing the body, and lets a parser's error through.
    """

    def __init__(self, app: App, signing_secret: str) -> None:
        self._inside: WSGIApplication = SlackRequestHandler(app, path=names.EVENTS_PATH)
        self._verifier = SignatureVerifier(signing_secret)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """401 unless signed within the last five minutes, 400 where the body cannot be read."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        timestamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
        signature = environ.get("HTTP_X_SLACK_SIGNATURE", "")
        if not (timestamp.isdigit() and self._verifier.is_valid(body, timestamp, signature)):
            return _refuse(start, "401 Unauthorized", "This request is not signed by Slack.\n")
        try:
            environ["wsgi.input"] = BytesIO(body)
            return self._inside(environ, start)
        except (json.JSONDecodeError, UnicodeDecodeError):
            return _refuse(start, "400 Bad Request", "This body cannot be read.\n")


def _refuse(start: StartResponse, status: str, words: str) -> Iterable[bytes]:
    start(status, [_TEXT, ("Content-Length", str(len(words)))])
    return [words.encode()]
