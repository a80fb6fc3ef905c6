"""What a list of customers from elsewhere changes."""

from typing import Protocol

from bot.rules.values import Customer


class Roll(Protocol):
    """What a list of customers from elsewhere changes."""

    def by_reference(self, reference: str) -> Customer | None:
        """The customer with this CRM reference."""

    def describe(self, customer: Customer) -> None:
        """Note the CRM reference, the worth and the owner."""

    def rename(self, customer: Customer, name: str) -> None:
        """The customer has another name from now on; the one they had still leads to them."""
