"""Managers' Homes follow how the bot does: told of each change once, and of nothing while it stays as it is."""

from collections.abc import Callable

import pytest

from bot.rules.refusals import NotRecorded
from bot.worker import Watch


class Firm:
    """How the bot does, and what managers were told of it."""

    def __init__(self) -> None:
        self.troubles: list[str] = []
        self.told: list[list[str]] = []
        self.away = False

    def tell(self) -> None:
        if self.away:
            raise NotRecorded
        self.told.append(list(self.troubles))


@pytest.fixture
def firm() -> Firm:
    return Firm()


def looks(firm: Firm) -> Callable[[], None]:
    return Watch(lambda: firm.troubles, firm.tell).look


def test_a_start_tells_once_and_then_only_what_changes(firm: Firm) -> None:
    look = looks(firm)
    for troubles in ([], [], ["The list cannot be read."], ["The list cannot be read."], [], []):
        firm.troubles = troubles
        look()
    assert firm.told == [[], ["The list cannot be read."], []]


def test_what_could_not_be_told_is_told_later(firm: Firm) -> None:
    look = looks(firm)
    look()
    firm.troubles, firm.away = ["A message cannot be shown."], True
    with pytest.raises(NotRecorded):
        look()
    firm.away = False
    look()
    assert firm.told == [[], ["A message cannot be shown."]]
