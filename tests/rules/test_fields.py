"""What is wrong with a field of a form, by itself."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy_file.load import load
from bot.rules import fields
from bot.rules.fields import is_blank, problems, text_problem
from bot.rules.reports import Evidence, Links, PickedCustomer, TypedCustomer, WhichCustomer

POLICY = load(None, "Europe/Berlin")
NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
TODAY = date(2026, 11, 21)  # in Berlin


@dataclass(frozen=True)
class Asked:
    """A command with a field of three kinds, and one that is no field."""

    case: int
    reason: fields.Words
    until: fields.OptionalDayAhead
    conditions: fields.Conditions


def said(kind: fields.Kind, value: object) -> str | None:
    return kind.problem(value, POLICY, NOW)


def test_all_that_is_wrong_with_a_command_is_named_by_field() -> None:
    assert problems(Asked(12, "So.", None, ("written_only",)), POLICY, NOW) == {}
    assert problems(Asked(-1, " ", TODAY - timedelta(1), ("gone",)), POLICY, NOW) == {
        "reason": fields.FILL_IN,
        "until": fields.PASSED,
        "conditions": fields.GONE,
    }
    assert problems(("no", "command"), POLICY, NOW) == {}


@pytest.mark.parametrize(
    "blank",
    [
        "",
        " \n\t\u00a0",
        "\u200b\u200d\ufeff",
        "\u3164\u2800\ufe0f",
        "\x00\x07\x7f",
        "\u202e\u2066\u2069",
        "\u0301\u0308",
        "\u093e\u0940",
    ],
)
def test_a_text_in_which_nothing_can_be_seen_is_empty(blank: str) -> None:
    assert is_blank(blank)
    assert not is_blank(f"{blank}.")


@pytest.mark.parametrize("seen", [".", "é", "ж", "😀", "\u0301a", "中", "\ue000", "\U0001fae9"])
def test_a_text_of_anything_that_can_be_seen_is_not_empty(seen: str) -> None:
    assert text_problem(seen) is None


def test_a_text_may_be_as_long_as_slack_allows_where_an_emoji_counts_as_two() -> None:
    assert [text_problem(text) for text in ("é" * 3_000, "😀" * 1_500)] == [None, None]
    assert text_problem("é" * 3_001) == "This has 3,001 characters; 3,000 fit. Please shorten it."
    assert text_problem("😀" * 1_501) == "This has 3,002 characters; 3,000 fit. Please shorten it."


@pytest.mark.parametrize("text", ["a\0", "\ud800", "a\udfffb"])
def test_what_no_database_takes_is_said(text: str) -> None:
    assert text_problem(text, optional=True) == fields.NOT_STORABLE


@given(text=st.text(st.characters(), max_size=20))
def test_a_text_that_is_taken_can_be_stored_and_seen(text: str) -> None:
    if text_problem(text) is None:
        assert text.encode().decode() == text
        assert "\0" not in text
        assert text.strip()


def test_a_name_needs_something_by_which_it_is_found() -> None:
    assert [said(fields.Name(), name) for name in ("Zenith", "★", "7")] == [None, None, None]
    assert [said(fields.Name(), name) for name in ("!?", "", "x" * 141)] == [
        fields.NAMELESS,
        fields.FILL_IN,
        "This has 141 characters; 140 fit. Please shorten it.",
    ]
    assert said(WhichCustomer(), TypedCustomer("!?", new=True)) == fields.NAMELESS
    assert said(WhichCustomer(), PickedCustomer(12)) is None


@pytest.mark.parametrize(
    ("ago", "problem"),
    [
        (timedelta(minutes=-2), None),
        (timedelta(minutes=-2, seconds=-1), fields.NOT_YET),
        (timedelta(days=3_653), None),
        (timedelta(days=3_653, seconds=1), fields.TOO_LONG_AGO),
    ],
)
def test_what_happened_lies_within_the_last_ten_years_and_a_phones_clock_may_run_ahead(
    ago: timedelta, problem: str | None
) -> None:
    assert said(fields.Past(), NOW - ago) == problem


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        (None, None),
        (TODAY, None),
        (TODAY - timedelta(1), fields.PASSED),
        (TODAY + timedelta(3_653), None),
        (TODAY + timedelta(3_654), fields.TOO_FAR),
        (date.max, fields.TOO_FAR),
    ],
)
def test_a_day_ahead_is_from_today_in_the_firms_zone_to_ten_years_on(day: date | None, problem: str | None) -> None:
    assert said(fields.Ahead(), day) == problem


@pytest.mark.parametrize(
    ("day", "is_right"),
    [(TODAY, False), (TODAY + timedelta(1), True), (date(2027, 11, 21), True), (date(2027, 11, 22), False)],
)
def test_a_review_comes_after_today_and_within_the_longest_time(day: date, is_right: bool) -> None:  # noqa: FBT001
    assert POLICY.longest_months == 12
    sentence = "Please pick a day after today, and 21 November 2027 at the latest."
    assert said(fields.Review(), day) == (None if is_right else sentence)


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ("https://crm.example/1", None),
        ("x.example", "“x.example” is not a link. Please put one on each line, starting with https:// or http://."),
        ("http://[", "“http://[” is not a link. Please put one on each line, starting with https:// or http://."),
        (f"https://{'y' * 493}", f"The link “https://{'y' * 32}…” has 501 characters; 500 fit."),
        ("https://a\0", fields.NOT_STORABLE),
    ],
)
def test_a_wrong_link_is_quoted(link: str, problem: str | None) -> None:
    assert said(Links(), (Evidence("file", "no link", "f"), Evidence("link", link, link))) == problem


def test_the_box_has_to_be_ticked() -> None:
    assert fields.Considered().problem(value=True, _policy=POLICY, _now=NOW) is None
    assert fields.Considered().problem(value=False, _policy=POLICY, _now=NOW) == fields.UNCONSIDERED


def test_one_key_of_the_policy_is_a_whole_word() -> None:
    assert said(fields.InPolicy(lambda policy: policy.safeguards), "health") is None
    assert said(fields.InPolicy(lambda policy: policy.safeguards), "gone") == fields.GONE


def test_a_kind_of_text_has_its_own_limit_and_may_be_left_empty() -> None:
    assert said(fields.Text(5), "12345") is None
    assert said(fields.Text(5), "123456") == fields.too_long(6, 5)
    assert said(fields.Text(5), " ") == fields.FILL_IN
    assert said(fields.Text(5, optional=True), " ") is None


def links(*addresses: str) -> tuple[Evidence, ...]:
    return tuple(Evidence("link", address, "") for address in addresses)


def test_ten_links_fit_and_more_are_counted() -> None:
    assert said(Links(), links(*(f"https://x.example/{n}" for n in range(10)))) is None
    assert said(Links(), links(*(f"https://x.example/{n}" for n in range(11)))) == (
        "These are 11 links; 10 fit. Please keep those that say most."
    )


@pytest.mark.parametrize("link", ["http://x.example", "https://x.example/a?b=c", "https://x.example/" + "y" * 482])
def test_what_is_a_link(link: str) -> None:
    assert said(Links(), links(link)) is None


@pytest.mark.parametrize(
    "link", ["ftp://x.example", "https://", "x.example", "https://x.example/a b", "https://x.example/<", "https://x|y"]
)
def test_what_is_no_link(link: str) -> None:
    assert said(Links(), links("https://x.example", link)) == (
        f"\u201c{link}\u201d is not a link. Please put one on each line, starting with https:// or http://."
    )


def test_a_wrong_link_is_shown_up_to_forty_characters() -> None:
    for length, end in ((40, ""), (41, "\u2026")):
        assert str(said(Links(), links("x" * length))).startswith(f"\u201c{'x' * 40}{end}\u201d")
    long = "https://x.example/" + "y" * 483
    assert str(said(Links(), links(long))).endswith("has 501 characters; 500 fit.")


def test_a_file_that_is_too_large_is_named_with_its_size_and_the_limit() -> None:
    largest, name = POLICY.evidence.file_bytes, "recording-of-the-call-of-this-morning.wav and more"
    as_large, larger = (Evidence("file", "", name, file="F1", size=largest + more) for more in (0, 1))
    assert said(Links(), (as_large,)) is None
    assert said(Links(), (as_large, larger)) == (
        f"The file “{name[:40]}” has {POLICY.evidence.file_mb + 1} MB; up to {POLICY.evidence.file_mb} MB of each are "
        "kept. Attach a part of it, or put a link here."
    )
