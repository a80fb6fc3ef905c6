"""Lists and figures for the App Home, cut to a page in the database."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from bot.rules.homes import Awaiting, Listed, Onlooker, OwnReport, Queue, Week
from bot.rules.values import Standing


class Homes(Protocol):
    """What the App Home lists. `most` and `skip` cut a page out of a list."""

    def mine(self, user: str, most: int, skip: int = 0) -> tuple[OwnReport, ...]:
        """The user's own reports, newest first."""

    def count_mine(self, user: str) -> int:
        """How many reports the user ever made."""

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


class Queues(Protocol):
    """What awaits a manager: open cases, and reviews, appeals and disputes, on which they may act."""

    def figures(self, whose: Onlooker) -> Queue:
        """What is open in figures."""

    def page(self, whose: Onlooker, most: int, skip: int = 0) -> tuple[Awaiting, ...]:
        """What awaits them, the earliest deadline first."""
