"""The weekly summary: one week word for word, and wild weeks within Slack's limits."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given, settings

from bot.rules.backup import BackupFigures
from bot.rules.decisions import Choice
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
from handlers.weekly.csv_table import as_csv
from handlers.weekly.summary_lines import days_late, more_or_fewer
from handlers.weekly.summary_notice import table_follows, table_message, week_notice, week_text, week_title
from tests.handlers import view_samples as sample
from tests.handlers.view_limits import every, mrkdwn, taken, texts, wildly
from tests.handlers.week_samples import GOLDEN, NOBODY, a_week, wild

DIGEST = "7f3a" * 16
GOLDEN_TEXT = """\
Week 47, 16 to 22 November 2026
One case is 2 business days late: decide about Acme Ltd
Warned, reported again, no action yet: Borealis Foods, Larkspur Hotels
1 answer to an objection is overdue
9 reports by 5 reps, 3 more than the week before
Reports in each week, 36 to 47: 1, 1, 3, 2, 3, 4, 6, 4, 4, 6, 6, 9.
4 calls for backup · answered after 38 seconds, at most 3 minutes
Verbal abuse 5 · Payment withheld until warned 3 · Threat of violence 1
2 warnings delivered · 1 not delivered yet · kept 1 · decisions took 1.4 business days
Dropped: Zenith Corp (abuse after a warning, from 30 Nov 2026)
Reported again: Zenith Corp 2
Learnt: Ask for a second contact before the third call.
Next two weeks: 2 reviews and 1 objection to answer"""
LINKS = {12: "https://slack.com/archives/C0MANAGE/p1"}
IN_NUMBERS = "Reports in each week, 36 to 47: 1, 1, 3, 2, 3, 4, 6, 4, 4, 6, 6, 9."  # what the chart shows
MOST_WORDS = 120


def test_the_golden_week_in_the_terminal() -> None:
    assert week_text(GOLDEN, sample.POLICY) == GOLDEN_TEXT


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0.04, "Decisions took less than an hour"),
        (0.1, "Decisions took less than half a business day"),
        (0.5, "Decisions took 0.5 business days"),
    ],
)
def test_how_long_decisions_took_is_no_tenth_of_a_day(days: float, said: str) -> None:
    assert said in week_text(a_week(median_days=days), sample.POLICY).splitlines()


def test_slack_draws_the_chart_and_who_does_not_see_it_reads_the_numbers() -> None:
    message = week_notice(GOLDEN, sample.POLICY, "C0SUMMARY", LINKS)
    (drawn,) = [block for block in message.blocks if block["type"] == "data_visualization"]
    (series,) = drawn["chart"]["series"]
    assert [(point["label"], point["value"]) for point in series["data"]][-2:] == [("46", 6), ("47", 9)]
    assert drawn["chart"]["axis_config"]["categories"] == [str(week) for week in range(36, 48)]
    assert IN_NUMBERS in message.text
    assert message.plain is not None
    assert [block for block in message.plain if block["type"] == "data_visualization"] == []
    assert "36 to 47: 1, 1, 3" in "\n".join(texts(message.plain))


def test_what_to_do_now_comes_first_with_a_link_and_the_week_keeps_to_its_budget() -> None:
    """`looks.md`: 120 words."""
    message = week_notice(GOLDEN, sample.POLICY, "C0SUMMARY", LINKS)
    links = [each["url"] for each in every(message.blocks) if each.get("type") == "link"]
    assert links == [LINKS[12]]
    assert "decide about Acme Ltd" in texts(message.blocks[1])
    said = week_text(GOLDEN, sample.POLICY).replace(IN_NUMBERS, "")
    assert len([word for word in said.split() if any(map(str.isalnum, word))]) <= MOST_WORDS
    buttons = message.blocks[-1]["elements"]
    assert [each["text"]["text"] for each in buttons] == ["Open the queue", "Download CSV"]
    assert [each["value"] for each in buttons[1:]] == ["week:202647:C0SUMMARY"]


def test_a_week_in_which_nothing_happened() -> None:
    assert week_text(a_week(), sample.POLICY).split("\n")[1:] == [
        "Nothing is overdue, and no warning was left without consequence.",
        "No reports, as in the week before",
        "Nobody reported anything in these twelve weeks. If a customer is abusive, /report-abuse takes a minute.",
    ]


def test_one_call_for_backup_has_no_slowest() -> None:
    once = a_week(backup=BackupFigures(calls=1, unanswered=0, median=140.0, slowest=140.0))
    assert "1 call for backup · answered after 2 minutes\n" in week_text(once, sample.POLICY) + "\n"


def test_a_quiet_week_after_a_busy_one_says_how_many_fewer() -> None:
    quiet = a_week(kinds=(CategoryTrend("verbal_abuse", (*NOBODY[2:], 3, 0)),))
    assert "No reports, 3 fewer than the week before" in week_text(quiet, sample.POLICY)
    older = a_week(kinds=(CategoryTrend("verbal_abuse", (3, *NOBODY[1:])),))
    taken(week_notice(older, sample.POLICY, "C0SUMMARY", LINKS))


def test_what_does_not_fit_is_counted() -> None:
    named = replace(GOLDEN, unheeded=FirstFew(GOLDEN.unheeded.items, 1_234), late=FirstFew(GOLDEN.late.items, 7))
    assert "Borealis Foods, Larkspur Hotels and 1,232 more" in week_text(named, sample.POLICY)
    assert "7 cases are overdue: decide about Acme Ltd and 6 more" in week_text(named, sample.POLICY)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (9, 6, "3 more than the week before"),
        (1, 2, "1 fewer than the week before"),
        (4, 4, "as many as the week before"),
        (0, 0, "as in the week before"),
        (0, 1_200, "1,200 fewer than the week before"),
    ],
)
def test_a_count_is_compared_in_words(now: int, before: int, said: str) -> None:
    assert more_or_fewer(now, before) == said


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


@settings(wildly, max_examples=80)
@given(figures=wild)
def test_whatever_the_week_held_slack_takes_it_whole(figures: Figures) -> None:
    message = week_notice(figures, sample.POLICY, "C" + "0" * 30, LINKS)
    taken(message)
    if message.plain:
        taken(replace(message, blocks=message.plain))
    assert "Open the message" not in message.text
    assert not any("<!channel>" in said or "<@U1>" in said for said in [message.text, *mrkdwn(message.blocks)])


@settings(wildly, max_examples=80)
@given(wild)
def test_whatever_the_week_held_the_table_can_be_read_back(figures: Figures) -> None:
    written = as_csv(figures, sample.POLICY).decode("utf-8-sig")
    lines = list(csv.reader(StringIO(written)))
    assert {len(line) for line in lines} == {5}
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line)
