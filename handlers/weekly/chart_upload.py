"""Prepares a weekly summary before it is posted: publishes the record's digest and uploads the chart to Slack."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient

from bot.rules.notices import Notice, NoticeKind
from bot.rules.weekly_figures import Figures
from bot.rules.weeks import Week
from bot.usecases.context import Context
from bot.usecases.transport import Attachment, RateLimited, Refused, RetryLater, Unanswered
from bot.usecases.weekly.summaries import figures_of, publish_digest
from handlers.client import files
from handlers.weekly.chart_data import chart_data, chart_digest, chart_in_words, is_chart_empty

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChartUpload:
    """`draw` returns a PNG, or None if it failed. A summary is posted without its chart if Slack refuses the chart."""

    context: Context
    client: WebClient
    draw: Callable[[Mapping[str, Any]], bytes | None]

    def prepare(self, notice: Notice) -> None:
        """Publish the digest, once, and upload the chart, unless it is uploaded already. Raises `RetryLater`."""
        if notice.kind != NoticeKind.SUMMARY:
            return
        week = Week.of_key(notice.subject)
        publish_digest(self.context, notice.team, week, notice.target)
        with self.context.read(notice.team) as tx:
            summary = tx.summaries.get(week, notice.target)
            figures = figures_of(tx, self.context, week, summary.as_of)
        digest = chart_digest(chart_data(figures, self.context.policy))
        if digest != summary.picture_of:
            self._keep_chart(notice, figures, digest)

    def _keep_chart(self, notice: Notice, figures: Figures, digest: str) -> None:
        """A refusal is kept like an upload. Without an answer, the next change of the message tries again."""
        try:
            picture = self._upload(figures)
        except Unanswered as error:
            log.warning("the chart was not uploaded", extra={"ids": {"error": str(error)}})
            return
        with self.context.begin(notice.team) as tx:
            tx.summaries.keep_picture(figures.week, notice.target, picture, digest)

    def _upload(self, figures: Figures) -> str | None:
        policy = self.context.policy
        content = None if is_chart_empty(figures) else self.draw(chart_data(figures, policy))
        if content is None:
            return None
        try:
            png = Attachment(f"backstop-{figures.week}.png", content)
            return files.upload(self.client, png, chart_in_words(figures, policy))
        except RateLimited as error:
            raise RetryLater(error.seconds) from error  # a limit on uploads: posting goes on
        except Refused as error:
            log.warning("Slack does not take the chart", extra={"ids": {"error": str(error)}})
            return None
