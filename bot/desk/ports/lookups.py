"""Looking a customer up."""

from collections.abc import Sequence
from typing import Protocol

from bot.rules.homes import OwnReport
from bot.rules.lookup import Told
from bot.rules.values import Decision


class Lookups(Protocol):
    """What is shown of a customer, and only there."""

    def former_names(self, customer: int) -> tuple[str, ...]:
        """What the customer was called before, and the records merged into theirs."""

    def own(self, user: str, customer: int, most: int) -> tuple[OwnReport, ...]:
        """The user's newest reports about the customer."""

    def last_decision(self, customer: int) -> Decision | None:
        """The newest decision about the customer, ended or not."""

    def chains(self, customer: int) -> tuple[int, ...]:
        """The customer, and every record that was merged into theirs."""

    def count_told(self, chains: Sequence[int]) -> int:
        """How many entries their timeline has."""

    def told(self, chains: Sequence[int], most: int, skip: int = 0) -> tuple[Told, ...]:
        """Entries of their audit logs, newest first, the check-ins with reps left out: those are the reps' own."""
