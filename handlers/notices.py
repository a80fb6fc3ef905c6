"""Draws every kind of message from what `bot/usecases/delivery/content.py` has read for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.language import _
from bot.rules.home import HomeFile
from bot.rules.notices import EARLY, FILES, Notice, NoticeKind
from bot.rules.policy.policy import Policy
from bot.usecases.backup.calls import CallerMessage
from bot.usecases.context import Firm
from bot.usecases.delivery.content import BesideCase, Elsewhere, HearingContent, Repeated, SummaryContent
from bot.usecases.delivery.files import FileContent, LetterFile
from bot.usecases.delivery.withheld import Withheld, WithheldFrom
from bot.usecases.transport import Message
from handlers.backup.messages import backup_notice, backup_rep_notice
from handlers.blockkit.blocks import channel, filled, paragraph
from handlers.blockkit.fallback_text import message
from handlers.blockkit.quote import permalink
from handlers.cases.evidence_pack import pack_message
from handlers.cases.letters import letter_file_message, letter_notice
from handlers.cases.notice import case_notice
from handlers.cases.reminders import asked_notice, escalation_notice, overdue_note
from handlers.decisions.lesson import lesson_notice
from handlers.decisions.review import review_notice
from handlers.hearings.hearing import hearing_notice
from handlers.home.home import home
from handlers.objections.objection import objection_notice
from handlers.reports.check_ins import care_notice, check_in_notice
from handlers.reports.files import file_message
from handlers.reports.many_reports import many_reports_notice
from handlers.reports.rep_message import report_notice
from handlers.shared.help import greeting_notice, help_notice
from handlers.weekly.summary_notice import digest_notice, table_message, week_notice

# Translators: in place of a message that came again since.
STILL_OPEN: Final = _("Case {case} was still open, so I sent this message again further down.")
ASKED_AGAIN: Final = _("I asked about case {case} again, further down.")
AGAIN: Final = _("You can ask for it again where you did: it comes without what was erased.")
WITHHELD: Final = {
    WithheldFrom.REPORTER: _("Your report is recorded. It goes to management."),
    WithheldFrom.STRANGER: _("This is for full members of the workspace only."),
    WithheldFrom.NO_MANAGER: _("This is for managers and directors, and you are not one of them any more."),
}


@dataclass(frozen=True, slots=True)
class NoticeRenderer:
    """Draws messages and App Homes. `health` says what is wrong with the bot; managers read it in their App Home.

    `workspace_url`: see `Context`.
    """

    policy: Policy
    firm: Firm
    health: Callable[[], Sequence[str]] = tuple
    workspace_url: Callable[[], str] = str

    def render(self, notice: Notice, content: Any) -> Message:  # noqa: ANN401 - each kind has its own
        """The message for this content."""
        if notice.ts and _is_erased(notice, content):
            return erased_file(again=notice.kind in {NoticeKind.TABLE, NoticeKind.PACK})
        if isinstance(content, Withheld):
            return message(paragraph(WITHHELD[content.who]))
        if isinstance(content, Elsewhere):
            return elsewhere(content)
        if isinstance(content, Repeated):
            return repeated(content)
        return RENDERERS[notice.kind](self, content, notice)

    def case_link(self, content: BesideCase) -> str | None:
        """The address of the case's own notice."""
        return self.link_to(content.notice_ts) if content.notice_ts else None

    def link_to(self, ts: str) -> str:
        """The address of a message in the management channel."""
        return permalink(self.firm.management_channel, ts, self.workspace_url())


def not_on_record() -> Message:
    """In place of a message that the record does not know any more, after a restore."""
    return message(
        paragraph(
            _(
                "This is no longer on record: an older backup was restored. You cannot answer here. Please report "
                "again what still matters."
            )
        )
    )


def _is_erased(notice: Notice, content: object) -> bool:
    """Whether a file that was sent is to be deleted. Only erasing has files drawn again, and some of them are whole."""
    if notice.kind == NoticeKind.FILE and isinstance(content, FileContent):
        return content.content is None
    if notice.kind == NoticeKind.LETTER_FILE and isinstance(content, LetterFile):
        return content.letter is None
    return notice.kind in FILES


