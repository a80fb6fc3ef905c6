"""A desk on a real database, and a clock that stands still."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.desk.desk import Desk
from storage.database import Database
from storage.migrate import migrate
from tests.builders import FrozenClock, a_desk


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'backstop.db'}")
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def desk(database: Database, clock: FrozenClock) -> Desk:
    return a_desk(database, clock)
