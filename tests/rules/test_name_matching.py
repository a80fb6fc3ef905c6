"""When two names are the same, and which names match a typed text."""

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.rules.name_matching import LONGEST_KEY, SUFFIXES, grams, is_nearly, likeness, loose_key, strict_key

WORTH_OFFERING = 0.4


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Zenith Corp", "  zenith   CORP "),
        ("Zenith-Corp.", "Zenith Corp"),
        ("Café Müller", "Cafe Muller"),
        ("Łódź Ørsted", "Lodz Orsted"),
        ("Straße", "STRASSE"),
        ("O'Brien", "O\u2019Brien"),
        ("O'Brien", "OBrien"),
        ("Marks & Spencer", "Marks and Spencer"),
        ("ＡＣＭＥ　１２", "acme 12"),  # noqa: RUF001 - full-width letters, as Japanese keyboards type them
        ("Ze\u200bnith", "Zenith"),
        ("Diyarbak\u0131r", "DIYARBAKIR"),
        ("株式会社ガスト", "株式会社ｶﾞｽﾄ"),
        ("Cafe\u0301", "Café"),
    ],
)
def test_spellings_of_one_name_have_one_strict_key(name: str, same: str) -> None:
    assert strict_key(name) == strict_key(same)


@pytest.mark.parametrize(
    ("name", "other"),
    [("Zenith", "Zenith Corp"), ("C++", "C"), ("ガスト", "カスト"), ("कि", "क"), ("A$AP", "AAP"), ("7 Up", "8 Up")],
)
def test_different_names_have_different_strict_keys(name: str, other: str) -> None:
    assert strict_key(name) != strict_key(other)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("The Acme Co., Ltd.", "acme"),
        ("Zenith Corp", "zenith"),
        ("Rossi S.p.A.", "rossi"),
        ("Müller GmbH & Co. KG", "muller"),
        ("Vitamin C S.A.", "vitamin c"),
        ("Nokia Oyj", "nokia"),
        ("Sony K.K.", "sony"),
        ("BHP Pty Ltd", "bhp"),
        ("Smith & Co", "smith"),
        ("Sarl & Sons", "sarl and sons"),
        ("Limited Brands", "limited brands"),
        ("Bathe", "bathe"),
        ("The", "the"),
        ("The The", "the"),
        ("Co", "co"),
        ("The Co", "co"),
        ("Ltd Inc", "ltd"),
        ("S.A.", "s a"),
        ("", ""),
    ],
)
def test_a_loose_key_is_a_name_without_the_and_company_suffixes(name: str, key: str) -> None:
    assert loose_key(name) == key


def has_letter_digit_or_symbol(name: str) -> bool:
    return any(unicodedata.category(char)[0] in "LNS" for char in name)


@given(st.text(max_size=60))
@example("\u00b4")
@example("ﷺ" * 60)
@example("`")
@example("İstanbul ℡ ㌔")
def test_keys_are_tidy_short_and_not_empty_for_a_name_with_a_letter_digit_or_symbol(name: str) -> None:
    for key in (strict_key(name), loose_key(name)):
        assert key == " ".join(key.split())
        assert len(key) <= LONGEST_KEY
        assert key or not has_letter_digit_or_symbol(name)


@given(st.text(max_size=60))
@example("ﬀİ\u00b4ΐ")
def test_the_key_of_a_key_is_itself(name: str) -> None:
    assert strict_key(strict_key(name)) == strict_key(name)


@given(st.sampled_from(sorted(SUFFIXES)), st.sampled_from(["{} {}", "{}, {}.", "The {} {}"]))
def test_every_suffix_is_cut_from_a_name(suffix: str, form: str) -> None:
    assert loose_key(form.format("Zenith", suffix.upper())) == "zenith"


def test_grams_begin_at_each_character_of_the_loose_key() -> None:
    assert grams("The Acme AG") == {" acme", "acme", "cme", "me", "e"}
    assert grams("Internationale") >= {" internation", "internationa", "nternational", "ternationale", "ernationale"}
    assert grams("...") == frozenset()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("zen", "Zenith Corp"),
        ("zenith c", "Zenith Corp"),
        ("zenith cor", "Zenith Corp"),
        ("corp", "Zenith Corp"),
        ("nith", "Zenith Corp"),
        ("zenyth", "Zenith Corp"),
        ("zneith", "Zenith Corp"),
        ("zenit", "Zenith Corp"),
        ("zenithh", "Zenith Corp"),
        ("zenyht", "Zenith Corp"),
        ("amce", "Acme"),
        ("zenth holdngs", "Zenith Holdings plc"),
        ("holdings zenith", "Zenith Holdings plc"),
        ("bluesky", "Blue Sky Ltd"),
        ("blue sky", "Bluesky GmbH"),
        ("muller", "Bäckerei Müller"),
        ("obrien", "O'Brien & Sons"),
        ("the acme", "ACME"),
        ("zenith holdings lttd", "Zenith Holdings Ltd"),
    ],
)
def test_the_meant_name_is_found_while_typing_and_with_typos(typed: str, name: str) -> None:
    assert likeness(typed, name) > WORTH_OFFERING