def erased_file(*, again: bool) -> Message:
    """In place of a file that was erased after somebody was sent it. `again`: there is one without what was erased."""
    words = _("A file was here. Something in it has been erased from the record, so I have removed the file here, too.")
    if again:
        words = f"{words} {AGAIN}"
    return replace(message(paragraph(words)), forgotten=True)


def elsewhere(content: Elsewhere) -> Message:
    """In a channel that management has left."""
    where = channel(content.channel)
    if content.case is None:
        return message(paragraph(*filled(_("This is in {channel} now."), channel=where)))
    return message(paragraph(*filled(_("Case {case} is in {channel} now."), case=content.case, channel=where)))


def repeated(content: Repeated) -> Message:
    """Of a message that came again on a later day."""
    return message(paragraph((STILL_OPEN if content.is_open else ASKED_AGAIN).format(case=content.case)))


def _escalation(renderer: NoticeRenderer, content: BesideCase, notice: Notice) -> Message:
    return escalation_notice(content.case, renderer.policy, notice.target, renderer.case_link(content))


def _overdue(renderer: NoticeRenderer, content: BesideCase, _: Notice) -> Message:
    return overdue_note(content.case, renderer.case_link(content))


def _hearing(_: NoticeRenderer, content: HearingContent, _notice: Notice) -> Message:
    return hearing_notice(content.case, content.hearing)


def _summary(renderer: NoticeRenderer, content: SummaryContent, notice: Notice) -> Message:
    links = {case: renderer.link_to(ts) for case, ts in content.notices.items()}
    return week_notice(content.figures, renderer.policy, notice.target, links)


def _home(renderer: NoticeRenderer, content: HomeFile, _: Notice) -> Message:
    if not content.overview:
        return home(content, renderer.policy, renderer.firm, ())
    return home(content, renderer.policy, renderer.firm, renderer.health(), renderer.workspace_url())


RENDERERS: Final[Mapping[str, Callable[[NoticeRenderer, Any, Notice], Message]]] = {
    NoticeKind.CASE: lambda renderer, case, _: case_notice(case, renderer.policy),
    NoticeKind.REPORT: lambda renderer, report, _: report_notice(report, renderer.policy),
    NoticeKind.CARE: lambda _, asked, notice: care_notice(asked, later=notice.round > 0),
    NoticeKind.MANY_REPORTS: lambda _renderer, at, _notice: many_reports_notice(at),
    NoticeKind.CHECK_IN: lambda _renderer, content, _notice: check_in_notice(*content),
    NoticeKind.ESCALATION: _escalation,
    NoticeKind.ASKED: lambda renderer, case, notice: asked_notice(case, renderer.policy, notice.target),
    NoticeKind.OVERDUE: _overdue,
    NoticeKind.HEARING: _hearing,
    NoticeKind.REVIEW: lambda renderer, case, notice: review_notice(case, renderer.policy, notice.round % EARLY),
    NoticeKind.OBJECTION: lambda renderer, case, notice: objection_notice(case, renderer.policy, notice.target),
    NoticeKind.LESSON: lambda _renderer, case, _notice: lesson_notice(case),
    NoticeKind.GREETING: lambda renderer, _content, _notice: greeting_notice(renderer.firm),
    NoticeKind.HELP: lambda *_: help_notice(),
    NoticeKind.HOME: _home,
    NoticeKind.SUMMARY: _summary,
    NoticeKind.DIGEST: lambda _renderer, content, _notice: digest_notice(*content),
    NoticeKind.TABLE: lambda renderer, figures, _: table_message(figures, renderer.policy),
    NoticeKind.FILE: lambda _renderer, content, _notice: file_message(content),
    NoticeKind.BACKUP: lambda renderer, content, notice: backup_notice(content, notice.target, renderer.policy.backup),
    NoticeKind.BACKUP_REP: lambda renderer, content, notice: backup_rep_notice(
        content, CallerMessage(notice.round), renderer.policy.backup
    ),
    NoticeKind.LETTER: lambda _renderer, content, notice: letter_notice(content, notice.target),
    NoticeKind.LETTER_FILE: lambda _renderer, content, _notice: letter_file_message(content),
    NoticeKind.PACK: lambda _renderer, content, _notice: pack_message(content),
}
"""For each kind of message, the function that draws it."""
