"""Every way of tampering with every table: `audit verify` finds it, or docs/security.md says why it need not."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.rules.audit import Act
from bot.rules.backup import HowEnded
from bot.rules.reports import CheckIn, Evidence
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.weeks import Week
from bot.usecases.backup.answer import EndCall, SetAvailable, TakeCall, end_backup, set_available, take_call
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.processes import ThisProcess
from bot.usecases.reports.files import Fetcher
from bot.usecases.weekly.summaries import post_summary, publish_digest
from storage.audit.derived import COUNTED
from storage.database import Database
from storage.db.digested_tables import DIGESTED
from storage.migrate import migrate
from storage.tables.columns import metadata
from tests.builders import (
    FRIDAY,
    TEAM,
    FrozenClock,
    a_context,
    audit_problems,
    before_a_decision,
    dropped,
    kept,
    read_from_slack,
    reported,
    someone,
)  # fmt: skip
from tests.later import MONDAY
from tests.tampering import CELLS, CHANGES, FOUND, NOT_COMPARED, ONLY, WAYS, printed, texts_printed

ROOT = Path(__file__).parents[2]
Row = dict[str, Any]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A record with a row in every table, in memory."""
    file = tmp_path_factory.mktemp("record") / "original.db"
    with closing(Database(f"sqlite:///{file}")) as database:
        migrate(database)
        _fill(database)
        assert list(audit_problems(database)) == []
    with closing(sqlite3.connect(file)) as there, closing(sqlite3.connect(":memory:")) as kept_in_memory:
        there.backup(kept_in_memory)
        yield kept_in_memory


class Slack:
    def file(self, *_: object) -> bytes:
        return b"a screenshot"


def _fill(database: Database) -> None:
    clock = FrozenClock()
    context = a_context(database, clock)
    read_from_slack(context)
    dropped(context, before_a_decision(context, clock))
    kept(context, before_a_decision(context, clock, "Acme"))
    reported(context, customer="Globex", wants_support=True, evidence=(Evidence("file", "", "a.png", file="F0A"),))
    for user, customer in (("U0ANA", 1), ("U0JOE", 0)):
        call_backup(context, CallBackup(someone(user), "in the lobby", customer))
    take_call(context, TakeCall(someone("U0PRIYA"), 1))
    for call, user in ((1, "U0PRIYA"), (2, "U0JOE")):
        end_backup(context, EndCall(someone(user), call, HowEnded.CALMED))
    set_available(context, SetAvailable(someone("U0BRAD"), available=False))
    Fetcher(context, Slack()).fetch_next(TEAM)  # no more of Slack is asked
    with database.begin(TEAM) as tx:
        for table in DIGESTED:
            if table not in {"report", "matter", "warning", "decision", "backup_call"}:
                CHANGES[table](tx)
        tx.scheduled_tasks.set(TaskKind.OBJECTION_DUE, 2, FRIDAY)
        for customer in (1, 2):
            tx.audit.append(customer, "U0ADA", Act.MERGE, {}, clock())
        tx.installation.begin()
        tx.check_ins.ask(CheckIn(1, "U0ANA", 1, FRIDAY), FRIDAY.date())
        tx.check_ins.talked("U0ANA", "U0CORA", FRIDAY)
        tx.customers.rename(tx.customers.get(3), "Globex plc")
        tx.audit.append(3, "U0ADA", Act.MERGE, {}, clock())
    for weeks in range(2):
        clock.time = MONDAY + timedelta(days=7 * weeks)
        post_summary(context, TEAM, Week(2026, 47 + weeks))
        publish_digest(context, TEAM, Week(2026, 47 + weeks), context.firm.summary_target)
        reported(context, customer="Initech")
    ThisProcess(context).start(TEAM)
    with database.outbox() as outbox:
        outbox.claim(clock(), timedelta(seconds=20))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, sqlite3.Connection]]:
    """A database, and somebody who has its file: no rule of the database protects it."""
    file = tmp_path_factory.mktemp("record") / "tampered.db"
    with (
        closing(Database(f"sqlite:///{file}")) as database,
        closing(sqlite3.connect(file, isolation_level=None)) as them,
    ):
        them.execute("PRAGMA journal_mode=WAL")
        yield database, them


class Tampering:
    """What somebody does to a copy of the record."""

    def __init__(self, database: Database, them: sqlite3.Connection, original: sqlite3.Connection, table: str) -> None:
        self.database, self.them, self.original, self.table = database, them, original, table
        info = original.execute(f'PRAGMA table_info("{table}")').fetchall()
        self.columns = {name: kind.partition("(")[0] for _, name, kind, *_ in info}
        self.key = [name for _, name, _, _, _, key in info if key and name != "team"] or ["team"]

    def start(self) -> None:
        """Begin with an untouched record in which nothing is enforced."""
        self.original.backup(self.them)
        self.them.execute("PRAGMA foreign_keys=OFF")
        unique = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE%'"
        for (name,) in self.them.execute(unique).fetchall():
            self.them.execute(f'DROP INDEX "{name}"')

    def is_found(self) -> bool:
        return any(True for _ in audit_problems(self.database))

    def rows(self) -> list[int]:
        which = ONLY.get(self.table, "true")
        query = f'SELECT rowid FROM "{self.table}" WHERE {which} ORDER BY rowid'  # noqa: S608 - our own names
        return [row[0] for row in self.them.execute(query)]

    def assign(self, rowid: int, **values: Any) -> None:  # noqa: ANN401 - of any column
        assigned = ", ".join(f'"{name}" = ?' for name in values)
        self.them.execute(f'UPDATE "{self.table}" SET {assigned} WHERE rowid = ?', (*values.values(), rowid))  # noqa: S608

    def row(self, rowid: int) -> Row:
        found = self.them.execute(f'SELECT * FROM "{self.table}" WHERE rowid = ?', (rowid,)).fetchone()  # noqa: S608
        return dict(zip(self.columns, found, strict=True))

    def delete(self, rowid: int) -> None:
        self.them.execute(f'DELETE FROM "{self.table}" WHERE rowid = ?', (rowid,))  # noqa: S608

    def other_key(self, rowid: int) -> Row:
        """The key with another last part."""
        row = self.row(rowid)
        return {name: row[name] for name in self.key} | {
            self.key[-1]: other(row[self.key[-1]], self.columns[self.key[-1]])
        }

    def unique(self) -> set[str]:
        """Columns that are unique besides the key."""
        listed = self.them.execute(f'PRAGMA index_list("{self.table}")').fetchall()
        names = [name for _, name, is_unique, origin, _ in listed if is_unique and origin == "u"]
        return {column for name in names for _, _, column in self.them.execute(f'PRAGMA index_info("{name}")')} - {
            "team"
        }


