"""The letter of a warning to read, and what the customer disputes in it."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from handlers.blockkit.blocks import (
    Block,
    View,
    line,
    note,
    paragraph,
    rich,
    strong,
    typed_out,
)
from handlers.names import CallbackId
from handlers.shared.case_buttons import letter_of
from handlers.shared.customer_lines import warnings_line
from handlers.shared.labels import name_of

NO_LETTER: Final = _("No warning has been issued to this customer.")
AS_ISSUED: Final = _("The letter as it was issued")
AS_CORRECTED: Final = _("The letter as it was corrected")
TO_COPY: Final = _("Select the text to copy it. It stays on record as it is.")


def letter_view(file: CaseFile) -> View:
    """*Read the letter*: to read in full and to copy, corrected and as it was issued."""
    warning = letter_of(file)
    if warning is None:
        return note(CallbackId.NOTE, _("The letter"), [paragraph(NO_LETTER)])
    facts = rich(line(strong(name_of(file.customer))), warnings_line([warning], file.disputes), line(TO_COPY))
    corrected = next((d.letter for d in file.disputes if d.warning == warning.number and d.letter), None)
    first = _letter(AS_CORRECTED, corrected) if corrected else []
    return note(CallbackId.NOTE, _("The letter"), [facts, *first, *_letter(AS_ISSUED, warning.letter)])


def _letter(title: str, letter: str) -> list[Block]:
    return [rich(line(strong(title)), typed_out(letter))]
