"""Erasing what is personal, and leaving the facts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Erasures(Protocol):
    """What is erased of customers and of colleagues; who is told of it is the desk's."""

    def files_about(self, customers: Sequence[int]) -> int:
        """How many uploaded files are evidence in reports about them."""

    def texts_about(self, customers: Sequence[int], instead: str, fresh: str) -> int:
        """Every free text about them is gone, with its salt; in how many rows. `instead` stands there now.

        What is under way keeps a salt, `fresh`, for the texts that will come.
        """

    def names_of(self, customer: int) -> None:
        """The customer is nameless: no name, reference or worth leads to them any more."""

    def show_again(self, customers: Sequence[int], now: datetime) -> None:
        """Every message that shows anything of them, or may name them, is to show the newest state."""

    def stakes_of(self, user: str) -> tuple[int, ...]:
        """The customers from whose cases this colleague stepped aside with words of their own."""

    def stakes_texts(self, user: str, instead: str) -> int:
        """What this colleague said when they stepped aside is gone, with its salts; in how many rows."""

    def check_ins_of(self, user: str, now: datetime) -> int:
        """What this colleague answered when they were asked how they are is gone; how many answers."""

    def profile_of(self, user: str) -> bool:
        """What Slack told of this colleague is gone; whether there was anything."""
