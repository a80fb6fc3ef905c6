"""The weekly summary: what needs management first, then the figures, each against the week before."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot.desk.slack import Attachment, Message
from bot.rules.figures import Coming, Dropped, Figures, First, Kind, Late, Repeat, Unheeded, folded
from bot.rules.policy import Policy
from bot.rules.values import Outcome, Standing
from bot.rules.week import Week
from handlers.views import ids
from handlers.views.blocks import (
    Block,
    Element,
    View,
    actions,
    bullets,
    button,
    context,
    header,
    line,
    note,
    rich,
    section,
    strong,
    when,
)
from handlers.views.labels import ASKED, ENDINGS, STANDINGS
from handlers.views.spoken import spoken
from handlers.views.text import DATE_ONLY, count, day, listed, moment, one_line, shorten, unmarked
from handlers.views.week_chart import MOST_KINDS, described, name_of_kind, numbers, spark
from handlers.views.week_table import as_csv
from handlers.views.week_words import days_late, more_or_fewer, title, up_or_down

NAME: Final = 36  # characters of a customer's name, of which up to five stand in each of four lists
LINE: Final = 110
SHORTEST: Final = 0.05  # business days that round to something
MOST_LESSONS: Final = 3

NEEDS_YOU: Final = "Needs you"
NOTHING: Final = "Nothing is overdue, and no warning was left without consequence."
NO_REPORTS: Final = "No reports"
QUIET: Final = "Nothing was reported in these twelve weeks. /report-abuse takes a minute, when it is needed."
UNANSWERED: Final = "{n} to an appeal or a disputed warning overdue"
COMING: Final = "Coming up: {what}."
NOTHING_COMING: Final = "nothing within two weeks"
WITNESS: Final = "Record digest as first posted: `{digest}`"
MEDIAN_SHORT: Final = ", median time to a decision under 0.1 business days"
AS_OF: Final = "Customer conduct · as of {at}"
COMES: Final = "The figures come to you as a direct message from me, in a file that spreadsheets open."
RELOAD: Final = "Refresh"
FILE: Final = "backstop-{week}.csv"
AS_TABLE: Final = "Download CSV"


def week_notice(
    figures: Figures, policy: Policy, channel: str, *, digest: str | None = None, picture: str | None = None
) -> Message:
    """The summary of one week in a channel. `picture`: Slack's ID of the chart; without one, sparklines.

    The text has the numbers of all twelve weeks in words: neither the chart nor the sparklines can be heard.
    """
    chart = [_image(figures, policy, picture)] if picture else []
    trend = _nothing if picture else spark
    shown = _blocks(figures, policy, channel, digest, chart, trend)
    return Message(text=spoken(_blocks(figures, policy, channel, digest, [], numbers)), blocks=shown)


def week_text(figures: Figures, policy: Policy) -> str:
    """The same for a terminal, with sparklines."""
    return unmarked(spoken(_blocks(figures, policy, "", None, [], spark)[:-1]))


def table_comes(week: Week) -> View:
    """What a manager is told who asked for the CSV."""
    return note(ids.NOTE, f"Week {week.number}", [section(COMES)])


def table_message(figures: Figures, policy: Policy) -> Message:
    """The week as a file."""
    file = Attachment(FILE.format(week=figures.week), as_csv(figures, policy))
    return Message(text=f"{title(figures.week)}: the figures as a table.", blocks=[], file=file)


def _blocks(
    figures: Figures,
    policy: Policy,
    channel: str,
    digest: str | None,
    chart: Sequence[Block],
    trend: Callable[[Kind, int], str],
) -> list[Block]:
    value = ids.week_value(figures.week, channel)
    return [
        header(title(figures.week)),
        context(AS_OF.format(at=moment(figures.as_of))),
        rich(line(strong(NEEDS_YOU)), *_needs(figures)),
        rich(*_in_short(figures)),
        *chart,
        rich(*_kinds(figures, policy, trend)),
        rich(*_what_came(figures, policy)),
        *([context(WITNESS.format(digest=digest))] if digest else []),
        actions(button(RELOAD, ids.REFRESH_WEEK, value), button(AS_TABLE, ids.WEEK_AS_TABLE, value)),
    ]


def _image(figures: Figures, policy: Policy, picture: str) -> Block:
    return {"type": "image", "slack_file": {"id": picture}, "alt_text": described(figures, policy)}


def _needs(figures: Figures) -> list[Element]:
    late, unheeded, unanswered = figures.late, figures.unheeded, figures.coming.late
    said: list[Element] = []
    if late.total:
        said += [line(count(late.total, "case is", "cases are"), " overdue:"), bullets(_named(late, _late))]
    if unheeded.total:
        were = count(unheeded.total, "customer was", "customers were")
        said += [line(were, " warned, reported again, and nothing followed:"), bullets(_named(unheeded, _unheeded))]
    if unanswered:
        said.append(line(UNANSWERED.format(n=count(unanswered, "answer is", "answers are"))))
    return said or [line(NOTHING)]


def _named(first: First[Any], words: Callable[[Any], Sequence[Element | str]]) -> list[Element]:
    more = [line(f"and {first.more:,} more")] if first.more else []
    return [*(line(*words(item)) for item in first.items), *more]


def _late(case: Late) -> list[Element | str]:
    return [strong(_name(case.customer)), f": {ASKED[case.rung]}, {days_late(case.days)} (case {case.case})"]


def _unheeded(customer: Unheeded) -> list[Element | str]:
    reports = count(customer.reports, "report", "reports")
    warned = f": warned {customer.warnings} times, first on " if customer.warnings > 1 else ": warned on "
    return [strong(_name(customer.customer)), warned, when(customer.since, DATE_ONLY), f", {reports} since"]


def _in_short(figures: Figures) -> list[Element]:
    now, before = figures.reports[-1], figures.reports[-2]
    told = count(now, "report", "reports") if now else NO_REPORTS
    cases = figures.cases
    ended = sum(cases.ended.values())
    reps = f" · {count(figures.reps, 'rep', 'reps')} affected, {figures.asked_support:,} asked for support"
    affected = [reps] if now or figures.asked_support else []
    return [
        line(
            strong(told),
            f", {more_or_fewer(now, before)} the week before",
            *affected,
        ),
        line(strong("Cases"), f" {cases.opened:,} opened, {ended:,} ended, {cases.open:,} open now"),
        line(strong("Decisions"), f" {figures.decided:,}{_median(figures.median_days)}"),
    ]


def _median(days: float | None) -> str:
    if days is None:
        return ""
    return f", median time to a decision {days:.1f} business days" if days >= SHORTEST else MEDIAN_SHORT


def _kinds(figures: Figures, policy: Policy, trend: Callable[[Kind, int], str]) -> list[Element]:
    kinds, rest = folded(figures.kinds, MOST_KINDS)
    if not kinds:
        return [line(QUIET)]
    highest = max(max(kind.trend) for kind in (*kinds, *([rest] if rest else [])))
    lines = [
        line(strong(name_of_kind(kind, policy)), f" {up_or_down(kind.now, kind.before)}{trend(kind, highest)}")
        for kind in (*kinds, *([rest] if rest else []))
    ]
    return [bullets(lines)]


def _what_came(figures: Figures, policy: Policy) -> list[Element]:
    warned = figures.warned
    waiting = f", {warned.waiting:,} not delivered yet" if warned.waiting else ""
    lines = [
        line(strong("Warnings"), f" {warned.issued:,} issued, {warned.delivered:,} delivered{waiting}"),
        *_outcomes(figures),
        *_dropped(figures.drops, policy),
        *_repeats(figures.repeats),
        *_standings(figures.standings),
        *_lessons(figures.lessons),
    ]
    return [*lines, line(COMING.format(what=_coming(figures.coming)))]


def _coming(coming: Coming) -> str:
    said = [
        (coming.reviews, "review within two weeks", "reviews within two weeks"),
        (coming.appeals, "appeal to answer", "appeals to answer"),
        (coming.disputes, "disputed warning to settle", "disputed warnings to settle"),
    ]
    return listed([count(n, one, many) for n, one, many in said if n]) or NOTHING_COMING


def _outcomes(figures: Figures) -> list[Element]:
    ended = {outcome: figures.cases.ended.get(outcome, 0) for outcome in Outcome}
    said = [f"{ENDINGS[outcome]} {n:,}{_conditions(figures, outcome)}" for outcome, n in ended.items() if n]
    return [line(strong("Cases ended"), f" {', '.join(said)}")] if said else []


def _conditions(figures: Figures, outcome: Outcome) -> str:
    held = figures.kept_with_conditions
    return f" ({held:,} with conditions)" if outcome is Outcome.KEPT and held else ""


def _dropped(drops: First[Dropped], policy: Policy) -> list[Element]:
    def words(drop: Dropped) -> list[Element | str]:
        why = policy.reason_classes.get(drop.reason_class or "", drop.reason_class or "")
        reason = [f" ({shorten(one_line(why), 40)})"] if why else []
        effective = [f", from {day(drop.effective_on)}"] if drop.effective_on else []
        return [strong(_name(drop.customer)), *reason, *effective]

    return [line(strong("Dropped")), bullets(_named(drops, words))] if drops.total else []


def _repeats(repeats: First[Repeat]) -> list[Element]:
    def words(repeat: Repeat) -> list[Element | str]:
        return [strong(_name(repeat.customer)), f" {repeat.now:,} this week, {repeat.trend:,} in twelve weeks"]

    return [line(strong("Reported again")), bullets(_named(repeats, words))] if repeats.total else []


def _standings(standings: Mapping[Standing, int]) -> list[Element]:
    said = [f"{standings[each]:,} {STANDINGS[each]}" for each in Standing if standings.get(each)]
    return [line(strong("Customers now"), f" {listed(said)}")] if said else []


def _lessons(lessons: First[str]) -> list[Element]:
    few = First(lessons.items[:MOST_LESSONS], lessons.total)

    def words(learnt: str) -> list[Element | str]:
        return [shorten(one_line(learnt), LINE)]

    return [line(strong("Learnt")), bullets(_named(few, words))] if few.total else []


def _name(customer: str) -> str:
    return shorten(one_line(customer), NAME)


def _nothing(kind: Kind, highest: int) -> str:
    del kind, highest
    return ""
