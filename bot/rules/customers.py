"""What stands in the record: customers, reports, cases, warnings, decisions."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Standing(StrEnum):
    """How a customer stands with the firm."""

    CLEAR = "clear"
    WARNED = "warned"
    UNDER_REVIEW = "under_review"
    RESTRICTED = "restricted"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Customer:
    """The person or account reported. `owner` is the Slack user who looks after the account.

    `merged_into`: the record of the same customer that took this one in, if one did.
    """

    number: int
    name: str
    crm_reference: str | None = None
    worth: str | None = None
    owner: str | None = None
    standing: Standing = Standing.CLEAR
    merged_into: int | None = None


@dataclass(frozen=True, slots=True)
class Safeguard:
    """A note that a customer needs tolerance. `words` are what reps see."""

    kind: str
    note: str
    words: str
    until: date | None
    set_by: str
    set_at: datetime
    number: int = 0
    lifted_at: datetime | None = None
    lifted_by: str | None = None
