"""Random sequences of allowed steps by several people: whoever has a stake decides, reads and changes nothing.

Who has a stake is worked out from the steps (`tests/walk/stake_model.py`), not read from the bot.
`WALKS=500 make test ARGS=tests/usecases/test_stakes_walk.py` takes as many further walks.
"""

import os
from random import Random

import pytest

from storage.database import Database
from tests.builders import FrozenClock
from tests.walk.walk import Walk

SEEDS = range(1, 6 + int(os.environ.get("WALKS", "0")))
STEPS = 70


@pytest.mark.timeout(900)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", SEEDS)
def test_no_sequence_of_allowed_steps_frees_anybody_of_their_stake(database: Database, seed: int) -> None:
    walk = Walk(database, FrozenClock(), Random(seed))
    for _ in range(STEPS):
        walk.step()
        assert walk.wrong == [], "\n".join(walk.done)
    assert walk.done
