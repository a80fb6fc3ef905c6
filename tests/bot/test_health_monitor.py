"""Managers' Homes follow the bot's health: each change is shown once, and nothing while it stays the same."""

from collections.abc import Callable

import pytest

from bot.health import HealthMonitor
from bot.problems import Problem, ProblemKind, refused_message
from bot.rules.notices import NoticeKind, RefusedMessage, log_ids
from bot.rules.refusals import NotRecorded


class Bot:
    """A bot with problems, and the managers' Homes, which may be out of reach."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.shown: list[list[str]] = []
        self.away = False

    def reasons(self) -> list[Problem]:
        return []

    def warnings(self) -> list[Problem]:
        return [Problem(ProblemKind.THREAD, said) for said in self.problems]

    def show(self) -> None:
        if self.away:
            raise NotRecorded
        self.shown.append(list(self.problems))


@pytest.fixture
def bot() -> Bot:
    return Bot()


def check_of(bot: Bot) -> Callable[[], object]:
    return HealthMonitor(bot.reasons, bot.warnings, bot.show).check


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


def test_what_is_said_of_a_message_to_the_care_contact_does_not_tell_whom_it_is_about() -> None:
    for kind, received in ((NoticeKind.CARE, False), (NoticeKind.CASE, True)):
        assert ("4711" in refused_message(RefusedMessage(kind, 4711, "U0CORA", "user_not_found")).says) is received
        assert ("subject" in log_ids(kind, 4711)) is received
