"""The evidence pack of a case: what is said after the click, and the direct message with the file."""

from typing import Final

from bot.language import _
from bot.rules.evidence_pack.pack import evidence_pack
from bot.usecases.cases.evidence_pack import request_pack
from bot.usecases.context import Context
from bot.usecases.delivery.files import PackContent
from bot.usecases.transport import Attachment, Message
from handlers.blockkit.blocks import View, note, section
from handlers.button_values import CaseClick, case_click
from handlers.names import CallbackId

FOLLOWS: Final = _(
    "I send it to you in a direct message, as one file. It says who reported and who decided, so give it only to "
    "those who may know. The record says that you took it."
)
PACK: Final = _(
    "The evidence pack of case {case}. Unpack it and open report.html. READ-ME.txt says how anybody can check it "
    "without Backstop."
)
NOT_SENT: Final = _("I did not send the evidence pack of case {case}: you have a stake in the case now.")

clicked: Final = case_click


def request(context: Context, click: CaseClick) -> None:
    """The click. Raises as `request_pack`."""
    request_pack(context, click.by, click.case)


def follows(_result: None, _context: Context, click: CaseClick) -> View:
    """What is said after it."""
    return note(CallbackId.NOTE, _("Case {case}").format(case=click.case), [section(FOLLOWS)])


def pack_message(content: PackContent) -> Message:
    """The direct message with the pack; without it for somebody who may not have it any more."""
    if content.contents is None:
        return Message(text=NOT_SENT.format(case=content.case), blocks=[])
    file = Attachment(f"case-{content.case}.zip", evidence_pack(content.contents, content.names))
    return Message(text=PACK.format(case=content.case), blocks=[], file=file)
