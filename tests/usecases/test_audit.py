"""`audit verify` finds every change, removal or insertion without an entry in the log, and nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import inspect, text

from bot.cli.main import main
from bot.rules.reports import Evidence
from bot.usecases.audit import Verification
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.reports.withdraw import Withdraw, withdraw
from storage.audit.log import MissingAuditEntry
from storage.db.digested_tables import DIGESTED
from storage.tables.columns import metadata
from tests.builders import TEAM, a_context, audit_problems, before_a_decision, dropped, kept, reported, someone
from tests.tampering import CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.usecases.context import Context
    from storage.database import Database
    from tests.builders import FrozenClock

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TABLES = ("report", "verdict", "decision", "warning", "matter", "audit", "audit_head")
NOT_DIGESTED = {(name, column) for name, kind in DIGESTED.items() for column in kind.not_digested}
NOT_DIGESTED |= {("audit", "form"), ("audit", "once")}  # only by these is a form sent twice recognised


@pytest.fixture
def story(database: Database, clock: FrozenClock) -> Database:
    """Two customers: one warned and dropped, one kept with conditions; a report withdrawn, one with evidence."""
    context = a_context(database, clock)
    dropped(context, before_a_decision(context, clock))
    kept(context, before_a_decision(context, clock, "Acme"))
    evidence = (Evidence("link", "https://example.com/1", "The call"),)
    taken_back = reported(context, customer="Globex", category="persistent_contact", evidence=evidence)
    withdraw(context, Withdraw(someone("U0ANA"), taken_back.report))
    reported(context, customer="Globex", wants_support=True, doubted=True)
    return database


@pytest.fixture
def tamper(story: Database, database_url: str) -> Iterator[sqlite3.Connection]:
    """Somebody with access to the file, which no rule of the database protects."""
    story.close()
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        yield connection


def found(story: Database) -> list[str]:
    return list(audit_problems(story))


def rows(tamper: sqlite3.Connection, table: str) -> list[int]:
    return [row[0] for row in tamper.execute(f"SELECT rowid FROM {table} ORDER BY rowid")]  # noqa: S608 - our own names


def altered(value: Any, kind: str) -> Any:  # noqa: ANN401 - whatever SQLite keeps
    """Something else of the same kind."""
    if kind == "JSON":
        return '{"put": "in"}'
    if kind in ("INTEGER", "BOOLEAN"):
        return 1 - value if kind == "BOOLEAN" else (value or 0) + 1
    if kind in ("DATETIME", "DATE"):
        return "2001-01-01 00:00:00.000000" if kind == "DATETIME" else "2001-01-01"
    return f"{value or ''}x"


def test_nothing_is_found_in_an_untouched_record(story: Database) -> None:
    assert found(story) == []


def test_no_change_to_a_table_that_is_digested_is_kept_without_an_entry_in_the_log(story: Database) -> None:
    assert set(CHANGES) == set(DIGESTED)
    kept_anyway = []
    for table, change in CHANGES.items():
        try:
            with story.begin(TEAM) as tx:
                change(tx)
        except MissingAuditEntry:
            continue
        kept_anyway.append(table)
    assert kept_anyway == []
    assert found(story) == []


def test_the_verification_says_how_far_it_has_come(context: Context, database: Database) -> None:
    for name in ("Acme", "Zebra", "Yak"):
        reported(context, "U0ANA", name)
    call_backup(context, CallBackup(someone("U0JOE")))
    come_to: list[int] = []
    with database.read(TEAM) as tx:
        assert list(Verification(tx).problems(come_to.append)) == []
    assert come_to == [0, 1, 2, 3]


def test_an_edit_of_a_customer_says_in_the_log_which_fields_were_changed(context: Context, database: Database) -> None:
    reported(context)
    edit_customer(context, EditCustomer(someone("U0CARLA"), 1, "Zenith plc", "U0BRAD", "£18,000", "CRM-1"))
    with database.read(TEAM) as tx:
        last = list(tx.audit.chain(1))[-1][0]
    changed = ["name", "owner", "worth", "crm_reference"]
    assert (last.actor, last.act, last.facts) == ("U0CARLA", "describe", {"changed": changed, "owner": "U0BRAD"})


@SQLITE
@pytest.mark.parametrize("table", TABLES)
def test_every_changed_column_is_found_in_every_row(story: Database, tamper: sqlite3.Connection, table: str) -> None:
    kinds = {row[1]: row[2].partition("(")[0] for row in tamper.execute(f"PRAGMA table_info({table})")}
    columns = [column for column in kinds if (table, column) not in NOT_DIGESTED]
    for rowid, column in product(rows(tamper, table), columns):
        (before,) = tamper.execute(f'SELECT "{column}" FROM {table} WHERE rowid = ?', (rowid,)).fetchone()  # noqa: S608
        change = f'UPDATE {table} SET "{column}" = ? WHERE rowid = ?'  # noqa: S608 - our own names
        try:
            tamper.execute(change, (altered(before, kinds[column]), rowid))
        except sqlite3.IntegrityError:  # the database itself stands in the way
            continue
        assert found(story), f"{column} of row {rowid}: {before!r}"
        tamper.execute(change, (before, rowid))
    assert found(story) == []


@SQLITE
@pytest.mark.parametrize("table", TABLES)
def test_a_removed_row_is_found(story: Database, tamper: sqlite3.Connection, table: str) -> None:
    for rowid in rows(tamper, table):
        tamper.execute("BEGIN")
        kept_row = tamper.execute(f"SELECT * FROM {table} WHERE rowid = ?", (rowid,)).fetchone()  # noqa: S608
        tamper.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))  # noqa: S608
        tamper.execute("COMMIT")
        assert found(story), f"row {rowid}"
        marks = ",".join("?" * len(kept_row))
        tamper.execute(f"INSERT INTO {table} VALUES ({marks})", kept_row)  # noqa: S608
    assert found(story) == []


@SQLITE
@pytest.mark.parametrize("table", [table for table in TABLES if table != "audit_head"])
def test_a_row_that_was_put_in_is_found(story: Database, tamper: sqlite3.Connection, table: str) -> None:
    """A copy of each row, under another key."""
    key = {"report": "number", "warning": "number", "matter": "number", "decision": "case"}.get(table, "n")
    tamper.row_factory = sqlite3.Row
    for rowid in rows(tamper, table):
        values = dict(tamper.execute(f"SELECT * FROM {table} WHERE rowid = ?", (rowid,)).fetchone())  # noqa: S608
        values[key] += 1000
        values |= {"form": "another"} if table == "audit" else {}
        values |= {"case": values["case"] + 1000} if table == "warning" else {}
        values |= {"closed_at": "2026-11-20 10:00:00.000000"} if table == "matter" else {}
        names, marks = ",".join(f'"{name}"' for name in values), ",".join("?" * len(values))
        put_in = tamper.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", (*values.values(),))  # noqa: S608
        assert found(story), f"row {rowid}"
        tamper.execute(f"DELETE FROM {table} WHERE rowid = ?", (put_in.lastrowid,))  # noqa: S608
    assert found(story) == []


@SQLITE
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE report SET severity = 'minor' WHERE number = 2", "customer 1: report 2 was changed after entry 2"),
        ("DELETE FROM report WHERE number = 2", "customer 1: report 2 was removed, of which entry 2 tells"),
        ("UPDATE report SET customer = 2 WHERE number = 2", "customer 2: report 2 was put in, and no entry tells"),
        ("UPDATE warning SET letter = 'Dear friend' WHERE number = 1", "customer 1: warning 1 was changed"),
        ("UPDATE decision SET rationale = 'On a whim' WHERE choice = 'drop'", "customer 1: decision 2 was changed"),
        ("UPDATE verdict SET points = 0 WHERE customer = 1 AND n = 1", "customer 1: verdict 1/1 was changed"),
        ("UPDATE audit SET actor = 'U0EVE' WHERE customer = 1 AND n = 2", "customer 1: entry 2 was changed"),
        ("DELETE FROM audit_head WHERE customer = 1", "customer 1: the end of the audit log was removed"),
        ("DELETE FROM customer WHERE number = 1", "customer 1: the customer was removed"),
        (
            "UPDATE audit SET facts = 'gibberish' WHERE customer = 1 AND n = 2",
            "customer 1: what stands there was never",
        ),
        ("UPDATE policy SET body = '{}'", "was changed"),
        ("DELETE FROM policy", "was removed"),
    ],
)
def test_each_problem_is_named_in_plain_words(
    story: Database, tamper: sqlite3.Connection, change: str, said: str
) -> None:
    assert tamper.execute(change).rowcount == 1
    assert said in "\n".join(found(story))
    assert all(line.startswith(TEAM) for line in found(story))


@SQLITE
def test_a_customer_who_was_removed_with_all_rows_is_found(story: Database, tamper: sqlite3.Connection) -> None:
    for table in metadata.tables.values():
        if "customer" in table.c:
            tamper.execute(f"DELETE FROM {table.name} WHERE customer = 3")  # noqa: S608 - our own names
    tamper.execute("DELETE FROM customer WHERE number = 3")
    assert f"{TEAM}, customer 3: the customer was removed." in found(story)


@SQLITE
def test_removing_texts_with_their_salt_is_not_taken_for_an_erasure(
    story: Database, tamper: sqlite3.Connection
) -> None:
    tamper.execute("UPDATE report SET narrative = '', evidence = '[]', salt = '' WHERE number = 1")
    assert found(story) == [f"{TEAM}, customer 1: report 1 was changed after entry 1 recorded it."]


@SQLITE
@pytest.mark.parametrize("half", ["narrative = ''", "salt = ''", "narrative = '', evidence = '[]'"])
def test_a_text_without_its_salt_or_a_salt_without_its_text_is_a_change(
    story: Database, tamper: sqlite3.Connection, half: str
) -> None:
    tamper.execute(f"UPDATE report SET {half} WHERE number = 1")  # noqa: S608 - the test's own words
    assert found(story) == [f"{TEAM}, customer 1: report 1 was changed after entry 1 recorded it."]


def test_every_digested_table_is_a_table(database: Database) -> None:
    there = set(inspect(database.engine).get_table_names())
    assert set(DIGESTED) <= there
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit")).scalar_one() == 0


@SQLITE
def test_a_workspace_that_only_the_log_knows_is_found(story: Database, tamper: sqlite3.Connection) -> None:
    tamper.execute("UPDATE counter SET team = 'T0OTHER' WHERE name = 'customer'")
    assert "T0OTHER, customers 1 to 3: the customers were removed." in found(story)


@SQLITE
@pytest.mark.usefixtures("typed_settings")
def test_the_command_prints_a_line_for_each_problem_and_exits_with_1(
    story: Database, tamper: sqlite3.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "verify"]) == 0
    assert capsys.readouterr().out.endswith("\nThe audit log is whole.\n")
    tamper.execute("UPDATE report SET severity = 'minor' WHERE number = 2")
    tamper.execute("DELETE FROM audit WHERE customer = 2 AND n = 1")
    assert main(["audit", "verify"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{TEAM}, customer 1: report 2 was changed after entry 2 recorded it."
    assert lines[1] == f"{TEAM}, customer 2: entry 1 was removed."
    assert lines[-1].endswith(" broken.")
    assert found(story) == [line for line in lines[:-1] if line.startswith(f"{TEAM}, ")]
