"""What each kind of notice shows, drawn from the record at the moment of its delivery."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.desk.desk import Desk
from bot.desk.ports import Notice, Record
from bot.desk.show import case_file, report_file
from bot.desk.slack import Message
from handlers.views.case import case_notice
from handlers.views.rep import care_notice, report_notice


@dataclass(frozen=True, slots=True)
class Pictures:
    """See `bot.desk.deliver.Draw`."""

    desk: Desk

    def draw(self, record: Record, notice: Notice) -> Message:
        """The newest state of what the notice shows."""
        return self._painters[notice.kind](record, notice.subject)

    @property
    def _painters(self) -> dict[str, Callable[[Record, int], Message]]:
        return {"case": self._case, "report": self._report, "care": self._care}

    def _case(self, record: Record, number: int) -> Message:
        return case_notice(case_file(record, self.desk, number), self.desk.policy)

    def _report(self, record: Record, number: int) -> Message:
        return report_notice(report_file(record, self.desk, number), self.desk.policy)

    def _care(self, record: Record, number: int) -> Message:
        return care_notice(record.reports.get(number).incident.reporter)
