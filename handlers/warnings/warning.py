"""A warning: the forms to issue it, mark it delivered and decide against it, and the view with its letter."""

from datetime import datetime
from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.policy.policy import Policy
from bot.rules.warnings import IssuedWarning
from bot.usecases.shared.letters import Drafted
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
from handlers.shared.case_buttons import LetterKind, decision_letters, letter_of
from handlers.shared.case_header import about, case_form, customer_and_case
from handlers.shared.customer_lines import warnings_line
from handlers.shared.labels import DELIVERIES, name_of
from handlers.shared.letter_form import THE_LETTER
from handlers.shared.report_lines import to_quote_from

WHY_NOT: Final = _("What speaks against a warning this time. The reps read this.")
WARNING_LETTER_HINT: Final = _("Say in it what was said or done. You send it yourself. It is valid once delivered.")
NO_LETTER: Final = _("No letter has been written to this customer.")
TITLES: Final = {
    LetterKind.ANSWER: _("The answer to the objection"),
    LetterKind.DROP: _("The letter that ends the business"),
    LetterKind.CONDITIONS: _("The letter about the conditions"),
}
TO_COPY: Final = _("Select the text to copy it. It stays on record as it is.")


def warning_form(drafted: Drafted[None], policy: Policy) -> View:
    """*Issue warning*, with the letter drafted."""
    file = drafted.file
    return case_form(
        file,
        (CallbackId.WARNING_FORM, _("Issue warning"), _("Issue warning")),
        about(file, policy),
        field(BlockId.LETTER, THE_LETTER, text_input(drafted.letter), hint=WARNING_LETTER_HINT),
        *to_quote_from(file, policy),
    )


def delivered_form(file: CaseFile, now: datetime) -> View:
    """*Mark delivered*, opened at `now`."""
    ways = [option(name, key) for key, name in DELIVERIES.items()]
    return case_form(
        file,
        (CallbackId.DELIVERED_FORM, _("Mark delivered"), _("Mark delivered")),
        rich(customer_and_case(file)),
        field(BlockId.HOW, _("How did it reach the customer?"), radio_buttons(ways)),
        field(BlockId.DELIVERED_AT, _("When?"), datetime_input(now)),
    )


def not_now_form(file: CaseFile) -> View:
    """*Not now*."""
    return case_form(
        file,
        (CallbackId.NOT_NOW_FORM, _("No warning for now"), _("Not now")),
        rich(customer_and_case(file)),
        field(BlockId.RATIONALE, _("Why?"), text_input(placeholder=WHY_NOT)),
    )


def letter_view(file: CaseFile) -> View:
    """*Read the letter*: each letter whole, to copy: of the decision, of the answer to an objection, of the warning."""
    warning, written = letter_of(file), decision_letters(file)
    if warning is None and not written:
        return note(CallbackId.NOTE, _("The letter"), [paragraph(NO_LETTER)])
    about = warnings_line([warning] if warning else [], file.objections, file.at)
    facts = rich(line(bold(name_of(file.customer))), *about, line(TO_COPY))
    letters = [*((TITLES[kind], letter) for kind, letter in written), *_warning_letters(file, warning)]
    return note(CallbackId.NOTE, _("The letter"), [facts, *(_letter(title, letter) for title, letter in letters)])


def _warning_letters(file: CaseFile, warning: IssuedWarning | None) -> list[tuple[str, str]]:
    """The warning as it was issued, and before it the answer to an objection: maybe the warning as it was corrected."""
    if warning is None:
        return []
    answered = next((each for each in file.objections if each.warning == warning.number and each.letter), None)
    issued = (_("The letter as it was issued"), warning.letter)
    if answered is None:
        return [issued]
    title = _("The letter as it was corrected") if answered.corrected else TITLES[LetterKind.ANSWER]
    return [(title, answered.letter or ""), issued]


def _letter(title: str, letter: str) -> Block:
    return rich(line(bold(title)), preformatted(letter))
