"""On PostgreSQL nobody waits forever for a lock that another process holds."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.rules.refusals import NotRecorded
from storage.database import Database
from tests.builders import TEAM, FrozenClock, a_context, reported

if TYPE_CHECKING:
    from bot.usecases.context import Context

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
SLACKS_PATIENCE = 3.0  # seconds


@pytest.fixture
def context(database: Database) -> Context:
    context = a_context(database, FrozenClock())
    reported(context, "U0ANA", "Zenith Corp")
    return context


def test_a_request_is_answered_in_time_and_a_stopped_process_loses_its_locks(
    context: Context, database_url: str
) -> None:
    with closing(Database(database_url)) as theirs, pytest.raises(NotRecorded):
        _stopped_in_a_transaction(theirs, context)
    assert reported(context, "U0MIA", "Zenith Corp").report


def _stopped_in_a_transaction(theirs: Database, context: Context) -> None:
    """As by SIGSTOP: the process holds its locks and does nothing. When it continues, its locks are lost."""
    with theirs.begin(TEAM) as tx:
        tx.customers.lock(1)
        asked = time.monotonic()
        with pytest.raises(NotRecorded):
            reported(context, "U0JOE", "Zenith Corp")
        assert time.monotonic() - asked < SLACKS_PATIENCE
        assert _recorded_within(context, 15)
        tx.customers.lock(1)


def _recorded_within(context: Context, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            return reported(context, "U0JOE", "Zenith Corp").report > 0
        except NotRecorded:
            continue  # the next try waits for the lock as well
    return False


def test_a_long_read_is_not_cut_off(database: Database) -> None:
    with database.read(TEAM) as tx:
        allowed = tx.customers.db.connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout")
        assert allowed.scalar_one() == "0"
