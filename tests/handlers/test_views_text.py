"""Text made safe and fitting: nothing is parsed, nothing is torn apart."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.text import units
from handlers.blockkit.blocks import (
    bold,
    bullets,
    context_block,
    header,
    line,
    link,
    paragraph,
    person,
    quote,
    rich,
    when,
)
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import day, escape, fit, listed, mention, moment, one_line, shorten

NOON = datetime(2025, 11, 21, 12, tzinfo=UTC)


def test_slacks_three_characters_are_escaped_and_no_others() -> None:
    assert escape('<!channel> & "you" <@U0ANA>') == '&lt;!channel&gt; &amp; "you" &lt;@U0ANA&gt;'


@given(text=st.text(max_size=300), limit=st.integers(10, 200))
def test_what_is_shortened_fits_once_it_is_escaped(text: str, limit: int) -> None:
    cut = shorten(text, limit)
    assert units(escape(cut)) <= limit
    assert cut == text or cut.endswith("…")


@given(text=st.text(alphabet="&<>x ", max_size=300), limit=st.integers(10, 200))
def test_what_fits_is_left_alone(text: str, limit: int) -> None:
    assert (shorten(text, limit) == text) or units(escape(text)) > limit
    assert (fit(text, limit) == text) or units(text) > limit


@given(text=st.text(max_size=300), limit=st.integers(10, 200))
def test_an_entity_is_never_cut(text: str, limit: int) -> None:
    assert escape(shorten(text, limit)).count("&") == sum(shorten(text, limit).count(char) for char in "&<>")


def test_a_cut_falls_on_a_words_end() -> None:
    assert shorten("He screamed until I hung up", 20) == "He screamed until I…"


@pytest.mark.parametrize("whole", ["e\u0301", "👩‍👩‍👧", "👍🏽", "❤\ufe0f"])
def test_what_is_seen_as_one_character_stays_one(whole: str) -> None:
    for limit in range(12, 40):
        kept = shorten(whole * 40, limit).removesuffix("…")
        assert kept == whole * (len(kept) // len(whole))


def test_a_name_on_one_line_cannot_turn_the_line_around() -> None:
    assert one_line("  Zenith\n\tCorp\u202e\x00 ") == "Zenith Corp"


def test_a_time_is_shown_in_the_readers_zone_and_falls_back_to_utc() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=9)))
    assert moment(elsewhere) == "<!date^1763726400^\u200b{date_short_pretty} at {time}|21 Nov 2025, 12:00 UTC>"
    assert (day(date(2026, 5, 2)), mention("U0ANA")) == ("2 May 2026", "<@U0ANA>")


def test_items_are_listed_as_a_sentence_lists_them() -> None:
    assert [listed(["a", "b", "c"][:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]


def test_the_text_of_a_message_reads_its_blocks_in_order() -> None:
    said = message(
        header("Zenith & Co"),
        context_block("*Due* soon"),
        None,
        paragraph(bold("Ana"), " <b> ", person("U0ANA"), when(NOON)),
        rich(bullets([line("one"), line("two")]), quote("so"), line(link("https://x.example", "a page"))),
    )
    assert said.text.split("\n") == [
        "Zenith &amp; Co",
        "*Due* soon",
        "Ana &lt;b&gt; <@U0ANA><!date^1763726400^\u200b{date_short_pretty} at {time}|21 Nov 2025, 12:00 UTC>",
        "• one",
        "• two",
        "“so”",
        "a page (https://x.example)",
    ]
    assert len(said.blocks) == 4
