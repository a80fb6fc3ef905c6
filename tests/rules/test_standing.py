"""The standing of a customer."""

from itertools import product

import pytest

from bot.rules.customers import Standing, standing
from bot.rules.policy.verdicts import Rung

RUNGS = (None, Rung.WARN, Rung.HEAR, Rung.DECIDE)
ORDER = (Standing.DROPPED, Standing.UNDER_REVIEW, Standing.RESTRICTED, Standing.WARNED, Standing.CLEAR)


@pytest.mark.parametrize(("rung", "dropped", "restricted", "warned"), list(product(RUNGS, *[(True, False)] * 3)))
def test_the_first_standing_applies(rung: Rung | None, dropped: bool, restricted: bool, warned: bool) -> None:  # noqa: FBT001 - the columns of the table
    applies = (dropped, rung in {Rung.HEAR, Rung.DECIDE}, restricted, warned, True)
    expected = ORDER[applies.index(True)]
    assert standing(rung, dropped=dropped, restricted=restricted, warned=warned) is expected
