"""The record of each release has something in every table. Every later one upgrades it, verifies it and serves it."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import threading
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from bot import VERSION
from bot.cli.main import main
from bot.http_server import serve
from bot.sandbox.person import Person
from storage.database import Database
from storage.migrate import migrate
from storage.tables.columns import metadata
from tests.builders import PATIENCE, TEAM, audit_problems, read_from_slack
from tests.releases.__main__ import FOLDER, FROZEN, PROGRAMS
from tests.releases.filling import ENDS
from tests.slack.assembled import Assembled, assembled
from tests.slack.steps import pressed, reports, soon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.server import Sandbox

KINDS = {".db.gz": "sqlite", ".dump": "postgresql"}
RECORDS = [(record, kind) for ending, kind in KINDS.items() for record in sorted(FOLDER.glob(f"*{ending}"))]
COLUMNS = {(table.name, column.name) for table in metadata.sorted_tables for column in table.c}
EACH = pytest.mark.parametrize(
    ("record", "database_url"), RECORDS, ids=[record.name for record, _ in RECORDS], indirect=["database_url"]
)
LATER = "This release is out, and its record stays as it is: a change of a table is a new migration (CONTRIBUTING.md)."
AGAIN = f"{VERSION} is not out yet. Run `python -m tests.releases` and commit what it makes (CONTRIBUTING.md)."


def test_the_release_that_is_prepared_and_each_that_is_out_has_its_record_for_both_databases() -> None:
    needed = {f"{version}{ending}" for version in {VERSION, *FROZEN} for ending in KINDS}
    assert {record.name for record, _ in RECORDS} == needed, AGAIN


def test_the_record_of_what_is_not_out_has_the_tables_that_this_code_makes(migrated_file: Path, tmp_path: Path) -> None:
    def made(file: Path) -> set[tuple[str, str]]:
        with closing(sqlite3.connect(file)) as connection:
            return set(connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'"))

    for version in {VERSION} - FROZEN:
        there = tmp_path / "there.db"
        there.write_bytes(gzip.decompress((FOLDER / f"{version}.db.gz").read_bytes()))
        assert made(there) == made(migrated_file), AGAIN


def put_back(record: Path, url: str) -> None:
    """A copy of the record, as of a backup, in place of an empty one."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        Path(str(address.database)).write_bytes(gzip.decompress(record.read_bytes()))
        return
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    restore = (PROGRAMS / "pg_restore", "--clean", "--if-exists", "--no-owner", "-d", plain, record)
    subprocess.run(restore, check=True)  # noqa: S603 - PostgreSQL's own


def columns(database: Database) -> set[tuple[str, str]]:
    there = inspect(database.engine)
    tables = [each for each in there.get_table_names() if each not in {"alembic_version", "sqlite_stat1"}]
    return {(table, column["name"]) for table in tables for column in there.get_columns(table)}


@contextmanager
def served(firm: Assembled) -> Iterator[None]:
    """The bot also answers what the sandbox sends."""
    stop, listening, bot = threading.Event(), Queue[str](), firm.running[-1]
    bot.worker.roster._team = TEAM
    bot.worker.roster._team_known.set()
    args = (bot.web, "127.0.0.1", 0, stop)
    thread = threading.Thread(target=serve, args=args, kwargs={"listening": listening.put})
    thread.start()
    firm.sandbox.bot_url = f"{listening.get(timeout=PATIENCE)}slack/events"
    try:
        yield
    finally:
        stop.set()
        thread.join()


@EACH
def test_a_record_of_this_or_an_earlier_release_is_full_is_upgraded_verified_and_served(
    record: Path, database_url: str, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_back(record, database_url)
    with closing(Database(database_url)) as database:
        with database.engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            empty = [each for each in tables if not connection.exec_driver_sql(f"SELECT 1 FROM {each}").first()]  # noqa: S608
        assert empty == [], f"Nothing is in {empty}: let tests/releases/filling.py fill them. {AGAIN}"
        migrate(database)
        assert columns(database) == COLUMNS, LATER if record.name.partition(".d")[0] in FROZEN else AGAIN
        assert list(audit_problems(database)) == []

    firm = assembled(sandbox, database_url)
    firm.clock.time = ENDS + timedelta(days=1)
    firm.start()
    with served(firm):
        priya = Person(sandbox.url, "U0PRIYA")
        firm.work()
        priya._client.post("home")
        assert soon(lambda: firm.behind() > 0)
        firm.work()
        assert "Initech" in priya.current_home("Initech").text
        read_from_slack(firm.running[-1].context)  # all those messages took time
        case = pressed(priya, priya.message("C0MANAGE", "Initech"), "See the case")
        assert "He screamed until I hung up." in case.text()
        reports(Person(sandbox.url, "U0MIA"), "Acme")
    assert list(audit_problems(firm.running[-1].database)) == []
    firm.stop()

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert main(["audit", "verify"]) == 0
    assert main(["export", "case", "2", "--out", "pack.zip"]) == 0
    assert main(["export", "customer", "Zenith Corp", "--out", "customer.txt"]) == 0
    assert main(["export", "all", "--out", "all.jsonl"]) == 0
    assert json.loads((tmp_path / "all.jsonl").read_text().splitlines()[-1])
