"""Stepping aside from a case, and taking back an approval."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.decisions import Approval
from handlers.blockkit.blocks import TextPiece, View, filled, form, note, paragraph, rich, strong
from handlers.button_values import case_value
from handlers.names import CallbackId
from handlers.shared.case_header import named
from handlers.shared.deadline_lines import first_approval
from handlers.shared.labels import name_of

APPROVED: Final = 1_000  # characters of a rationale
WAITS: Final = _(
    "Your approval waits for another manager's. To keep the customer instead, close this and press Keep customer."
)
TAKEN_BACK: Final = _("{customer}. Your approval counts no longer. The case stays open.")


def take_back_form(file: CaseFile, given: Approval) -> View:
    """*Approve drop* by somebody who has approved already."""
    return form(
        CallbackId.TAKE_BACK_FORM,
        _("Your approval"),
        _("Take it back"),
        [
            rich(named(file)),
            first_approval(given, APPROVED),
            paragraph(WAITS),
        ],
        case_value(file.case.number, file.case.version),
    )


def taken_back(file: CaseFile) -> View:
    """After *Take it back*."""
    return note(CallbackId.NOTE, _("Recorded"), [paragraph(*_said(TAKEN_BACK, file))])


def _said(template: str, file: CaseFile) -> list[TextPiece]:
    return filled(template, customer=strong(name_of(file.customer)))
