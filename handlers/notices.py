"""What each kind of notice shows, drawn from the record at the moment of its delivery."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.rules.notices import HOME, Notice
from bot.rules.people import Person
from bot.rules.weeks import Week
from bot.usecases.context import Desk
from bot.usecases.home.home import home_file
from bot.usecases.shared.decisions_in_force import APPEAL, FOLLOW_UP, REVIEW
from bot.usecases.shared.read_models import case_file, dispute_file, report_file
from bot.usecases.transport import Message
from bot.usecases.weekly.summaries import SUMMARY, TABLE, figures_of
from handlers.blockkit.links import permalink
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
from storage.transaction import Transaction

ENOUGH: Final = 4  # refusals of a message with a chart
MOST_NAMED: Final = 1_000  # of each list in a table


@dataclass(frozen=True, slots=True)
class Pictures:
    """See `bot.desk.deliver.Draw`. `health`: why the bot does not do its work right now, for managers to see."""

    desk: Desk
    health: Callable[[], Sequence[str]] = tuple

    def draw(self, record: Transaction, notice: Notice) -> Message:
        """The newest state of what the notice shows."""
        return self._painters[notice.kind](record, notice)

    @property
    def _painters(self) -> dict[str, Callable[[Transaction, Notice], Message]]:
        return {
            "case": self._case,
            "report": self._report,
            "care": self._care,
            "checkin": self._check_in,
            "raised": self._raised,
            "remind": self._reminder,
            "overdue": self._overdue,
            "hearing": self._hearing,
            "dispute": self._dispute,
            REVIEW: self._review,
            APPEAL: self._appeal,
            FOLLOW_UP: self._lesson,
            HOME: self._home,
            SUMMARY: self._summary,
            TABLE: self._table,
        }

    def _case(self, record: Transaction, notice: Notice) -> Message:
        return case_notice(case_file(record, self.desk, notice.subject), self.desk.policy)

    def _report(self, record: Transaction, notice: Notice) -> Message:
        return report_notice(report_file(record, self.desk, notice.subject), self.desk.policy)

    def _care(self, record: Transaction, notice: Notice) -> Message:
        return care_notice(record.reports.get(notice.subject).incident.reporter, later=notice.round > 0)

    def _check_in(self, record: Transaction, notice: Notice) -> Message:
        told = record.reports.get(notice.subject)
        check_in = record.check_ins.get(notice.subject, notice.round)
        return check_in_notice(check_in, told, record.customers.get(told.customer), self.desk.firm.care_contact)

    def _raised(self, record: Transaction, notice: Notice) -> Message:
        file = case_file(record, self.desk, notice.subject)
        address, newest = self._address(record, notice.subject), notice.round == file.case.raised
        return raised_notice(file, self.desk.policy, notice.target, address, newest=newest)

    def _reminder(self, record: Transaction, notice: Notice) -> Message:
        return reminder(case_file(record, self.desk, notice.subject), self._address(record, notice.subject))

    def _overdue(self, record: Transaction, notice: Notice) -> Message:
        return overdue_note(case_file(record, self.desk, notice.subject), self._address(record, notice.subject))

    def _hearing(self, record: Transaction, notice: Notice) -> Message:
        hearing = record.hearings.get(notice.subject)
        return hearing_notice(case_file(record, self.desk, hearing.case), hearing)

    def _dispute(self, record: Transaction, notice: Notice) -> Message:
        return dispute_notice(dispute_file(record, self.desk, notice.subject))

    def _review(self, record: Transaction, notice: Notice) -> Message:
        return review_notice(case_file(record, self.desk, notice.subject), self.desk.policy, notice.round)

    def _appeal(self, record: Transaction, notice: Notice) -> Message:
        return appeal_notice(case_file(record, self.desk, notice.subject), self.desk.policy)

    def _lesson(self, record: Transaction, notice: Notice) -> Message:
        return lesson_notice(case_file(record, self.desk, notice.subject))

    def _summary(self, record: Transaction, notice: Notice) -> Message:
        """Without the chart where Slack has refused the message again and again: somebody may have deleted the file."""
        summary = record.summaries.get(Week.of_key(notice.subject), notice.target)
        figures = figures_of(record, self.desk, summary.week, summary.as_of)
        picture = summary.picture if notice.failures < ENOUGH else None
        return week_notice(figures, self.desk.policy, summary.channel, digest=summary.digest, picture=picture)

    def _table(self, record: Transaction, notice: Notice) -> Message:
        week = Week.of_key(notice.subject)
        return table_message(figures_of(record, self.desk, week, self.desk.clock(), MOST_NAMED), self.desk.policy)

    def _home(self, record: Transaction, notice: Notice) -> Message:
        file = home_file(record, self.desk, Person(notice.team, notice.target, notice.team))
        health = self.health() if file.overview else ()
        return home(file, self.desk.policy, self.desk.firm, health)

    def _address(self, record: Transaction, case: int) -> str | None:
        """Where the case's own notice stands."""
        channel = self.desk.firm.management_channel
        ts = record.notices.stands_at("case", case, channel)
        return permalink(channel, ts) if ts else None
