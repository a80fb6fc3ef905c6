"""The hot paths use an index: a report, the outbox's claim, finding a name, what people are shown."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from shutil import copyfile

import psycopg
import pytest
from sqlalchemy import Connection

from bot.health import broken_tasks, left_to_nobody
from bot.usecases.context import Context
from bot.usecases.customers.look_up import look_up
from bot.usecases.home.home import home_file
from bot.usecases.reports.report import report
from bot.usecases.shared.read_models import case_file, report_file
from storage.database import Database
from storage.tables.columns import metadata
from tests.builders import TEAM, FrozenClock, a_context, a_report, someone
from tests.calm import a_health
from tests.tape import Said, recording

OF_A_PART = {
    index.name
    for table in metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
SMALL = {"alembic_version", "policy", "counter", "user_group", "member", "pace", "summary"}
LARGE = set(metadata.tables) - SMALL


@pytest.fixture
def database(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """SQLite, whose plans do not depend on the rows that are there. Both databases have the same indexes."""
    with closing(Database(f"sqlite:///{copyfile(migrated_file, tmp_path / 'plans.db')}")) as database:
        yield database


@pytest.fixture
def context(database: Database) -> Context:
    context = a_context(database, FrozenClock())
    for user in ("U0ANA", "U0JOE", "U0MIA"):
        report(context, a_report(context, user, "Zenith Corp", category="unreasonable_demands"))
    return context


def reads_all(step: str, table: str) -> bool:
    """Whether a step of a plan reads all of a table, or all rows of one firm."""
    by = r"USING (COVERING )?INDEX (?P<index>\S+)"
    whole = re.match(rf"SCAN {table}( {by})?$", step) or re.match(rf"SEARCH {table} {by} \(team=\?\)$", step)
    return whole is not None and whole["index"] not in OF_A_PART


def scanned(database: Database, statements: list[Said]) -> list[str]:
    """The large tables that are read in full, and by which statement."""
    found = []
    with database.engine.connect() as connection:
        for statement, parameters in statements:
            if statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")):
                first = parameters[0] if isinstance(parameters, list) else parameters
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", first)
                large = LARGE - {"merger"} if "led_to" in statement else LARGE  # few mergers, once an open objection
                found += [f"{table}: {statement}" for row in plan for table in large if reads_all(row.detail, table)]
    return found


def test_a_full_read_of_a_table_is_detected(database: Database) -> None:
    for which in ("narrative = 'x'", "team = 'T0FIRM' AND narrative = 'x'"):
        statement = f"SELECT narrative FROM report WHERE {which}"  # noqa: S608 - our own words
        assert scanned(database, [(statement, ())]) == [f"report: {statement}"]


@pytest.mark.parametrize("customer", ["Zenith Corp", "Somebody New"])
def test_a_report_uses_indexes(database: Database, context: Context, customer: str) -> None:
    with recording(database) as tape:
        report(context, a_report(context, "U0ANA", customer, category="unreasonable_demands"))
    assert len(tape.said) > 20
    assert scanned(database, tape.said) == []


def claim(database: Database, context: Context) -> None:
    with database.outbox() as outbox:
        assert outbox.claim(context.clock() + timedelta(seconds=5), timedelta(seconds=20)) is not None


def poll(database: Database, context: Context) -> None:
    """The queries of the worker, of readiness and of the metrics, which run again and again."""
    database.next_moments()
    assert a_health(context, database).warnings() == []
    database.try_to_write()
    assert left_to_nobody(database) == broken_tasks(database) == []
    assert database.gauges(context.clock()).behind
    with database.outbox() as outbox:
        assert outbox.behind()[0]


def ask(typed: str) -> Callable[[Database, Context], None]:
    def asked(database: Database, _: Context) -> None:
        with database.read(TEAM) as tx:
            assert [likely.name for likely in tx.customers.likely(typed, 20)] == ["Zenith Corp"]

    return asked


def draw(database: Database, context: Context) -> None:
    with database.read(TEAM) as tx:
        assert case_file(tx, context, 1).reports
        assert report_file(tx, context, 1).case


def open_home(database: Database, context: Context) -> None:
    for user in ("U0CARLA", "U0ANA"):
        with database.read(TEAM) as tx:
            assert home_file(tx, context, someone(user)).mine.total == (user == "U0ANA")


def look_up_customer(_: Database, context: Context) -> None:
    assert look_up(context, someone("U0CARLA"), "Zenith Corp")
    assert look_up(context, someone("U0ANA"), "Zenith Corp")


TYPED = ("zen", "nith", "zenyth", "zenith corpp")


@pytest.mark.parametrize("act", [draw, open_home, look_up_customer, claim, poll, *map(ask, TYPED)])
def test_views_claims_and_the_type_ahead_use_indexes(
    database: Database, context: Context, act: Callable[[Database, Context], None]
) -> None:
    with recording(database) as tape:
        act(database, context)
    assert tape.said
    assert scanned(database, tape.said) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_statistics_postgresql_does_not_read_all_messages_for_a_report(
    database_url: str,
) -> None:
    """It has statistics only some time after the first rows. Until then it compared every message with every report."""
    with closing(Database(database_url)) as database:
        context = a_context(database, FrozenClock())
        with database.engine.begin() as connection:
            for table in metadata.tables:  # nobody gathers them meanwhile, however long it takes
                connection.exec_driver_sql(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
        for number in range(60):
            report(context, a_report(context, "U0ANA", f"Firm {number % 3}", category="unreasonable_demands"))
        with recording(database) as tape:
            report(context, a_report(context, "U0JOE", "Firm 1", category="unreasonable_demands"))
        changes = [said for said in tape.said if "UPDATE notice" in said[0]]
        assert len(changes) == 3
        with database.engine.connect() as connection:
            cursor = psycopg.RawCursor(connection.connection.driver_connection)  # it takes PostgreSQL's placeholders
            for statement, values in changes:
                plan = [row[0] for row in cursor.execute(f"EXPLAIN {statement}", values)]
                read = [step for step in plan if " on notice" in step and not step.startswith("Update")]
                assert read
                assert all("Index Scan using" in step for step in read), plan


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_with_many_reports_postgresql_reads_those_about_the_customer_alone(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        context = a_context(database, FrozenClock())
        report(context, a_report(context, "U0ANA", "Zenith Corp", category="unreasonable_demands"))
        with database.engine.begin() as connection:
            _multiply(connection, "customer", number="n", strict_key="'k' || n", crm_reference="NULL")
            _multiply(connection, "report", number="n", customer="n")
            connection.exec_driver_sql("ANALYZE customer")
            connection.exec_driver_sql("ANALYZE report")
        with recording(database) as tape:
            report(context, a_report(context, "U0JOE", "Zenith Corp", category="unreasonable_demands"))
        with database.engine.connect() as connection:
            cursor = psycopg.RawCursor(connection.connection.driver_connection)
            changes = [said for said in tape.said if "UPDATE notice" in said[0]]
            assert changes
            for statement, values in changes:
                plan = [row[0] for row in cursor.execute(f"EXPLAIN {statement}", values)]
                assert not [step for step in plan if "Seq Scan on report" in step], plan


def _multiply(connection: Connection, table: str, **other: str) -> None:
    """Add 5,000 rows like the first, of which these columns are others by the number n."""
    columns = [column.name for column in metadata.tables[table].c]
    values = ", ".join(other.get(name, f'first."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    rows = f"{table} AS first, generate_series(10001, 15000) AS each(n)"
    connection.exec_driver_sql(f"INSERT INTO {table} ({names}) SELECT {values} FROM {rows}")  # noqa: S608 - our own names
