"""A disputed warning: the form that records the dispute, the message about it, and the form that settles it."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile, DisputeFile, RecordedCase
from bot.rules.objections import Dispute, Remedy
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Block,
    View,
    actions,
    bold,
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
    radio_buttons,
    rich,
    text_input,
    when,
)
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import DATE_ONLY, shorten
from handlers.button_values import case_value, dispute_value
from handlers.names import ActionId, BlockId, CallbackId
from handlers.shared.case_header import case_form
from handlers.shared.confirmations import confirmation
from handlers.shared.customer_lines import warnings_line
from handlers.shared.labels import name_of

DISPUTED: Final = _("What does the customer object to?")
DISPUTED_HINT: Final = _("Which facts, and what they say instead. The warning stays valid until somebody has answered.")
# Translators: a button: to put it on record.
RECORD: Final = _("Record")
ON_RECORD: Final = _(
    "{customer}: the objection is recorded. Somebody who took no part answers it; the channel shows how it stands."
)
RECORDED: Final = _("{by} recorded that the customer objects to the warning issued {issued}.")
LATE: Final = _("The answer was due {due} and is late. Please answer now.")
WHO_MAY: Final = _(
    "Somebody answers who took no part in the warning, reported nothing here, and does not own the account."
)
NOBODY_LEFT: Final = _("Nobody is left who was not involved. Please name another manager or director in the settings.")
REMEDIES: Final = {
    Remedy.STANDS: (_("It stands"), _("The facts are right, or right where it matters")),
    Remedy.CORRECTED: (_("It is changed"), _("It stays valid, with a corrected letter")),
    Remedy.WITHDRAWN: (_("It is cancelled"), _("It is no longer valid, and the policy is asked again")),
}
ENDED: Final = {
    Remedy.STANDS: _("The warning stands."),
    Remedy.CORRECTED: _(
        "The warning is changed: it stays valid, with a corrected letter. Please send it to the customer."
    ),
    Remedy.WITHDRAWN: _("The warning is cancelled and no longer valid. Please tell the customer."),
}
# Translators: {ended} is a sentence, such as "The warning stands."
SETTLED_BY: Final = _("{ended} {by}, {at}")
WHY_HINT: Final = _("What you looked at, and what you found. The customer gets an answer from this.")
LETTER: Final = _("The letter, where the warning is changed")
LETTER_HINT: Final = _("Change what was wrong. You send it yourself.")


def dispute_form(file: CaseFile) -> View:
    """*Record an objection*."""
    mine = [warning for warning in file.warnings if warning.case == file.case.number]
    return case_form(
        file,
        (CallbackId.DISPUTE_FORM, _("Record an objection"), RECORD),
        rich(line(bold(name_of(file.customer))), *warnings_line(mine, (), file.at)),
        field(BlockId.DISPUTED, DISPUTED, text_input(), hint=DISPUTED_HINT),
    )


def dispute_recorded(file: RecordedCase) -> View:
    """After *Record an objection*."""
    return confirmation(file.customer, ON_RECORD)


def dispute_notice(file: DisputeFile) -> Message:
    """Tells the managers what is disputed and who may settle it; later, how it was settled."""
    dispute, name = file.dispute, name_of(file.customer)
    disputed = rich(quote(shorten(dispute.disputed, 2_000)))
    by, issued = person(dispute.recorded_by), when(file.warning.issued_at, DATE_ONLY)
    recorded = paragraph(*filled(RECORDED, by=by, issued=issued))
    if not dispute.is_open:
        title = _("Objection answered: {customer}").format(customer=name)
        return message(header(title), recorded, disputed, *_settled(dispute))
    template = LATE if dispute.due_at <= file.at else _("Please answer by {due}.")
    due = filled(template, due=when(dispute.due_at))
    due_in_bold = [bold(part) if isinstance(part, str) else part for part in due]
    asks = paragraph(*due_in_bold, f" {WHO_MAY if file.others else NOBODY_LEFT}")
    settle = button(_("Answer the objection"), ActionId.SETTLE_DISPUTE, dispute_value(dispute.number), primary=True)
    letter = button(_("Read the letter"), ActionId.READ_LETTER, case_value(dispute.case, 0))
    title = _("Objection to a warning: {customer}").format(customer=name)
    return message(header(title), recorded, disputed, asks, actions(settle, letter))


def settle_form(file: DisputeFile) -> View:
    """*Answer the objection*."""
    remedies = [option(name, key, words) for key, (name, words) in REMEDIES.items()]
    blocks = [
        rich(line(bold(name_of(file.customer))), *warnings_line([file.warning], (), file.at)),
        rich(line(bold(DISPUTED)), quote(shorten(file.dispute.disputed, 2_000))),
        field(BlockId.REMEDY, _("What is the answer?"), radio_buttons(remedies)),
        field(BlockId.REASON, _("Why?"), text_input(), hint=WHY_HINT),
        field(BlockId.LETTER, LETTER, text_input(file.warning.letter), hint=LETTER_HINT, optional=True),
    ]
    value = dispute_value(file.dispute.number)
    return form(CallbackId.SETTLE_FORM, _("Answer the objection"), _("Settle"), blocks, value)


def dispute_settled(file: DisputeFile) -> View:
    """After *Answer the objection*."""
    remedy = file.dispute.remedy
    ended = f" · {ENDED[remedy]}" if remedy else ""
    return note(CallbackId.NOTE, _("Recorded"), [paragraph(bold(name_of(file.customer)), ended)])


def _settled(dispute: Dispute) -> list[Block]:
    if dispute.remedy is None or dispute.settled_by is None or dispute.settled_at is None:
        return []
    ended, by, at = bold(ENDED[dispute.remedy]), person(dispute.settled_by), when(dispute.settled_at)
    reason = rich(quote(shorten(dispute.reason or "", 1_500)))
    return [paragraph(*filled(SETTLED_BY, ended=ended, by=by, at=at)), reason]
