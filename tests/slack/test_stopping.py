"""SIGTERM while requests are under way: each is answered, what was acked is on record, and the exit code is 0."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

from bot.sandbox.client import NotPossible
from bot.sandbox.form import Form, FormErrors
from bot.sandbox.person import NoForm, Person
from tests.slack.killing import Bot
from tests.slack.steps import soon

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.server import Sandbox

REPS = ("U0ANA", "U0JOE", "U0MIA", "U0CORA", "U0RUTH")


def filled(sandbox: Sandbox, user: str) -> Form:
    form = Person(sandbox.url, user).command("/report-abuse", f"Customer of {user}")
    return form.fill({"What kind of conduct?": "Something else", "How serious?": "Minor", "What happened?": "Hm."})


def recorded(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM report").fetchone()[0])


def test_what_is_in_flight_is_answered_before_the_end(sandbox: Sandbox, tmp_path: Path) -> None:
    """Another process holds the database for a moment, so that all five wait for it when the signal comes."""
    file = tmp_path / "record.db"
    bot = Bot(sandbox, tmp_path, f"sqlite:///{file}")
    forms = [filled(sandbox, user) for user in REPS]
    senders = [threading.Thread(target=form.submit) for form in forms]
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        for sender in senders:
            sender.start()
        time.sleep(0.2)
        ending = threading.Thread(target=lambda: codes.append(bot.stop()))
        codes: list[int] = []
        ending.start()
        time.sleep(0.2)
        holder.execute("COMMIT")
    for thread in (*senders, ending):
        thread.join()
    assert codes == [0]
    assert all("Recorded as report" in form.text() for form in forms)
    assert recorded(file) == len(forms)


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
    assert Person(sandbox.url, "U0ANA").direct_message("Customer of U0ANA")
    assert bot.stop() == 0
