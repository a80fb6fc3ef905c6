"""SIGTERM while requests are under way: each is answered, what was acked is on record, and the exit code is 0."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.request import urlopen

from bot.sandbox.client import NotPossible
from bot.sandbox.form import Form, FormErrors
from bot.sandbox.person import NoForm, Person
from handlers.names import EVENTS_PATH
from tests.benchmarks.answers import RECORDED
from tests.benchmarks.firm import signed_report
from tests.builders import PATIENCE
from tests.signed import signature
from tests.slack.killing import Bot
from tests.slack.office import real_clock
from tests.slack.steps import is_ready, soon

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.server import Sandbox

TOO_LATE = b"nothing was recorded"
REPS = ("U0ANA", "U0JOE", "U0MIA", "U0CORA", "U0RUTH")
CUSTOMERS = dict(zip(REPS, ("Zenith Corp", "Acme", "Borealis", "Globex", "Initech"), strict=True))


def filled(sandbox: Sandbox, user: str) -> Form:
    form = Person(sandbox.url, user).command("/report-abuse", CUSTOMERS[user])
    return form.fill({"What kind of conduct?": "Something else", "How serious?": "Minor", "What happened?": "Hm."})


def recorded(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM report").fetchone()[0])


def sent(bot: Bot, user: str) -> HTTPConnection:
    """A connection over which a report has been sent."""
    body, timestamp = signed_report(CUSTOMERS[user], user).body, str(int(real_clock().timestamp()))
    headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature(body, timestamp)}
    connection = HTTPConnection("127.0.0.1", bot.port, timeout=PATIENCE)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", EVENTS_PATH, body, headers | kind)
    return connection


def refuses(bot: Bot) -> bool:
    try:
        socket.create_connection(("127.0.0.1", bot.port), timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return True
    return False


def test_what_is_in_flight_is_answered_before_the_end(sandbox: Sandbox, tmp_path: Path) -> None:
    """Another process holds the database meanwhile, so that all five wait for it when the signal comes."""
    file = tmp_path / "record.db"
    bot = Bot(sandbox, tmp_path, f"sqlite:///{file}")
    assert soon(lambda: is_ready(sandbox))
    for user in REPS:
        filled(sandbox, user)  # from now on the bot knows them
    with closing(sqlite3.connect(file, isolation_level=None)) as holder, ThreadPoolExecutor(1) as pool:
        holder.execute("BEGIN IMMEDIATE")
        lines = [sent(bot, user) for user in REPS]
        # Once it answers here, it has read what came before.
        with urlopen(f"http://127.0.0.1:{bot.port}/healthz", timeout=PATIENCE):
            ending = pool.submit(bot.stop)
        assert soon(lambda: refuses(bot))
        holder.execute("COMMIT")
        answers = [line.getresponse().read() for line in lines]
        assert ending.result() == 0
    for line in lines:
        line.close()
    assert recorded(file) == sum(RECORDED in answer for answer in answers)
    assert all(RECORDED in answer or TOO_LATE in answer for answer in answers)  # a busy machine sends the signal late


def test_under_load_whatever_was_acked_is_on_record_and_the_next_start_shows_it(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "record.db"
    bot, acked = Bot(sandbox, tmp_path, f"sqlite:///{file}"), []
    over = threading.Event()

    def report(user: str) -> None:
        while not over.is_set():
            try:
                form = filled(sandbox, user)
                form.submit()
                acked.append(form.text().partition("Recorded as report ")[2].split()[0])
            except (FormErrors, NoForm, NotPossible):
                time.sleep(0.02)

    reps = [threading.Thread(target=report, args=(user,)) for user in REPS]
    for rep in reps:
        rep.start()
    assert soon(lambda: len(acked) >= len(REPS))
    assert bot.stop() == 0
    over.set()
    for rep in reps:
        rep.join()
    assert len(acked) == len(set(acked)) == recorded(file) > 0
    bot.start()
    assert Person(sandbox.url, "U0ANA").direct_message(CUSTOMERS["U0ANA"])
    assert bot.stop() == 0
