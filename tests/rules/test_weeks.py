"""Weeks, and when each is summed up, across clock changes in three zones."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.weeks import SummaryTime, Week, week_bounds

ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe")  # the last one moves by half an hour
# The Monday after the clocks change, forward and back, in each of these zones.
AFTER_SPRING = {"Europe/London": (2026, 3, 30), "America/New_York": (2026, 3, 9), "Australia/Lord_Howe": (2026, 10, 5)}
AFTER_AUTUMN = {"Europe/London": (2026, 10, 26), "America/New_York": (2026, 11, 2), "Australia/Lord_Howe": (2026, 4, 6)}
LENGTHS = {"Europe/London": 1.0, "America/New_York": 1.0, "Australia/Lord_Howe": 0.5}
HOUR = timedelta(hours=1)
START = datetime(2020, 1, 1, tzinfo=UTC)
moments = st.integers(0, 15 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


def test_a_week_is_read_and_written_as_in_iso_8601() -> None:
    assert Week.parse("2026-W47") == Week.parse("2026w47") == Week(2026, 47) == Week.of(date(2026, 11, 22))
    assert (str(Week(2026, 7)), Week(2026, 47).key, Week.of_key(202647)) == ("2026-W07", 202647, Week(2026, 47))
    assert (Week(2026, 53).monday, Week(2026, 53).sunday) == (date(2026, 12, 28), date(2027, 1, 3))
    assert (Week(2026, 53).later(1), Week(2026, 1).later(-1)) == (Week(2027, 1), Week(2025, 52))


@pytest.mark.parametrize("wrong", ["2025-W53", "2026-W00", "2026-W54", "last", "2026-47", "", "2026-W4"])
def test_other_texts_are_refused_as_weeks(wrong: str) -> None:
    with pytest.raises(ValueError, match="week"):
        Week.parse(wrong)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("mondays", "sign"), [(AFTER_SPRING, -1), (AFTER_AUTUMN, 1)])
def test_nine_o_clock_stays_nine_o_clock_when_the_clocks_change(
    zone: str, mondays: dict[str, tuple[int, int, int]], sign: int
) -> None:
    summary_time, local = SummaryTime(0, time(9), zone), ZoneInfo(zone)
    nine = datetime(*mondays[zone], 9, tzinfo=local).astimezone(UTC)
    week_before = summary_time.after(nine - timedelta(days=7, hours=2))
    assert week_before.astimezone(local).time() == time(9)
    assert summary_time.after(week_before) == nine
    assert nine - week_before == timedelta(days=7) + sign * LENGTHS[zone] * HOUR
    assert summary_time.due(nine - timedelta(seconds=1)) == summary_time.due(nine).later(-1)
    changed = summary_time.due(nine)
    assert changed.ends_at(zone) - changed.starts_at(zone) == timedelta(days=7) + sign * LENGTHS[zone] * HOUR
    assert changed.ends_at(zone) == changed.later(1).starts_at(zone)


def test_a_skipped_time_is_an_hour_later_and_a_repeated_one_is_the_first() -> None:
    summary_time = SummaryTime(6, time(1, 30), "Europe/London")
    assert summary_time.after(datetime(2026, 3, 28, tzinfo=UTC)) == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )  # 02:30 there
    assert summary_time.after(datetime(2026, 10, 24, tzinfo=UTC)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert summary_time.after(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)


def test_the_last_week_that_is_over_is_summed_up() -> None:
    on_friday = SummaryTime(4, time(16), "UTC")
    assert on_friday.due(datetime(2026, 11, 27, 15, 59, tzinfo=UTC)) == Week(2026, 46)
    assert on_friday.due(datetime(2026, 11, 27, 16, tzinfo=UTC)) == Week(2026, 47)
    at_once = SummaryTime(0, time(0), "UTC")
    assert at_once.due(datetime(2026, 11, 23, tzinfo=UTC)) == Week(2026, 47)
    assert at_once.is_over(Week(2026, 47), datetime(2026, 11, 23, tzinfo=UTC))
    assert not at_once.is_over(Week(2026, 47), datetime(2026, 11, 22, 23, 59, tzinfo=UTC))


@given(
    moments, st.integers(0, 6), st.times().filter(lambda t: t.tzinfo is None), st.sampled_from([*ZONES, "Asia/Kolkata"])
)
def test_the_next_summary_is_within_a_week_and_about_the_next_week(
    now: datetime, weekday: int, at: time, zone: str
) -> None:
    summary_time = SummaryTime(weekday, at, zone)
    following = summary_time.after(now)
    assert timedelta() < following - now <= timedelta(days=7, hours=2)
    assert summary_time.due(following) == summary_time.due(now).later(1)
    assert summary_time.is_over(summary_time.due(now), now)
    assert summary_time.after(following - timedelta(microseconds=1)) == following


@given(moments, st.integers(1, 12), st.sampled_from(ZONES))
def test_the_weeks_of_a_trend_follow_one_another_without_a_gap(now: datetime, weeks: int, zone: str) -> None:
    last = Week.of(now.date())
    bounds = week_bounds(last, weeks, zone)
    assert len(bounds) == weeks + 1
    assert [*bounds] == sorted(bounds)
    assert (bounds[-2], bounds[-1]) == (last.starts_at(zone), last.ends_at(zone))


def test_every_moment_of_a_week_is_given_in_utc() -> None:
    week, now = Week(2026, 47), datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
    moments = (week.starts_at("Asia/Tokyo"), week.ends_at("Asia/Tokyo"), SummaryTime(0, time(9), "UTC").after(now))
    assert all(moment.tzinfo is UTC for moment in moments)


@pytest.mark.parametrize(("zone", "number"), [("Pacific/Kiritimati", 47), ("Pacific/Honolulu", 46)])
def test_which_week_it_is_is_asked_in_the_zone_of_the_summary_wherever_the_machine_stands(
    zone: str, number: int
) -> None:
    sunday_noon = datetime(2026, 11, 22, 12, tzinfo=UTC)  # Monday of week 48 in Kiritimati, Sunday of 47 in Honolulu
    assert SummaryTime(0, time(0), zone).due(sunday_noon) == Week(2026, number)


def test_the_week_before_a_moment_is_that_of_the_zone_of_the_summary() -> None:
    sunday_noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert SummaryTime(0, time(9), "UTC").week_before(sunday_noon) == Week(2026, 46)
    assert SummaryTime(0, time(9), "Pacific/Kiritimati").week_before(sunday_noon) == Week(2026, 47)
