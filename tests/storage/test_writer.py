"""SQLite has one writer, whose connection is kept from one transaction to the next, with nothing left on it."""

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
    """How often a connection was taken from the pool and given back, from here on."""
    assert context
    count: Counter[str] = Counter()
    for what in ("checkout", "checkin"):
        event.listen(database.engine, what, lambda *_, what=what: count.update([what]))
    return count


def test_it_is_kept_from_one_report_to_the_next(context: Context, taken: Counter[str]) -> None:
    for _ in range(5):
        reported(context, "U0ANA", "Zenith Corp")
    assert taken == {}


def _broken_off(context: Context, mistake: BaseException) -> None:
    with context.begin(TEAM) as tx:
        tx.customers.add("Half Ltd", context.clock())
        raise mistake


@pytest.mark.parametrize("mistake", [MeantAnother("Zenith", ()), KeyError("x"), KeyboardInterrupt()])
def test_after_anything_went_wrong_nothing_is_left_and_it_is_taken_anew(
    context: Context, taken: Counter[str], mistake: BaseException
) -> None:
    with pytest.raises(type(mistake)):
        _broken_off(context, mistake)
    assert taken == {"checkin": 1}
    with context.begin(TEAM) as tx:
        assert tx.customers.same("Half Ltd") is None
    assert taken == {"checkin": 1, "checkout": 1}


def test_after_a_refused_commit_as_well(context: Context, database: Database, taken: Counter[str]) -> None:
    with closing(Database(str(database.engine.url))) as theirs, theirs.begin(TEAM), pytest.raises(NotRecorded):
        reported(context, "U0ANA", "Zenith Corp")
    assert taken == {"checkin": 1}
    assert reported(context, "U0ANA", "Zenith Corp").report == 2


def test_what_it_reads_through_sqlalchemy_is_never_an_old_view(context: Context, database: Database) -> None:
    """A chain is read row by row, by SQLAlchemy, which knows nothing of the writer's transactions."""
    with closing(Database(str(database.engine.url))) as theirs:
        for number in range(1, 4):
            with context.begin(TEAM) as tx:
                assert [entry.n for entry, _ in tx.audit.chain(1)] == list(range(1, number + 1))
            reported(a_context(theirs, FrozenClock()), "U0JOE", "Zenith Corp")


def test_closing_gives_it_back_and_who_writes_after_that_has_a_new_one(
    context: Context, database: Database, taken: Counter[str]
) -> None:
    database.close()
    assert taken == {"checkin": 1}
    assert reported(context, "U0ANA", "Zenith Corp").report == 2
