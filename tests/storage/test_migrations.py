"""The migrations make the tables of the code, and depend on nothing that may change after them."""

from __future__ import annotations

import ast
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from storage.database import Database
from storage.db.revision import NEWEST
from storage.tables.columns import metadata
from storage.upgrade import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine, Inspector

VERSIONS = sorted((MIGRATIONS / "versions").glob("*.py"))
OURS = {"bot", "handlers", "storage"}


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


@pytest.mark.parametrize("file", VERSIONS, ids=lambda file: file.stem)
def test_a_migration_imports_nothing_of_ours(file: Path) -> None:
    """Otherwise it would do something else after every change of that code."""
    assert {name.partition(".")[0] for name in imported(file)} & {*OURS, ""} == set()


def test_the_revision_in_the_code_is_that_of_the_newest_migration() -> None:
    assert scripts().get_current_head() == NEWEST


def test_the_migrations_follow_one_another_in_the_order_of_their_names() -> None:
    revisions = [script.revision for script in scripts().walk_revisions()]
    assert revisions[::-1] == [f"r{file.stem[:4]}" for file in VERSIONS]


@pytest.fixture
def made(database: Database, tmp_path: Path) -> Iterator[Engine]:
    """A database with the tables as the code has them."""
    if database.engine.dialect.name == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    else:
        with database.engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA made"))
        engine = create_engine(database.engine.url, connect_args={"options": "-c search_path=made"})
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def described(engine: Engine) -> dict[str, Any]:
    """Every table: its columns with type, collation and default, its keys, constraints and indexes."""
    there = inspect(engine)
    return {name: _table(there, name) for name in there.get_table_names() if name != "alembic_version"}


def _table(there: Inspector, name: str) -> dict[str, Any]:
    """Of a column's type, `repr` also gives length and collation."""
    columns = [{**column, "type": repr(column["type"])} for column in there.get_columns(name)]
    parts = {
        "foreign keys": there.get_foreign_keys(name),
        "unique": there.get_unique_constraints(name),
        "checks": there.get_check_constraints(name),
        "indexes": [_plain(index) for index in there.get_indexes(name)],
    }
    return {"columns": columns, "key": there.get_pk_constraint(name)} | {
        what: sorted(found, key=str) for what, found in parts.items()
    }


def _plain(index: Any) -> dict[str, Any]:  # noqa: ANN401 - SQLAlchemy's ReflectedIndex
    return {**index, "dialect_options": {key: str(value) for key, value in index.get("dialect_options", {}).items()}}


def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database, made: Engine) -> None:
    migrated, of_the_code = described(database.engine), described(made)
    assert len(migrated) > 20
    assert {
        name: (migrated.get(name), table) for name, table in of_the_code.items() if migrated.get(name) != table
    } == {}
    assert set(migrated) == set(of_the_code)


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX ix_step_at",
        "ALTER TABLE step ADD COLUMN more INTEGER",
        "CREATE UNIQUE INDEX more ON step (at)",
        "DROP TABLE check_in",
    ],
)
def test_a_difference_is_seen(database: Database, made: Engine, change: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(change))
    assert described(database.engine) != described(made)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_index_has_statistics_of_a_record_that_has_grown(database_url: str) -> None:
    with closing(Database(database_url)) as database, database.engine.connect() as connection:
        indexes = set(connection.execute(text("SELECT name FROM sqlite_schema WHERE type = 'index'")).scalars())
        with_statistics = set(connection.execute(text("SELECT idx FROM sqlite_stat1")).scalars())
    assert len(indexes) > 50
    assert indexes == with_statistics
