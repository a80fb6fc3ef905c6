"""Formal warnings to customers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Delivery(StrEnum):
    """How a warning reached the customer."""

    EMAIL = "email"
    POST = "post"
    PHONE = "phone"
    IN_PERSON = "in_person"


@dataclass(frozen=True, slots=True)
class IssuedWarning:
    """A formal warning, from its issue on. `objection_until`: how long the customer may object to it.

    `erased`: its letter was.
    """

    number: int
    case: int
    letter: str
    issued_by: str
    issued_at: datetime
    delivered_at: datetime | None = None
    delivered_by: str | None = None
    delivered_how: Delivery | None = None
    expires_at: datetime | None = None
    objection_until: datetime | None = None
    withdrawn_at: datetime | None = None
    erased: bool = False

    def is_valid_at(self, now: datetime) -> bool:
        """Whether it is delivered, has not expired, and was not cancelled after an objection."""
        if self.delivered_at is None or self.expires_at is None or self.withdrawn_at:
            return False
        return self.delivered_at <= now < self.expires_at
