"""What the product's values are called on the screen."""

from typing import Final

from bot.rules.disputes import Remedy
from bot.rules.hearings import Finding
from bot.rules.values import Case, Customer, Delivery, Outcome, Place, Rung, Standing
from handlers.views.blocks import NAMELESS
from handlers.views.text import one_line

PLACES: Final = {
    Place.PHONE: "Phone",
    Place.EMAIL: "E-mail",
    Place.CHAT: "Chat",
    Place.IN_PERSON: "In person",
    Place.SOCIAL_MEDIA: "Social media",
}
DELIVERIES: Final = {
    Delivery.EMAIL: "By e-mail",
    Delivery.POST: "By post",
    Delivery.PHONE: "By phone",
    Delivery.IN_PERSON: "In person",
}
STANDINGS: Final = {
    Standing.CLEAR: "clear",
    Standing.WARNED: "warned",
    Standing.UNDER_REVIEW: "under review",
    Standing.RESTRICTED: "kept with conditions",
    Standing.DROPPED: "dropped",
}
RUNGS: Final = {
    Rung.RECORD: "On record: {customer}",
    Rung.WARN: "Warn: {customer}",
    Rung.HEAR: "Hear both sides: {customer}",
    Rung.DECIDE: "Decide: {customer}",
}
DELIVER: Final = "Deliver the warning: {customer}"
OUTCOMES: Final = {
    Outcome.WARNED: "Warned: {customer}",
    Outcome.NOT_NOW: "No warning for now: {customer}",
    Outcome.MISUNDERSTANDING: "A misunderstanding: {customer}",
    Outcome.DROPPED: "Dropped: {customer}",
    Outcome.KEPT: "Kept: {customer}",
    Outcome.WITHDRAWN: "Withdrawn: {customer}",
    Outcome.MERGED: "Merged with another case: {customer}",
}
ENDINGS: Final = {
    Outcome.WARNED: "warned",
    Outcome.NOT_NOW: "no warning",
    Outcome.MISUNDERSTANDING: "a misunderstanding",
    Outcome.DROPPED: "dropped",
    Outcome.KEPT: "kept",
    Outcome.WITHDRAWN: "withdrawn",
    Outcome.MERGED: "merged with another case",
}
FINDINGS: Final = {
    Finding.UPHELD: "upheld",
    Finding.MISUNDERSTANDING: "a misunderstanding",
    Finding.HANDED_OVER: "handed over",
    Finding.OVERTAKEN: "overtaken",
}
REMEDIES: Final = {
    Remedy.STANDS: "upheld",
    Remedy.CORRECTED: "corrected",
    Remedy.WITHDRAWN: "withdrawn",
}
ASKED: Final = {
    Rung.RECORD: "look at it",
    Rung.WARN: "warn them",
    Rung.HEAR: "hear both sides",
    Rung.DECIDE: "decide whether to keep them",
}


def name_of(customer: Customer) -> str:
    """A customer's name on one line."""
    return one_line(customer.name) or NAMELESS


def asked(case: Case) -> str:
    """What management is asked to do in a case."""
    return ASKED[case.rung]
