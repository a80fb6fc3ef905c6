"""SQLite has one writer, whose connection is kept from one transaction to the next, with nothing left on it."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from bot.rules.refusals import MeantAnother, NotRecorded
from storage.database import Database
from tests.builders import TEAM, FrozenClock, a_desk, reported

if TYPE_CHECKING:
    from bot.usecases.context import Desk

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(database: Database) -> Desk:
    desk = a_desk(database, FrozenClock())
    reported(desk, "U0ANA", "Zenith Corp")
    return desk


@pytest.fixture
def taken(desk: Desk, database: Database) -> Counter[str]:
    """How often a connection was taken from the pool and given back, from here on."""
    assert desk
    count: Counter[str] = Counter()
    for what in ("checkout", "checkin"):
        event.listen(database.engine, what, lambda *_, what=what: count.update([what]))
    return count


def test_it_is_kept_from_one_report_to_the_next(desk: Desk, taken: Counter[str]) -> None:
    for _ in range(5):
        reported(desk, "U0ANA", "Zenith Corp")
    assert taken == {}


def _broken_off(desk: Desk, mistake: BaseException) -> None:
    with desk.begin(TEAM) as record:
        record.customers.add("Half Ltd", desk.clock())
        raise mistake


@pytest.mark.parametrize("mistake", [MeantAnother("Zenith", ()), KeyError("x"), KeyboardInterrupt()])
def test_after_anything_went_wrong_nothing_is_left_and_it_is_taken_anew(
    desk: Desk, taken: Counter[str], mistake: BaseException
) -> None:
    with pytest.raises(type(mistake)):
        _broken_off(desk, mistake)
    assert taken == {"checkin": 1}
    with desk.begin(TEAM) as record:
        assert record.customers.same("Half Ltd") is None
    assert taken == {"checkin": 1, "checkout": 1}


def test_after_a_refused_commit_as_well(desk: Desk, database: Database, taken: Counter[str]) -> None:
    with closing(Database(str(database.engine.url))) as theirs, theirs.begin(TEAM), pytest.raises(NotRecorded):
        reported(desk, "U0ANA", "Zenith Corp")
    assert taken == {"checkin": 1}
    assert reported(desk, "U0ANA", "Zenith Corp").report == 2


def test_what_it_reads_through_sqlalchemy_is_never_an_old_view(desk: Desk, database: Database) -> None:
    """A chain is read row by row, by SQLAlchemy, which knows nothing of the writer's transactions."""
    with closing(Database(str(database.engine.url))) as theirs:
        for number in range(1, 4):
            with desk.begin(TEAM) as record:
                assert [entry.n for entry, _ in record.audit.chain(1)] == list(range(1, number + 1))
            reported(a_desk(theirs, FrozenClock()), "U0JOE", "Zenith Corp")


def test_closing_gives_it_back_and_who_writes_after_that_has_a_new_one(
    desk: Desk, database: Database, taken: Counter[str]
) -> None:
    database.close()
    assert taken == {"checkin": 1}
    assert reported(desk, "U0ANA", "Zenith Corp").report == 2
