"""Who has a stake in a case, and who has approved."""

from datetime import datetime
from typing import Protocol

from bot.rules.values import Approval, Recusal


class Recusals(Protocol):
    """Who stepped aside."""

    def add(self, recusal: Recusal, salt: str) -> None:
        """Note that somebody takes no part from now on; the first time counts."""

    def of_case(self, case: int) -> tuple[Recusal, ...]:
        """Who stepped aside, the first one first."""


class Approvals(Protocol):
    """Drops that wait for another manager's approval."""

    def give(self, approval: Approval, salt: str) -> None:
        """Note it."""

    def take_back(self, case: int, by: str, now: datetime) -> bool:
        """Undo what this manager approved; whether there was anything."""

    def of_case(self, case: int) -> tuple[Approval, ...]:
        """Those not taken back, the first one first."""
