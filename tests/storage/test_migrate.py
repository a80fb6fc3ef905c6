"""Any process brings a database to the code's revision, and none touches a newer one."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, text

from bot.rules.refusals import NotRecorded
from storage.database import Database
from storage.db.engine import WAIT_FOR_SQLITE
from storage.db.revision import OtherRevision
from storage.migrate import migrate
from storage.tables.columns import metadata
from tests import forked
from tests.builders import FRIDAY, a_customer

if TYPE_CHECKING:
    from tests.forked import Command

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "secret",
    "MANAGEMENT_CHANNEL": "C0MANAGE",
    "MANAGERS": "U0PRIYA",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",  # nobody is there
}


def command(folder: Path, url: str, *words: str) -> Command:
    """Run `python -m bot …`."""
    return forked.command(folder, {"PATH": os.environ["PATH"], "DATABASE_URL": url, **SETTINGS}, *words)


def empty(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path / 'new.db'}")


def test_an_empty_database_gets_the_tables_of_the_code(tmp_path: Path) -> None:
    with closing(empty(tmp_path)) as database:
        revision = migrate(database)
        assert revision
        assert set(inspect(database.engine).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_a_second_migration_changes_nothing(database: Database) -> None:
    with database.begin("T1") as tx:
        a_customer(tx, "Zenith Corp", FRIDAY)
    first, second = migrate(database), migrate(database)
    assert first == second
    with database.read("T1") as tx:
        assert tx.customers.get(1).name == "Zenith Corp"


def test_a_newer_database_is_refused_and_left_as_it_is(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(OtherRevision, match="revision 9999, which this release does not know"):
        migrate(database)
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"


def newer(folder: Path) -> None:
    """A database of a later release."""
    with closing(empty(folder)) as database:
        migrate(database)
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


@pytest.mark.parametrize("words", [["migrate"], ["serve"], ["audit", "verify"]])
def test_every_command_refuses_a_newer_database_with_code_2(tmp_path: Path, words: list[str]) -> None:
    newer(tmp_path)
    code, _, complaint = command(tmp_path, f"sqlite:///{tmp_path / 'new.db'}", *words).result()
    assert code == 2
    assert complaint.strip().count("\n") == 0
    assert "does not know: a later one brought it there" in complaint


def test_check_names_a_newer_database_among_what_is_to_be_mended(tmp_path: Path) -> None:
    newer(tmp_path)
    code, said, complaint = command(tmp_path, f"sqlite:///{tmp_path / 'new.db'}", "check").result()
    assert (code, complaint) == (1, "")
    assert (
        "MEND The database is at revision 9999, which this release does not know: a later one brought it there" in said
    )


def test_processes_that_start_together_migrate_one_after_the_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    processes = [command(tmp_path, url, "migrate") for _ in range(3)]
    for process in processes:
        code, said, complaint = process.result()
        assert (code, complaint) == (0, "")
        assert said.startswith("The database is at revision ")


def test_a_database_that_is_locked_for_a_while_is_waited_for(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "new.db", isolation_level=None)) as holder:
        holder.execute("PRAGMA journal_mode=WAL")
        holder.execute("BEGIN IMMEDIATE")
        process = command(tmp_path, f"sqlite:///{tmp_path / 'new.db'}", "migrate")
        assert not process.ended(within=2.5)
        holder.execute("COMMIT")
    assert process.result()[0] == 0


def test_requests_do_not_wait_as_long_as_a_migration(tmp_path: Path) -> None:
    with closing(empty(tmp_path)) as database:
        migrate(database)
        with database.engine.connect() as connection:
            assert connection.execute(text("PRAGMA busy_timeout")).scalar_one() == WAIT_FOR_SQLITE
            assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
            assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite:////proc/self", "Its file cannot be opened: does it exist, and may the bot's user read and write it?"),
        ("postgresql://nobody@127.0.0.1:9/backstop", "No server answers at that address: is it running?"),
    ],
)
def test_a_database_that_cannot_be_reached_gives_one_line(tmp_path: Path, url: str, why: str) -> None:
    process = command(tmp_path, url, "migrate")
    code, _, complaint = process.result()
    assert code == os.EX_TEMPFAIL
    assert complaint.startswith(f"The bot cannot use the database, and records nothing until it can. {why}")
    assert complaint.count("\n") == 1


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    file.write_bytes(b"This is a letter, and no database at all. " * 40)
    with closing(empty(tmp_path)) as database, pytest.raises(NotRecorded):
        migrate(database)
    assert file.read_bytes().startswith(b"This is a letter")


def test_a_database_that_is_up_to_date_costs_no_alembic(database_url: str) -> None:
    script = "import sys; from storage.database import Database; from storage.migrate import migrate"
    script += f"; migrate(Database({database_url!r})); sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0  # noqa: S603 - our own


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_a_database_of_a_development_version_is_refused_with_what_to_do(database: Database, revision: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    with pytest.raises(OtherRevision, match=f"revision {revision}, which only development versions .* move it away"):
        migrate(database)
