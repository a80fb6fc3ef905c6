from datetime import date

import pytest

from bot.rules.text import characters, cut, day, month, printable, short_day, units

YEAR = [date(2026, number, 5) for number in range(1, 13)]


@pytest.mark.parametrize("on", YEAR, ids=str)
def test_a_day_is_written_with_its_month_in_full_or_in_short(on: date) -> None:
    assert day(on) == f"5 {on:%B %Y}"
    assert short_day(on) == f"5 {on:%b %Y}"
    assert month(on) == f"{on:%B}"


def test_lengths_are_counted_in_characters() -> None:
    assert (characters(1), characters(3_000)) == ("1 character", "3,000 characters")
    assert [units(text) for text in ("", "é", "😀", "\ud800")] == [0, 1, 2, 1]


def test_a_text_is_cut_where_it_is_full_and_never_within_a_character() -> None:
    assert [cut("a😀b", room) for room in (-1, 0, 1, 2, 3, 4, 9)] == ["", "", "a", "a", "a😀", "a😀b", "a😀b"]


def test_what_cannot_be_seen_is_shown_as_json_would_write_it() -> None:
    assert printable("a\tb\nc\x1b[31m\u202ed") == "a\tb\nc\\u001b[31m\\u202ed"
