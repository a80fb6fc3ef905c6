"""A desk on a real database, and a clock that stands still."""

import pytest

from bot.desk.desk import Desk
from storage.database import Database
from tests.builders import FrozenClock, a_desk


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def desk(database: Database, clock: FrozenClock) -> Desk:
    return a_desk(database, clock)
