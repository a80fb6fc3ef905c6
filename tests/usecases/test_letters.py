"""The letters that managers start from."""

from bot.usecases.context import Context
from bot.usecases.shared.letters import draft_drop
from bot.usecases.shared.read_models import case_file
from tests.builders import TEAM, FrozenClock, before_a_decision, reported


def drafted(context: Context, case: int) -> str:
    with context.read(TEAM) as tx:
        return draft_drop(context, case_file(tx, context, case))


def test_a_drop_after_a_warning_names_the_warning(context: Context, clock: FrozenClock) -> None:
    letter = drafted(context, before_a_decision(context, clock))
    assert "Abuse after a warning. We warned you on " in letter


def test_a_drop_without_a_warning_names_what_was_so_grave_that_none_was_needed(context: Context) -> None:
    reported(context, category="threat")
    letter = drafted(context, 1)
    assert "Threat of violence." in letter
    assert "warn" not in letter
