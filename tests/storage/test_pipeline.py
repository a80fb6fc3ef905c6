"""Statements that are put off are executed in their order, before anything is read and before the commit."""

from __future__ import annotations

import os
import signal
import sqlite3
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import make_url

from bot.rules.audit import Act
from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import NotRecorded
from storage.db.executor import ROWS_HELD
from storage.db.pipeline import PREPARED_FROM, Pipeline, execute
from storage.tables.outbox import step
from storage.tables.people import member
from tests.builders import FRIDAY, TEAM, FrozenClock, a_context, a_profile, reported
from tests.storage.sessions import end_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from storage.database import Database
    from storage.transaction import Transaction

UNIQUE = (sqlite3.IntegrityError, psycopg.errors.UniqueViolation)
SUBJECTS = select(step.c.subject).order_by(step.c.subject)


def add(tx: Transaction, subject: int) -> None:
    tx.scheduled_tasks.add_row(step, kind="check-in", subject=subject, at=FRIDAY)


def subjects(tx: Transaction) -> list[int]:
    return [row.subject for row in tx.scheduled_tasks.all(SUBJECTS)]


def recorded(database: Database) -> list[int]:
    with database.read(TEAM) as tx:
        return subjects(tx)


def test_what_is_read_shows_everything_written_before_it(database: Database) -> None:
    with database.begin(TEAM) as tx:
        for number in range(1, 4):
            add(tx, number)
            assert subjects(tx) == list(range(1, number + 1))
        add(tx, 4)
        assert list(tx.scheduled_tasks.db.connection.scalars(SUBJECTS)) == [1, 2, 3, 4]
        add(tx, 5)
    assert recorded(database) == [1, 2, 3, 4, 5]


def given(connection: psycopg.Connection[Any]) -> None:
    Pipeline(connection, silent_after=0.5).give("SELECT 1", ())


def begun(connection: psycopg.Connection[Any]) -> None:
    assert execute(connection, b"SET lock_timeout = 2000; SET lock_timeout = 1000", silent_after=0.5)


@pytest.mark.parametrize("ask", [given, begun])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_that_says_nothing_any_more_is_given_up_though_the_connection_stands(
    database_url: str, ask: Callable[[psycopg.Connection[Any]], None]
) -> None:
    """As one that is stopped, or behind a network that drops everything: nothing fails, and nothing comes."""
    address = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        ask(connection)
        server = connection.info.backend_pid
        os.kill(server, signal.SIGSTOP)
        try:
            with pytest.raises(psycopg.OperationalError, match="timeout expired"):  # which is called silent
                ask(connection)
        finally:
            os.kill(server, signal.SIGCONT)
        assert connection.closed


@pytest.mark.parametrize("reads", [True, False])
def test_a_mistake_is_raised_before_the_commit_and_leaves_nothing_of_the_transaction(
    database: Database, *, reads: bool
) -> None:
    with database.begin(TEAM) as tx:
        add(tx, 1)
    for _ in range(8):  # enough for PostgreSQL to keep plans on the connection
        with pytest.raises(UNIQUE):
            _add_twice(database, reads=reads)
        assert recorded(database) == [1]
    with database.begin(TEAM) as tx:
        add(tx, 2)
    assert recorded(database) == [1, 2]


def _add_twice(database: Database, *, reads: bool) -> None:
    with database.begin(TEAM) as tx:
        add(tx, 2)
        add(tx, 1)
        add(tx, 3)
        if reads:
            subjects(tx)


def test_nothing_of_a_broken_transaction_reaches_the_next(database: Database) -> None:
    with pytest.raises(KeyError):
        _break(database)
    with database.begin(TEAM) as tx:
        add(tx, 2)
    assert recorded(database) == [2]


def _break(database: Database) -> None:
    with database.begin(TEAM) as tx:
        add(tx, 1)
        for _ in range(6):
            assert list(tx.scheduled_tasks.db.connection.scalars(SUBJECTS)) == [1]
        raise KeyError


def test_a_transaction_that_is_rolled_back_costs_the_connection_nothing_that_it_has_prepared(
    database: Database,
) -> None:
    for _ in range(12):  # psycopg prepares what SQLAlchemy executes often, and forgets all with a rollback
        with pytest.raises(KeyError):
            _break(database)
        with database.begin(TEAM) as tx:
            assert subjects(tx) == []


def test_more_rows_than_are_sent_at_once_are_all_added(database: Database) -> None:
    users = [f"U{n:05}" for n in range(2500)]
    with database.begin(TEAM) as tx:
        tx.people.add_rows(member, [{"group": "S0MANAGERS", "user": user} for user in users])
    with database.read(TEAM) as tx:
        assert tx.people.behind(["S0MANAGERS"]) == tuple(users)


