"""What managers change about a customer: the name, the owner, the value; and making one record of two."""

from typing import Final

from bot.language import _
from bot.rules.customer_cards import CustomerFile
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import Element, View, field, filled, form, line, paragraph, plain, rich, somebody, strong
from handlers.blockkit.text import fit
from handlers.button_values import customer_value
from handlers.customers.safeguards import lift_fields, set_fields
from handlers.names import BlockId, CallbackId
from handlers.shared.customer_lines import safeguard_lines
from handlers.shared.labels import name_of

LIMIT: Final = 140
OWNER_HINT: Final = _("Whoever looks after the account takes no part in decisions about it.")
NAME_HINT: Final = _("The name until now is still found.")
WORTH_HINT: Final = _("As managers should read it, for instance £18,000 a year.")
WHICH: Final = _("Which record is the duplicate?")
WHICH_HINT: Final = _("Its name still leads here afterwards.")
# Translators: this record, of two.
STAYS: Final = _("{customer} stays.")
# Translators: a button.
SET: Final = _("Set")
# Translators: a button: to end a safeguard.
LIFT: Final = _("Lift")
WHAT_HAPPENS: Final = _(
    "Everything of the duplicate moves to this record: reports, warnings, decisions, safeguards, cases. Of two open "
    "cases one goes on, with the earlier deadline. The policy is asked anew. It can be undone."
)


def describe_form(file: CustomerFile) -> View:
    """*Edit*: the name, who looks after the account, what it is worth."""
    customer = file.customer
    return form(
        CallbackId.DESCRIBE_FORM,
        _("Edit customer"),
        _("Save"),
        [
            field(BlockId.NAME, _("Name"), _one_line(customer.name), hint=NAME_HINT),
            field(BlockId.OWNER, _("Account owner"), somebody(customer.owner), hint=OWNER_HINT, optional=True),
            field(BlockId.WORTH, _("Worth"), _one_line(customer.worth or ""), hint=WORTH_HINT, optional=True),
            field(BlockId.CRM_REFERENCE, _("CRM reference"), _one_line(customer.crm_reference or ""), optional=True),
        ],
        customer_value(customer.number),
    )


def merge_form(file: CustomerFile) -> View:
    """*Merge a duplicate*: which one."""
    find: Element = {
        "type": "external_select",
        "min_query_length": 1,
        "placeholder": plain(_("Type a part of the name")),
    }
    return form(
        CallbackId.MERGE_FORM,
        _("Merge a duplicate"),
        _("Merge"),
        [
            rich(line(*filled(STAYS, customer=strong(name_of(file.customer))))),
            paragraph(WHAT_HAPPENS),
            field(BlockId.FIND, WHICH, find, hint=WHICH_HINT),
        ],
        customer_value(file.customer.number),
    )


def guard_form(file: CustomerFile, policy: Policy) -> View:
    """*Set a safeguard*, whatever case there is."""
    safeguards = file.managers.safeguards if file.managers else ()
    top = rich(line(strong(name_of(file.customer))), *safeguard_lines(safeguards, policy))
    fields = [top, *set_fields(policy)]
    return form(CallbackId.GUARD_FORM, _("Set a safeguard"), SET, fields, customer_value(file.customer.number))


def unguard_form(file: CustomerFile, policy: Policy) -> View:
    """*Lift a safeguard*: which, and why."""
    safeguards = file.managers.safeguards if file.managers else ()
    fields = [paragraph(strong(name_of(file.customer))), *lift_fields(safeguards, policy)]
    return form(CallbackId.UNGUARD_FORM, _("Lift a safeguard"), LIFT, fields, customer_value(file.customer.number))


def _one_line(initial: str) -> Element:
    given = {"initial_value": fit(initial, LIMIT)} if initial else {}
    return {"type": "plain_text_input", "max_length": LIMIT} | given
