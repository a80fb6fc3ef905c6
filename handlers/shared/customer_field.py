"""Options of the field for a customer: customers on record, or a new name."""

from collections.abc import Sequence
from typing import Final

from bot.language import _
from bot.rules.customers import LikelyCustomer, Standing
from bot.rules.fields import LONGEST_NAME
from bot.rules.text import characters, units
from handlers.blockkit.blocks import NAMELESS, Element, option
from handlers.blockkit.text import one_line
from handlers.names import OptionValue
from handlers.shared.labels import STANDING_TITLES

MOST_OPTIONS: Final = 100

NEW_CUSTOMER: Final = _("New customer: {name}")
# Translators: {name} is what the customer was called before.
ONCE: Final = _("{standing} · formerly {name}")
# Translators: {characters} is such as "612 characters".
NAME_TOO_LONG: Final = _("This name has {characters}; {limit} fit")


def customer_options(likely: Sequence[LikelyCustomer], typed: str) -> list[Element]:
    """Likely customers, the best first; then the typed name as a new customer, unless it is on record already."""
    name = one_line(typed)
    known = [_known(customer) for customer in likely[: MOST_OPTIONS - 1]]
    taken = {one_line(called).casefold() for customer in likely for called in (customer.name, customer.known_as)}
    return known if not name or name.casefold() in taken else [*known, _new(name)]


def found_options(likely: Sequence[LikelyCustomer]) -> list[Element]:
    """Likely customers, for a field that takes only a customer on record."""
    return [_known(customer) for customer in likely[:MOST_OPTIONS]]


def typed_option(typed: str) -> Element:
    """The name that was typed after the command, as an option that is picked already."""
    name = one_line(typed)
    return _too_long(name) or option(name, f"{OptionValue.TYPED}{name}")


def known_option(customer: LikelyCustomer, value: str) -> Element:
    """A customer on record, with their standing."""
    standing = STANDING_TITLES[Standing(customer.standing)]
    once = ONCE.format(standing=standing, name=one_line(customer.known_as)) if customer.known_as else standing
    return option(one_line(customer.name) or NAMELESS, value, once)


def _known(customer: LikelyCustomer) -> Element:
    return known_option(customer, f"{OptionValue.KNOWN}{customer.number}")


def _new(name: str) -> Element:
    return _too_long(name) or option(NEW_CUSTOMER.format(name=name), f"{OptionValue.NEW}{name}")


def _too_long(name: str) -> Element | None:
    length = units(name)
    if length <= LONGEST_NAME:
        return None
    return option(
        NAME_TOO_LONG.format(characters=characters(length), limit=LONGEST_NAME), f"{OptionValue.TOO_LONG}{length}"
    )
