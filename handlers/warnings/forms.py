"""The forms behind a case's buttons. Each repeats on top who it is about and why, so that nobody decides blind."""

from datetime import datetime
from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import View, field, moment_input, option, radio, rich, text_input
from handlers.names import BlockId, CallbackId
from handlers.shared.case_header import at_stake, case_form, who
from handlers.shared.customer_lines import warnings_line
from handlers.shared.labels import DELIVERIES

WHY: Final = _("Why?")
WHY_NOT: Final = _("What speaks against a warning this time. The reps read this.")
THE_LETTER: Final = _("The letter to the customer")
WARNING_LETTER_HINT: Final = _("Add what was said or done. You send it yourself; it counts only once delivered.")


def warning_form(file: CaseFile, policy: Policy, letter: str) -> View:
    """*Issue warning*. `letter`: the draft."""
    return case_form(
        file,
        (CallbackId.WARNING_FORM, _("Issue warning"), _("Issue warning")),
        at_stake(file, policy),
        field(BlockId.LETTER, THE_LETTER, text_input(letter), hint=WARNING_LETTER_HINT),
    )


def delivered_form(file: CaseFile, now: datetime) -> View:
    """*Mark delivered*, opened at `now`."""
    ways = [option(name, key) for key, name in DELIVERIES.items()]
    return case_form(
        file,
        (CallbackId.DELIVERED_FORM, _("Mark delivered"), _("Mark delivered")),
        rich(*who(file), warnings_line(file.warnings)),
        field(BlockId.HOW, _("How did it reach the customer?"), radio(ways)),
        field(BlockId.DELIVERED_AT, _("When?"), moment_input(now)),
    )


def not_now_form(file: CaseFile) -> View:
    """*Not now*."""
    return case_form(
        file,
        (CallbackId.NOT_NOW_FORM, _("No warning for now"), _("Not now")),
        rich(*who(file)),
        field(BlockId.RATIONALE, WHY, text_input(placeholder=WHY_NOT)),
    )
