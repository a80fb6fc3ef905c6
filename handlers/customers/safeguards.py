"""The forms that set and lift a safeguard, from a case or from a customer's card, and their confirmations."""

from collections.abc import Sequence
from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.customer_cards import CustomerFile
from bot.rules.customers import Safeguard
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import (
    Block,
    Element,
    View,
    bold,
    date_input,
    field,
    form,
    line,
    option,
    paragraph,
    radio_buttons,
    rich,
    text_input,
)
from handlers.blockkit.text import OR, day, listed, one_line, shorten
from handlers.customers.parse import customer_form_value
from handlers.names import BlockId, CallbackId, OptionValue
from handlers.shared.case_header import about, case_form, customer_and_case
from handlers.shared.confirmations import confirmation
from handlers.shared.customer_lines import safeguard_lines
from handlers.shared.labels import name_of

KIND_HINT: Final = _("Reps read only the words below a kind.")
NOTE_HINT: Final = _("Managers read this, reps do not. Write only what is needed to decide fairly.")
# Translators: the label of a date.
UNTIL: Final = _("Until")
UNTIL_HINT: Final = _("The last day. Leave it empty: until somebody lifts it.")
WHAT_IT_DOES: Final = _("From now on management hears both sides before it warns or decides.")
# Translators: {kinds} are kinds of conduct, such as "Threat of violence or Assault".
AT_ONCE: Final = _("A report of {kinds} still goes to a decision at once.")
WHY: Final = _("Why is it no longer needed?")
# Translators: {customer}'s name stands in bold.
SET: Final = _(
    "{customer} · the safeguard is on record. The notice shows it, and the bot has applied the policy again."
)
LIFTED: Final = _(
    "{customer} · the safeguard is lifted. The bot has applied the policy again, and the notice shows what "
    "management has to do now."
)
# Translators: {safeguard} is a kind of safeguard.
IT_ENDS: Final = _("{safeguard}, until {day}")


def set_safeguard_form(file: CaseFile, policy: Policy) -> View:
    """*Set a safeguard* of a case."""
    return case_form(
        file,
        (CallbackId.SET_SAFEGUARD_FORM, _("Set a safeguard"), _("Set")),
        about(file, policy),
        *_set_fields(policy),
    )


def _set_fields(policy: Policy) -> list[Block]:
    kinds = [option(each.name, key, each.words) for key, each in policy.safeguards.items()]
    at_once = policy.zero_tolerance()
    return [
        paragraph(WHAT_IT_DOES, *([f" {AT_ONCE.format(kinds=listed(list(at_once), OR))}"] if at_once else [])),
        field(BlockId.KIND, _("What kind of tolerance do they need?"), radio_buttons(kinds), hint=KIND_HINT),
        field(BlockId.SAFEGUARD_NOTE, _("What is known?"), text_input(), hint=NOTE_HINT),
        field(BlockId.UNTIL, UNTIL, date_input(), hint=UNTIL_HINT, optional=True),
    ]


def lift_safeguard_form(file: CaseFile, policy: Policy) -> View:
    """*Lift a safeguard* of a case."""
    names = (CallbackId.LIFT_SAFEGUARD_FORM, _("Lift a safeguard"), _("Lift"))
    return case_form(file, names, rich(customer_and_case(file)), *_lift_fields(file.safeguards, policy))


def _lift_fields(safeguards: Sequence[Safeguard], policy: Policy) -> list[Block]:
    which = radio_buttons([_choice(each, policy) for each in safeguards[-10:]])
    return [field(BlockId.SAFEGUARD, _("Which safeguard?"), which), field(BlockId.REASON, WHY, text_input())]


def set_customer_safeguard_form(file: CustomerFile, policy: Policy) -> View:
    """*Set a safeguard* on a customer's card."""
    safeguards = file.managers.safeguards if file.managers else ()
    top = rich(line(bold(name_of(file.customer))), *safeguard_lines(safeguards, policy))
    fields = [top, *_set_fields(policy)]
    # Translators: a button.
    submit = _("Set")
    return form(
        CallbackId.SET_CUSTOMER_SAFEGUARD_FORM,
        _("Set a safeguard"),
        submit,
        fields,
        customer_form_value(file.customer),
    )


def lift_customer_safeguard_form(file: CustomerFile, policy: Policy) -> View:
    """*Lift a safeguard* on a customer's card."""
    safeguards = file.managers.safeguards if file.managers else ()
    fields = [paragraph(bold(name_of(file.customer))), *_lift_fields(safeguards, policy)]
    # Translators: a button: to end a safeguard.
    submit = _("Lift")
    return form(
        CallbackId.LIFT_CUSTOMER_SAFEGUARD_FORM,
        _("Lift a safeguard"),
        submit,
        fields,
        customer_form_value(file.customer),
    )


def safeguard_set(file: RecordedCase) -> View:
    """After *Set a safeguard*."""
    return confirmation(file.customer, SET)


def safeguard_lifted(file: RecordedCase) -> View:
    """After *Lift a safeguard*."""
    return confirmation(file.customer, LIFTED)


def _choice(safeguard: Safeguard, policy: Policy) -> Element:
    known = policy.safeguards.get(safeguard.kind)
    name = known.name if known else safeguard.kind
    name = IT_ENDS.format(safeguard=name, day=day(safeguard.until)) if safeguard.until else name
    return option(name, f"{OptionValue.SAFEGUARD}{safeguard.number}", shorten(one_line(safeguard.note), 70) or None)
