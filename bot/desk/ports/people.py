"""Colleagues, as Slack describes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of somebody. `read_at`: when it said so."""

    user: str
    guest: bool
    outsider: bool
    bot: bool
    deactivated: bool
    read_at: datetime


class People(Protocol):
    """Colleagues as Slack last described them; the loop reads them, requests only look."""

    def profile(self, user: str) -> Profile | None:
        """What Slack said of them, or None where it was never asked."""

    def groups_of(self, user: str, groups: Sequence[str]) -> dict[str, bool]:
        """For each user group on record: whether they are in it."""

    def group_read_at(self, group: str) -> datetime | None:
        """When Slack last told who is in the group."""

    def stale(self, users: Iterable[str], before: datetime) -> tuple[str, ...]:
        """Those never read, or not since `before`."""

    def members(self, groups: Sequence[str]) -> tuple[str, ...]:
        """Everybody in these groups."""

    def learn(self, profile: Profile) -> None:
        """Note what Slack says of somebody."""

    def learn_group(self, group: str, users: Iterable[str], now: datetime) -> None:
        """Note who is in a group."""
