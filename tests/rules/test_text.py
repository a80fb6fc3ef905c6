from datetime import date

import pytest

from bot.rules.text import characters, day, month, short_day, units

YEAR = [date(2026, number, 5) for number in range(1, 13)]


@pytest.mark.parametrize("on", YEAR, ids=str)
def test_a_day_is_written_with_its_month_in_full_or_in_short(on: date) -> None:
    assert day(on) == f"5 {on:%B %Y}"
    assert short_day(on) == f"5 {on:%b %Y}"
    assert month(on) == f"{on:%B}"


def test_lengths_are_counted_in_characters() -> None:
    assert (characters(1), characters(3_000)) == ("1 character", "3,000 characters")
    assert [units(text) for text in ("", "é", "😀", "\ud800")] == [0, 1, 2, 1]
