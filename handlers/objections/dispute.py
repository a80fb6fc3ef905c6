"""The letter of a warning to read, and what the customer disputes in it."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile, DisputeFile
from bot.rules.customers import Customer
from bot.rules.objections import Dispute, Remedy
from bot.rules.warnings import IssuedWarning
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Block,
    TextPiece,
    View,
    actions,
    button,
    field,
    filled,
    form,
    header,
    line,
    note,
    option,
    paragraph,
    person,
    quote,
    radio,
    rich,
    strong,
    text_input,
    typed_out,
    when,
)
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import DATE_ONLY, shorten
from handlers.button_values import case_value, dispute_value
from handlers.names import ActionId, BlockId, CallbackId
from handlers.shared.case_header import case_form
from handlers.shared.customer_lines import warnings_line
from handlers.shared.labels import name_of

NO_LETTER: Final = _("No warning has been issued to this customer.")
AS_ISSUED: Final = _("The letter as it was issued")
AS_CORRECTED: Final = _("The letter as it was corrected")
TO_COPY: Final = _("Select the text to copy it. It stays on record as it is.")

DISPUTED: Final = _("What does the customer dispute?")
DISPUTED_HINT: Final = _("Which facts, and what they say instead. The warning counts until somebody has looked at it.")
# Translators: a button: to put it on record.
RECORD: Final = _("Record")
GOES_TO: Final = _(
    "{customer} · the dispute is on record. A manager who is not involved looks at it; the channel shows how it stands."
)

TITLE: Final = _("Disputed warning: {customer}")
SETTLED: Final = _("Dispute settled: {customer}")
RECORDED: Final = _("{by} recorded that the customer disputes facts of the warning issued {issued}.")
WHO_MAY: Final = _(
    "Somebody settles it who did not issue the warning, reported nothing here, and does not own the account."
)
NOBODY_LEFT: Final = _("Nobody is left who was not involved. Please name another manager or director in the settings.")
DUE: Final = _("Please look at it by {due}.")
REMEDIES: Final = {
    Remedy.STANDS: (_("It stands"), _("The facts are right, or right where it matters")),
    Remedy.CORRECTED: (_("It is corrected"), _("It counts on, with a corrected letter")),
    Remedy.WITHDRAWN: (_("It is withdrawn"), _("It counts no more, and the policy is asked anew")),
}
ENDED: Final = {
    Remedy.STANDS: _("The warning stands."),
    Remedy.CORRECTED: _("The warning counts on, with a corrected letter. Please send it to the customer."),
    Remedy.WITHDRAWN: _("The warning is withdrawn and counts no more. Please tell the customer."),
}
# Translators: {ended} is a sentence, such as "The warning stands."
SETTLED_BY: Final = _("{ended} {by}, {at}")
WHY: Final = _("Why?")
WHY_HINT: Final = _("What you looked at, and what you found. The customer gets an answer from this.")
LETTER: Final = _("The letter, where it is corrected")
LETTER_HINT: Final = _("Change what was wrong. You send it yourself.")


def dispute_form(file: CaseFile) -> View:
    """*Record a dispute*."""
    mine = [warning for warning in file.warnings if warning.case == file.case.number]
    return case_form(
        file,
        (CallbackId.DISPUTE_FORM, _("Record a dispute"), RECORD),
        rich(line(strong(name_of(file.customer))), warnings_line(mine)),
        field(BlockId.DISPUTED, DISPUTED, text_input(), hint=DISPUTED_HINT),
    )


def disputed(file: CaseFile) -> View:
    """After *Record a dispute*."""
    return note(CallbackId.NOTE, _("Recorded"), [paragraph(*filled(GOES_TO, customer=strong(name_of(file.customer))))])


def dispute_notice(file: DisputeFile) -> Message:
    """To the managers: what is disputed, and who may settle it; afterwards what came of it."""
    dispute = file.dispute
    says = rich(quote(shorten(dispute.disputed, 2_000)))
    told = paragraph(*filled(RECORDED, by=person(dispute.recorded_by), issued=when(file.warning.issued_at, DATE_ONLY)))
    if not dispute.is_open:
        return message(header(SETTLED.format(customer=name_of(file.customer))), told, says, *_settled(dispute))
    due = filled(DUE, due=when(dispute.due_at))
    asks = paragraph(*map(_bold, due), f" {WHO_MAY if file.others else NOBODY_LEFT}")
    settle = button(_("Settle the dispute"), ActionId.SETTLE_DISPUTE, dispute_value(dispute.number), primary=True)
    letter = button(_("Read the letter"), ActionId.READ_LETTER, case_value(dispute.case, 0))
    return message(header(TITLE.format(customer=name_of(file.customer))), told, says, asks, actions(settle, letter))


def settle_form(file: DisputeFile) -> View:
    """*Settle the dispute*: what becomes of the warning, and why."""
    remedies = [option(name, key, words) for key, (name, words) in REMEDIES.items()]
    blocks = [
        _about(file.customer, file.warning),
        rich(line(strong(DISPUTED)), quote(shorten(file.dispute.disputed, 2_000))),
        field(BlockId.REMEDY, _("What becomes of the warning?"), radio(remedies)),
        field(BlockId.REASON, WHY, text_input(), hint=WHY_HINT),
        field(BlockId.LETTER, LETTER, text_input(file.warning.letter), hint=LETTER_HINT, optional=True),
    ]
    return form(
        CallbackId.SETTLE_FORM, _("Settle the dispute"), _("Settle"), blocks, dispute_value(file.dispute.number)
    )


def settled(file: DisputeFile) -> View:
    """After *Settle the dispute*."""
    remedy = file.dispute.remedy
    ended = f" · {ENDED[remedy]}" if remedy else ""
    return note(CallbackId.NOTE, _("Recorded"), [paragraph(strong(name_of(file.customer)), ended)])


def _about(customer: Customer, warning: IssuedWarning) -> Block:
    return rich(line(strong(name_of(customer))), warnings_line([warning]))


def _letter(title: str, letter: str) -> list[Block]:
    return [rich(line(strong(title)), typed_out(letter))]


def _settled(dispute: Dispute) -> list[Block]:
    if dispute.remedy is None or dispute.settled_by is None or dispute.settled_at is None:
        return []
    ended, by, at = strong(ENDED[dispute.remedy]), person(dispute.settled_by), when(dispute.settled_at)
    return [
        paragraph(*filled(SETTLED_BY, ended=ended, by=by, at=at)),
        rich(quote(shorten(dispute.reason or "", 1_500))),
    ]


def _bold(part: TextPiece) -> TextPiece:
    return strong(part) if isinstance(part, str) else part
