"""What each kind of notice shows, drawn from the record at the moment of its delivery."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.desk.aftermath import APPEAL, FOLLOW_UP, REVIEW
from bot.desk.desk import Desk
from bot.desk.home import home_file
from bot.desk.people import Person
from bot.desk.ports import HOME, Notice, Record
from bot.desk.show import case_file, dispute_file, report_file
from bot.desk.slack import Message
from bot.desk.summarise import SUMMARY, TABLE, figures_of
from bot.rules.week import Week
from handlers.views.appeal import appeal_notice
from handlers.views.case import case_notice
from handlers.views.checkins import care_notice, check_in_notice
from handlers.views.hearings import hearing_notice
from handlers.views.home import home
from handlers.views.lesson import lesson_notice
from handlers.views.letters import dispute_notice
from handlers.views.quote import permalink
from handlers.views.raised import overdue_note, raised_notice, reminder
from handlers.views.rep import report_notice
from handlers.views.review import review_notice
from handlers.views.week import table_message, week_notice

ENOUGH: Final = 4  # refusals of a message with a chart
MOST_NAMED: Final = 1_000  # of each list in a table


@dataclass(frozen=True, slots=True)
class Pictures:
    """See `bot.desk.deliver.Draw`. `health`: why the bot does not do its work right now, for managers to see."""

    desk: Desk
    health: Callable[[], Sequence[str]] = tuple

    def draw(self, record: Record, notice: Notice) -> Message:
        """The newest state of what the notice shows."""
        return self._painters[notice.kind](record, notice)

    @property
    def _painters(self) -> dict[str, Callable[[Record, Notice], Message]]:
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

    def _case(self, record: Record, notice: Notice) -> Message:
        return case_notice(case_file(record, self.desk, notice.subject), self.desk.policy)

    def _report(self, record: Record, notice: Notice) -> Message:
        return report_notice(report_file(record, self.desk, notice.subject), self.desk.policy)

    def _care(self, record: Record, notice: Notice) -> Message:
        return care_notice(record.reports.get(notice.subject).incident.reporter, later=notice.round > 0)

    def _check_in(self, record: Record, notice: Notice) -> Message:
        told = record.reports.get(notice.subject)
        check_in = record.check_ins.get(notice.subject, notice.round)
        return check_in_notice(check_in, told, record.customers.get(told.customer), self.desk.firm.care_contact)

    def _raised(self, record: Record, notice: Notice) -> Message:
        file = case_file(record, self.desk, notice.subject)
        address, newest = self._address(record, notice.subject), notice.round == file.case.raised
        return raised_notice(file, self.desk.policy, notice.target, address, newest=newest)

    def _reminder(self, record: Record, notice: Notice) -> Message:
        return reminder(case_file(record, self.desk, notice.subject), self._address(record, notice.subject))

    def _overdue(self, record: Record, notice: Notice) -> Message:
        return overdue_note(case_file(record, self.desk, notice.subject), self._address(record, notice.subject))

    def _hearing(self, record: Record, notice: Notice) -> Message:
        hearing = record.hearings.get(notice.subject)
        return hearing_notice(case_file(record, self.desk, hearing.case), hearing)

    def _dispute(self, record: Record, notice: Notice) -> Message:
        return dispute_notice(dispute_file(record, self.desk, notice.subject))

    def _review(self, record: Record, notice: Notice) -> Message:
        return review_notice(case_file(record, self.desk, notice.subject), self.desk.policy, notice.round)

    def _appeal(self, record: Record, notice: Notice) -> Message:
        return appeal_notice(case_file(record, self.desk, notice.subject), self.desk.policy)

    def _lesson(self, record: Record, notice: Notice) -> Message:
        return lesson_notice(case_file(record, self.desk, notice.subject))

    def _summary(self, record: Record, notice: Notice) -> Message:
        """Without the chart where Slack has refused the message again and again: somebody may have deleted the file."""
        summary = record.summaries.get(Week.of_key(notice.subject), notice.target)
        figures = figures_of(record, self.desk, summary.week, summary.as_of)
        picture = summary.picture if notice.failures < ENOUGH else None
        return week_notice(figures, self.desk.policy, summary.channel, digest=summary.digest, picture=picture)

    def _table(self, record: Record, notice: Notice) -> Message:
        week = Week.of_key(notice.subject)
        return table_message(figures_of(record, self.desk, week, self.desk.clock(), MOST_NAMED), self.desk.policy)

    def _home(self, record: Record, notice: Notice) -> Message:
        file = home_file(record, self.desk, Person(notice.team, notice.target, notice.team))
        health = self.health() if file.overview else ()
        return home(file, self.desk.policy, self.desk.firm, health)

    def _address(self, record: Record, case: int) -> str | None:
        """Where the case's own notice stands."""
        channel = self.desk.firm.management_channel
        ts = record.notices.stands_at("case", case, channel)
        return permalink(channel, ts) if ts else None
