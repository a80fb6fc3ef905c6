"""The forms to look a customer up, to edit one, and to merge a duplicate."""

from typing import Final

from bot.language import _, ngettext
from bot.rules.customer_cards import CustomerFile, ToJoin
from bot.rules.customers import Customer, LikelyCustomer
from bot.rules.fields import LONGEST_NAME
from handlers.blockkit.blocks import (
    Element,
    Inline,
    View,
    bold,
    bullets,
    context_block,
    field,
    filled,
    form,
    joined,
    line,
    line_input,
    option,
    paragraph,
    person,
    plain_text,
    radio_buttons,
    rich,
    user_select,
    when,
)
from handlers.blockkit.text import DATE_ONLY, one_line, shorten
from handlers.customers.parse import customer_form_value, same_value
from handlers.names import BlockId, CallbackId, OptionValue
from handlers.shared.customer_field import known_option
from handlers.shared.labels import STANDINGS, name_of

OWNER_HINT: Final = _("Whoever looks after the account may not decide about it.")
WORTH_HINT: Final = _("As managers should read it, for instance £18,000 a year.")
WHICH_HINT: Final = _("Its name will find this record.")
# Translators: this record, of two.
STAYS: Final = _("{customer} stays.")
# Translators: this record, of two.
DUPLICATE: Final = _("{customer} is the duplicate.")
REFERENCE: Final = _("reference {reference}")
SINCE: Final = _("on record since {day}")
OWNED: Final = _("owner {owner}")
OPEN_CASE: Final = _("case {case} is open")
WHAT_HAPPENS: Final = _(
    "Everything of the duplicate moves to this record: reports, warnings, decisions, safeguards, cases. If both "
    "have an open case, one stays open, with the earlier deadline. The bot applies the policy again. You can undo "
    "this."
)


def look_up_form(*, hint: bool) -> View:
    """*Look up a customer*. `hint`: say that the name can also be typed after the command."""
    typed = context_block(_("You can also type the name after the command: /customer Zenith"))
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
                hint=_("The old name still finds this customer."),
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
        _("Next"),
        [
            rich(line(*filled(STAYS, customer=bold(name_of(into.customer))))),
            paragraph(WHAT_HAPPENS),
            field(BlockId.FIND, _("Which record is the duplicate?"), _customer_picker() | given, hint=WHICH_HINT),
        ],
        customer_form_value(into.customer),
    )


def merge_both_form(both: tuple[ToJoin, ToJoin]) -> View:
    """The second step of *Merge a duplicate*: the two records as they are now, and whether they are one customer."""
    duplicate, into = both
    same = option(_("Yes, one and the same"), same_value(duplicate.found.customer))
    return form(
        CallbackId.MERGE_BOTH_FORM,
        _("Merge a duplicate"),
        _("Merge"),
        [
            rich(*_described(DUPLICATE, duplicate), *_described(STAYS, into)),
            paragraph(WHAT_HAPPENS),
            field(BlockId.SAME, _("Are these two one customer?"), radio_buttons([same])),
        ],
        customer_form_value(into.found.customer),
    )


def _described(title: str, record: ToJoin) -> list[Element]:
    """Beyond doubt which record this is."""
    found, case = record.found, record.open_case
    customer, n, merged = found.customer, found.reports, len(found.merged)
    reference = customer.crm_reference
    facts: list[list[Inline]] = [
        [REFERENCE.format(reference=shorten(one_line(reference), LONGEST_NAME)) if reference else _("no reference")],
        [STANDINGS[customer.standing]],
        [ngettext("{n:,} report", "{n:,} reports", n).format(n=n)],
        filled(SINCE, day=when(found.since, DATE_ONLY)),
        *([filled(OWNED, owner=person(customer.owner))] if customer.owner else []),
    ]
    if case:
        facts.append([OPEN_CASE.format(case=case.number)])
    if merged:
        joined_before = ngettext("{n:,} record merged into it", "{n:,} records merged into it", merged)
        facts.append([joined_before.format(n=merged)])
    return [line(*filled(title, customer=bold(name_of(customer)))), bullets([line(*joined(facts, " · "))])]


def _option(customer: Customer) -> Element:
    found = LikelyCustomer(customer.number, customer.name, customer.standing)
    return known_option(found, f"{OptionValue.KNOWN}{customer.number}")


def _customer_picker() -> Element:
    return {"type": "external_select", "min_query_length": 1, "placeholder": plain_text(_("Type a part of the name"))}
