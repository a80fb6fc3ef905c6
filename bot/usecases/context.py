"""What every use case works with: the record, the policy, who is who in the firm, and the clock."""

import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Final

from bot.rules.policy.policy import Policy
from bot.rules.refusals import NotRecorded
from bot.rules.weeks import SummaryTime
from storage.transaction import Transaction

Clock = Callable[[], datetime]
"""Returns the current time, in UTC."""

Begin = Callable[[str], AbstractContextManager[Transaction]]
"""Opens a transaction on the record of one workspace, which is named by its Slack team ID (T…)."""

MONDAY_MORNING: Final = SummaryTime(0, time(9), "UTC")


@dataclass(frozen=True, slots=True)
class Firm:
    """Who is who in the firm and where messages go, from the settings: user IDs (U…, W…), group IDs (S…), channel IDs.

    `managers`, `directors` and `leads` list users and user groups. `care_contact`: the user whom reps can talk to.
    `summary_channel`: empty means the management channel. `summary_at`: when the weekly summary is due.
    """

    management_channel: str
    managers: tuple[str, ...]
    directors: tuple[str, ...]
    care_contact: str | None = None
    summary_channel: str = ""
    summary_at: SummaryTime = MONDAY_MORNING
    leads: tuple[str, ...] = ()

    @property
    def to_call(self) -> tuple[str, ...]:
        """Who is called for backup first: the leads, else the managers."""
        return self.leads or self.managers

    @property
    def management(self) -> tuple[str, ...]:
        """The managers and the directors, as listed in the settings, without repetitions."""
        return tuple(dict.fromkeys((*self.managers, *self.directors)))

    @property
    def named(self) -> dict[str, tuple[str, ...]]:
        """The users and groups that each setting names."""
        care = (self.care_contact,) if self.care_contact else ()
        leads = {"LEADS": self.leads} if self.leads else {}
        return {"MANAGERS": self.managers, "DIRECTORS": self.directors, **leads, "CARE_CONTACT": care}

    @property
    def summary_target(self) -> str:
        """The channel that the weekly summary goes to."""
        return self.summary_channel or self.management_channel

    @property
    def channels(self) -> frozenset[str]:
        """All channels that the bot posts to."""
        return frozenset({self.management_channel, self.summary_target})


@dataclass(frozen=True, slots=True)
class Context:
    """What every use case works with.

    A use case that changes something opens one transaction with `begin`, so it happens completely or not at all; `read`
    opens one for reading only. `policy` and `firm` stay the same while the process runs. `seen`: by case, which report
    had changed it last when the form was drawn that somebody sends; empty for a case that no form names.
    `workspace_url`: the workspace's address at Slack, "" if nobody knows it; raises RetryLater before Slack has said.
    """

    begin: Begin
    read: Begin
    policy: Policy
    firm: Firm
    clock: Clock
    seen: Mapping[int, str] = field(default_factory=dict)
    workspace_url: Callable[[], str] = str

    def today(self) -> date:
        """Today's date in the firm's time zone."""
        return self.policy.hours.local_date(self.clock())


def without_record(context: Context, why: NotRecorded) -> Context:
    """The context for a request during which the record could not be read: each further transaction raises the same."""

    def away(_: str) -> AbstractContextManager[Transaction]:
        raise why

    return replace(context, begin=away, read=away)


def new_salt() -> str:
    """A random salt for the digests of free text in the audit log. It is stored with the text and erased with it."""
    return secrets.token_hex(16)
