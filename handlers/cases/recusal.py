"""Recusing oneself from a case: the form, what is read from it, and the confirmation."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.fields import LONGEST_RECUSAL
from bot.usecases.cases.recuse import Recuse
from handlers.blockkit.blocks import View, field, paragraph, rich, text_input
from handlers.button_values import case_of
from handlers.names import BlockId, CallbackId
from handlers.parsing.form import Form
from handlers.shared.case_header import case_form, customer_and_case
from handlers.shared.confirmations import confirmation

FROM_NOW_ON: Final = _(
    "From now on you cannot act on this customer, in this case or a later one. You cannot undo this. If too few "
    "managers are left, the directors decide."
)
REASON: Final = _("Why? One sentence is enough, and you may leave it empty.")
REASON_HINT: Final = _("Everybody who sees the notice can read it.")
RECUSED: Final = _("{customer}: you are recused. The notice says so, and the others decide.")


def recuse_form(file: CaseFile) -> View:
    """The form that *Recuse me* opens."""
    reason = text_input() | {"max_length": LONGEST_RECUSAL}
    return case_form(
        file,
        (CallbackId.RECUSE_FORM, _("Recuse me"), _("Recuse me")),
        rich(customer_and_case(file)),
        paragraph(FROM_NOW_ON),
        field(BlockId.REASON, REASON, reason, hint=REASON_HINT, optional=True),
    )


def parse_recuse(form: Form) -> Recuse:
    """The form as it was sent; the reason may be empty. Raises `Malformed`."""
    return Recuse(by=form.by, case=case_of(form), reason=form.typed(BlockId.REASON))


def recused(file: RecordedCase) -> View:
    """Confirms that somebody has recused themselves."""
    return confirmation(file.customer, RECUSED)
