"""What every use case works with."""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from bot.rules.policy.policy import Policy
from bot.rules.weeks import Slot
from storage.transaction import Transaction

Clock = Callable[[], datetime]
"""The time now, in UTC."""

Begin = Callable[[str], AbstractContextManager[Transaction]]
"""Opens a transaction on the record of one workspace."""

MONDAYS: Final = Slot(0, time(9), "UTC")


@dataclass(frozen=True, slots=True)
class Firm:
    """Who is who in the firm, from the settings: user IDs (U…, W…) and user-group IDs (S…).

    `summary_channel` is the management channel where it is left empty. `summary_at`: when each week is summed up.
    """

    management_channel: str
    managers: tuple[str, ...]
    directors: tuple[str, ...]
    care_contact: str | None = None
    summary_channel: str = ""
    summary_at: Slot = MONDAYS

    @property
    def summed_up_in(self) -> str:
        """The channel of the weekly summary."""
        return self.summary_channel or self.management_channel

    @property
    def channels(self) -> frozenset[str]:
        """The channels in which anything is shown."""
        return frozenset({self.management_channel, self.summed_up_in})


@dataclass(frozen=True, slots=True)
class Context:
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
