"""Lists and figures for the App Home, cut to a page in the database."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from bot.rules.homes import Awaiting, Listed, OwnReport, Queue, Week
from bot.rules.values import Standing


class Homes(Protocol):
    """What the App Home lists. `most` and `skip` cut a page out of a list."""

    def mine(self, user: str, most: int, skip: int = 0) -> tuple[OwnReport, ...]:
        """The user's own reports, newest first."""

    def count_mine(self, user: str) -> int:
        """How many reports the user ever made."""

    def queue(self, user: str, now: datetime, *, late_only: bool) -> Queue:
        """The open cases in figures. `late_only`: only those count as theirs that are with the directors."""

    def awaiting(self, user: str, now: datetime, most: int, skip: int = 0, *, late_only: bool) -> tuple[Awaiting, ...]:
        """Open cases on which the user may act, the earliest deadline first."""

    def standings(self) -> dict[Standing, int]:
        """How many customers stand so; those who are clear are not counted."""

    def standing_so(self, standing: Standing, most: int, skip: int = 0) -> tuple[Listed, ...]:
        """Customers of this standing by name."""

    def week(self, since: datetime) -> Week:
        """What has happened since then, in figures."""

    def changed(self, customers: Iterable[int], listed: Iterable[str], now: datetime) -> None:
        """The App Homes of whoever reported one of these customers, and of everybody listed, are to show the newest
        state; only of those who have opened it. `listed` are users and user groups.
        """
