"""How what was seen is written: pretty JSON, rows of a database, text; and the masks."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = re.compile(r"(127\.0\.0\.1|localhost)(:|, port )\d{2,5}\b")


def clean(text: str) -> str:
    """Without the ports of this run, which the machine gives."""
    return ADDRESS.sub(r"\1\2<port>", text)


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(clean(text), encoding="utf-8")


def pretty(file: Path, shown: Any) -> None:  # noqa: ANN401 - JSON
    write(file, json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def rows(database: Path, folder: Path) -> None:
    """Every row of every table as lines of JSON, sorted, and the schema."""
    connection = sqlite3.connect(database)
    schema = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    write(folder / "schema.sql", "".join(f"-- {kind} {name} on {table}\n{sql}\n" for kind, name, table, sql in schema))
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        found = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name of the schema's
        names = [column[0] for column in found.description]
        lines = sorted(json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False) for row in found)
        write(folder / f"{table}.jsonl", "".join(f"{line}\n" for line in lines))
    connection.close()


def _plain(value: Any) -> Any:  # noqa: ANN401 - as SQLite has it
    return f"0x{value.hex()}" if isinstance(value, bytes) else value


def dumped(database: Path, copy: Path) -> None:
    """A copy of a database that is in use."""
    source, target = sqlite3.connect(database), sqlite3.connect(copy)
    source.backup(target)
    source.close()
    target.close()
