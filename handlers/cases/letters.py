"""The letters to a customer: read, taken as a file, marked as sent, and asked for until they are."""

from datetime import datetime
from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.decisions import Choice
from bot.rules.sent_letters import Letter, LetterKind
from bot.rules.warnings import Delivery, IssuedWarning
from bot.usecases.cases.letters import MarkSent, request_letter
from bot.usecases.context import Context
from bot.usecases.delivery.content import LetterContent
from bot.usecases.delivery.files import LetterFile
from bot.usecases.transport import Attachment, Message
from handlers.blockkit.blocks import (
    Block,
    Element,
    View,
    actions,
    bold,
    button,
    context_block,
    datetime_input,
    field,
    filled,
    form,
    header,
    line,
    note,
    option,
    paragraph,
    person,
    preformatted,
    radio_buttons,
    rich,
    section,
    when,
)
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import DATE_ON
from handlers.button_values import case_value
from handlers.names import ActionId, BlockId, CallbackId
from handlers.parsing.form import Form
from handlers.shared.case_buttons import letter_of, mark_sent, see_case
from handlers.shared.confirmations import confirmation
from handlers.shared.customer_lines import warnings_line
from handlers.shared.deadline_lines import APART, takes_no_part
from handlers.shared.decision_lines import letter_line, original_terms
from handlers.shared.labels import name_of
from handlers.shared.letter_values import LetterClick, case_and_letter, letter_value

DOWNLOAD: Final = _("Download")
NO_LETTER: Final = _("No letter has been written to this customer.")
TITLES: Final = {
    Choice.DROP: _("The letter that ends the business"),
    Choice.KEEP: _("The letter about the conditions"),
}
ANSWER: Final = _("The answer to the objection")
CORRECTED: Final = _("The corrected letter")
TO_COPY: Final = _("Select the text to copy it. It stays on record as it is.")
WAYS: Final = {
    # Translators: how a letter was sent, to choose from.
    Delivery.EMAIL: _("By e-mail"),
    Delivery.POST: _("By post"),
    Delivery.IN_PERSON: _("Handed over"),
}
ONLY_WHEN_GONE: Final = _("Backstop sends nothing to the customer. Mark it once you have sent it.")
NOT_SENT: Final = _("Letter not sent yet: {customer}")
WRITTEN_BY_YOU: Final = _("You wrote it on {day}.")
WRITTEN: Final = _("{by} wrote it on {day}.")
SEND_IT: Final = _("Please send it to the customer, then mark it as sent. I ask again on the next business day.")
REMINDED_AGAIN: Final = _("The letter to {customer} was still not sent, so I sent this message again further down.")
MARKED: Final = _("{customer}: the letter is marked as sent.")
NO_LONGER: Final = _("Nobody has to send a letter to {customer} any more.")
FOLLOWS: Final = _("I send it to you in a direct message, as a text file. The record says that you took it.")
FILE: Final = _("The letter of case {case} that you asked for.")
GONE: Final = _(
    "I did not send you the letter of case {case}: it has been erased, or you have a stake in the case now."
)


def letter_view(file: CaseFile) -> View:
    """*Read the letter*: each letter whole, to copy: of the decision, of the answer to an objection, of the warning."""
    warning, after = letter_of(file), file.decision_history
    if warning is None and not after.letters:
        return note(CallbackId.NOTE, _("The letter"), [paragraph(NO_LETTER)])
    about = warnings_line([warning] if warning else [], file.objections, file.at)
    facts = rich(line(bold(name_of(file.customer))), *about, line(TO_COPY))
    written = [block for letter in after.letters for block in _written(file, letter)]
    return note(CallbackId.NOTE, _("The letter"), [facts, *written, *(_warning_letter(warning) if warning else [])])


def _written(file: CaseFile, letter: Letter) -> list[Block]:
    value = letter_value(file.case.number, letter.kind)
    sent = button(_("Mark as sent"), ActionId.MARK_SENT, value, primary=letter.asked)
    download = button(DOWNLOAD, ActionId.DOWNLOAD_LETTER, value)
    state = letter_line(letter) if letter.sent else None
    shown = rich(line(bold(_title(file, letter))), *([state] if state else []), preformatted(letter.text))
    if letter.erased:
        return [shown]
    return [
        shown,
        actions(*([] if letter.sent else [sent]), download),
    ]


