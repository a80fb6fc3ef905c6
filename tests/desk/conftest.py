"""A desk on a real database, and a clock that stands still."""

from collections.abc import Iterator

import pytest

from bot.desk.desk import Desk
from bot.verifying import broken_chains
from storage.database import Database
from tests.builders import FrozenClock, a_desk


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def database(database: Database, request: pytest.FixtureRequest) -> Iterator[Database]:
    """The record. Whatever a test has the desk do with it, the audit log tells of all of it in the end."""
    yield database
    if "tamper" not in request.fixturenames:
        assert list(broken_chains(database)) == []


@pytest.fixture
def desk(database: Database, clock: FrozenClock) -> Desk:
    return a_desk(database, clock)
