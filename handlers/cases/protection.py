"""Setting and lifting the interim protection of a case: the forms, what is read from them, and the confirmations."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.policy.policy import Policy
from bot.usecases.cases.protection import LiftProtection, SetProtection
from handlers.blockkit.blocks import View, field, paragraph, rich, text_input
from handlers.button_values import case_and_version
from handlers.names import BlockId, CallbackId
from handlers.parsing.form import Form
from handlers.shared.case_header import case_form, customer_and_case
from handlers.shared.confirmations import confirmation

# Translators: {words} is a sentence of the firm's own.
UNTIL_DECIDED: Final = _("Until this case ends, reps read: “{words}” It decides nothing.")
FROM_NOW_ON: Final = _("From now on reps deal with them as with any customer, though nothing is decided yet.")
SET: Final = _("{customer} is under interim protection until the case ends. Reps read it at once.")
LIFTED: Final = _("{customer}: the interim protection is lifted. Reps read it at once.")


def set_protection_form(file: CaseFile, policy: Policy) -> View:
    """*Set protection* of a case."""
    rules = policy.interim
    return case_form(
        file,
        (CallbackId.SET_PROTECTION_FORM, _("Set protection"), _("Set")),
        rich(customer_and_case(file)),
        paragraph(UNTIL_DECIDED.format(words=rules.words(rules.protection))),
        field(BlockId.REASON, _("Why?"), text_input()),
    )


def lift_protection_form(file: CaseFile) -> View:
    """*Lift protection* of a case."""
    return case_form(
        file,
        (CallbackId.LIFT_PROTECTION_FORM, _("Lift protection"), _("Lift")),
        rich(customer_and_case(file)),
        paragraph(FROM_NOW_ON),
        field(BlockId.REASON, _("Why?"), text_input()),
    )


def parse_set(form: Form) -> SetProtection:
    """The form as it was sent. Raises `Malformed`."""
    case, version = case_and_version(form.metadata)
    return SetProtection(form.by, case, version, form.typed(BlockId.REASON))


def parse_lift(form: Form) -> LiftProtection:
    """The form as it was sent. Raises `Malformed`."""
    case, version = case_and_version(form.metadata)
    return LiftProtection(form.by, case, version, form.typed(BlockId.REASON))


def protection_set(file: RecordedCase) -> View:
    """After *Set protection*."""
    return confirmation(file.customer, SET)


def protection_lifted(file: RecordedCase) -> View:
    """After *Lift protection*."""
    return confirmation(file.customer, LIFTED)
