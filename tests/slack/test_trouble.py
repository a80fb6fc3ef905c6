"""While the database fails, people are told so at once, nothing is half-written, and later all works again."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from bot.app import assemble
from bot.cli.sandbox import SECRET, TOKEN, sandbox_settings
from bot.cli.serve import run_bot
from bot.observing import Intervals
from bot.sandbox.form import Form, FormErrors
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox, start
from handlers.concurrency import MAX_WAIT
from storage.db.connections import WAIT_FOR_THE_LOCK
from storage.db.engine import WAIT_FOR_SQLITE
from tests.builders import PATIENCE, audit_problems
from tests.slack.calling import get_json
from tests.slack.office import real_clock
from tests.slack.steps import soon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bot.app import Bot

NOTIFIED = "nothing was recorded. Please try again"
STORY = "He screamed. " * 230  # some 3,000 characters: they need room in the file
WRITTEN = ("report", "verdict", "audit", "matter", "customer", "notice")


class RunningBot:
    """A bot on a file, and the firm that uses it."""

    def __init__(self, sandbox: Sandbox, bot: Bot, file: Path) -> None:
        self.url, self.bot, self.file = sandbox.url, bot, file
        self.bot_url = sandbox.bot_url.removesuffix("slack/events")

    def person(self, user: str) -> Person:
        return Person(self.url, user)

    def counts(self) -> dict[str, int]:
        with closing(sqlite3.connect(self.file)) as connection:
            return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in WRITTEN}  # noqa: S608 - our own names

    def asked(self, path: str) -> tuple[int, str]:
        try:
            with urlopen(self.bot_url + path, timeout=PATIENCE) as answer:  # noqa: S310 - the bot's own address
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def reasons(self) -> list[str]:
        return [reason.says for reason in self.bot.observed.health.reasons()]

    def everywhere(self, pragma: str) -> Callable[[], None]:
        """Have each of the bot's connections do this before it is next used; returns what ends that."""
        engine = self.bot.database.engine

        def do(connection: sqlite3.Connection, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own record types
            connection.execute(pragma)

        event.listen(engine, "checkout", do)
        self.bot.database.close()  # the writer's connection is kept: it is taken from the pool again
        return lambda: event.remove(engine, "checkout", do)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningBot]:
    sandbox = start(signing_secret=SECRET, token=TOKEN, now=real_clock, bot_timeout=PATIENCE)
    bot = assemble(sandbox_settings(sandbox, tmp_path), sandbox.now, waits=SOON_AGAIN)
    stop, listening = threading.Event(), threading.Event()

    def heard(address: str) -> None:
        sandbox.bot_url = f"{address}slack/events"
        listening.set()

    running = threading.Thread(target=run_bot, args=(bot, "127.0.0.1", 0, stop, heard))
    running.start()
    assert listening.wait(PATIENCE)
    of_this_test = RunningBot(sandbox, bot, tmp_path / "backstop.db")
    assert soon(lambda: of_this_test.asked("readyz")[0] == 200)
    yield of_this_test
    stop.set()
    running.join()
    sandbox.stop()


