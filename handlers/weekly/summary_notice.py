"""The weekly summary as a message and as text for a terminal, and the message with its table."""

from typing import Final

from bot.language import _
from bot.rules.policy.policy import Policy
from bot.rules.publications import Published
from bot.rules.text import month
from bot.rules.weekly_figures import Figures
from bot.rules.weeks import Week
from bot.usecases.transport import Attachment, Message
from handlers.blockkit.blocks import (
    Block,
    View,
    actions,
    button,
    header,
    line,
    note,
    rich,
    section,
)
from handlers.blockkit.fallback_text import as_text
from handlers.blockkit.text import moment, unmarked
from handlers.button_values import list_action, list_value, week_value
from handlers.names import ActionId, CallbackId, ListName
from handlers.weekly.chart import chart, chart_in_words
from handlers.weekly.csv_table import as_csv
from handlers.weekly.summary_lines import Links, week_in_short, week_results, what_waits

# Translators: the days of a week: within a month, across two months, and across two years.
IN_A_MONTH: Final = _("Week {number}, {first} to {last} {month} {year}")
IN_TWO_MONTHS: Final = _("Week {number}, {first} {first_month} to {last} {month} {year}")
IN_TWO_YEARS: Final = _("Week {number}, {first} {first_month} {first_year} to {last} {month} {year}")
# Translators: {week} is such as "Week 47, 16 to 22 November 2026".
IN_FIGURES: Final = _("{week}: the figures as a table, as they were when I posted the week.")
TABLE_FOLLOWS: Final = _("I send you the figures in a direct message, as a file for spreadsheets.")
# Translators: {at} is a moment, {digest} and {before} are 64 letters and digits. `audit verify --against` is a command.
DIGEST: Final = _(
    "Digest {number} of the record, week {week}, {at}:\n`{digest}`\nThe one before:\n`{before}`\n"
    "I never edit this message. The command `audit verify --against` with this digest says whether the record was "
    "changed since."
)
FIRST_DIGEST: Final = _(
    "Digest {number} of the record, week {week}, {at}:\n`{digest}`\nIt is the first one.\n"
    "I never edit this message. The command `audit verify --against` with this digest says whether the record was "
    "changed since."
)
AS_TABLE: Final = _("Download CSV")
NOTHING: Final = _(
    "Nobody reported anything in these twelve weeks. If a customer is abusive, /report-abuse takes a minute."
)


def week_notice(figures: Figures, policy: Policy, channel: str, links: Links) -> Message:
    """The summary of one week in a channel. The text has all twelve weeks in numbers, which nobody hears in a chart."""
    plain = _blocks(figures, policy, channel, links, rich(chart_in_words(figures)))
    if not any(figures.reports):
        return Message(text=as_text(plain), blocks=plain)
    blocks = _blocks(figures, policy, channel, links, chart(figures))
    return Message(text=as_text(plain), blocks=blocks, plain=plain)


def week_text(figures: Figures, policy: Policy) -> str:
    """The summary for a terminal."""
    return unmarked(as_text(_blocks(figures, policy, "", {}, rich(chart_in_words(figures)))[:-1]))


def table_follows(week: Week) -> View:
    """After *Download CSV*."""
    return note(CallbackId.NOTE, _("Week {number}").format(number=week.number), [section(TABLE_FOLLOWS)])


def digest_notice(published: Published, before: str, thread: str) -> Message:
    """The digest of the audit log, as an answer to the summary: posted once and never edited."""
    said = published.publication
    first = said.number == 1
    template = FIRST_DIGEST if first else DIGEST
    words = template.format(
        number=said.number, week=said.week, at=moment(said.at), digest=published.digest, before=before
    )
    return Message(text=words, blocks=[section(words)], thread=thread, final=True)


def table_message(figures: Figures, policy: Policy) -> Message:
    """The direct message with the CSV file."""
    file = Attachment(f"backstop-{figures.week}.csv", as_csv(figures, policy))
    return Message(text=IN_FIGURES.format(week=week_title(figures.week)), blocks=[], file=file)


def week_title(week: Week) -> str:
    """Such as "Week 47, 16 to 22 November 2026". Month and year are named twice only where they change."""
    first, last = week.monday, week.sunday
    template = IN_A_MONTH if first.month == last.month else IN_TWO_MONTHS
    template = template if first.year == last.year else IN_TWO_YEARS
    start = {"first": first.day, "first_month": month(first), "first_year": first.year}
    return template.format(number=week.number, **start, last=last.day, month=month(last), year=last.year)


def _blocks(figures: Figures, policy: Policy, channel: str, links: Links, trend: Block) -> list[Block]:
    value = week_value(figures.week, channel)
    results = week_results(figures, policy)
    return [
        header(week_title(figures.week)),
        rich(*what_waits(figures, links)),
        rich(line(week_in_short(figures))),
        *([trend] if any(figures.reports) else [rich(line(NOTHING))]),
        *([rich(*results)] if results else []),
        actions(
            button(_("Open the queue"), list_action(ListName.QUEUE), list_value(ListName.QUEUE, 1)),
            button(AS_TABLE, ActionId.WEEK_AS_TABLE, value),
        ),
    ]
