"""A warning: the forms to issue it, mark it delivered and decide against it, and the view with its letter."""

from datetime import datetime
from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.policy.policy import Policy
from bot.usecases.shared.letters import Drafted
from handlers.blockkit.blocks import (
    View,
    datetime_input,
    field,
    option,
    radio_buttons,
    rich,
    text_input,
)
from handlers.names import BlockId, CallbackId
from handlers.shared.case_header import about, case_form, customer_and_case
from handlers.shared.labels import DELIVERIES
from handlers.shared.letter_form import THE_LETTER, who_signs
from handlers.shared.report_lines import to_quote_from

WHY_NOT: Final = _("Why you do not warn them this time. The reps read this.")
# Translators: {signed} is such as "Sign and send it."
WARNING_LETTER_HINT: Final = _("Say what they said or did. {signed} The warning is valid once delivered.")


def warning_form(drafted: Drafted[None], policy: Policy) -> View:
    """*Issue warning*, with the letter drafted."""
    file, hint = drafted.file, WARNING_LETTER_HINT.format(signed=who_signs(policy))
    return case_form(
        file,
        (CallbackId.WARNING_FORM, _("Issue warning"), _("Issue warning")),
        about(file, policy),
        field(BlockId.LETTER, THE_LETTER, text_input(drafted.letter), hint=hint),
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
        (CallbackId.NOT_NOW_FORM, _("Not now"), _("Not now")),
        rich(customer_and_case(file)),
        field(BlockId.RATIONALE, _("Why?"), text_input(placeholder=WHY_NOT)),
    )
