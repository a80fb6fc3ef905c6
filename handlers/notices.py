"""What each kind of message looks like, drawn from what `bot.usecases.delivery.content` read for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.rules.case_files import CaseFile, DisputeFile, ReportFile
from bot.rules.home import HomeFile
from bot.rules.notices import Notice, NoticeKind
from bot.rules.policy.policy import Policy
from bot.rules.weekly_figures import Figures
from bot.usecases.context import Firm
from bot.usecases.delivery.content import BesideCase, CheckInContent, HearingContent, SummaryContent
from bot.usecases.transport import Message
from handlers.blockkit.quote import permalink
from handlers.cases.notice import case_notice
from handlers.cases.reminders import overdue_note, raised_notice, reminder
from handlers.decisions.lesson import lesson_notice
from handlers.decisions.review import review_notice
from handlers.hearings.views import hearing_notice
from handlers.home.home import home
from handlers.objections.appeal import appeal_notice
from handlers.objections.dispute import dispute_notice
from handlers.reports.check_ins import care_notice, check_in_notice
from handlers.reports.rep_message import report_notice
from handlers.weekly.notice import table_message, week_notice

ENOUGH: Final = 4  # refusals of a message with a chart


@dataclass(frozen=True, slots=True)
class NoticeRenderer:
    """Draws messages and Homes. `health`: why the bot does not do its work right now, which managers read in Home."""

    policy: Policy
    firm: Firm
    health: Callable[[], Sequence[str]] = tuple

    def render(self, notice: Notice, content: Any) -> Message:  # noqa: ANN401 - each kind has its own
        """The message, as the content says."""
        return self._renderers[notice.kind](content, notice)

    @property
    def _renderers(self) -> dict[str, Callable[[Any, Notice], Message]]:
        return {
            NoticeKind.CASE: self._case,
            NoticeKind.REPORT: self._report,
            NoticeKind.CARE: self._care,
            NoticeKind.CHECK_IN: self._check_in,
            NoticeKind.RAISED: self._raised,
            NoticeKind.REMINDER: self._reminder,
            NoticeKind.OVERDUE: self._overdue,
            NoticeKind.HEARING: self._hearing,
            NoticeKind.DISPUTE: self._dispute,
            NoticeKind.REVIEW: self._review,
            NoticeKind.APPEAL: self._appeal,
            NoticeKind.LESSON: self._lesson,
            NoticeKind.HOME: self._home,
            NoticeKind.SUMMARY: self._summary,
            NoticeKind.TABLE: self._table,
        }

    def _case(self, case: CaseFile, _: Notice) -> Message:
        return case_notice(case, self.policy)

    def _report(self, report: ReportFile, _: Notice) -> Message:
        return report_notice(report, self.policy)

    def _care(self, reporter: str, notice: Notice) -> Message:
        return care_notice(reporter, later=notice.round > 0)

    def _check_in(self, content: CheckInContent, _: Notice) -> Message:
        return check_in_notice(content.check_in, content.report, content.customer, self.firm.care_contact)

    def _raised(self, content: BesideCase, notice: Notice) -> Message:
        newest = notice.round == content.case.case.raised
        return raised_notice(content.case, self.policy, notice.target, self._address(content), newest=newest)

    def _reminder(self, content: BesideCase, _: Notice) -> Message:
        return reminder(content.case, self._address(content))

    def _overdue(self, content: BesideCase, _: Notice) -> Message:
        return overdue_note(content.case, self._address(content))

    def _hearing(self, content: HearingContent, _: Notice) -> Message:
        return hearing_notice(content.case, content.hearing)

    def _dispute(self, dispute: DisputeFile, _: Notice) -> Message:
        return dispute_notice(dispute)

    def _review(self, case: CaseFile, notice: Notice) -> Message:
        return review_notice(case, self.policy, notice.round)

    def _appeal(self, case: CaseFile, _: Notice) -> Message:
        return appeal_notice(case, self.policy)

    def _lesson(self, case: CaseFile, _: Notice) -> Message:
        return lesson_notice(case)

    def _summary(self, content: SummaryContent, notice: Notice) -> Message:
        """Without the chart where Slack refused the message again and again: somebody may have deleted the file."""
        summary = content.summary
        picture = summary.picture if notice.failures < ENOUGH else None
        return week_notice(content.figures, self.policy, summary.channel, digest=summary.digest, picture=picture)

    def _table(self, figures: Figures, _: Notice) -> Message:
        return table_message(figures, self.policy)

    def _home(self, content: HomeFile, _: Notice) -> Message:
        return home(content, self.policy, self.firm, self.health() if content.overview else ())

    def _address(self, content: BesideCase) -> str | None:
        """Where the case's own notice stands."""
        return permalink(self.firm.management_channel, content.notice_ts) if content.notice_ts else None
