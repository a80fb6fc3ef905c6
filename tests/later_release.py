"""A later release: each digested table has a new column, and policies a new key. `python -m tests.later_release URL`.

It upgrades the database, records a report, and prints what it finds wrong, each time one line of JSON: before the
report, after it, after a change of an old row, and after a change of the new column in the report's row.
"""

import json
import sys
from contextlib import closing
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Column, String

from storage.db.digested_tables import DIGESTED, Version

NEW = "added_later"

for _name, _kind in DIGESTED.items():  # before anything makes statements of the tables
    _kind.table.append_column(Column(NEW, String(16)))
    _newest = _kind.versions[-1]
    DIGESTED[_name] = replace(_kind, versions=(*_kind.versions, Version((*_newest.facts, NEW), _newest.texts)))

from bot.rules.policy.policy import Policy  # noqa: E402 - see above
from bot.usecases.reports.report import report  # noqa: E402
from storage.database import Database  # noqa: E402
from tests.builders import FrozenClock, a_context, a_report, audit_problems  # noqa: E402


class LaterPolicy(Policy):
    """A policy with a key that earlier releases did not know."""

    def body(self) -> dict[str, Any]:
        """As `Policy.body`."""
        return {**super().body(), "added_later": 7}


def main(url: str) -> None:
    """Print what is found."""
    with closing(Database(url)) as database:
        _run(database, *(f"ALTER TABLE {name} ADD COLUMN {NEW} VARCHAR(16)" for name in DIGESTED))
        _print_problems(database)
        context = a_context(database, FrozenClock())
        policy = LaterPolicy(**{each.name: getattr(context.policy, each.name) for each in fields(Policy)})
        form = a_report(context, "U0ANA", "Globex")
        form = replace(form, by=replace(form.by, form="V0LATER"))  # forms are counted by process
        new = report(replace(context, policy=policy), form).report
        _print_problems(database)
        _run(database, "UPDATE report SET severity = 'minor' WHERE number = 1")
        _print_problems(database)
        _run(database, f"UPDATE report SET {NEW} = 'x' WHERE number = {new}")  # noqa: S608 - our own names
        _print_problems(database)


def _run(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _print_problems(database: Database) -> None:
    print(json.dumps(list(audit_problems(database))))  # noqa: T201 - that is what it is for


if __name__ == "__main__":
    main(sys.argv[1])
