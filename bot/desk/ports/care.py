"""How reps are."""

from datetime import date, datetime
from typing import Protocol

from bot.rules.checkins import Answer, CheckIn


class CheckIns(Protocol):
    """When reps were asked how they are, and what they answered."""

    def ask(self, check_in: CheckIn, day: date) -> bool:
        """Note that the rep is asked on this day; False, and nothing noted, where they were asked on it before."""

    def get(self, report: int, round_: int) -> CheckIn:
        """The check-in, or `refusals.Unknown`."""

    def has_declined(self, rep: str) -> bool:
        """Whether the rep does not want to be asked."""

    def answer(self, report: int, round_: int, answer: Answer) -> None:
        """Note the answer."""

    def ask_for_care(self, report: int, round_: int, now: datetime) -> None:
        """Note that the rep would like someone to talk to."""
