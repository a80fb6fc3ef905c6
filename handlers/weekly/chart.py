"""What a weekly summary needs before it is drawn: its record digest, and its chart at Slack."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from slack_sdk import WebClient

from bot.rules.notices import Notice, NoticeKind
from bot.rules.weekly_figures import Figures
from bot.rules.weeks import Week
from bot.usecases.context import Context
from bot.usecases.transport import Attachment, NotNow, RateLimited, Refused, Unanswered
from bot.usecases.weekly.summaries import figures_of, seal_summary
from handlers.client import files
from handlers.weekly.chart_data import chart_of, described, fingerprint, is_blank

log = logging.getLogger(__name__)

Drawing = Callable[[Mapping[str, Any]], bytes | None]
"""A chart as PNG; None where it cannot be drawn."""

NAME: Final = "backstop-{week}.png"


@dataclass(frozen=True, slots=True)
class Charts:
    """See `bot.desk.deliver.Prepare`. A summary is shown without its chart where Slack does not take it."""

    context: Context
    client: WebClient
    drawing: Drawing

    def prepare(self, notice: Notice) -> None:
        """Seal the summary, and bring its chart to Slack unless what it shows is there already. Raises NotNow."""
        if notice.kind != NoticeKind.SUMMARY:
            return
        week = Week.of_key(notice.subject)
        seal_summary(self.context, notice.team, week, notice.target)
        with self.context.read(notice.team) as tx:
            summary = tx.summaries.get(week, notice.target)
            figures = figures_of(tx, self.context, week, summary.as_of)
        of_what = fingerprint(chart_of(figures, self.context.policy))
        if of_what != summary.picture_of:
            self._illustrate(notice, figures, of_what)

    def _illustrate(self, notice: Notice, figures: Figures, of_what: str) -> None:
        """Slack's word is kept, a refusal as well; what nobody answered is tried again when the message changes."""
        try:
            picture = self._uploaded(figures)
        except Unanswered as silence:
            log.warning("the chart was not uploaded", extra={"ids": {"error": str(silence)}})
            return
        with self.context.begin(notice.team) as tx:
            tx.summaries.keep_picture(figures.week, notice.target, picture, of_what)

    def _uploaded(self, figures: Figures) -> str | None:
        if is_blank(figures):
            return None
        content = self.drawing(chart_of(figures, self.context.policy))
        if content is None:
            return None
        picture = Attachment(NAME.format(week=figures.week), content)
        try:
            return files.upload(self.client, picture, described(figures, self.context.policy))
        except RateLimited as pause:
            raise NotNow(pause.seconds) from pause  # it is not for posting, so it holds up nothing else
        except Refused as refusal:
            log.warning("Slack does not take the chart", extra={"ids": {"error": str(refusal)}})
            return None
