"""What keeps judgement fair: hearings, safeguards, disputed warnings."""

from datetime import datetime
from typing import Protocol

from bot.rules.disputes import Dispute
from bot.rules.hearings import Hearing
from bot.rules.values import IssuedWarning, Safeguard


class Hearings(Protocol):
    """Who hears both sides of a case, and what came out."""

    def get(self, number: int) -> Hearing:
        """The hearing, or `refusals.Unknown`."""

    def newest(self, case: int) -> Hearing | None:
        """The last hearing in the case."""

    def of_case(self, case: int) -> tuple[Hearing, ...]:
        """Every hearing in the case, oldest first."""

    def begin(
        self,
        case: int,
        taken_by: str,
        now: datetime,
        salt: str,
        *,
        asked_by: str | None = None,
        words: str | None = None,
    ) -> Hearing:
        """Somebody takes the hearing; at most one is under way in a case."""

    def salt(self, number: int) -> str:
        """What seals the hearing's texts."""

    def end(self, ended: Hearing) -> None:
        """Note how it ended."""


class Safeguards(Protocol):
    """Notes that a customer needs tolerance."""

    def about(self, customer: int, now: datetime) -> tuple[Safeguard, ...]:
        """Those in force, oldest first."""

    def get(self, number: int) -> tuple[int, Safeguard]:
        """The customer, and the safeguard in force or not, or `refusals.Unknown`."""

    def set(self, customer: int, new: Safeguard, ends_at: datetime | None, salt: str) -> Safeguard:
        """Keep it, under the next number. It is in force until `ends_at`, or until somebody lifts it."""

    def lift(self, number: int, by: str, why: str, now: datetime, salt: str) -> None:
        """It is in force no more."""


class Disputes(Protocol):
    """What customers dispute in warnings."""

    def get(self, number: int) -> Dispute:
        """The dispute, or `refusals.Unknown`."""

    def about(self, warning: int) -> Dispute | None:
        """The dispute about a warning; there is at most one."""

    def record(
        self, warning: IssuedWarning, disputed: str, by: str, now: datetime, due_at: datetime, salt: str
    ) -> Dispute:
        """Keep what is disputed."""

    def salt(self, number: int) -> str:
        """What seals the dispute's texts."""

    def settle(self, settled: Dispute) -> None:
        """Note what came of it."""
