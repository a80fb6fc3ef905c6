"""What managers do with a weekly summary: bring it up to date, or take its figures away."""

from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack

from bot.usecases.context import Desk
from bot.usecases.weekly.summaries import ask_for_table, refresh_summary
from handlers.errors import Forms
from handlers.weekly.notice import table_comes
from handlers.weekly.parse import week_click

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Weekly:
    """The listeners of a summary's buttons."""

    desk: Desk
    forms: Forms

    def refresh(self, ack: Ack, body: Body) -> None:
        """[Refresh]: the message shows the record as it is now."""
        refresh_summary(self.desk, *week_click(body))
        ack()

    def table(self, ack: Ack, body: Body) -> None:
        """[Download CSV]: the file comes by direct message."""
        by, week, _ = week_click(body)
        ask_for_table(self.desk, by, week)
        self.forms.open(body, table_comes(week))
        ack()
