"""Reps are asked how they are a day and a week after a report."""

from datetime import timedelta

from bot.rules.reports import check_in_round
from tests.rules.samples import DAY, NOW

MOMENT = timedelta(microseconds=1)


def test_a_rep_is_asked_the_second_time_from_a_week_after_the_report_on() -> None:
    assert [check_in_round(NOW, NOW + span) for span in (DAY, 7 * DAY - MOMENT, 7 * DAY)] == [1, 1, 2]
