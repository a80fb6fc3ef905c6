"""Random people and texts: mostly the right people and plain words, now and then others."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from bot.rules.people import Person
from bot.usecases.context import Context
from tests.builders import TEAM, someone

REPS = ("U0ANA", "U0JOE", "U0MIA")
DETAILS = (("written_only", "us@larkspur.example"), ("one_contact", "@U0BRAD"))  # what conditions ask for
MANAGERS = ("U0PRIYA", "U0BRAD", "U0CARLA")
DIRECTOR = "U0RUTH"
ANYBODY = (*REPS, *MANAGERS, DIRECTOR, "U0GUS", "U0NEW")
WORDS = ("It was so.", "He said that he would “sort me out”.", "She shouted, and rang again.\nThen once more.")
ODD = ("<!channel> & <@U0ANA> *not bold* `x`", "&<>" * 999, "ä😀" * 1_000, "a\n" * 1_000, "x" * 3_000, "  ", "\u202e.")


T = TypeVar("T")


@dataclass(frozen=True)
class Chance:
    random: Random

    def now_and_then(self, share: float) -> bool:
        return self.random.random() < share

    def one_of(self, choices: tuple[T, ...] | list[T]) -> T:
        return self.random.choice(choices)

    def manager(self) -> Person:
        """Mostly somebody who may act, else somebody else."""
        if self.now_and_then(0.03):
            return Person(TEAM, "U0PRIYA", "T0OTHER")
        if self.now_and_then(0.12):
            return someone(self.one_of(ANYBODY))
        return someone(self.random.choices((*MANAGERS, DIRECTOR), (4, 3, 3, 3))[0])

    def rep(self) -> Person:
        return someone(self.one_of(ANYBODY) if self.now_and_then(0.1) else self.one_of(REPS))

    def words(self, longest: int = 3_000) -> str:
        return self.one_of(ODD if self.now_and_then(0.15) else WORDS)[:longest]

    def day(self, context: Context, first: int, last: int) -> date:
        return context.today() + timedelta(days=self.random.randint(first, last))

    def review_day(self, context: Context) -> date:
        """Mostly some weeks or months ahead, now and then too far ahead."""
        return self.day(context, 0, 400) if self.now_and_then(0.1) else self.day(context, 9, 150)
