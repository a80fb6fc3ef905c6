"""`customers import`, killed again and again: what is there is whole, and the same command ends as one that was not."""

from __future__ import annotations

import csv
import os
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.usecases.customers.import_list import BATCH
from storage.database import Database
from storage.migrate import migrate
from storage.tables.audit import audit
from storage.tables.customers import customer, customer_gram
from tests.builders import TEAM, audit_problems, rows
from tests.forked import command
from tests.slack.steps import soon

if TYPE_CHECKING:
    from pathlib import Path

    from tests.forked import Command

KNOWN, ALL = 200, 1_200
KILLED_AT = (1, KNOWN // 2, KNOWN + 1, KNOWN + 600)  # lines that are done


def a_list(folder: Path, many: int, worth: str) -> Path:
    file = folder / f"{many}.csv"
    with file.open("w", newline="") as opened:
        lines = ([f"Customer {n:04} Ltd", f"CRM-{n}", worth, "U0BRAD"] for n in range(1, many + 1))
        csv.writer(opened).writerows([["name", "crm_reference", "worth", "owner"], *lines])
    return file


def started(folder: Path, url: str, file: Path) -> Command:
    settings = {
        "PATH": os.environ["PATH"],
        "SLACK_BOT_TOKEN": "xoxb-test",
        "SLACK_SIGNING_SECRET": "shhh",
        "DATABASE_URL": url,
        "MANAGEMENT_CHANNEL": "C0MANAGE",
        "MANAGERS": "U0PRIYA",
    }
    return command(folder, settings, "customers", "import", str(file), "--team", TEAM)


def imported(database: Database) -> list[tuple[object, ...]]:
    """All that an import leaves, but for times and what is random."""
    found = [(row.number, row.name, row.crm_reference, row.worth, row.owner) for row in rows(database, customer)]
    found += [(row.customer, row.gram) for row in rows(database, customer_gram)]
    return sorted(found, key=str)


def test_an_import_that_is_killed_leaves_whole_batches_and_ends_like_one_that_was_not(
    database_url: str, tmp_path: Path
) -> None:
    first, whole = a_list(tmp_path, KNOWN, "£1"), a_list(tmp_path, ALL, "£2")
    with closing(Database(database_url)) as database:

        def done() -> int:
            with database.engine.connect() as connection:
                return int(connection.scalar(select(func.count()).where(customer.c.worth == "£2")) or 0)

        assert started(tmp_path, database_url, first).result()[0] == 0
        for many in KILLED_AT:
            running = started(tmp_path, database_url, whole)
            assert soon(lambda many=many: done() >= many, every=0.01)
            running.process.kill()
            assert running.ended()
            assert done() % BATCH == 0
            assert done() < ALL
            assert list(audit_problems(database)) == []
        left, received = ALL - done(), len(rows(database, audit))
        code, said, _ = started(tmp_path, database_url, whole).result()
        assert (code, said.split(" changed, ")[1]) == (0, f"{ALL - left:,} as they were.\n")
        assert len(rows(database, audit)) == received + left == KNOWN + ALL
        assert list(audit_problems(database)) == []
        found = imported(database)
    assert found == imported_at_once(tmp_path, first, whole)


def imported_at_once(folder: Path, *files: Path) -> list[tuple[object, ...]]:
    url = f"sqlite:///{folder / 'at-once.db'}"
    with closing(Database(url)) as database:
        migrate(database)
        for file in files:
            assert started(folder, url, file).result()[0] == 0
        return imported(database)
