"""On PostgreSQL nobody waits forever for a lock that another process holds."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.rules.refusals import NotRecorded
from storage.database import Database
from tests.builders import TEAM, FrozenClock, a_context, reported, until_recorded

if TYPE_CHECKING:
    from bot.usecases.context import Context
    from storage.transaction import Transaction

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
SLACKS_PATIENCE = timedelta(seconds=3)


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
        with pytest.raises(NotRecorded):
            reported(context, "U0JOE", "Zenith Corp")
        _waits_for(tx, "lock_timeout", less_than=SLACKS_PATIENCE)
        _waits_for(tx, "idle_in_transaction_session_timeout", less_than=timedelta(seconds=15))
        tx.customers.db.connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 100")
        until_recorded(lambda: reported(context, "U0JOE", "Zenith Corp"))
        tx.customers.lock(1)


def _waits_for(tx: Transaction, what: str, *, less_than: timedelta) -> None:
    """This session has such a limit, in milliseconds, and it is shorter."""
    asked = tx.customers.db.connection.exec_driver_sql("SELECT setting FROM pg_settings WHERE name = %s", (what,))
    assert timedelta() < timedelta(milliseconds=int(asked.scalar_one())) < less_than


def test_a_long_read_is_not_cut_off(database: Database) -> None:
    with database.read(TEAM) as tx:
        allowed = tx.customers.db.connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout")
        assert allowed.scalar_one() == "0"