@pytest.mark.parametrize(("typed", "name"), [("zenith", "Apex"), ("ab", "Zenith"), ("smith", "Jones"), ("", "Zenith")])
def test_other_names_are_not_offered(typed: str, name: str) -> None:
    assert likeness(typed, name) < WORTH_OFFERING


def test_the_best_match_comes_first() -> None:
    names = ["Blacksmith Tools", "Jones Smith", "Smithson", "Smyth", "Smith Ltd", "Smitten Brothers", "Apex"]
    ranked = sorted(names, key=lambda name: likeness("smith", name), reverse=True)
    assert ranked[:5] == ["Smith Ltd", "Smithson", "Jones Smith", "Blacksmith Tools", "Smyth"]
    assert ranked[-1] == "Apex"


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_between_0_and_1(typed: str, name: str) -> None:
    assert 0 <= likeness(typed, name) <= 1
    if loose_key(name):
        assert likeness(name, name) == 1


words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=14)


@given(words, st.data())
def test_any_single_typo_in_a_word_of_six_letters_is_forgiven(word: str, data: st.DataObject) -> None:
    assume(loose_key(word) == word)
    at = data.draw(st.integers(0, len(word) - 2))
    wrong = data.draw(st.sampled_from([word[:at] + "x" + word[at + 1 :], word[:at] + word[at + 1 :]]))
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    assert min(likeness(wrong, f"{word} Ltd"), likeness(swapped, f"{word} Ltd")) > WORTH_OFFERING


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("zen", "Zenith", 0.9 + 0.09 * 3 / 6),
        ("zen", "Zenith International", 0.9 + 0.09 * 3 / 20),
        ("zenirh", "Zenith", 0.7 - 0.2 / 6),  # a letter wrong
        ("zennith", "Zenith", 0.7 - 0.2 / 7),  # a letter added
        ("zenth", "Zenith", 0.7 - 0.2 / 5 - 0.15 / 6),  # a letter missing
        ("eznith", "Zenith", 0.7 - 0.2 / 6),  # the first two swapped
        ("bleu rivr", "Blue River", 0.7 - 2 * 0.2 / 9 - 0.15 / 10),  # one in each word
        ("dabaccc", "Dabaac", 0.7 - 2 * 0.2 / 7),
        ("nithe", "Zenith", 0.4 * 2 / 6),  # two of six trigrams in common
    ],
)
def test_how_likeness_is_counted(typed: str, name: str, expected: float) -> None:
    assert likeness(typed, name) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("typed", "name"), [("abx", "Abc"), ("zenith", "Zeni"), ("the zenithh", "Zenith"), ("zenirh corq", "Zenith Corp")]
)
def test_one_typo_in_three_letters_and_two_in_six_are_forgiven(typed: str, name: str) -> None:
    assert likeness(typed, name) > WORTH_OFFERING


@pytest.mark.parametrize(("typed", "name"), [("htinez", "Zenith"), ("aac", "ca"), ("ax", "Ab"), ("zeintxx", "Zenith")])
def test_more_typos_are_not_forgiven(typed: str, name: str) -> None:
    assert likeness(typed, name) < WORTH_OFFERING


def test_a_name_with_a_typo_never_comes_before_one_that_holds_what_was_typed() -> None:
    assert likeness("abc", "Ab") < 0.7 < likeness("abc", "Zabc")


def test_a_name_of_mere_symbols_is_its_own_key() -> None:
    assert strict_key("\u00b4\u00b4") == "\u00b4\u00b4"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """No test gets an answer of another one: a key that an earlier one asked for is kept."""
    strict_key.cache_clear()


def test_the_last_two_letters_may_be_swapped_although_the_last_one_is_the_second_of_the_other() -> None:
    assert likeness("acb", "abc") > WORTH_OFFERING


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("Northwind", "Northwind Travel"),
        ("northwnid travel", "Northwind Travel Ltd."),
        ("Zenith Copr", "Zenith Corp"),
        ("zenth", "Zenith Corp"),
        ("Lakspur", "Larkspur Hotels"),
        ("Borialis", "Borealis Foods"),
        ("Travel Northwind", "Northwind Travel"),
        ("North Wind Travel", "Northwind Travel"),
        ("Café Söhne 😀", "cafe sohne"),
        ("The Acme", "ACME GmbH & Co. KG"),
        ("3M", "3M Company"),
        ("Acne", "Acme"),
        ("Lorkspor", "Larkspur"),
        ("Kingsbridge", "Kings Bridge Ltd"),
        ("Kings bridge", "King S Bridge Ltd"),
        ("Northwnid Travel", "Northwind Travel Agency Services"),
        ("Zenith Corparaton", "Zenith Corporation"),
    ],
)
def test_a_name_that_is_nearly_the_other_is_asked_about(typed: str, known: str) -> None:
    assert is_nearly(typed, known)


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("Zen", "Zenith Corp"),
        ("Zenith Dental", "Zenith Foods"),
        ("BMW", "BMI"),
        ("Branch 12 Foods", "Branch 13 Foods"),
        ("Acme Travel", "Apex Travel"),
        ("Larkspur Hotels", "Harbour Hotels"),
        ("", "Zenith Corp"),
        ("Northern Lights", "Northwind Travel"),
    ],
)
def test_a_name_of_somebody_else_is_not(typed: str, known: str) -> None:
    assert not is_nearly(typed, known)
