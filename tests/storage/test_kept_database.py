"""The database that tests are given on PostgreSQL is empty, and as new, whatever the test before did to it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy.engine import make_url

from storage.database import Database
from storage.tables.customers import customer
from tests.builders import FrozenClock, a_context, audit_problems, before_a_decision, rows
from tests.kept_database import KeptDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def kept(postgres: str) -> Iterator[KeptDatabase]:
    kept = KeptDatabase(postgres, "kept_database_test")
    yield kept
    kept.drop()


def execute(url: str, statement: str) -> list[tuple[object, ...]]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        found = connection.execute(statement)  # our own constants
        return found.fetchall() if found.description else []


def session_of_a_case(kept: KeptDatabase) -> object:
    """Report and warn; the session that it took."""
    database = Database(kept.given())
    kept.lend_sessions(database.engine)
    assert rows(database, customer) == []
    before_a_decision(a_context(database, clock := FrozenClock()), clock)
    with database.engine.connect() as connection:
        session = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    assert list(audit_problems(database)) == []
    database.close()
    return session


def test_the_next_test_has_the_same_database_and_session_and_nothing_is_in_it(kept: KeptDatabase) -> None:
    url = kept.given()
    first = session_of_a_case(kept)
    execute(url, "NOTIFY backstop")
    kept.take_back()
    assert kept.given() == url
    assert session_of_a_case(kept) == first


def test_a_session_that_was_ended_is_replaced(kept: KeptDatabase) -> None:
    ended = session_of_a_case(kept)
    execute(kept.given(), f"SELECT pg_terminate_backend({ended}, 5000)")
    kept.take_back()
    assert session_of_a_case(kept) != ended


CHANGES = {
    "table": "CREATE TABLE other (n INTEGER)",
    "no table": "DROP TABLE check_in",
    "column": "ALTER TABLE step ADD COLUMN more INTEGER",
    "index": "CREATE INDEX more ON step (at)",
    "statistics": "ANALYZE customer",
    "function": "CREATE FUNCTION one() RETURNS INTEGER LANGUAGE sql AS 'SELECT 1'",
    "schema": "CREATE SCHEMA other",
    "revision": "UPDATE alembic_version SET version_num = 'r9999'",
    "size": """
        INSERT INTO alembic_version SELECT md5(n::text) FROM generate_series(1, 200000) AS n;
        DELETE FROM alembic_version WHERE length(version_num) = 32
    """,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_what_a_test_changes_besides_rows_does_not_reach_the_next(kept: KeptDatabase, change: str) -> None:
    url = kept.given()
    as_new = execute(url, "SELECT count(*) FROM information_schema.columns")
    execute(url, change)
    kept.take_back()
    assert kept.given() != url
    assert execute(kept.given(), "SELECT count(*) FROM information_schema.columns") == as_new
    assert execute(kept.given(), "SELECT count(*) FROM alembic_version WHERE version_num = 'r0001'") == [(1,)]


def test_a_setting_and_a_lock_that_a_test_leaves_do_not_reach_the_next(kept: KeptDatabase) -> None:
    url = kept.given()
    execute(url, f"ALTER DATABASE {make_url(url).database} SET default_transaction_read_only = on")
    kept.take_back()
    assert execute(kept.given(), "SHOW default_transaction_read_only") == [("off",)]
    plain = make_url(kept.given()).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(plain)) as left:
        left.execute("LOCK TABLE report")
        kept.take_back()
        assert execute(kept.given(), "SELECT count(*) FROM report") == [(0,)]
        with pytest.raises(psycopg.errors.AdminShutdown):
            left.execute("SELECT 1")
