"""Making one record of two that are the same customer, and taking it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.rules.lookup import Merger
from bot.rules.merging import Moved
from bot.rules.values import Case


class Mergers(Protocol):
    """What was merged into whom."""

    def standing(self, customer: int) -> tuple[Merger, ...]:
        """What was merged into the customer and not undone, newest first."""

    def get(self, number: int) -> tuple[Merger, Moved]:
        """The merger and what it moved, or `refusals.Unknown`."""

    def move(self, duplicate: int, into: int) -> Moved:
        """Everything that the record holds about the duplicate is about the other one now; what that was."""

    def move_back(self, moved: Moved, duplicate: int) -> None:
        """It is about the duplicate again; with a case go its warning and its decision."""

    def lead(self, duplicate: int, into: int | None) -> None:
        """The duplicate's name leads to this customer from now on; None: to itself again."""

    def note(self, duplicate: int, into: int, moved: Moved, by: str, now: datetime) -> int:
        """Keep what moved; the merger's number."""

    def undone(self, number: int, by: str, now: datetime) -> None:
        """Note that it was undone."""

    def bring(self, reports: Sequence[int], case: Case) -> None:
        """These reports belong to this case from its version on."""

    def reports_in(self, case: int) -> tuple[int, ...]:
        """The numbers of all reports in the case."""

    def reopen(self, case: int, due_at: datetime) -> Case:
        """A case that had ended in another one is before management again."""

    def let_go(self, customers: Sequence[int]) -> None:
        """Reports about these customers leave an open case that is about somebody else."""
