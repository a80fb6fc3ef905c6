"""Business time, also compared with a count of every minute."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.business_time import (
    Hours,
    Span,
    Unit,
    add_months,
    business_days_between,
    due,
    moment_at_share,
    moment_before,
    next_business_day,
    opening,
)

MONDAY_TO_FRIDAY = frozenset(range(5))
LONDON = Hours("Europe/London", MONDAY_TO_FRIDAY, time(9), time(17))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TOKYO = ZoneInfo("Asia/Tokyo")
TWO_DAYS = Span(2, Unit.BUSINESS_DAY)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2 business days", Span(2, Unit.BUSINESS_DAY)),
        ("1 business day", Span(1, Unit.BUSINESS_DAY)),
        ("4 hours", Span(4, Unit.HOUR)),
        ("90 minutes", Span(90, Unit.MINUTE)),
        ("1 minute", Span(1, Unit.MINUTE)),
        (" 1  hour ", Span(1, Unit.HOUR)),
    ],
)
def test_a_span_is_read_from_the_text_that_it_writes(text: str, span: Span) -> None:
    assert Span.parse(text) == span
    assert Span.parse(str(span)) == span
    assert span.in_words() == str(span)
    assert str(span) == " ".join(text.split())
    assert span.is_clock == (span.unit is not Unit.BUSINESS_DAY)


@pytest.mark.parametrize(
    "text", ["", "two hours", "2 days", "0 hours", "-1 hours", "1.5 hours", "2 weeks", "99999 hours"]
)
def test_other_texts_are_refused_as_spans(text: str) -> None:
    with pytest.raises(ValueError, match="not a span of time"):
        Span.parse(text)


# 20 November 2026 is a Friday.
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-19T10:00", "2026-11-23T17:00"),
        ("2026-11-20T10:00", "2026-11-24T17:00"),
        ("2026-11-20T23:59", "2026-11-24T17:00"),
        ("2026-11-21T12:00", "2026-11-24T17:00"),
        ("2026-11-22T23:59", "2026-11-24T17:00"),
        ("2026-11-23T00:01", "2026-11-25T17:00"),
    ],
)
def test_business_days_end_at_closing_time_and_the_day_of_the_start_never_counts(start: str, end: str) -> None:
    assert due(utc(start), TWO_DAYS, LONDON) == utc(end)


def test_holidays_are_no_business_days() -> None:
    christmas = Hours(
        "Europe/London", MONDAY_TO_FRIDAY, time(9), time(17), frozenset({date(2026, 12, 25), date(2026, 12, 28)})
    )
    assert due(utc("2026-12-24T10:00"), TWO_DAYS, christmas) == utc("2026-12-30T17:00")


def test_hours_and_minutes_run_day_and_night() -> None:
    friday_night = utc("2026-11-20T22:00")
    assert due(friday_night, Span(4, Unit.HOUR), LONDON) == utc("2026-11-21T02:00")
    assert due(friday_night, Span(90, Unit.MINUTE), LONDON) == utc("2026-11-20T23:30")


@pytest.mark.parametrize(
    ("zone", "start", "end"),
    [
        ("Europe/London", "2026-03-27T10:00", "2026-03-31T16:00"),  # clocks go forward on the 29th
        ("Europe/London", "2026-10-23T10:00", "2026-10-27T17:00"),  # and back on 25 October
        ("America/New_York", "2026-03-06T15:00", "2026-03-10T21:00"),
        ("America/New_York", "2026-10-30T15:00", "2026-11-03T22:00"),
        ("Asia/Kathmandu", "2026-11-20T10:00", "2026-11-24T11:15"),
        ("Australia/Lord_Howe", "2026-10-02T00:00", "2026-10-06T06:00"),  # forward by half an hour on the 4th
        ("Pacific/Kiritimati", "2026-11-20T10:00", "2026-11-24T03:00"),  # it is Saturday there, 14 hours ahead
    ],
)
def test_days_and_times_are_those_of_the_zone_across_clock_changes(zone: str, start: str, end: str) -> None:
    assert due(utc(start), TWO_DAYS, Hours(zone, MONDAY_TO_FRIDAY, time(9), time(17))) == utc(end)


def test_the_next_business_day_is_its_closing_time() -> None:
    friday_evening = utc("2026-11-20T17:00")
    monday = next_business_day(friday_evening, LONDON)
    assert monday == utc("2026-11-23T17:00")
    assert next_business_day(monday, LONDON) == utc("2026-11-24T17:00")


def test_the_reminder_comes_after_half_of_the_business_time() -> None:
    start = utc("2026-11-20T13:00")  # four hours are left on Friday, then come Monday and Tuesday
    assert moment_at_share(start, utc("2026-11-24T17:00"), LONDON) == utc("2026-11-23T15:00")


def test_halfway_takes_another_share_of_the_business_time() -> None:
    start = utc("2026-11-20T13:00")
    assert moment_at_share(start, utc("2026-11-24T17:00"), LONDON, share=0.1) == utc("2026-11-20T15:00")
    with pytest.raises(ValueError, match="between 0 and 1"):
        moment_at_share(start, utc("2026-11-24T17:00"), LONDON, share=1.5)


def test_half_of_a_clock_span_is_half_of_the_real_time() -> None:
    start = utc("2026-11-20T16:00")
    assert moment_at_share(start, utc("2026-11-20T20:00"), LONDON, clock=True) == utc("2026-11-20T18:00")


def test_without_business_time_in_between_half_of_the_real_time_is_taken() -> None:
    assert moment_at_share(utc("2026-11-21T10:00"), utc("2026-11-21T14:00"), LONDON) == utc("2026-11-21T12:00")


def test_business_days_between_are_counted_in_fractions() -> None:
    assert business_days_between(utc("2026-11-20T13:00"), utc("2026-11-23T11:00"), LONDON) == pytest.approx(0.75)
    assert business_days_between(utc("2026-11-23T11:00"), utc("2026-11-20T13:00"), LONDON) == 0
    assert business_days_between(utc("2026-11-21T00:00"), utc("2026-11-22T23:00"), LONDON) == 0


def test_a_business_day_counts_as_one_on_a_day_when_the_clocks_change() -> None:
    always = Hours("Europe/London", frozenset(range(7)), time(0), time(22))
    for day in ("2026-03-29", "2026-10-25"):
        start = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("Europe/London"))
        assert business_days_between(start, start.replace(hour=22), always) == pytest.approx(1)


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        ({"zone": "Europe/Lodnon"}, "no such time zone"),
        ({"days": frozenset()}, "at least one"),
        ({"days": frozenset({7})}, "weekdays from 0"),
        ({"closes": time(9)}, "closes after it opens"),
        ({"days": frozenset({0}), "holidays": frozenset(date(2024, 1, 1) + timedelta(n) for n in range(366))}, "2024"),
    ],
)
def test_hours_without_business_days_are_refused(hours: dict[str, object], text: str) -> None:
    usual = {"zone": "Europe/London", "days": MONDAY_TO_FRIDAY, "opens": time(9), "closes": time(17)}
    with pytest.raises(ValueError, match=text):
        Hours(**usual | hours)  # the columns of the table


def test_one_business_day_in_a_year_is_enough() -> None:
    all_but_the_last = frozenset(date(2026, 1, 1) + timedelta(n) for n in range(364))
    once = Hours("UTC", frozenset(range(7)), time(9), time(17), all_but_the_last)
    assert due(utc("2026-01-01T10:00"), Span(1, Unit.BUSINESS_DAY), once) == utc("2026-12-31T17:00")


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 22), 6, date(2027, 5, 22)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_add_months_gives_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


zones = st.sampled_from(
    [
        *("UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago"),
        *("Pacific/Chatham", "Africa/Casablanca", "Pacific/Kiritimati", "Asia/Kolkata"),
    ]
)
hours_of_work = st.builds(
    Hours,
    zone=zones,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    opens=st.builds(time, st.integers(5, 11), st.integers(0, 59)),
    closes=st.builds(time, st.integers(12, 22), st.integers(0, 59)),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=5),
)
# Near the days on which somebody's clocks change, so that many examples run across a change.
changes = st.sampled_from(
    ["2026-03-08", "2026-03-29", "2026-04-05", "2026-09-06", "2026-10-04", "2026-10-25", "2026-11-01"]
)
starts = st.builds(lambda day, minutes: utc(day) + minutes * MINUTE, changes, st.integers(-4000, 2000))


def is_open(moment: datetime, hours: Hours) -> bool:
    local = moment.astimezone(ZoneInfo(hours.zone))
    return hours.is_business_day(local.date()) and hours.opens <= local.time() < hours.closes


def open_minutes(start: datetime, until: datetime, hours: Hours) -> list[datetime]:
    minutes = (start + n * MINUTE for n in range(int((until - start) / MINUTE)))
    return [minute for minute in minutes if is_open(minute, hours)]


@settings(max_examples=60, deadline=None)
@given(starts, st.integers(0, 7000), hours_of_work)
def test_business_days_between_agree_with_a_count_of_every_minute(start: datetime, minutes: int, hours: Hours) -> None:
    until = start + minutes * MINUTE
    opening = datetime.combine(date.min, hours.closes) - datetime.combine(date.min, hours.opens)
    counted = len(open_minutes(start, until, hours)) * MINUTE / opening
    assert business_days_between(start, until, hours) == pytest.approx(counted)


@settings(max_examples=60, deadline=None)
@given(starts, st.integers(1, 7000), hours_of_work, st.sampled_from([0.25, 0.5, 0.9]))
def test_the_reminder_agrees_with_a_count_of_every_minute(
    start: datetime, minutes: int, hours: Hours, share: float
) -> None:
    until = start + minutes * MINUTE
    counted = open_minutes(start, until, hours) or [start + n * MINUTE for n in range(minutes)]
    moment = moment_at_share(start, until, hours, share=share)
    passed = sum(minute + MINUTE <= moment for minute in counted)
    assert passed == pytest.approx(len(counted) * share, abs=1)
    assert start <= moment <= until


@settings(deadline=None)
@given(starts, st.integers(1, 30), hours_of_work)
def test_business_days_are_due_at_the_close_of_a_business_day_with_as_many_in_between(
    start: datetime, days: int, hours: Hours
) -> None:
    end = due(start, Span(days, Unit.BUSINESS_DAY), hours)
    local, first = end.astimezone(ZoneInfo(hours.zone)), start.astimezone(ZoneInfo(hours.zone)).date()
    between = (first + timedelta(days=n) for n in range(1, (local.date() - first).days + 1))
    assert local.time() == hours.closes
    assert is_open(end - MINUTE, hours)
    assert sum(map(hours.is_business_day, between)) == days


@given(starts, st.integers(1, 9999), st.sampled_from([Unit.HOUR, Unit.MINUTE]), hours_of_work)
def test_a_clock_span_is_real_time(start: datetime, amount: int, unit: Unit, hours: Hours) -> None:
    local = start.astimezone(ZoneInfo(hours.zone))
    assert due(local, Span(amount, unit), hours) - start == amount * (MINUTE if unit is Unit.MINUTE else 60 * MINUTE)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"zone": "Mars/Base"}, "no such time zone: 'Mars/Base'"),
        ({"days": frozenset()}, "business days are weekdays from 0, Monday, to 6, Sunday, and at least one of them"),
        ({"days": {7}}, "business days are weekdays from 0, Monday, to 6, Sunday, and at least one of them"),
        ({"closes": time(9)}, "business closes after it opens, on the same day"),
        ({"holidays": {date(2026, 1, 1) + n * DAY for n in range(365)}}, "the holidays leave no business day in 2026"),
    ],
)
def test_hours_without_a_business_day_or_a_zone_are_refused(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        replace(LONDON, **changed)


@pytest.mark.parametrize("only", [date(2026, 1, 1), date(2026, 12, 31)])
def test_one_business_day_in_the_year_is_enough(only: date) -> None:
    others = frozenset(date(2026, 1, 1) + n * DAY for n in range(365)) - {only}
    assert replace(LONDON, holidays=others).is_business_day(only)


def test_every_moment_is_given_in_utc() -> None:
    start, end = datetime(2026, 7, 1, 10, tzinfo=TOKYO), datetime(2026, 7, 8, 10, tzinfo=TOKYO)
    moments = [
        *(due(start, Span(1, unit), LONDON) for unit in Unit),
        *(moment_at_share(start, end, LONDON, clock=clock) for clock in (True, False)),
        opening(date(2026, 7, 1), LONDON),
        moment_before(start, TWO_DAYS, LONDON),
    ]
    assert {moment.tzinfo for moment in moments} == {UTC}
    assert all(moment.tzinfo is UTC for moment in moments)


def test_half_of_two_equal_days_has_passed_when_the_first_one_closes() -> None:
    assert moment_at_share(utc("2026-11-19T09:00"), utc("2026-11-20T17:00"), LONDON) == utc("2026-11-19T17:00")


def test_the_whole_share_is_the_end_and_a_share_above_one_is_refused() -> None:
    start, end = utc("2026-11-19T09:00"), utc("2026-11-20T17:00")
    assert moment_at_share(start, end, LONDON, share=1) == end
    with pytest.raises(ValueError, match=r"^a share lies between 0 and 1: 1\.1$"):
        moment_at_share(start, end, LONDON, share=1.1)


def test_between_closing_time_and_a_day_off_real_time_counts() -> None:
    assert moment_at_share(utc("2026-11-20T17:00"), utc("2026-11-21T17:00"), LONDON) == utc("2026-11-21T05:00")


def test_where_no_business_time_lies_between_it_is_zero_days() -> None:
    days = business_days_between(utc("2026-11-21T12:00"), utc("2026-11-22T12:00"), LONDON)
    assert (days, type(days)) == (0.0, float)


# 20 November 2026 is a Friday.
@pytest.mark.parametrize(
    ("moment", "span", "before"),
    [
        ("2026-11-24T17:00", Span(1, Unit.BUSINESS_DAY), "2026-11-23T09:00"),
        ("2026-11-24T00:00", Span(2, Unit.BUSINESS_DAY), "2026-11-20T09:00"),
        ("2026-11-22T12:00", Span(1, Unit.BUSINESS_DAY), "2026-11-20T09:00"),
        ("2026-11-24T17:00", Span(3, Unit.HOUR), "2026-11-24T14:00"),
        ("2026-11-24T17:00", Span(90, Unit.MINUTE), "2026-11-24T15:30"),
    ],
)
def test_business_days_before_a_moment_begin_when_the_firm_opens(moment: str, span: Span, before: str) -> None:
    assert moment_before(utc(moment), span, LONDON) == utc(before)


@pytest.mark.parametrize(
    ("day", "opens"),
    [(date(2026, 11, 20), "2026-11-20T09:00"), (date(2026, 11, 21), "2026-11-23T09:00")],
)
def test_the_firm_opens_on_the_day_or_on_the_next_business_day(day: date, opens: str) -> None:
    assert opening(day, LONDON) == utc(opens)
