"""The letters that managers start from."""

from bot.usecases.context import Desk
from bot.usecases.shared.letters import draft_drop
from bot.usecases.shared.read_models import case_file
from tests.builders import TEAM, FrozenClock, before_a_decision, reported


def drafted(desk: Desk, case: int) -> str:
    with desk.read(TEAM) as record:
        return draft_drop(desk, case_file(record, desk, case))


def test_a_drop_after_a_warning_names_the_warning(desk: Desk, clock: FrozenClock) -> None:
    letter = drafted(desk, before_a_decision(desk, clock))
    assert "Abuse after a warning. We warned you on " in letter


def test_a_drop_without_a_warning_names_what_was_so_grave_that_none_was_needed(desk: Desk) -> None:
    reported(desk, category="threat")
    letter = drafted(desk, 1)
    assert "Threat of violence." in letter
    assert "warn" not in letter
