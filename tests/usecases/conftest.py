"""Use cases on a real database, with a clock that stands still."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.rules.cases import Case
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.context import Context
from storage.database import Database
from storage.transaction import Transaction
from tests.builders import TEAM, FrozenClock, a_context, audit_problems, opened, someone
from tests.later import MONDAY, Later


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def database(database: Database, request: pytest.FixtureRequest) -> Iterator[Database]:
    """The record. At the end of each test the audit log must match it."""
    yield database
    if "tamper" not in request.fixturenames:
        assert list(audit_problems(database)) == []


@pytest.fixture
def context(database: Database, clock: FrozenClock) -> Context:
    return a_context(database, clock)


@pytest.fixture
def later(context: Context, clock: FrozenClock, database: Database) -> Later:
    return Later(context, clock, database)


@pytest.fixture
def case(office: Context) -> Case:
    """An urgent case for a decision that Priya reported, and from which Brad stepped aside."""
    case = opened(office, "U0PRIYA", category="threat")
    recuse(office, Recuse(someone("U0BRAD"), case.number, ""))
    return case


@pytest.fixture
def tx(office: Context, case: Case) -> Iterator[Transaction]:  # noqa: ARG001 - the record has it
    with office.read(TEAM) as tx:
        yield tx


@pytest.fixture
def objected(later: Later) -> int:
    """A case that Priya decided on Friday and to which the customer objected on Monday."""
    case = later.dropped()
    later.sent(case)
    later.go_to(MONDAY)
    later.objects(case)
    return case


@pytest.fixture
def tamper() -> None:
    """This test leaves a record that does not verify, on purpose."""


@pytest.fixture
def typed_settings(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings with which commands can be typed, in an empty folder."""
    settings = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "MANAGEMENT_CHANNEL": "C0MANAGE"}
    for name, value in (settings | {"MANAGERS": "U0PRIYA", "DATABASE_URL": database_url}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
