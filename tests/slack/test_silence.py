"""What is wrong is said though nobody complains: each situation against a Slack that does it."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from pydantic import SecretStr

from bot import VERSION, logs
from bot.alerts import Alerts, Heartbeat
from bot.app import assemble
from bot.cli.main import main
from bot.cli.sandbox import SECRET, TOKEN, sandbox_settings
from bot.cli.serve import run_bot
from bot.health import broken_tasks
from bot.observing import USUAL, Intervals
from bot.problems import broken_task, nobody_left
from bot.rules.refusals import NotRecorded
from bot.rules.scheduled_tasks import BrokenTask, TaskKind
from bot.rules.troubles import DatabaseTrouble
from bot.sandbox.person import NoForm, Person
from bot.sandbox.server import Sandbox, start
from bot.usecases.roster import save_profiles
from bot.usecases.scheduler import Scheduler
from handlers.client.transport import SlackTransport, posting_client
from storage.db.revision import NEWEST
from tests.builders import PATIENCE, TEAM, FrozenClock, a_profile, opened
from tests.slack.calling import order, post_json
from tests.slack.office import real_clock
from tests.slack.steps import reports, soon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.app import Bot

ALWAYS = 10**6
MANAGERS = ("U0PRIYA", "U0BRAD", "U0CARLA")
A_MINUTE = 60
SOON_AGAIN = Intervals(database=0.5, slack=1, alerts=0.5, lasts=2, form=int(PATIENCE))


class Beats:
    """The service that a heartbeat's address belongs to: it counts the calls."""

    def __init__(self) -> None:
        self.count = 0
        beats = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                beats.count += 1
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/hunter2"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Firm:
    """A bot, its Slack, and its log."""

    def __init__(self, sandbox: Sandbox, bot: Bot, log: StringIO, beats: Beats) -> None:
        self.sandbox, self.bot, self.log, self.beats = sandbox, bot, log, beats
        self.ana = Person(sandbox.url, "U0ANA")

    def world(self, **changes: object) -> None:
        post_json(f"{self.sandbox.url}sandbox/world", changes)

    def ask(self, path: str) -> tuple[int, str]:
        try:
            with urlopen(self.sandbox.bot_url.replace("slack/events", path), timeout=30) as answer:  # noqa: S310 - our own
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def readiness(self) -> dict[str, Any]:
        return dict(json.loads(self.ask("readyz")[1]))

    def checked(self) -> dict[str, Any]:
        """What is said after a look at Slack and a check, which otherwise come by themselves within half a minute."""
        self.bot.observed.asks.look()
        self.bot.observed.monitor.check()
        return self.readiness()

    def received(self, user: str) -> list[str]:
        """What somebody was told that is wrong."""
        said = Person(self.sandbox.url, user).direct_messages()
        return [message.text for message in said if "Backstop needs you" in message.text]

    def lines(self, event: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [line["ids"] for line in lines if line["event"] == event]


def test_it_is_looked_often_enough_to_be_noticed_within_a_minute() -> None:
    assert max(USUAL.database, USUAL.slack, USUAL.health) + USUAL.lasts + USUAL.alerts < A_MINUTE


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    before, log = logging.root.handlers[:], StringIO()
    logs.configure(log)
    sandbox = start(signing_secret=SECRET, token=TOKEN, now=real_clock, bot_timeout=PATIENCE)
    beats = Beats()
    received = {"operators": ("U0MIA",), "heartbeat_url": SecretStr(beats.url)}
    bot = assemble(sandbox_settings(sandbox, tmp_path).model_copy(update=received), sandbox.now, waits=SOON_AGAIN)
    stop, listening = threading.Event(), threading.Event()

    def heard(address: str) -> None:
        sandbox.bot_url = f"{address}slack/events"
        listening.set()

    thread = threading.Thread(target=run_bot, args=(bot, "127.0.0.1", 0, stop, heard))
    thread.start()
    assert listening.wait(10)
    firm = Firm(sandbox, bot, log, beats)
    assert soon(lambda: firm.ask("readyz")[0] == 200)
    yield firm
    stop.set()
    thread.join()
    sandbox.stop()
    beats.stop()
    logging.root.handlers[:] = before


def test_all_is_well_at_first(firm: Firm) -> None:
    assert firm.checked() == {"ready": True, "reasons": [], "warnings": []}


def test_a_revoked_token_is_noticed_within_a_minute_though_nobody_does_anything(firm: Firm) -> None:
    firm.world(revoked=True)
    assert soon(lambda: firm.ask("readyz")[0] == 503, within=A_MINUTE)
    assert firm.readiness()["reasons"] == [
        "Slack does not accept the bot's token: token_revoked. Nobody can report until you give it a valid one."
    ]
    firm.world(revoked=False)
    assert firm.checked()["ready"]


@pytest.mark.parametrize(("method", "what"), [("views.open", "form"), ("chat.postMessage", "message")])
def test_what_slack_refuses_every_time_is_a_warning_with_its_word(firm: Firm, method: str, what: str) -> None:
    order(firm.sandbox, method, "error:invalid_blocks", times=ALWAYS)
    warning = f"Slack has lately refused every {what}: invalid_blocks."
    if what == "form":
        for _ in range(2):
            assert firm.checked()["warnings"] == []
            with pytest.raises(NoForm):
                firm.ana.command("/report-abuse", "Zenith Corp")
    else:
        reports(firm.ana)
    assert soon(lambda: any(said.startswith(warning) for said in firm.checked()["warnings"]))
    assert firm.readiness()["ready"]
    order(firm.sandbox, method, "slow", times=0)
    if what == "form":
        firm.ana.command("/report-abuse", "Zenith Corp").cancel()
    assert soon(lambda: firm.checked()["warnings"] == [])


def test_what_slack_refuses_one_person_is_no_warning(firm: Firm) -> None:
    order(firm.sandbox, "views.open", "error:expired_trigger_id", times=5)
    for _ in range(5):
        with pytest.raises(NoForm):
            firm.ana.command("/report-abuse", "Zenith Corp")
    assert firm.checked()["warnings"] == []


def test_a_management_channel_that_another_firm_reads_is_a_warning(firm: Firm) -> None:
    firm.world(share="C0MANAGE")
    firm.bot.observed.asks._channels_at = float("-inf")  # as five minutes later
    assert firm.checked()["warnings"] == [
        "People of another firm can read the channel C0MANAGE, since it is shared with them. Name one that is not."
    ]
    assert firm.readiness()["ready"]


def test_that_the_last_director_is_gone_is_a_warning(firm: Firm) -> None:
    gone = a_profile("U0RUTH", firm.bot.context.clock(), deactivated=True)
    save_profiles(firm.bot.context, TEAM, [gone])
    said = firm.checked()
    assert said["ready"]
    assert said["warnings"][-1] == (
        "Nobody in DIRECTORS can act any more, so overdue cases go to nobody. Name somebody else."
    )


@pytest.mark.parametrize(("ahead", "how"), [(420, "behind"), (-420, "ahead of")])
def test_a_clock_that_is_off_is_not_taken_for_a_wrong_secret(
    firm: Firm,
    ahead: int,
    how: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    firm.world(clock_ahead_seconds=ahead)
    for _ in range(3):
        with pytest.raises(NoForm):
            firm.ana.command("/report-abuse", "Zenith Corp")
    (said,) = firm.lines("requests signed by Slack were refused: this machine's clock is not Slack's")
    assert said["requests"] == 1  # the others are counted in the line of the next minute
    assert said["clock_ahead_seconds"] == pytest.approx(-ahead, abs=5)
    assert 'backstop_requests_refused_total{why="clock"} 3.0' in firm.ask("metrics")[1]
    assert f"This machine's clock is 420 seconds {how} Slack's." in firm.checked()["reasons"][0]
    settings = sandbox_settings(firm.sandbox, tmp_path)
    assert checked(settings_as_text(settings), monkeypatch, tmp_path, capsys).count(f"seconds {how} Slack's") == 1


def test_a_wrong_secret_is_named_once_a_minute_and_counted_and_strangers_change_nothing(firm: Firm) -> None:
    before = firm.checked()
    firm.sandbox._bot.signing_secret = "another"
    for _ in range(3):
        with pytest.raises(NoForm):
            firm.ana.command("/report-abuse", "Zenith Corp")
    post = firm.sandbox.bot_url
    with pytest.raises(HTTPError):
        urlopen(post, data=b"hello")  # noqa: S310 - our own bot
    assert firm.lines("requests were refused: they are signed, but not with our signing secret") == [{"requests": 1}]
    assert firm.lines("requests were refused: they are not signed") == [{"requests": 1}]
    figures = firm.ask("metrics")[1]
    assert 'backstop_requests_refused_total{why="secret"} 3.0' in figures
    assert 'backstop_requests_refused_total{why="unsigned"} 1.0' in figures
    assert 'backstop_requests_total{answer="401"} 4.0' in figures
    assert firm.checked() == before == {"ready": True, "reasons": [], "warnings": []}
    assert soon(lambda: any("not signed with SLACK_SIGNING_SECRET" in said for said in firm.received("U0MIA")))


def test_operators_are_informed_once_of_a_full_disk_and_again_only_after_a_day(firm: Firm) -> None:
    """Nothing can be written, so that it does not go through the outbox; and another process sees that it was said."""
    firm.bot.database.try_to_write = full
    firm.bot.observed.health.database_watch._try_to_write = full
    words = "The bot cannot use the database, and records nothing until it can. Its disk is full. (SQLITE_FULL)"
    assert soon(lambda: firm.received("U0MIA") == [f"Backstop needs you. {words}"], within=A_MINUTE)
    problems = firm.bot.observed.health.reasons()
    transport = SlackTransport(posting_client(TOKEN, firm.sandbox.api_url))
    ticks = count(step=100)
    clock = FrozenClock(real_clock())
    other = Alerts(transport, clock, ("U0MIA",), tuple, lambda: float(next(ticks)))
    for _ in range(3):
        other.look(problems)
    assert len(firm.received("U0MIA")) == 1
    clock.forward(days=1, seconds=2)

    def is_alerted_again() -> bool:
        other.look(problems)
        clock.forward(seconds=2)  # Slack takes one message a second
        return len(firm.received("U0MIA")) == 2

    assert soon(is_alerted_again)
    assert firm.received("U0RUTH") == []  # not the director's to mend


def full() -> None:
    raise NotRecorded(DatabaseTrouble.FULL, "SQLITE_FULL")


def test_directors_are_informed_of_a_case_whose_tasks_break_and_of_one_that_nobody_may_act_on(firm: Firm) -> None:
    transport = SlackTransport(posting_client(TOKEN, firm.sandbox.api_url))
    ticks = count(step=100)
    alerts = Alerts(transport, real_clock, ("U0MIA",), firm.bot.worker.roster.directors, lambda: float(next(ticks)))
    tasks = [broken_task(BrokenTask(kind, 12, 3, "KeyError")) for kind in ("due", "points_end")]
    alerts.look([*tasks, nobody_left(13)])
    assert firm.received("U0RUTH") == firm.received("U0MIA") == []  # it may pass
    for user, number in (("U0MIA", 3), ("U0RUTH", 2)):
        assert soon(
            lambda who=user, n=number: bool(alerts.look([*tasks, nobody_left(13)])) and len(firm.received(who)) == n
        )
    case, nobody = firm.received("U0RUTH")
    assert "due in case 12" in case
    assert "act on case 13" in nobody


def test_a_task_of_a_case_that_really_breaks_is_a_warning_and_the_directors_hear_of_the_case(firm: Firm) -> None:
    bot, clock = firm.bot, FrozenClock(real_clock())
    scheduler = Scheduler(replace(bot.context, clock=clock), bot.database)
    with bot.context.begin(TEAM) as tx:
        tx.scheduled_tasks.set(TaskKind.DEADLINE, 99, clock() + timedelta(days=1))  # there is no such case
    while not bot.database.broken_tasks():
        clock.time += timedelta(hours=6)
        while scheduler.tick():
            pass
    assert [(task.kind, task.subject, task.error) for task in bot.database.broken_tasks()] == [("due", 99, "Unknown")]
    said = firm.checked()
    assert firm.ask("readyz")[0] == 200
    assert [line for line in said["warnings"] if "The scheduled task due about 99 has failed" in line]
    transport, ticks = SlackTransport(posting_client(TOKEN, firm.sandbox.api_url)), count(step=100)
    alerts = Alerts(transport, real_clock, ("U0MIA",), bot.worker.roster.directors, lambda: float(next(ticks)))
    for user, words in (("U0RUTH", "due in case 99"), ("U0MIA", "task due about 99 has failed")):
        assert soon(
            lambda who=user, what=words: (
                bool(alerts.look(broken_tasks(bot.database))) and any(what in each for each in firm.received(who))
            )
        )


def test_that_nobody_is_left_to_decide_is_a_warning_and_operators_and_directors_hear_of_it(firm: Firm) -> None:
    context = firm.bot.context
    opened(context, "U0RUTH", "Zenith Corp", category="threat")  # the one director has a stake in it
    save_profiles(context, TEAM, [a_profile(user, context.clock(), deactivated=True) for user in MANAGERS])
    words = "Too few people are left to act on case 1: name more of them in MANAGERS or DIRECTORS."
    assert soon(lambda: words in firm.checked()["warnings"])
    assert firm.ask("readyz")[0] == 200
    assert 'backstop_problems{kind="nobody_left"} 1' in firm.ask("metrics")[1]
    assert soon(lambda: f"Backstop needs you. {words}" in firm.received("U0MIA"), within=A_MINUTE)
    assert soon(lambda: any("Nobody may act on case 1 any more" in said for said in firm.received("U0RUTH")))
    save_profiles(context, TEAM, [a_profile(user, context.clock()) for user in MANAGERS])
    assert soon(lambda: words not in firm.checked()["warnings"])


def test_the_heartbeats_address_is_called_while_the_bot_is_ready_and_is_in_no_log(firm: Firm) -> None:
    assert soon(lambda: firm.beats.count == 1)
    heart = Heartbeat(firm.beats.url, lambda: firm.readiness()["ready"])
    assert heart.look() == A_MINUTE
    assert firm.beats.count == 2
    firm.world(revoked=True)
    firm.checked()
    assert heart.look() < A_MINUTE
    assert firm.beats.count == 2
    firm.world(revoked=False)
    firm.checked()
    assert heart.look() == A_MINUTE
    assert firm.beats.count == 3
    Heartbeat("http://127.0.0.1:1/hunter2", lambda: True).look()
    assert firm.lines("the heartbeat was not taken") == [{"error": "URLError"}]
    assert "hunter2" not in firm.log.getvalue()


def test_the_first_line_says_what_runs(firm: Firm) -> None:
    assert firm.lines("started") == [{"version": VERSION, "revision": NEWEST, "mode": "http", "database": "sqlite"}]


def settings_as_text(settings: Any) -> str:  # noqa: ANN401 - the settings' own class
    return "\n".join(
        f"{name}={value}"
        for name, value in {
            "SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": settings.slack_api_url,
            "MANAGEMENT_CHANNEL": "C0MANAGE", "MANAGERS": "S0MANAGERS", "DIRECTORS": "U0RUTH",
            "DATABASE_URL": "sqlite:///other.db",
        }.items()
    )  # fmt: skip


def checked(dotenv: str, monkeypatch: pytest.MonkeyPatch, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What `check` says."""
    monkeypatch.chdir(folder)
    (folder / ".env").write_text(dotenv)
    main(["check"])
    return capsys.readouterr().out
