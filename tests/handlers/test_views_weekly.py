"""The weekly summary: one week word for word, and wild weeks within Slack's limits."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.decisions import Choice
from bot.rules.text import units
from bot.rules.weekly_figures import (
    TREND,
    CategoryTrend,
    Figures,
    FirstFew,
    category_trends,
    decision_trends,
    fold_categories,
    median_days,
)
from bot.rules.weeks import Week
from bot.sandbox.block_kit.check import check_view
from handlers.weekly.chart_data import chart_data, chart_digest, chart_in_words, is_chart_empty, sparkline
from handlers.weekly.csv_table import as_csv
from handlers.weekly.summary_lines import days_late, more_or_fewer, up_or_down
from handlers.weekly.summary_notice import table_follows, table_message, week_notice, week_text, week_title
from tests.handlers import view_samples as sample
from tests.handlers.view_limits import mrkdwn, taken, texts, wildly
from tests.handlers.week_samples import GOLDEN, NOBODY, a_week, wild

DIGEST = "7f3a" * 16
GOLDEN_TEXT = """\
Week 47, 16 to 22 November 2026
Customer conduct · as of 23 Nov 2026, 09:00 UTC
Needs you
1 case is overdue:
• Acme Ltd: decide whether to keep them, 2 business days late (case 12)
2 customers were warned, reported again, and nothing followed:
• Borealis Foods: warned 2 times, first on 1 Sep 2026, 3 reports since
• Larkspur Hotels: warned on 12 Oct 2026, 1 report since
1 answer to an appeal or a disputed warning is overdue.
9 reports, 3 more than the week before · 5 reps affected, some may have asked for support
Cases: 4 opened, 4 ended, 3 open now
Decisions: 2, median time to a decision 1.4 business days
• Verbal abuse 5 (up 2)  ▁▃▄▃▆▄▇▆▄█▆█
• Payment withheld until warned 3 (no change)  ▃▁▃▃▁▄▃▃▄▃▆▆
• Threat of violence 1 (up 1)  ▁▁▁▁▁▁▁▁▁▁▁▃
• Something else 0 (no change)  ▁▁▁▁▁▁▃▁▁▁▁▁
Warnings: 3 issued, 2 delivered, 1 not delivered yet
Cases ended: warned 2, dropped 1, kept 1 (1 with conditions)
Dropped
• Zenith Corp (Abuse after a warning), from 30 Nov 2026
Reported again
• Zenith Corp 2 this week, 5 in twelve weeks
Customers now: 2 warned, 1 kept with conditions and 1 dropped
Learnt
• Ask for a second contact before the third call.
Coming up: 2 reviews within two weeks and 1 appeal to answer."""


def test_the_golden_week_in_the_terminal() -> None:
    assert week_text(GOLDEN, sample.POLICY) == GOLDEN_TEXT


def test_the_message_says_the_same_and_its_text_has_every_week_in_numbers() -> None:
    message = week_notice(GOLDEN, sample.POLICY, "C0SUMMARY")
    shown = "\n".join(texts(message.blocks))
    assert "▁▃▄▃▆▄▇▆▄█▆█" in shown
    assert "▁" not in message.text
    assert "Verbal abuse 5 (up 2): 0, 1, 2, 1, 3, 2, 4, 3, 2, 5, 3, 5" in message.text
    assert [block["type"] for block in message.blocks].count("image") == 0
    buttons = message.blocks[-1]["elements"]
    assert [(each["text"]["text"], each["value"]) for each in buttons] == [
        ("Refresh", "week:202647:C0SUMMARY"),
        ("Download CSV", "week:202647:C0SUMMARY"),
    ]


def test_beside_a_chart_are_only_the_kinds_of_the_two_weeks_and_its_description_has_all() -> None:
    message = week_notice(GOLDEN, sample.POLICY, "C0SUMMARY", picture="F0CHART")
    image = next(block for block in message.blocks if block["type"] == "image")
    assert image["slack_file"] == {"id": "F0CHART"}
    assert image["alt_text"] == (
        "Reports by week, weeks 36 to 47. Verbal abuse: 0, 1, 2, 1, 3, 2, 4, 3, 2, 5, 3, 5. "
        "Payment withheld until warned: 1, 0, 1, 1, 0, 2, 1, 1, 2, 1, 3, 3. "
        "Threat of violence: 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1. "
        "Something else: 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0. "
        "Customers dropped: 1 in week 47. Customers kept: 1 in week 46, 1 in week 47."
    )
    shown = "\n".join(texts(message.blocks))
    assert "▁" not in shown
    assert "Something else" not in shown
    assert message.text == week_notice(GOLDEN, sample.POLICY, "C0SUMMARY").text


def test_what_management_has_left_undone_comes_first() -> None:
    lines = week_text(GOLDEN, sample.POLICY).split("\n")
    figures = next(n for n, line in enumerate(lines) if line.startswith("9 reports"))
    assert lines.index("Needs you") < lines.index("1 case is overdue:") < figures


def test_a_week_in_which_nothing_happened() -> None:
    assert week_text(a_week(), sample.POLICY).split("\n")[2:] == [
        "Needs you",
        "Nothing is overdue, and no warning was left without consequence.",
        "No reports, as in the week before",
        "Cases: 0 opened, 0 ended, 0 open now",
        "Decisions: 0",
        "Nothing was reported in these twelve weeks. /report-abuse takes a minute, when it is needed.",
        "Warnings: 0 issued, 0 delivered",
        "Coming up: nothing within two weeks.",
    ]


def test_a_quiet_week_after_a_busy_one_says_how_many_fewer() -> None:
    quiet = a_week(kinds=(CategoryTrend("verbal_abuse", (*NOBODY[2:], 3, 0)),))
    assert "No reports, 3 fewer than the week before" in week_text(quiet, sample.POLICY)
    older = a_week(kinds=(CategoryTrend("verbal_abuse", (3, *NOBODY[1:])),))
    taken(week_notice(older, sample.POLICY, "C0SUMMARY", picture="F0CHART"))


def test_what_does_not_fit_is_counted() -> None:
    named = replace(GOLDEN, unheeded=FirstFew(GOLDEN.unheeded.items, 1_234))
    assert "1,234 customers were warned" in week_text(named, sample.POLICY)
    assert "• and 1,232 more" in week_text(named, sample.POLICY)


@pytest.mark.parametrize(
    ("now", "before", "more", "up"),
    [
        (9, 6, "3 more than the week before", "9 (up 3)"),
        (1, 2, "1 fewer than the week before", "1 (down 1)"),
        (4, 4, "as many as the week before", "4 (no change)"),
        (0, 0, "as in the week before", "0 (no change)"),
        (0, 1_200, "1,200 fewer than the week before", "0 (down 1,200)"),
    ],
)
def test_a_count_is_compared_in_words(now: int, before: int, more: str, up: str) -> None:
    assert (more_or_fewer(now, before), up_or_down(now, before)) == (more, up)


@pytest.mark.parametrize(
    ("week", "said"),
    [
        (Week(2026, 47), "Week 47, 16 to 22 November 2026"),
        (Week(2026, 49), "Week 49, 30 November to 6 December 2026"),
        (Week(2026, 53), "Week 53, 28 December 2026 to 3 January 2027"),
    ],
)
def test_a_week_is_named_by_its_days(week: Week, said: str) -> None:
    assert week_title(week) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [(0.2, "less than a business day late"), (1.0, "1 business day late"), (2.9, "2 business days late")],
)
def test_how_late_something_is_counts_whole_business_days(days: float, said: str) -> None:
    assert days_late(days) == said


def test_sparklines_share_one_scale_and_show_every_report() -> None:
    assert sparkline(CategoryTrend("a", (0, 1, 50, 100, *NOBODY[4:])), 100).strip() == "▁▂▅█" + "▁" * 8
    assert sparkline(CategoryTrend("a", NOBODY), 0).strip() == "▁" * TREND


def test_kinds_are_in_the_order_of_the_week_and_the_rest_is_one_kind() -> None:
    found = category_trends({("b", 11): 2, ("a", 11): 2, ("a", 0): 1, ("c", 3): 9, ("gone", 4): 0})
    assert [(kind.category, kind.now, sum(kind.trend)) for kind in found] == [("a", 2, 3), ("b", 2, 2), ("c", 0, 9)]
    first, rest = fold_categories(found, 2)
    assert ([kind.category for kind in first], rest) == (["a"], CategoryTrend("", (0, 0, 0, 9, *NOBODY[5:], 2)))
    assert fold_categories(found, 3) == (found, None)
    assert decision_trends({("drop", 11): 2})[Choice.DROP] == (*NOBODY[1:], 2)


def test_the_median_counts_business_days() -> None:
    hours = sample.POLICY.hours
    nine, five = hours.at(GOLDEN.week.monday, hours.opens), hours.at(GOLDEN.week.monday, hours.closes)
    assert median_days([], hours) is None
    assert median_days([(nine, nine), (nine, five), (nine, five)], hours) == 1.0
    assert median_days([(nine, nine), (nine, five)], hours) == 0.5


def test_the_table_has_every_figure_and_no_formula() -> None:
    week = replace(GOLDEN, repeats=FirstFew((replace(GOLDEN.repeats.items[0], customer='=HYPERLINK("x")'),), 1))
    written = as_csv(week, sample.POLICY)
    assert written.startswith("\ufeffweek,what,which,number,note\r\n".encode())
    lines = [tuple(line) for line in csv.reader(StringIO(written.decode("utf-8-sig")))]
    assert ("2026-W46", "reports", "Verbal abuse", "3", "") in lines
    assert ("2026-W47", "reports", "Verbal abuse", "5", "") in lines
    assert ("2026-W47", "cases ended", "dropped", "1", "") in lines
    assert ("2026-W47", "decisions", "median business days", "1.40", "") in lines
    assert ("2026-W47", "warned without consequence", "Borealis Foods", "3", "warned 2 times since 2026-09-01") in lines
    assert ("2026-W47", "reported again", '\'=HYPERLINK("x")', "2", "5 in twelve weeks") in lines
    assert len([line for line in lines if line[1] == "reports"]) == TREND * len(GOLDEN.kinds)
    assert table_message(week, sample.POLICY).file is not None
    check_view(table_follows(GOLDEN.week), ("modal",))


def test_a_charts_digest_depends_on_what_it_shows_and_a_chart_of_nothing_is_empty() -> None:
    chart = chart_data(GOLDEN, sample.POLICY)
    assert chart["weeks"][0], chart["weeks"][-1] == ("36", "47")
    assert chart_digest(chart) == chart_digest(chart_data(replace(GOLDEN, reps=99), sample.POLICY))
    assert chart_digest(chart) != chart_digest(chart_data(replace(GOLDEN, kinds=GOLDEN.kinds[:2]), sample.POLICY))
    assert is_chart_empty(a_week())
    assert not is_chart_empty(a_week(decisions=GOLDEN.decisions))


@settings(wildly, max_examples=80)
@given(figures=wild, pictured=st.booleans())
def test_whatever_the_week_held_slack_takes_it_whole(figures: Figures, *, pictured: bool) -> None:
    picture = "F0CHART" if pictured else None
    message = week_notice(figures, sample.POLICY, "C" + "0" * 30, picture=picture)
    taken(message)
    assert "The rest stands" not in message.text
    assert units(chart_in_words(figures, sample.POLICY)) <= 2_000
    assert not any("<!channel>" in said or "<@U1>" in said for said in [message.text, *mrkdwn(message.blocks)])


@settings(wildly, max_examples=80)
@given(wild)
def test_whatever_the_week_held_the_table_can_be_read_back(figures: Figures) -> None:
    written = as_csv(figures, sample.POLICY).decode("utf-8-sig")
    lines = list(csv.reader(StringIO(written)))
    assert {len(line) for line in lines} == {5}
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line)
