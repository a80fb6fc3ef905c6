"""What every use case works with."""

import secrets
from dataclasses import dataclass
from datetime import date

from bot.desk.ports import Begin, Clock
from bot.rules.policy import Policy


@dataclass(frozen=True, slots=True)
class Firm:
    """Who is who in the firm, from the settings: user IDs (U…, W…) and user-group IDs (S…)."""

    management_channel: str
    managers: tuple[str, ...]
    directors: tuple[str, ...]
    care_contact: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """The record, the policy, the firm and the clock. Each use case opens one transaction with `begin`."""

    begin: Begin
    read: Begin
    policy: Policy
    firm: Firm
    clock: Clock

    def today(self) -> date:
        """The firm's calendar day."""
        return self.policy.hours.local_date(self.clock())


def new_salt() -> str:
    """A salt for sealing free text: kept beside the text, and erased with it."""
    return secrets.token_hex(16)
