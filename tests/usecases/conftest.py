"""A desk on a real database, and a clock that stands still."""

from collections.abc import Iterator

import pytest

from bot.usecases.audit import broken_chains
from bot.usecases.context import Context
from storage.database import Database
from tests.builders import FrozenClock, a_context
from tests.later import MONDAY, Later


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
def context(database: Database, clock: FrozenClock) -> Context:
    return a_context(database, clock)


@pytest.fixture
def later(context: Context, clock: FrozenClock, database: Database) -> Later:
    return Later(context, clock, database)


@pytest.fixture
def appealed(later: Later) -> int:
    """A case that Priya decided on Friday, and against which the customer appealed on Monday."""
    case = later.dropped()
    later.go_to(MONDAY)
    later.appeal(case)
    return case
