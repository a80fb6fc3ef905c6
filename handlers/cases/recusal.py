"""Stepping aside from a case, and taking back an approval."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from handlers.blockkit.blocks import TextPiece, View, field, filled, form, note, paragraph, rich, strong, text_input
from handlers.button_values import case_value
from handlers.names import BlockId, CallbackId
from handlers.shared.case_header import who
from handlers.shared.labels import name_of

LONGEST_REASON: Final = 300
APPROVED: Final = 1_000  # characters of a rationale

FROM_NOW_ON: Final = _(
    "From now on you take no part in this case, whatever it comes to. This can't be undone. "
    "If too few managers are left, the directors are asked."
)
REASON: Final = _("Why? One sentence is enough, and none is fine.")
REASON_HINT: Final = _("The notice shows it to the managers.")
STEPPED_ASIDE: Final = _("{customer}. You take no part in this case any more. The notice says so; the others carry on.")
WAITS: Final = _(
    "Your approval waits for another manager's. To keep the customer instead, close this and press Keep customer."
)
TAKEN_BACK: Final = _("{customer}. Your approval counts no longer. The case stays open.")


def recuse_form(file: CaseFile) -> View:
    """*Recuse me*."""
    reason = text_input() | {"max_length": LONGEST_REASON}
    return form(
        CallbackId.RECUSE_FORM,
        _("Step aside"),
        _("Step aside"),
        [
            rich(*who(file)),
            paragraph(FROM_NOW_ON),
            field(BlockId.REASON, REASON, reason, hint=REASON_HINT, optional=True),
        ],
        case_value(file.case.number, file.case.version),
    )


def recused(file: CaseFile) -> View:
    """After *Step aside*."""
    return note(CallbackId.NOTE, _("Recorded"), [paragraph(*_said(STEPPED_ASIDE, file))])


def _said(template: str, file: CaseFile) -> list[TextPiece]:
    return filled(template, customer=strong(name_of(file.customer)))
