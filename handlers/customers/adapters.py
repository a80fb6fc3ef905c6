"""Adapters between the table of entry points and the use cases and views of customers."""

from bot.rules.customer_cards import CustomerFile, NotFound
from bot.rules.people import Person
from bot.usecases.context import Context
from bot.usecases.customers.edit import customer_for_form
from bot.usecases.customers.look_up import look_up, open_customer
from bot.usecases.permissions.permissions import check_member
from handlers.blockkit.blocks import View
from handlers.button_values import CustomerClick
from handlers.customers.card import customer_view, not_found
from handlers.customers.forms import look_up_form
from handlers.shared.help import help_view, is_help


def look_up_by_name(context: Context, asked: tuple[Person, str]) -> CustomerFile | NotFound | None:
    """`/customer NAME`: the customer, or similar names; None if no name was typed, or `help`. Raises as `look_up`."""
    by, typed = asked
    if typed and not is_help(typed):
        return look_up(context, by, typed)
    check_member(context, by)
    return None


def look_up_result(found: CustomerFile | NotFound | None, context: Context, asked: tuple[Person, str]) -> View:
    """The customer's card, the names to choose from, the form to look a customer up, or how it works."""
    if found is None:
        return help_view() if is_help(asked[1]) else look_up_form(hint=True)
    return not_found(found) if isinstance(found, NotFound) else customer_card(found, context, asked)


def customer_card(file: CustomerFile, context: Context, _: object) -> View:
    """The customer's card."""
    return customer_view(file, context.policy, context.clock())


def changed_card(file: CustomerFile, context: Context, _: object) -> View:
    """The customer's card with a confirmation of the change."""
    return customer_view(file, context.policy, context.clock(), done=True)


def open_card(context: Context, asked: tuple[Person, int]) -> CustomerFile:
    """The customer that was clicked or picked. Raises as `open_customer`."""
    return open_customer(context, *asked)


def customer_to_edit(context: Context, click: CustomerClick) -> CustomerFile:
    """The customer of a click that opens a form to change them. Raises as `customer_for_form`."""
    return customer_for_form(context, click.by, click.customer)
