"""A warning: the forms to issue it, mark it delivered and decide against it, and the view with its letter."""

from datetime import datetime
from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import (
    Block,
    View,
    bold,
    datetime_input,
    field,
    line,
    note,
    option,
    paragraph,
    preformatted,
    radio_buttons,
    rich,
    text_input,
)
from handlers.names import BlockId, CallbackId
from handlers.shared.case_buttons import letter_of
from handlers.shared.case_header import case_form, case_summary, customer_and_tally
from handlers.shared.customer_lines import warnings_line
from handlers.shared.labels import DELIVERIES, name_of

WHY_NOT: Final = _("What speaks against a warning this time. The reps read this.")
WARNING_LETTER_HINT: Final = _("Add what was said or done. You send it yourself; it counts only once delivered.")
NO_LETTER: Final = _("No warning has been issued to this customer.")
TO_COPY: Final = _("Select the text to copy it. It stays on record as it is.")


def warning_form(file: CaseFile, policy: Policy, letter: str) -> View:
    """*Issue warning*. `letter`: the draft."""
    return case_form(
        file,
        (CallbackId.WARNING_FORM, _("Issue warning"), _("Issue warning")),
        case_summary(file, policy),
        field(BlockId.LETTER, _("The letter to the customer"), text_input(letter), hint=WARNING_LETTER_HINT),
    )


def delivered_form(file: CaseFile, now: datetime) -> View:
    """*Mark delivered*, opened at `now`."""
    ways = [option(name, key) for key, name in DELIVERIES.items()]
    return case_form(
        file,
        (CallbackId.DELIVERED_FORM, _("Mark delivered"), _("Mark delivered")),
        rich(*customer_and_tally(file), warnings_line(file.warnings)),
        field(BlockId.HOW, _("How did it reach the customer?"), radio_buttons(ways)),
        field(BlockId.DELIVERED_AT, _("When?"), datetime_input(now)),
    )


def not_now_form(file: CaseFile) -> View:
    """*Not now*."""
    return case_form(
        file,
        (CallbackId.NOT_NOW_FORM, _("No warning for now"), _("Not now")),
        rich(*customer_and_tally(file)),
        field(BlockId.RATIONALE, _("Why?"), text_input(placeholder=WHY_NOT)),
    )


def letter_view(file: CaseFile) -> View:
    """*Read the letter*: the whole letter to copy, as corrected and as issued."""
    warning = letter_of(file)
    if warning is None:
        return note(CallbackId.NOTE, _("The letter"), [paragraph(NO_LETTER)])
    facts = rich(line(bold(name_of(file.customer))), warnings_line([warning], file.disputes), line(TO_COPY))
    corrected = next((d.letter for d in file.disputes if d.warning == warning.number and d.letter), None)
    letters = [_letter(_("The letter as it was corrected"), corrected)] if corrected else []
    letters.append(_letter(_("The letter as it was issued"), warning.letter))
    return note(CallbackId.NOTE, _("The letter"), [facts, *letters])


def _letter(title: str, letter: str) -> Block:
    return rich(line(bold(title)), preformatted(letter))
