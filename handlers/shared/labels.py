"""What people read for the values of the rules' enums."""

from typing import Final

from bot.language import _
from bot.rules.cases import Outcome
from bot.rules.customers import Customer, Standing
from bot.rules.policy.verdicts import Rung
from bot.rules.reports import Place
from bot.rules.warnings import Delivery
from handlers.blockkit.blocks import NAMELESS
from handlers.blockkit.text import one_line

PLACES: Final = {
    # Translators: where it happened, to pick from.
    Place.PHONE: _("Phone"),
    Place.EMAIL: _("E-mail"),
    Place.CHAT: _("Chat"),
    Place.IN_PERSON: _("In person"),
    Place.SOCIAL_MEDIA: _("Social media"),
}
DELIVERIES: Final = {
    Delivery.EMAIL: _("By e-mail"),
    Delivery.POST: _("By post"),
    Delivery.PHONE: _("By phone"),
    Delivery.IN_PERSON: _("In person"),
}
STANDINGS: Final = {
    # Translators: how a customer stands, as in "Standing: warned".
    Standing.CLEAR: _("clear"),
    Standing.WARNED: _("warned"),
    Standing.UNDER_REVIEW: _("under review"),
    Standing.RESTRICTED: _("kept with conditions"),
    Standing.DROPPED: _("dropped"),
}
STANDING_TITLES: Final = {
    # Translators: how a customer stands, by itself; a title as well.
    Standing.CLEAR: _("Clear"),
    Standing.WARNED: _("Warned"),
    Standing.UNDER_REVIEW: _("Under review"),
    Standing.RESTRICTED: _("Kept with conditions"),
    Standing.DROPPED: _("Dropped"),
}
RUNGS: Final = {
    Rung.RECORD: _("On record: {customer}"),
    Rung.WARN: _("Warn {customer}?"),
    Rung.HEAR: _("Hear both sides: {customer}"),
    Rung.DECIDE: _("Drop or keep {customer}?"),
}
DELIVER: Final = _("Deliver the warning to {customer}")
OUTCOMES: Final = {
    Outcome.WARNED: _("{customer} was warned"),
    Outcome.NOT_NOW: _("{customer} is not warned for now"),
    Outcome.MISUNDERSTANDING: _("A misunderstanding: {customer}"),
    Outcome.DROPPED: _("{customer} is dropped"),
    Outcome.KEPT: _("{customer} is kept"),
    Outcome.WITHDRAWN: _("Nothing left to decide: {customer}"),
    Outcome.MERGED: _("Merged with another case: {customer}"),
}
ENDINGS: Final = {
    # Translators: how a case ended, as in "case 12 warned" or "Warned 2".
    Outcome.WARNED: _("warned"),
    Outcome.NOT_NOW: _("no warning"),
    Outcome.MISUNDERSTANDING: _("a misunderstanding"),
    Outcome.DROPPED: _("dropped"),
    Outcome.KEPT: _("kept"),
    Outcome.WITHDRAWN: _("withdrawn"),
    Outcome.MERGED: _("merged with another case"),
}
ASKED_TO: Final = {
    # Translators: as in "Management is asked to look at it by Tuesday."
    Rung.RECORD: _("look at it"),
    Rung.WARN: _("warn them"),
    Rung.HEAR: _("hear both sides"),
    Rung.DECIDE: _("decide whether to keep them"),
}


def name_of(customer: Customer) -> str:
    """A customer's name on one line."""
    return shown_name(customer.name)


def shown_name(name: str) -> str:
    """A name on one line; `NAMELESS` for an empty one."""
    return one_line(name) or NAMELESS
