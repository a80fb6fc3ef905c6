"""Real databases for every test that asks for one: SQLite in a file, and PostgreSQL, which this starts by itself."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import event

from storage.database import Database
from tests.kept_database import KeptDatabase, bring_up_to_date
from tests.postgres import a_quick_server, address_of, in_memory

if TYPE_CHECKING:
    from collections.abc import Iterator


# Nothing is timed in a test, nor how long examples take to be made: that is what the benchmarks are for.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("mutants", settings.get_profile("house"), derandomize=True, database=None, max_examples=25)
settings.load_profile("house")

if "TMPDIR" not in os.environ:
    # Where the disk stalls for a second the bot refuses to record, as it should, and a test about something else fails.
    tempfile.tempdir = os.environ["TMPDIR"] = str(in_memory() or tempfile.gettempdir())


@pytest.fixture(autouse=True)
def same_umask() -> Iterator[None]:
    """A command that a test runs in this process keeps what it writes to its user; a later test may share a folder."""
    os.umask(before := os.umask(0))
    yield
    os.umask(before)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server: TEST_DATABASE_URL, or one started for this run and ended with it."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with a_quick_server() as server:
        yield address_of(server)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database, brought up to date, that a test may copy or read."""
    file = tmp_path_factory.mktemp("template") / "backstop.db"
    file.write_bytes(_empty_sqlite())
    return file


@pytest.fixture(scope="session")
def kept_database(postgres: str) -> Iterator[KeptDatabase]:
    kept = KeptDatabase(postgres)
    yield kept
    kept.drop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of this test's own, once of each kind. A run on SQLite alone starts no PostgreSQL."""
    if request.param == "sqlite":
        file = tmp_path / "backstop.db"
        file.write_bytes(_empty_sqlite())
        yield f"sqlite:///{file}"
        return
    kept: KeptDatabase = request.getfixturevalue("kept_database")
    yield kept.given()
    kept.take_back()


@pytest.fixture
def database(database_url: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """The record, empty. Nothing waits for the disk, and who is not given the processor for a while is not cut off."""
    database = Database(database_url)
    is_sqlite = database.engine.dialect.name == "sqlite"
    if not is_sqlite:
        request.getfixturevalue("kept_database").lend_sessions(database.engine)
    setting = "PRAGMA synchronous=OFF" if is_sqlite else "SET idle_in_transaction_session_timeout = 0"

    def prepare(connection: Any, _: object) -> None:  # noqa: ANN401 - either driver's
        connection.execute(setting)
        connection.commit()

    event.listen(database.engine, "connect", prepare)
    yield database
    database.close()


@cache
def _empty_sqlite() -> bytes:
    """A migrated SQLite file. Made once a process: `make mutants` forks hundreds of times after it was made."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "backstop.db"
        bring_up_to_date(f"sqlite:///{file}")
        return file.read_bytes()
