"""Two records become one: which case survives, on which rung, and what was moved."""

from dataclasses import replace
from itertools import pairwise

import pytest

from bot.rules.cases import Case
from bot.rules.mergers import Moved, higher_rung, surviving_case
from bot.rules.policy.verdicts import Rung
from tests.rules.samples import DAY, NOW

DUE = Case(4, 1, Rung.WARN, 1, NOW, NOW + DAY, urgent=False)
LATER = replace(DUE, number=3, due_at=NOW + 2 * DAY)


@pytest.mark.parametrize(
    ("bound", "survivor"),
    [(frozenset(), DUE), (frozenset({3}), LATER), (frozenset({3, 4}), DUE), (frozenset({4}), DUE)],
)
def test_of_two_merged_cases_what_was_begun_survives_else_what_is_due_first(
    bound: frozenset[int], survivor: Case
) -> None:
    assert surviving_case(DUE, LATER, bound=bound)[0] == surviving_case(LATER, DUE, bound=bound)[0] == survivor
    assert set(surviving_case(DUE, LATER, bound=bound)) == {DUE, LATER}


def test_of_two_merged_cases_that_are_due_together_the_older_survives() -> None:
    older = replace(DUE, number=2)
    assert surviving_case(DUE, older, bound=frozenset()) == (older, DUE)


def test_merged_cases_take_the_higher_rung() -> None:
    ladder = [Rung.RECORD, Rung.WARN, Rung.HEAR, Rung.DECIDE]
    for low, high in pairwise(ladder):
        assert higher_rung(low, high) is higher_rung(high, low) is high


def test_what_a_merger_moved_is_read_as_it_was_stored() -> None:
    assert Moved.read({"reports": [1, 2], "closed": 7, "owner": "U0BRAD"}) == Moved((1, 2), closed=7, owner="U0BRAD")
