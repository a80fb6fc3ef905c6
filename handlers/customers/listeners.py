"""What looking a customer up shows, and what a form about a customer shows once it was sent."""

from bot.rules.customer_cards import CustomerFile, NotFound
from bot.rules.people import Person
from bot.usecases.context import Context
from bot.usecases.customers.edit import customer_for_form
from bot.usecases.customers.look_up import look_up, open_customer
from handlers.blockkit.blocks import View
from handlers.button_values import CustomerClick
from handlers.customers.card import customer_view, look_up_form, not_found


def find(context: Context, asked: tuple[Person, str]) -> CustomerFile | NotFound | None:
    """`/customer NAME`: the customer, or the nearest names; None where no name was typed. Raises as `look_up`."""
    by, typed = asked
    return look_up(context, by, typed) if typed else None


def found_view(found: CustomerFile | NotFound | None, context: Context, _: object) -> View:
    """The customer's card, the names to choose from, or the form to look a customer up."""
    if found is None:
        return look_up_form(hint=True)
    return not_found(found) if isinstance(found, NotFound) else card(found, context, _)


def card(file: CustomerFile, context: Context, _: object) -> View:
    """The customer's card."""
    return customer_view(file, context.policy, context.clock())


def card_after(file: CustomerFile, context: Context, _: object) -> View:
    """The customer's card after a change, which it confirms."""
    return customer_view(file, context.policy, context.clock(), done=True)


def opened(context: Context, asked: tuple[Person, int]) -> CustomerFile:
    """The customer of a click or of the look-up form. Raises as `open_customer`."""
    return open_customer(context, *asked)


def for_changes(context: Context, click: CustomerClick) -> CustomerFile:
    """What a form about the customer shows. Raises as `customer_for_form`."""
    return customer_for_form(context, click.by, click.customer)
