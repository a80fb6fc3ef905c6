"""How the report form is opened: by a command, a shortcut or a button, empty or with what is known."""

from typing import NamedTuple

from bot.rules.people import Person
from bot.usecases.context import Context
from bot.usecases.customers.look_up import open_customer
from handlers.blockkit.blocks import View
from handlers.blockkit.quote import Quote
from handlers.button_values import CustomerClick
from handlers.parsing.people import person
from handlers.reports.form import report_form
from handlers.reports.parse import quoted, report_prefill


class Prefill(NamedTuple):
    """Who opens the form, and what is filled in."""

    by: Person
    typed: str | None = None
    quote: Quote | None = None


def by_command(body: object) -> Prefill:
    """`/report-abuse [customer]`. Raises `Malformed`."""
    typed = report_prefill(body)
    return Prefill(person(body), typed=typed)


def by_shortcut(body: object) -> Prefill:
    """*Report customer* under a message. Raises `Malformed`."""
    quote = quoted(body)
    return Prefill(person(body), quote=quote)


def by_button(body: object) -> Prefill:
    """[Report a customer] in the App Home. Raises `Malformed`."""
    return Prefill(person(body))


def about_customer(context: Context, click: CustomerClick) -> Prefill:
    """[Report them] on a customer's card: the name is filled in. Raises as `open_customer`."""
    return Prefill(click.by, typed=open_customer(context, click.by, click.customer).customer.name)


def prefilled_form(prefill: Prefill, context: Context, _: object) -> View:
    """The form, with what is known."""
    offers_care = context.firm.care_contact is not None
    return report_form(
        context.policy, context.clock(), offers_care=offers_care, typed=prefill.typed, quote=prefill.quote
    )
