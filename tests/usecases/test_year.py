"""A simulated year: random reports, clicks and downtime, and after each step every promise of the whole holds.

`SOAK=40 make test ARGS=tests/usecases/test_year.py` lives through as many further years, with more happening in each.
"""

import logging
import os
from datetime import timedelta
from random import Random

import pytest

from bot.rules.refusals import Refusal
from storage.database import Database
from tests.builders import FRIDAY, FrozenClock
from tests.year.acts import Act, next_act
from tests.year.chance import Chance
from tests.year.checks import Checks
from tests.year.facts import Facts, digest, facts
from tests.year.office import GROUP, Office, policies

SOAK = int(os.environ.get("SOAK", "0"))
YEAR = timedelta(days=365)
SHORT = [*(("sqlite", seed, YEAR, 80) for seed in (1, 2, 3)), ("postgresql", 4, timedelta(days=90), 30)]
LONG = [("sqlite", seed, YEAR, 12) for seed in range(100, 100 + SOAK)]


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("database_url", "seed", "lasts", "quiet"), SHORT + LONG, indirect=["database_url"])
def test_a_year_of_reports_clicks_and_downtime_breaks_no_promise(
    database: Database, seed: int, lasts: timedelta, quiet: int, caplog: pytest.LogCaptureFixture
) -> None:
    clock, chance = FrozenClock(FRIDAY), Chance(Random(seed))
    choices = policies(
        chance.one_of(("UTC", "Europe/London", "America/New_York")),
        approvals=1 + seed % 2,
        warnings=1 + seed // 2 % 2,
        days=chance.one_of((365, 120)),
    )
    office = Office(database, clock, choices[0], lambda _: None)
    office.moved = checks = Checks(office, every=10 if SOAK == 0 else 3, known=facts(database, clock()))
    office.ask_slack()
    office.start()
    while clock() < FRIDAY + lasts:
        time_passes(office, checks.known, chance, quiet)
        done_and_checked(office, checks, next_act(office.context, checks.known, chance), chance)
        if chance.now_and_then(0.03):
            somebody_comes_or_goes(office, chance)
        if chance.now_and_then(0.01):
            office.start(chance.one_of(choices))
    office.work(timedelta(days=3))
    assert [tx.getMessage() for tx in caplog.records if tx.levelno >= logging.WARNING] == []


def time_passes(office: Office, known: Facts, chance: Chance, quiet: int) -> None:
    """Minutes to days while something is before management, else weeks; now and then nobody is there."""
    if known.open_cases() and chance.now_and_then(0.97):
        hours = chance.random.choices((0.3, 2, 8, 24, 72), (5, 5, 4, 4, 1))[0]
    else:
        hours = 24 * chance.random.uniform(0.01, quiet)
    span = timedelta(hours=hours * chance.random.uniform(0.1, 1.5), seconds=1)
    if chance.now_and_then(0.8):
        office.work(span)
        return
    office.sleep(span + timedelta(days=chance.one_of((0, 0, 0, 1, 9))))
    if chance.now_and_then(0.7):
        office.ask_slack()
    if chance.now_and_then(0.7):
        office.start()
        office.tick()


def done_and_checked(office: Office, checks: Checks, act: Act, chance: Chance) -> None:
    """A refusal changes nothing, and what is done twice is done once."""
    before = digest(office.database)
    refusal = refused(act)
    if refusal:
        assert digest(office.database) == before, f"{refusal!r} changed something: {act.name}"
        return
    checks(act.name)
    if act.once and chance.now_and_then(0.2):
        before = digest(office.database)
        refused(act)
        assert digest(office.database) == before, f"done twice, it was not done once: {act.name}"


def refused(act: Act) -> Refusal | None:
    try:
        act.do()
    except Refusal as refusal:
        return refusal
    return None


def somebody_comes_or_goes(office: Office, chance: Chance) -> None:
    """A manager leaves the group or the firm, or all are back."""
    who = chance.one_of(("U0PRIYA", "U0BRAD"))
    chance.one_of((office.people.gone, office.people.group)).symmetric_difference_update({who})
    if chance.now_and_then(0.5):
        office.people.group, office.people.gone = set(GROUP), set()
