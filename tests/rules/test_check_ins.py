"""Reps are asked how they are a day and a week after a report; many reports within an hour are worth a look."""

from datetime import timedelta

from bot.rules.reports import are_many_now, check_in_round
from tests.rules.samples import DAY, NOW

MOMENT = timedelta(microseconds=1)


def test_a_rep_is_asked_the_second_time_from_a_week_after_the_report_on() -> None:
    assert [check_in_round(NOW, NOW + span) for span in (DAY, 7 * DAY - MOMENT, 7 * DAY)] == [1, 1, 2]


def test_reports_become_many_with_the_first_one_by_which_more_than_twenty_lie_within_an_hour() -> None:
    def many(*minutes_ago: float) -> bool:
        return are_many_now([NOW - minutes * timedelta(minutes=1) for minutes in minutes_ago])

    twenty = list(range(20))
    assert not many(*twenty)
    assert many(*twenty, 59)
    assert not many(*twenty, 60)  # the oldest of them is not within the hour
    assert many(*twenty, 59, 61)  # without the newest, they lay within more than an hour
    assert not many(*twenty, 59, 60)  # they were many already
    assert not many()
