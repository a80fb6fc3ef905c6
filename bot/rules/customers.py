"""Customers, their standing with the firm, and their safeguards."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.rules.policy.verdicts import Rung


class Standing(StrEnum):
    """How a customer stands with the firm."""

    CLEAR = "clear"
    WARNED = "warned"
    UNDER_REVIEW = "under_review"
    RESTRICTED = "restricted"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Customer:
    """The person or account reported. `owner`: the Slack user who looks after the account.

    `merged_into`: the number of the customer that this duplicate was merged into.
    """

    number: int
    name: str
    crm_reference: str | None = None
    worth: str | None = None
    owner: str | None = None
    standing: Standing = Standing.CLEAR
    merged_into: int | None = None


def seen_as(customer: Customer) -> str:
    """A short digest of a record as somebody saw it. A form carries it, and is held to it when it is sent."""
    shown = [
        customer.number,
        customer.name,
        customer.crm_reference,
        customer.worth,
        customer.owner,
        customer.merged_into,
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class LikelyCustomer:
    """A known customer that a typed name may mean. `known_as`: the earlier name that matched, if one did."""

    number: int
    name: str
    standing: str
    known_as: str = ""


@dataclass(frozen=True, slots=True)
class Safeguard:
    """A note that a customer needs tolerance. `words`: what reps see of it."""

    kind: str
    note: str
    words: str
    until: date | None
    set_by: str
    set_at: datetime
    number: int = 0
    lifted_at: datetime | None = None


def standing(open_rung: Rung | None, *, dropped: bool, restricted: bool, warned: bool) -> Standing:
    """The first standing that applies of: dropped, under review, restricted, warned, clear.

    `open_rung`: the rung of the open case, if there is one; hear and decide put a customer under review.
    `dropped`, `restricted`: a decision in force drops or restricts them. `warned`: a warning is valid.
    """
    if dropped:
        return Standing.DROPPED
    if open_rung in {Rung.HEAR, Rung.DECIDE}:
        return Standing.UNDER_REVIEW
    if restricted:
        return Standing.RESTRICTED
    return Standing.WARNED if warned else Standing.CLEAR


def patience(safeguards: tuple[Safeguard, ...]) -> tuple[str, ...]:
    """What reps read about a customer's safeguards: only the words written for reps."""
    return tuple(dict.fromkeys(each.words for each in safeguards))
