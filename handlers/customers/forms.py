"""The forms to look a customer up, to edit one, and to merge a duplicate."""

from typing import Final

from bot.language import _
from bot.rules.customer_cards import CustomerFile
from bot.rules.customers import Customer, LikelyCustomer
from bot.rules.fields import LONGEST_NAME
from handlers.blockkit.blocks import (
    Element,
    View,
    bold,
    context_block,
    field,
    filled,
    form,
    line,
    line_input,
    paragraph,
    plain_text,
    rich,
    user_select,
)
from handlers.customers.parse import customer_form_value
from handlers.names import BlockId, CallbackId, OptionValue
from handlers.shared.customer_field import known_option
from handlers.shared.labels import name_of

OWNER_HINT: Final = _("Whoever looks after the account may not decide about it.")
WORTH_HINT: Final = _("As managers should read it, for instance £18,000 a year.")
WHICH_HINT: Final = _("Its name still leads here afterwards.")
# Translators: this record, of two.
STAYS: Final = _("{customer} stays.")
WHAT_HAPPENS: Final = _(
    "Everything of the duplicate moves to this record: reports, warnings, decisions, safeguards, cases. Of two open "
    "cases one goes on, with the earlier deadline. The policy is asked again. It can be undone."
)


def look_up_form(*, hint: bool) -> View:
    """*Look up a customer*. `hint`: say that the name can also be typed after the command."""
    typed = context_block(_("You can also type the name behind the command: /customer Zenith"))
    return form(
        CallbackId.LOOK_UP_FORM,
        _("Look up a customer"),
        # Translators: on the button.
        _("Look up"),
        [field(BlockId.FIND, _("Customer"), _customer_picker()), *([typed] if hint else [])],
    )


def edit_customer_form(file: CustomerFile) -> View:
    """*Edit*."""
    customer = file.customer
    return form(
        CallbackId.EDIT_CUSTOMER_FORM,
        _("Edit customer"),
        _("Save"),
        [
            field(
                BlockId.NAME,
                _("Name"),
                line_input(LONGEST_NAME, customer.name),
                hint=_("The name until now is still found."),
            ),
            field(BlockId.OWNER, _("Account owner"), user_select(customer.owner), hint=OWNER_HINT, optional=True),
            field(
                BlockId.WORTH,
                _("Worth"),
                line_input(LONGEST_NAME, customer.worth or ""),
                hint=WORTH_HINT,
                optional=True,
            ),
            field(
                BlockId.CRM_REFERENCE,
                _("CRM reference"),
                line_input(LONGEST_NAME, customer.crm_reference or ""),
                optional=True,
            ),
        ],
        customer_form_value(customer),
    )


def merge_form(into: CustomerFile, duplicate: Customer | None = None) -> View:
    """*Merge a duplicate*. `duplicate`: it is picked already."""
    given = {"initial_option": _option(duplicate)} if duplicate else {}
    return form(
        CallbackId.MERGE_FORM,
        _("Merge a duplicate"),
        _("Merge"),
        [
            rich(line(*filled(STAYS, customer=bold(name_of(into.customer))))),
            paragraph(WHAT_HAPPENS),
            field(BlockId.FIND, _("Which record is the duplicate?"), _customer_picker() | given, hint=WHICH_HINT),
        ],
        customer_form_value(into.customer),
    )


def _option(customer: Customer) -> Element:
    found = LikelyCustomer(customer.number, customer.name, customer.standing)
    return known_option(found, f"{OptionValue.KNOWN}{customer.number}")


def _customer_picker() -> Element:
    return {"type": "external_select", "min_query_length": 1, "placeholder": plain_text(_("Type a part of the name"))}