def other(value: Any, kind: str) -> Any:  # noqa: ANN401 - whatever SQLite keeps
    """Something else of the same kind."""
    if kind == "BOOLEAN":
        return 1 - value
    if kind == "INTEGER":
        return (value or 0) + 1000
    if kind == "BLOB":
        return value + b"x"
    if kind in ("DATETIME", "DATE"):
        return "2001-01-01 00:00:00.000000" if kind == "DATETIME" else "2001-01-01"
    return '{"put": "in"}' if kind == "JSON" else f"{value or ''}x"


def changed(what: Tampering) -> bool:
    """Whether a change of any column of the newest row is found. None is, or each."""
    found = {}
    for column in [name for name in what.columns if (what.table, name) not in NOT_COMPARED]:
        what.start()
        newest = what.rows()[-1]
        what.assign(newest, **{column: other(what.row(newest)[column], what.columns[column])})
        found[column] = what.is_found()
    return all(found.values()) if CELLS[what.table]["change"] == FOUND else any(found.values())


def removed(what: Tampering) -> bool:
    """The first row is removed."""
    what.start()
    what.delete(what.rows()[0])
    return what.is_found()


def put_in(what: Tampering) -> bool:
    """A copy of the newest row is put in under another key."""
    what.start()
    newest = what.rows()[-1]
    row = what.row(newest)
    row |= what.other_key(newest) | {name: other(row[name], what.columns[name]) for name in what.unique()}
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    what.them.execute(f'INSERT INTO "{what.table}" ({names}) VALUES ({marks})', tuple(row.values()))  # noqa: S608
    return what.is_found()


def reordered(what: Tampering) -> bool:
    """The first two rows exchange their keys; the only one gets another."""
    what.start()
    first, *others = what.rows()
    key = {name: what.row(first)[name] for name in what.key}
    what.assign(first, **what.other_key(first))
    if others:
        theirs = {name: what.row(others[0])[name] for name in what.key}
        what.assign(others[0], **key)
        what.assign(first, **theirs)
    return what.is_found()


def cut_off(what: Tampering) -> bool:
    """The newest row is removed, and what is stored of how many there are is put back."""
    what.start()
    if what.table == "customer":
        return _customer_cut_off(what)
    newest = what.rows()[-1]
    row = what.row(newest)
    what.delete(newest)
    if what.table == "audit":
        before = "SELECT n, hash, at FROM audit WHERE customer = ? ORDER BY n DESC LIMIT 1"
        end = what.them.execute(before, (row["customer"],)).fetchone() or (0, "0" * 64, None)
        change = "UPDATE audit_head SET n = ?, hash = ?, at = ? WHERE customer = ?"
        what.them.execute(change, (*end, row["customer"]))
    _count_again(what)
    return what.is_found()


def _customer_cut_off(what: Tampering) -> bool:
    (newest,) = what.them.execute("SELECT max(number) FROM customer").fetchone()
    for table in metadata.tables.values():
        if "customer" in table.c:
            what.them.execute(f'DELETE FROM "{table.name}" WHERE customer = ?', (newest,))  # noqa: S608
    what.them.execute("DELETE FROM customer WHERE number = ?", (newest,))
    _count_again(what)
    return what.is_found()


def _count_again(what: Tampering) -> None:
    for name, table in COUNTED.items():
        left = f'SELECT coalesce(max(number), 0) FROM "{table.name}"'  # noqa: S608
        what.them.execute(f"UPDATE counter SET value = ({left}) WHERE name = ?", (name,))  # noqa: S608


CARRIED_OUT = dict(zip(WAYS, (changed, removed, put_in, reordered, cut_off), strict=True))


def test_every_table_has_a_row_in_the_table_of_tampering() -> None:
    assert set(CELLS) == set(metadata.tables)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("table", sorted(CELLS))
def test_a_cell(
    original: sqlite3.Connection, opened: tuple[Database, sqlite3.Connection], table: str, way: str
) -> None:
    assert CARRIED_OUT[way](Tampering(*opened, original, table)) == (CELLS[table][way] == FOUND)


def test_the_page_has_the_table_as_it_is_tested() -> None:
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    assert printed() in page, "run python -m tests.tampering"
    assert texts_printed() in page, "run python -m tests.tampering"
