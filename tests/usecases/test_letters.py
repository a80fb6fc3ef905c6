"""Drafted letters."""

from bot.usecases.context import Context
from bot.usecases.shared.letters import draft_drop
from tests.builders import FrozenClock, before_a_decision, opened, read_case


def test_a_drop_after_a_warning_names_the_warning(context: Context, clock: FrozenClock) -> None:
    letter = draft_drop(context, read_case(context, before_a_decision(context, clock)))
    assert "Abuse after a warning. We warned you on " in letter


def test_a_drop_without_a_warning_names_the_zero_tolerance_category(context: Context) -> None:
    letter = draft_drop(context, read_case(context, opened(context, category="threat").number))
    assert "Threat of violence." in letter
    assert "warn" not in letter