@contextmanager
def locked(running: RunningBot) -> Iterator[None]:
    """Another process is in the middle of a transaction, and stays there."""
    with closing(sqlite3.connect(running.file, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("COMMIT")


@contextmanager
def read_only(running: RunningBot) -> Iterator[None]:
    end = running.everywhere("PRAGMA query_only=ON")
    yield
    end()
    running.everywhere("PRAGMA query_only=OFF")


@contextmanager
def full(running: RunningBot) -> Iterator[None]:
    end = running.everywhere("PRAGMA max_page_count=1")  # no page more than there are
    fill = text("INSERT INTO pace VALUES ('', hex(randomblob(:size)), '2000-01-01 00:00:00.000000')")
    for size in (2000, 100):  # none of these is free, either
        with running.bot.database.engine.connect() as filling, suppress(OperationalError):
            while filling.execute(fill, {"size": size}):
                filling.commit()
    yield
    end()
    running.everywhere("PRAGMA max_page_count=1073741823")
    with closing(sqlite3.connect(running.file)) as emptying, emptying:
        emptying.execute("DELETE FROM pace WHERE team = ''")


@contextmanager
def gone(running: RunningBot) -> Iterator[None]:
    away = running.file.with_suffix(".away")
    running.file.rename(away)
    yield
    assert not running.file.exists()
    away.rename(running.file)


def refused(running: RunningBot, *, is_so: bool) -> None:
    """As if Slack refused to show management its messages until a next try in five minutes, or did so no more."""
    again = "strftime('%Y-%m-%d %H:%M:%f000', 'now', '+5 minutes')" if is_so else "NULL"
    with closing(sqlite3.connect(running.file)) as connection, connection:
        change = f"SET refused = ?, error = 'channel_not_found', next_try_at = {again} WHERE kind = 'case'"
        assert connection.execute(f"UPDATE notice {change}", (is_so,)).rowcount == 1


SOON_AGAIN = Intervals(database=0.5, kept=1, form=int(PATIENCE))
TROUBLES = [locked, read_only, full, gone]


def filled(rep: Person) -> Form:
    form = rep.command("/report-abuse", "Zenith Corp")
    form.fill({"What kind of conduct?": "Verbal abuse", "How serious?": "Serious", "What happened?": STORY})
    return form


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_report_that_could_not_be_recorded_is_said_beside_a_field_and_can_be_sent_again(
    running: RunningBot, trouble: Callable[[RunningBot], AbstractContextManager[None]]
) -> None:
    ana = running.person("U0ANA")
    form, before = filled(ana), running.counts()
    with trouble(running):
        with pytest.raises(FormErrors) as refusal:
            form.submit()
        ((label, words),) = refusal.value.errors.items()
        assert NOTIFIED in words
        assert label in form.labels
    assert running.counts() == before
    form.submit()
    assert "Recorded as report 1" in form.text()
    after = running.counts()
    assert {name: after[name] for name in ("report", "verdict", "audit", "matter", "customer")} == {
        "report": 1, "verdict": 1, "audit": 1, "matter": 1, "customer": 1
    }  # fmt: skip
    assert list(audit_problems(running.bot.database)) == []
    assert running.person("U0PRIYA").message("C0MANAGE", "Zenith Corp")
    assert ana.direct_message("Zenith Corp")


def test_nothing_is_recorded_where_the_file_was_replaced_by_another(running: RunningBot) -> None:
    """As by an older copy: what is recorded from now on would not be in it, nor anywhere after the next start."""
    form = filled(running.person("U0ANA"))
    running.file.unlink()
    with closing(sqlite3.connect(running.file)) as other:
        other.execute("CREATE TABLE other (number)")
    with pytest.raises(FormErrors, match=NOTIFIED):
        form.submit()
    with closing(sqlite3.connect(running.file)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("other",)]
    assert "backstop_database_up 0.0" in running.asked("metrics")[1]


def test_many_who_send_at_once_to_a_locked_database_are_informed_as_soon_as_one_who_sends_alone(
    running: RunningBot,
) -> None:
    """They wait side by side, and each shorter than Slack does."""
    assert WAIT_FOR_THE_LOCK + WAIT_FOR_SQLITE / 1000 + MAX_WAIT < 3
    reps = [running.person(user) for user in ("U0ANA", "U0JOE", "U0MIA", "U0PRIYA", "U0BRAD", "U0RUTH", "U0CORA")]
    forms = [filled(rep) for rep in reps]
    received: list[tuple[float, str]] = []

    def send(form: Form) -> None:
        started = time.monotonic()
        with pytest.raises(FormErrors) as refusal:
            form.submit()
        received.append((time.monotonic() - started, str(refusal.value.errors)))

    with locked(running):
        send(forms[0])
        senders = [threading.Thread(target=send, args=(form,)) for form in forms]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    (alone, _), *at_once = received
    assert len(at_once) == len(forms)
    assert all(NOTIFIED in words for _, words in received)
    assert max(seconds for seconds, _ in at_once) < len(forms) / 2 * alone
    for form in forms:
        form.submit()
    assert running.counts()["report"] == len(forms)


def test_a_form_opens_though_nothing_can_be_written(running: RunningBot) -> None:
    with locked(running):
        assert running.person("U0ANA").command("/report-abuse", "Zenith Corp").title == "Report a customer"


def noted(running: RunningBot) -> None:
    """Wait until it is on record that the messages stand in Slack; else they would be looked for after their lease."""
    assert soon(lambda: "backstop_notices_behind 0.0" in running.asked("metrics")[1]), (
        "The messages were not delivered."
    )


def test_a_click_that_could_not_be_recorded_is_answered_in_private(running: RunningBot) -> None:
    ana = running.person("U0ANA")
    filled(ana).submit()
    message = ana.direct_message("Zenith Corp")
    noted(running)
    with locked(running):
        said = ana.press(message, "Withdraw")
        assert said is not None
        assert "nothing was recorded" in said.text()
        said.cancel()
    ana.press(message, "Withdraw")
    assert ana.direct_message("You withdrew it")


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (locked, "Another process keeps it locked."),
        (read_only, "It is read-only. (SQLITE_READONLY)"),
        (full, "Its disk is full. (SQLITE_FULL)"),
        (gone, "Its file was moved or replaced: put it back, or start again."),
    ],
)
def test_readiness_and_figures_say_that_nothing_can_be_recorded_and_why(
    running: RunningBot, trouble: Callable[[RunningBot], AbstractContextManager[None]], why: str
) -> None:
    assert soon(lambda: running.asked("readyz")[0] == 200)
    with trouble(running):
        assert soon(lambda: running.asked("readyz")[0] == 503)
        reason = f"The bot cannot use the database, and records nothing until it can. {why}"
        (said,) = json.loads(running.asked("readyz")[1])["reasons"]
        assert said.startswith(reason)
        assert "backstop_ready 0.0" in running.asked("metrics")[1]
        assert "backstop_database_up 0.0" in running.asked("metrics")[1]
    assert soon(lambda: running.asked("readyz")[0] == 200)
    assert json.loads(running.asked("readyz")[1]) == {"ready": True, "reasons": [], "warnings": []}
    assert "backstop_ready 1.0" in running.asked("metrics")[1]
    assert "backstop_database_up 1.0" in running.asked("metrics")[1]


