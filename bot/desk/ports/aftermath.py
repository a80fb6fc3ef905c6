"""What became of decisions: their reviews, the appeals against them, what was learnt from them."""

from typing import Protocol

from bot.rules.aftermath import Appeal, Lesson, Review


class Reviews(Protocol):
    """What came of each review of a decision."""

    def add(self, review: Review, salt: str) -> None:
        """Note it."""

    def of_case(self, case: int) -> tuple[Review, ...]:
        """Those of the case's decision, oldest first."""


class Appeals(Protocol):
    """What customers appealed against, once for each decision."""

    def ask(self, appeal: Appeal, salt: str) -> None:
        """Note that the customer asks for another look."""

    def of_case(self, case: int) -> Appeal | None:
        """The appeal against the case's decision."""

    def salt(self, case: int) -> str:
        """What seals the appeal's texts."""

    def go_up(self, case: int) -> Appeal:
        """The directors are told once more: the appeal as it stands now."""

    def settle(self, answered: Appeal) -> None:
        """Note how it was answered."""


class Lessons(Protocol):
    """What the firm learnt from drops."""

    def add(self, lesson: Lesson, salt: str) -> None:
        """Note it; there is one for a case."""

    def of_case(self, case: int) -> Lesson | None:
        """What was learnt from the case's drop."""
