"""The hot paths go by an index, however much is on record: a report, the outbox's claim, finding a name."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.desk import Desk
from bot.desk.report import report
from storage.database import Database
from storage.migrate import migrate
from tests.builders import TEAM, FrozenClock, a_desk, a_report
from tests.tape import Said, recording

LARGE = {"report", "matter", "notice", "audit", "customer", "customer_gram", "verdict", "step", "former_name"}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """SQLite, which tells how it goes about a statement whatever is on record. Both databases have the same indexes."""
    with closing(Database(f"sqlite:///{tmp_path / 'plans.db'}")) as database:
        migrate(database)
        yield database


@pytest.fixture
def desk(database: Database) -> Desk:
    desk = a_desk(database, FrozenClock())
    for user in ("U0ANA", "U0JOE", "U0MIA"):
        report(desk, a_report(desk, user, "Zenith Corp", category="unreasonable_demands"))
    return desk


def scanned(database: Database, statements: list[Said]) -> list[str]:
    """The large tables that are read from end to end, and by which statement."""
    found = []
    with database.engine.connect() as connection:
        for statement, parameters in statements:
            if statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")):
                first = parameters[0] if isinstance(parameters, list) else parameters
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", first)
                words = [row.detail.split() for row in plan]
                found += [f"{step[1]}: {statement}" for step in words if step[0] == "SCAN" and step[1] in LARGE]
    return found


def test_what_reads_a_table_from_end_to_end_is_told(database: Database) -> None:
    statement = "SELECT narrative FROM report WHERE narrative = 'x'"
    assert scanned(database, [(statement, ())]) == [f"report: {statement}"]


@pytest.mark.parametrize("customer", ["Zenith Corp", "Somebody New"])
def test_a_report_goes_by_indexes(database: Database, desk: Desk, customer: str) -> None:
    with recording(database) as tape:
        report(desk, a_report(desk, "U0ANA", customer, category="unreasonable_demands"))
    assert len(tape.said) > 20
    assert scanned(database, tape.said) == []


def claim(database: Database, desk: Desk) -> None:
    with database.outbox() as outbox:
        assert outbox.claim(desk.clock() + timedelta(seconds=5), timedelta(seconds=20)) is not None


def ask(typed: str) -> Callable[[Database, Desk], None]:
    def asked(database: Database, _: Desk) -> None:
        with database.read(TEAM) as record:
            assert [likely.name for likely in record.customers.likely(typed, 20)] == ["Zenith Corp"]

    return asked


@pytest.mark.parametrize("act", [claim, ask("zen"), ask("nith"), ask("zenyth"), ask("zenith corpp")])
def test_claims_and_the_type_ahead_go_by_indexes(
    database: Database, desk: Desk, act: Callable[[Database, Desk], None]
) -> None:
    with recording(database) as tape:
        act(database, desk)
    assert tape.said
    assert scanned(database, tape.said) == []