def _title(file: CaseFile, letter: Letter) -> str:
    objection = file.decision_history.objection
    if letter.kind is LetterKind.ANSWER or file.decision is None:
        return CORRECTED if objection and objection.corrected else ANSWER
    return TITLES[original_terms(file.decision, file.decision_history).choice]


def _warning_letter(warning: IssuedWarning) -> list[Block]:
    download = button(DOWNLOAD, ActionId.DOWNLOAD_LETTER, letter_value(warning.case, LetterKind.WARNING))
    shown = rich(line(bold(_("The letter that was issued"))), preformatted(warning.letter))
    return [shown] if warning.erased else [shown, actions(download)]


def sent_form(file: CaseFile, now: datetime, kind: LetterKind) -> View:
    """*Mark as sent*."""
    letter = next((each for each in file.decision_history.letters if each.kind is kind), None)
    titles = [line(_title(file, letter))] if letter else []
    ways = [option(name, key) for key, name in WAYS.items()]
    return form(
        CallbackId.SENT_FORM,
        _("Mark as sent"),
        _("Mark as sent"),
        [
            rich(line(bold(name_of(file.customer))), *titles),
            field(BlockId.HOW, _("How was it sent?"), radio_buttons(ways), hint=ONLY_WHEN_GONE),
            field(BlockId.DELIVERED_AT, _("When?"), datetime_input(now)),
        ],
        letter_value(file.case.number, kind),
    )


def open_form(file: CaseFile, context: Context, click: LetterClick) -> View:
    """*Mark as sent*, opened now."""
    return sent_form(file, context.clock(), click.letter)


def parse_sent(form: Form) -> MarkSent:
    """How and when the letter was sent. Raises `Malformed`."""
    case, letter = case_and_letter(form.metadata)
    how, at = form.member(BlockId.HOW, Delivery), form.moment(BlockId.DELIVERED_AT)
    return MarkSent(form.by, case, letter, how, at)


def marked_as_sent(file: RecordedCase) -> View:
    """After *Mark as sent*."""
    return confirmation(file.customer, MARKED)


def request(context: Context, click: LetterClick) -> None:
    """*Download*. Raises as `request_letter`."""
    request_letter(context, *click)


def follows(_result: None, _context: Context, click: LetterClick) -> View:
    """What is said after it."""
    return note(CallbackId.NOTE, _("Case {case}").format(case=click.case), [section(FOLLOWS)])


def letter_file_message(content: LetterFile) -> Message:
    """The direct message with a letter as a file."""
    if content.letter is None:
        return Message(text=GONE.format(case=content.case), blocks=[])
    file = Attachment(f"case-{content.case}-{content.letter.kind}.txt", content.letter.text.encode())
    return Message(text=FILE.format(case=content.case), blocks=[], file=file)


def letter_notice(content: LetterContent, user: str) -> Message:
    """Asks somebody to send a letter, by direct message; afterwards says that it was sent, or is not waited for."""
    file, letter = content.case, content.case.decision_history.to_send
    name = name_of(file.customer)
    if takes_no_part(file, user):
        return message(paragraph(APART))
    if letter is None:
        sent = [letter_line(each) for each in file.decision_history.letters if each.sent][:1]
        return message(rich(line(bold(name)), *sent) if sent else paragraph(NO_LONGER.format(customer=name)))
    if not content.newest:
        return message(paragraph(REMINDED_AGAIN.format(customer=name)))
    day, by = when(letter.at, DATE_ON), person(letter.by)
    written = filled(WRITTEN_BY_YOU, day=day) if letter.by == user else filled(WRITTEN, by=by, day=day)
    return message(
        header(NOT_SENT.format(customer=name)),
        context_block(_("Case {case}").format(case=file.case.number)),
        paragraph(*written, f" {SEND_IT}"),
        actions(*_buttons(file)),
    )


def _buttons(file: CaseFile) -> list[Element]:
    value = case_value(file.case.number, file.case.version)
    read = button(_("Read the letter"), ActionId.READ_LETTER, value)
    return [*filter(None, [mark_sent(file)]), read, see_case(file)]