def test_a_notice_waits_for_the_database_and_comes_once(running: RunningBot) -> None:
    """The loop goes on after any of this, and what was asked for before is shown then."""
    ana = running.person("U0ANA")
    for trouble in (locked, read_only, gone):
        with trouble(running):
            time.sleep(0.2)
    filled(ana).submit()
    assert ana.direct_message("Zenith Corp")
    time.sleep(0.2)
    assert len(ana.direct_messages()) == 1
    assert get_json(f"{running.url}sandbox/calls")["counts"].get("chat.postMessage", 0) >= 1


def test_a_managers_home_follows_how_the_bot_does_though_nothing_is_recorded(running: RunningBot) -> None:
    priya = running.person("U0PRIYA")
    filled(running.person("U0ANA")).submit()
    priya.message("C0MANAGE", "Zenith Corp")
    assert soon(lambda: "All is well" in priya.home().text)  # once the managers are read
    noted(running)  # else what comes of a message would be written over what is put on record below
    running.bot.observed.monitor.check()
    for is_so, said in ((True, "cannot be shown in C0MANAGE: channel_not_found"), (False, "All is well")):
        refused(running, is_so=is_so)
        running.bot.observed.monitor.check()
        assert said in priya.current_home(said).text
    before = priya.current_home().text
    running.bot.observed.monitor.check()
    time.sleep(0.5)
    assert priya.current_home().text == before