def test_a_change_that_was_put_off_is_in_the_audit_entry_of_its_transaction(database: Database) -> None:
    context = a_context(database, FrozenClock())
    report = reported(context, "U0ANA", "Zenith Corp").report
    with database.begin(TEAM) as tx:
        tx.customers.lock(1)
        tx.reports.withdraw(report, FRIDAY)
        tx.audit.append(1, "U0ANA", Act.WITHDRAW, {}, FRIDAY)
    with database.read(TEAM) as tx:
        *_, (entry, _) = tx.audit.chain(1)
        assert list(entry.rows) == [f"report {report}"]


def test_what_was_read_ahead_is_read_again_once_the_transaction_has_changed_it(database: Database) -> None:
    with database.begin(TEAM) as tx:
        tx.read_ahead(lambda: (subjects(tx), tx.people.profile("U0ANA")))
        add(tx, 1)
        assert subjects(tx) == [1]
        tx.read_ahead(lambda: subjects(tx))
        assert subjects(tx) == [1]
        add(tx, 2)
        assert subjects(tx) == [1, 2]
        assert tx.people.profile("U0ANA") is None
        tx.read_ahead(lambda: tx.people.profile("U0ANA"))
        tx.people.save_profiles([a_profile("U0ANA", FRIDAY)])
        assert tx.people.profile("U0ANA") == a_profile("U0ANA", FRIDAY)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_was_read_ahead_of_a_lock_is_read_again_below_it(database: Database) -> None:
    reported(a_context(database, FrozenClock()), "U0ANA", "Zenith Corp")
    with database.begin(TEAM) as tx:
        before = subjects(tx)
        tx.read_ahead(lambda: subjects(tx))
        assert tx.people.profile("U0ANA")
        with database.begin(TEAM) as other:
            add(other, 99)
        tx.customers.lock(1, lambda _: tx.people.profile("U0ANA"))
        assert subjects(tx) == [*before, 99]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_session_that_was_ended_means_that_nothing_is_recorded_and_the_next_one_works(
    database: Database, database_url: str
) -> None:
    with database.begin(TEAM) as tx:
        add(tx, 1)
    with pytest.raises(NotRecorded):
        _lose_the_session(database, database_url)
    with database.begin(TEAM) as tx:
        add(tx, 4)
    assert recorded(database) == [1, 4]


def _lose_the_session(database: Database, url: str) -> None:
    with database.begin(TEAM) as tx:
        add(tx, 2)
        assert subjects(tx) == [1, 2]
        add(tx, 3)
        assert end_all(url) == 1


@pytest.fixture
def trace(database: Database, tmp_path: Path) -> Iterator[Path]:
    """What libpq writes down of every message to and from PostgreSQL, on connections taken from now on."""
    file, watched = tmp_path / "trace", []
    with file.open("w") as written:

        def watch(driver: Any, *_: object) -> None:  # noqa: ANN401 - psycopg's connection
            driver.pgconn.trace(written.fileno())
            watched.append(driver.pgconn)

        event.listen(database.engine, "checkout", watch)
        yield file
        event.remove(database.engine, "checkout", watch)
        for session in watched:  # a later test is given it, and libpq would write into a file that is closed
            session.untrace()
        database.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("customer", "category", "most"),
    [("Zenith Corp", "other", 5), ("Zenith Corp", "verbal_abuse", 6), ("New", "other", 9)],
)
def test_a_report_waits_for_postgresql_a_few_times_only(
    database: Database, trace: Path, customer: str, category: str, most: int
) -> None:
    context = a_context(database, FrozenClock())
    reported(context, "U0ANA", "Zenith Corp", category="other", severity=Severity.MINOR)
    before = waits(trace)
    reported(context, "U0JOE", customer, category=category, severity=Severity.MINOR)
    assert 0 < waits(trace) - before <= most


def waits(trace: Path) -> int:
    """How often it was waited for an answer."""
    return trace.read_text().count("ReadyForQuery")


def test_many_rows_are_read_some_at_a_time_beside_other_reads_again_and_again(database: Database) -> None:
    """On PostgreSQL each is a cursor; after a few times it is prepared, and its name is used again."""
    numbers = list(range(1, 2 * ROWS_HELD + 2))
    with database.begin(TEAM) as tx:
        tx.scheduled_tasks.add_rows(step, [{"kind": "check-in", "subject": each, "at": FRIDAY} for each in numbers])
    for _ in range(PREPARED_FROM + 2):
        with database.read(TEAM) as tx:
            one, other = (tx.scheduled_tasks.stream(SUBJECTS) for _ in range(2))
            left_open = tx.scheduled_tasks.stream(SUBJECTS)
            assert next(left_open).subject == 1
            for number, (first, second) in zip(numbers, zip(one, other, strict=True), strict=True):
                assert (first.subject, second.subject) == (number, number)
                if number % ROWS_HELD == 1:
                    assert subjects(tx) == numbers


def test_a_query_of_many_rows_sees_what_was_put_off_before_it(database: Database) -> None:
    with database.begin(TEAM) as tx:
        add(tx, 1)
        assert [row.subject for row in tx.scheduled_tasks.stream(SUBJECTS)] == [1]
        assert list(tx.scheduled_tasks.stream(SUBJECTS.where(step.c.subject == 2))) == []
