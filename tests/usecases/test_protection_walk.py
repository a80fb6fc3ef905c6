"""Random histories: protection has no gap from when the policy sets it until the case ends, and outlives no case.

By any number of people: reports, withdrawals, warnings, hearings, decisions, mergers and their undoing, safeguards,
recusals, objections, renewals, imports, erasures by hand and by time, another policy; a clock that is put back, and a
process that is away. `HISTORIES=500` tries as many.
"""

import os
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.walk.protected_walk import ProtectedWalk

HISTORIES = int(os.environ.get("HISTORIES", "15"))
STEPS = 40


@pytest.mark.timeout(3600)
@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=[*HealthCheck], print_blob=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_no_gap_and_nothing_that_outlives_the_case(migrated_file: Path, seed: int) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "backstop.db"
        file.write_bytes(migrated_file.read_bytes())
        walk = ProtectedWalk(f"sqlite:///{file}", Random(seed))
        try:
            for _ in range(STEPS):
                walk.step()
                assert walk.wrong == [], "\n".join([*walk.done, *walk.wrong])
        finally:
            walk.database.close()
