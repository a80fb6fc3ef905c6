"""PostgreSQL behind a real PgBouncer in transaction mode: each transaction is on any session, also on one after another
client's.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.rules.refusals import NotRecorded
from storage.database import Database
from storage.migrate import migrate
from tests.builders import TEAM, FrozenClock, a_context, at_once, audit_problems, read_case, reported
from tests.pgbouncer import pgbouncer
from tests.storage.test_listening import within

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
RATHER_OFTEN = 12  # so that statements are prepared, where they are at all


@pytest.fixture
def pooled(database_url: str) -> Iterator[str]:
    with pgbouncer(database_url, sessions=2) as url:
        yield url


@pytest.fixture
def database(pooled: str) -> Iterator[Database]:
    with closing(Database(pooled)) as database:
        yield database


def test_people_report_at_the_same_time_and_nothing_is_lost(database: Database) -> None:
    migrate(database)
    context = a_context(database, FrozenClock())
    for _ in range(RATHER_OFTEN):
        at_once(*(lambda user=user: reported(context, user, f"Firm of {user}") for user in ("U0ANA", "U0JOE", "U0MIA")))
    assert read_case(context, 1).case.is_open
    assert list(audit_problems(database)) == []


def test_several_processes_take_turns_on_the_same_sessions(database: Database, pooled: str) -> None:
    with closing(Database(pooled)) as other:
        contexts = [a_context(each, FrozenClock()) for each in (database, other)]
        for number in range(RATHER_OFTEN):
            reported(contexts[number % 2], "U0ANA", "Zenith Corp")
    assert list(audit_problems(database)) == []


def test_nobody_waits_longer_for_a_lock_than_without_a_pooler(database: Database, pooled: str) -> None:
    context = a_context(database, FrozenClock())
    reported(context, "U0ANA", "Zenith Corp")
    with closing(Database(pooled)) as theirs, theirs.begin(TEAM) as tx:
        tx.customers.lock(1)
        tx.customers.get(1)
        with pytest.raises(NotRecorded):
            reported(context, "U0JOE", "Zenith Corp")
    assert reported(context, "U0JOE", "Zenith Corp").report


def test_a_process_knows_that_it_hears_nothing_and_looks_often(database: Database) -> None:
    database.listen()
    database.next_moments()
    assert not within(1.0, database.hears_others)
