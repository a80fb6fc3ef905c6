"""SQLite has one writer, whose connection is kept from one transaction to the next, with nothing left open on it."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from bot.rules.refusals import MeantAnother, NotRecorded
from storage.database import Database
from tests.builders import TEAM, FrozenClock, a_context, reported

if TYPE_CHECKING:
    from bot.usecases.context import Context

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def context(database: Database) -> Context:
    context = a_context(database, FrozenClock())
    reported(context, "U0ANA", "Zenith Corp")
    return context


@pytest.fixture
def taken(context: Context, database: Database) -> Counter[str]:
    """Counts how often a connection is taken from the pool and given back."""
    assert context
    count: Counter[str] = Counter()
    for what in ("checkout", "checkin"):
        event.listen(database.engine, what, lambda *_, what=what: count.update([what]))
    return count


def test_the_connection_is_kept_from_one_report_to_the_next(context: Context, taken: Counter[str]) -> None:
    for _ in range(5):
        reported(context, "U0ANA", "Zenith Corp")
    assert taken == {}


def _broken_off(context: Context, mistake: BaseException) -> None:
    with context.begin(TEAM) as tx:
        tx.customers.add("Half Ltd", context.clock())
        raise mistake


@pytest.mark.parametrize("mistake", [MeantAnother("Zenith", ()), KeyError("x"), KeyboardInterrupt()])
def test_after_an_error_nothing_is_left_and_the_connection_is_replaced(
    context: Context, taken: Counter[str], mistake: BaseException
) -> None:
    with pytest.raises(type(mistake)):
        _broken_off(context, mistake)
    assert taken == {"checkin": 1}
    with context.begin(TEAM) as tx:
        assert tx.customers.same("Half Ltd") is None
    assert taken == {"checkin": 1, "checkout": 1}


def test_after_a_refused_commit_the_connection_is_replaced(
    context: Context, database: Database, taken: Counter[str]
) -> None:
    with closing(Database(str(database.engine.url))) as theirs, theirs.begin(TEAM), pytest.raises(NotRecorded):
        reported(context, "U0ANA", "Zenith Corp")
    assert taken == {"checkin": 1}
    assert reported(context, "U0ANA", "Zenith Corp").report == 2


def test_the_writer_never_reads_old_rows_through_sqlalchemy(context: Context, database: Database) -> None:
    """SQLAlchemy reads a chain row by row and knows nothing of the writer's transactions."""
    with closing(Database(str(database.engine.url))) as theirs:
        for number in range(1, 4):
            with context.begin(TEAM) as tx:
                assert [entry.n for entry, _ in tx.audit.chain(1)] == list(range(1, number + 1))
            reported(a_context(theirs, FrozenClock()), "U0JOE", "Zenith Corp")


def test_closing_returns_the_connection_and_a_later_write_gets_a_new_one(
    context: Context, database: Database, taken: Counter[str]
) -> None:
    database.close()
    assert taken == {"checkin": 1}
    assert reported(context, "U0ANA", "Zenith Corp").report == 2
