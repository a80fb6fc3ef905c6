"""Which messages are refreshed together: all that show a customer."""

import pytest

from bot.rules.audit import Act
from storage.database import Database
from tests.builders import TEAM, FrozenClock, a_customer
from tests.storage.claiming import claim, claimed, show


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


def added(database: Database, clock: FrozenClock, name: str = "Zenith Corp") -> int:
    with database.begin(TEAM) as tx:
        return a_customer(tx, name, clock())


def shown(database: Database, case: int, customer: int, clock: FrozenClock) -> None:
    """A message about this case and customer, which Slack shows."""
    with database.begin(TEAM) as tx:
        tx.notices.refresh("case", case, f"C{case}", clock(), customer=customer)
    show(database, claimed(database, clock()), clock(), f"1.{case:06d}")


def test_the_messages_about_the_case_that_somebody_acted_on_go_first(database: Database, clock: FrozenClock) -> None:
    number = added(database, clock)
    for case in (1, 2, 3):
        shown(database, case, number, clock)
    clock.forward(minutes=1)
    with database.begin(TEAM) as tx:
        tx.notices.refresh_about(number, clock())
    first = claimed(database, clock())
    assert not first.urgent
    case = 3 if first.subject == 2 else 2
    with database.begin(TEAM) as tx:
        tx.notices.refresh_about(number, clock(), urgent_case=case)
    assert claimed(database, clock()).subject == case


def test_messages_of_a_record_that_was_merged_are_refreshed_with_its_customer(
    database: Database, clock: FrozenClock
) -> None:
    first, second, third, other = (added(database, clock, f"Firm {n}") for n in range(4))
    for case, whose in ((1, first), (2, second), (3, third), (4, other)):
        shown(database, case, whose, clock)
    with database.begin(TEAM) as tx:
        tx.mergers.redirect(second, third)
        tx.mergers.redirect(first, second)
        tx.audit.append(second, "U0PRIYA", Act.MERGE, {}, clock())
        tx.notices.refresh_about(third, clock())
    clock.forward(minutes=1)
    assert {claimed(database, clock()).subject for _ in range(3)} == {1, 2, 3}
    assert claim(database, clock()) is None
