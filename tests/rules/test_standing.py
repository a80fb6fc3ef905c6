"""The standing of a customer, and what is read of their record."""

import hashlib
import json
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from bot.rules.customers import Customer, Safeguard, Standing, patience, seen_as, standing
from bot.rules.policy.verdicts import Rung
from tests.rules.samples import NOW

RUNGS = (None, Rung.WARN, Rung.HEAR, Rung.DECIDE)
ORDER = (Standing.DROPPED, Standing.UNDER_REVIEW, Standing.RESTRICTED, Standing.WARNED, Standing.CLEAR)
ZENITH = Customer(1, "Zenith", "C-7", "10k", "U0BRAD", Standing.WARNED, 3)


@pytest.mark.parametrize(("rung", "dropped", "restricted", "warned"), list(product(RUNGS, *[(True, False)] * 3)))
def test_the_first_standing_applies(rung: Rung | None, dropped: bool, restricted: bool, warned: bool) -> None:  # noqa: FBT001 - the columns of the table
    applies = (dropped, rung in {Rung.HEAR, Rung.DECIDE}, restricted, warned, True)
    expected = ORDER[applies.index(True)]
    assert standing(rung, dropped=dropped, restricted=restricted, warned=warned) is expected


@pytest.mark.parametrize(
    "other",
    [
        {"number": 2},
        {"name": "Zenit"},
        {"crm_reference": "C-8"},
        {"crm_reference": None},
        {"worth": None},
        {"owner": "U0ADA"},
        {"merged_into": None},
    ],
)
def test_a_form_is_held_to_everything_that_it_shows_of_a_record(other: dict[str, Any]) -> None:
    assert seen_as(replace(ZENITH, **other)) != seen_as(ZENITH)


def test_a_form_carries_the_beginning_of_a_sha256_and_is_not_held_to_the_standing() -> None:
    assert seen_as(replace(ZENITH, standing=Standing.CLEAR)) == seen_as(ZENITH)
    text = json.dumps([1, "Zenith", "C-7", "10k", "U0BRAD", 3])
    assert seen_as(ZENITH) == hashlib.sha256(text.encode()).hexdigest()[:16]


def test_reps_read_the_words_of_the_safeguards_once_and_nothing_else_of_them() -> None:
    health = Safeguard("health", "Their daughter told us.", "Please have patience.", None, "U0CARLA", NOW)
    language = replace(health, kind="language", words="Please speak slowly.")
    assert patience((language, health, replace(health, number=2))) == ("Please speak slowly.", "Please have patience.")
    assert patience(()) == ()
