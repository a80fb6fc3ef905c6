"""Another policy over a record that people have made."""

import json
import random
from dataclasses import replace
from datetime import datetime

import pytest

from bot.cli.policy import Progress, Replay, as_json, as_table
from bot.rules.people import Person
from bot.rules.policy.policy import Policy
from bot.rules.policy.replay import Change, CustomerHistory
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.refusals import Refusal
from bot.usecases.context import Context
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.warnings.warn import NotNow, not_now
from storage.database import Database
from tests.builders import TEAM, FrozenClock, dropped, kept, read_from_slack, reported, someone, version_of, warned

CUSTOMERS = ("Zenith Corp", "Acme Ltd", "Borealis Foods", "Larkspur Hotels", "Casa Lima")


def quiet(done: int, total: int) -> None:
    assert done <= total


def steps(database: Database, policy: Policy, since: datetime | None = None) -> dict[tuple[str, Rung], Change]:
    return {(s.name, s.rung): s.change for _, s in Replay(database, policy, since, quiet).steps()}


def live(context: Context, clock: FrozenClock, seed: int) -> None:
    """Some months of reports, withdrawals, warnings and decisions at random."""
    chance = random.Random(seed)
    for _ in range(60):
        clock.forward(hours=chance.choice((1, 5, 30, 200)))
        read_from_slack(context)
        receipt = reported(
            context,
            chance.choice(("U0ANA", "U0JOE", "U0MIA")),
            chance.choice(CUSTOMERS),
            category=chance.choice(("verbal_abuse", "payment_withheld", "discrimination", "other")),
            severity=chance.choice(tuple(Severity)),
            doubted=chance.random() < 0.2,
        )
        clock.forward(minutes=1)
        acts = (
            lambda case: warned(context, case),
            lambda case: warned(context, case),
            lambda case: not_now(
                context, NotNow(someone("U0PRIYA"), case, version_of(context, case), "Not this time.")
            ),
            lambda case: kept(context, case),
            lambda case: dropped(context, case),
        )
        try:
            if chance.random() < 0.1:
                withdraw(context, Withdraw(receipt_by(context, receipt.report), receipt.report))
            elif receipt.case and chance.random() < 0.6:
                chance.choice(acts)(receipt.case.number)
        except Refusal:
            continue


def receipt_by(context: Context, report: int) -> Person:
    with context.read(TEAM) as tx:
        return someone(tx.reports.get(report).incident.reporter)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_policy_that_was_in_force_gives_what_came_out(
    context: Context, clock: FrozenClock, database: Database, seed: int
) -> None:
    live(context, clock, seed)
    found = steps(database, context.policy)
    assert set(found.values()) == {Change.SAME}
    assert {rung for _, rung in found} == {Rung.WARN, Rung.HEAR, Rung.DECIDE}
    assert set(steps(database, replace(context.policy, warn_at_points=1)).values()) > {Change.SAME}


def test_the_pages_hold_every_customer_once_whatever_their_size(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    live(context, clock, 4)

    def pages(size: int) -> list[tuple[CustomerHistory, ...]]:
        found, after = [], 0
        with database.read(TEAM) as tx:
            while page := tx.history.page(after, size):
                found.append(page)
                after = page[-1].customer
        return found

    (whole,) = pages(10_000)
    assert len(pages(1)) == len(whole) == len(CUSTOMERS)
    assert 1 < len(pages(50)) < len(CUSTOMERS)
    assert [history for page in pages(50) for history in page] == list(whole)


@pytest.fixture
def a_record(context: Context, clock: FrozenClock) -> None:
    for _ in range(2):
        reported(context, severity=Severity.MINOR)
        clock.forward(days=3)


@pytest.mark.usefixtures("a_record")
def test_the_table_has_a_line_for_each_difference_and_the_figures(context: Context, database: Database) -> None:
    said: list[str] = []
    strict = replace(context.policy, warn_at_points=2)
    as_table(Replay(database, strict, None, quiet), said.append)
    assert said[1].split("  ", 1)[0] == "Zenith Corp"
    assert said[1].endswith("2026-11-23 10:00  2026-11-20 10:00, 3 days earlier")
    warned_row = next(line.split() for line in said if line.startswith("warned"))
    assert warned_row == ["warned", "1", "1", "0", "1", "0", "0", "0"]
    assert "Reports replayed: 2. Customers: 1." in said[-1]


@pytest.mark.usefixtures("a_record")
def test_the_json_is_one_document_that_says_the_same(context: Context, database: Database) -> None:
    said: list[str] = []
    as_json(Replay(database, replace(context.policy, warn_at_points=9), None, quiet), said.append)
    document = json.loads("\n".join(said))
    assert document["differences"] == [
        {
            "team": TEAM,
            "customer": 1,
            "name": "Zenith Corp",
            "step": "warn",
            "change": "not_at_all",
            "was": "2026-11-23T10:00:00+00:00",
            "would": None,
        }
    ]
    assert document["steps"]["warn"]["not_at_all"] == 1
    assert (document["reports"], document["customers"]) == (2, 1)


def test_progress_is_reported_a_few_times_and_at_the_end() -> None:
    said: list[str] = []
    progress = Progress(said.append)
    for done in range(0, 1001, 10):
        progress(done, 1000)
    assert 15 < len(said) < 25
    assert said[-1] == "1,000 of 1,000 reports"


def test_an_empty_record_is_replayed(database: Database, context: Context) -> None:
    assert steps(database, context.policy) == {}
