"""The weekly summary: what needs management first, then the figures, each against the week before."""

from typing import Final

from bot.language import _
from bot.rules.policy.policy import Policy
from bot.rules.weekly_figures import Figures
from bot.rules.weeks import Week
from bot.usecases.transport import Attachment, Message
from handlers.blockkit.blocks import Block, View, actions, button, context, header, line, note, rich, section, strong
from handlers.blockkit.fallback_text import spoken
from handlers.blockkit.text import moment, unmarked
from handlers.button_values import week_value
from handlers.names import ActionId, CallbackId
from handlers.weekly.chart_data import described, numbers, spark
from handlers.weekly.lines import Trend, in_short, kinds, needs, what_came
from handlers.weekly.table import as_csv
from handlers.weekly.words import title

# Translators: above what waits for management.
NEEDS_YOU: Final = _("Needs you")
WITNESS: Final = _("Record digest as first posted: `{digest}`")
WEEK: Final = _("Week {number}")
# Translators: {week} is such as "Week 47, 16 to 22 November 2026".
IN_FIGURES: Final = _("{week}: the figures as a table.")
AS_OF: Final = _("Customer conduct · as of {at}")
COMES: Final = _("The figures come to you as a direct message from me, in a file that spreadsheets open.")
RELOAD: Final = _("Refresh")
FILE: Final = "backstop-{week}.csv"
AS_TABLE: Final = _("Download CSV")


def week_notice(
    figures: Figures, policy: Policy, channel: str, *, digest: str | None = None, picture: str | None = None
) -> Message:
    """The summary of one week in a channel. `picture`: Slack's ID of the chart; without one, sparklines.

    The text has the numbers of all twelve weeks in words: neither the chart nor the sparklines can be heard.
    """
    said = _blocks(figures, policy, channel, digest, numbers)
    if picture is None:
        return Message(text=spoken(said), blocks=_blocks(figures, policy, channel, digest, spark))
    chart = _image(figures, policy, picture)
    return Message(text=spoken(said), blocks=_blocks(figures, policy, channel, digest, None, chart))


def week_text(figures: Figures, policy: Policy) -> str:
    """The same for a terminal, with sparklines."""
    return unmarked(spoken(_blocks(figures, policy, "", None, spark)[:-1]))


def table_comes(week: Week) -> View:
    """What a manager is told who asked for the CSV."""
    return note(CallbackId.NOTE, WEEK.format(number=week.number), [section(COMES)])


def table_message(figures: Figures, policy: Policy) -> Message:
    """The week as a file."""
    file = Attachment(FILE.format(week=figures.week), as_csv(figures, policy))
    return Message(text=IN_FIGURES.format(week=title(figures.week)), blocks=[], file=file)


def _blocks(
    figures: Figures, policy: Policy, channel: str, digest: str | None, trend: Trend | None, *chart: Block
) -> list[Block]:
    value = week_value(figures.week, channel)
    by_kind = kinds(figures, policy, trend)
    return [
        header(title(figures.week)),
        context(AS_OF.format(at=moment(figures.as_of))),
        rich(line(strong(NEEDS_YOU)), *needs(figures)),
        rich(*in_short(figures)),
        *chart,
        *([rich(*by_kind)] if by_kind else []),
        rich(*what_came(figures, policy)),
        *([context(WITNESS.format(digest=digest))] if digest else []),
        actions(button(RELOAD, ActionId.REFRESH_WEEK, value), button(AS_TABLE, ActionId.WEEK_AS_TABLE, value)),
    ]


def _image(figures: Figures, policy: Policy, picture: str) -> Block:
    return {"type": "image", "slack_file": {"id": picture}, "alt_text": described(figures, policy)}
