"""The files of a report: the button that has them sent, and each direct message with one."""

from typing import Final

from bot.language import _, ngettext
from bot.rules.reports import Evidence
from bot.usecases.context import Context
from bot.usecases.delivery.files import FileContent
from bot.usecases.reports.files import RequestFiles
from bot.usecases.transport import Attachment, Message
from handlers.blockkit.blocks import View, note, section
from handlers.blockkit.text import one_line
from handlers.button_values import report_of
from handlers.names import CallbackId
from handlers.parsing.people import sender

FILE: Final = _("A file of report {report}: {name}")
NOT_SENT: Final = _(
    "I did not send a file of report {report}: it has been erased, or you have a stake in the case now."
)


def clicked(body: object) -> RequestFiles:
    """*Send me the files* at a report. Raises `Malformed`."""
    return RequestFiles(sender(body), report_of(body))


def follow(n: int, _context: Context, command: RequestFiles) -> View:
    """What is said after the click."""
    said = ngettext(
        "I send you {n:,} file in a direct message. The record says that you took it.",
        "I send you {n:,} files in direct messages. The record says that you took them.",
        n,
    )
    title = _("Report {report}").format(report=command.report)
    return note(CallbackId.NOTE, title, [section(said.format(n=n))])


def file_message(content: FileContent) -> Message:
    """The direct message with a file; without it for somebody who may not have it any more."""
    if content.content is None:
        return Message(text=NOT_SENT.format(report=content.report), blocks=[])
    name = _file_name(content.evidence)
    said = FILE.format(report=content.report, name=name)
    return Message(text=said, blocks=[], file=Attachment(name, content.content))


def _file_name(evidence: Evidence | None) -> str:
    name = one_line(evidence.title).replace("/", "-") if evidence else ""
    return name if "." in name.strip(".") else f"{name or 'file'}.bin"
