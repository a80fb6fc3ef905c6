"""Managers' Homes follow the bot's health: each change is shown once, and nothing while it stays the same."""

from collections.abc import Callable

import pytest

from bot.health import HealthMonitor
from bot.rules.refusals import NotRecorded


class Bot:
    """A bot with problems, and the managers' Homes, which may be out of reach."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.shown: list[list[str]] = []
        self.away = False

    def show(self) -> None:
        if self.away:
            raise NotRecorded
        self.shown.append(list(self.problems))


@pytest.fixture
def bot() -> Bot:
    return Bot()


def check_of(bot: Bot) -> Callable[[], None]:
    return HealthMonitor(lambda: bot.problems, bot.show).check


def test_the_first_check_shows_and_then_only_what_changes(bot: Bot) -> None:
    check = check_of(bot)
    for problems in ([], [], ["The list cannot be read."], ["The list cannot be read."], [], []):
        bot.problems = problems
        check()
    assert bot.shown == [[], ["The list cannot be read."], []]


def test_what_could_not_be_shown_is_shown_later(bot: Bot) -> None:
    check = check_of(bot)
    check()
    bot.problems, bot.away = ["A message cannot be shown."], True
    with pytest.raises(NotRecorded):
        check()
    bot.away = False
    check()
    assert bot.shown == [[], ["A message cannot be shown."]]
