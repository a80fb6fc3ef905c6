"""How many calls a change costs: an unchanged message is not sent."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from bot.app import render_function
from bot.usecases.delivery.delivery import Delivery
from bot.usecases.home.home import open_home
from handlers.client.transport import SlackTransport
from tests.builders import FrozenClock, a_context, reported, someone
from tests.slack.conftest import TOKEN
from tests.slack.office import counts, patient_client, real_clock

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox
    from bot.usecases.context import Context
    from storage.database import Database

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(real_clock())


@pytest.fixture
def context(database: Database, clock: FrozenClock) -> Context:
    return a_context(database, clock)


@pytest.fixture
def delivery(database: Database, context: Context, sandbox: Sandbox, clock: FrozenClock) -> Delivery:
    slack = SlackTransport(patient_client(sandbox, TOKEN))
    return Delivery(database.outbox, database.read, render_function(context), slack, clock)


def delivered(delivery: Delivery) -> list[tuple[str, int]]:
    """What was worked off now, in its order."""
    worked_off = []
    while job := delivery.claim():
        delivery.deliver(job)
        worked_off.append((job.notice.kind, job.notice.subject))
    return worked_off


def test_another_reps_report_costs_one_post_one_edit_and_the_managers_home(
    context: Context, delivery: Delivery, sandbox: Sandbox, clock: FrozenClock
) -> None:
    """The first rep's message and Home are looked at again, and say what they said."""
    reported(context, "U0ANA")
    for user in ("U0ANA", "U0PRIYA"):
        open_home(context, someone(user))
    delivered(delivery)
    before = Counter(counts(sandbox))
    clock.forward(minutes=1)
    reported(context, "U0MIA")
    assert sorted(delivered(delivery)) == [("case", 1), ("home", 0), ("home", 0), ("report", 1), ("report", 2)]
    calls = Counter(counts(sandbox)) - before
    assert calls == {"chat.postMessage": 1, "chat.update": 1, "views.publish": 1}
