"""Customers' names: whether two are the same, and how well a typed text matches one."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

LONGEST_KEY: Final = 400  # characters: some single letters become many, and a database's index takes only so much
LONGEST_GRAM: Final = 12  # characters
SUFFIXES: Final = frozenset(
    {
        *("ab", "ag", "as", "asa", "bhd", "bv", "bvba", "cic", "co", "company", "corp", "corporation", "cv", "doo"),
        *("ev", "gbr", "gmbh", "inc", "incorporated", "kft", "kg", "kgaa", "kk", "lda", "limited", "llc", "llp", "lp"),
        *("ltd", "ltda", "mbh", "nv", "og", "ohg", "oy", "oyj", "plc", "pte", "pty", "pvt", "sa", "sarl", "sas", "sdn"),
        *("se", "sl", "slu", "spa", "srl", "sro", "ug"),
    }
)
_ENDINGS: Final = frozenset({(word,) for word in SUFFIXES} | {tuple(word) for word in SUFFIXES} | {("and",)})
_LONGEST_ENDING: Final = max(map(len, _ENDINGS))
_LETTERS: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
_JOINERS: Final = frozenset("'`\u2018\u2019\u02bc\u00b4")  # the apostrophe and what people type instead
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_DIGITS: Final = re.compile(r"\d")
_PLAIN: Final = re.compile(r"[a-z0-9 ]+")


@lru_cache(maxsize=4096)
def strict_key(name: str) -> str:
    """The name without differences of case, width, accents, punctuation and spacing. Equal keys mean the same name.

    An ampersand becomes "and", an apostrophe is removed, other punctuation becomes a space. Accents are removed from
    Latin, Greek and Cyrillic letters; marks that are letters of other scripts are kept, and so are symbols. Never empty
    for a name with a letter, digit or symbol in it; at most `LONGEST_KEY` characters.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("&", " and ")
    if not _PLAIN.fullmatch(folded):
        bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", folded)).casefold().translate(_LETTERS)
        folded = "".join(map(_spaced, unicodedata.normalize("NFKC", bare)))
    key = " ".join(folded.split())
    return key[:LONGEST_KEY].rstrip() or _mere_symbols(name)


def loose_key(name: str) -> str:
    """The strict key without a leading "the" and without company suffixes: "The Acme Co., Ltd." is "acme".

    Empty only if the strict key is: a name that consists of a suffix keeps it.
    """
    words = strict_key(name).split(" ")
    if words[0] == "the" and len(words) > 1:
        words = words[1:]
    while ending := _ending(words):
        words = words[:-ending]
    return " ".join(words)


def grams(name: str) -> frozenset[str]:
    """The search index of a name: what follows each position of its loose key, cut to `LONGEST_GRAM` characters.

    A space precedes the key, so that a gram which begins with a space begins a word.
    """
    key = f" {loose_key(name)}"
    return frozenset(key[n : n + LONGEST_GRAM] for n in range(len(key))) - {" "}


def likeness(query: str, name: str) -> float:
    """How well a name matches what somebody types, from 0 to 1; above 0.4 it is worth offering.

    1 is the same name. Above 0.7, in this order: names that begin with the text, names with a word that begins with it,
    names that contain it. Above 0.4: names that match with one typo in a word (of 3 letters or more) or two (6 or
    more); a typo is a letter wrong, missing or added, or two swapped. Below: by the share of trigrams in common.
    """
    typed, known = loose_key(query), loose_key(name)
    if not typed or not known:
        return 0.0
    share = min(len(typed) / len(known), 1.0)
    found = _found(typed, known) or _found(strict_key(query), strict_key(name))
    if found:
        return found if found == 1 else found + 0.09 * share
    cost = _mistyped(typed.split(), known.split())
    if cost is None and len(typed) > len(known):  # the typo may be in the company suffix
        cost = _mistyped(strict_key(query).split(), strict_key(name).split())
    if cost is not None:
        return 0.7 - 0.2 * cost / len(typed) - 0.15 * (1 - share)
    wanted = _trigrams(typed)
    return 0.4 * len(wanted & _trigrams(known)) / len(wanted)


def is_nearly(typed: str, known: str) -> bool:
    """Whether somebody who types the one may well mean the other.

    The names are the same but for company suffixes, spaces, the order of words, and some typos: none in fewer than 4
    characters, one in fewer than 8, else two, and none in a digit. Or what was typed is the first words of the other.
    """
    words, others = loose_key(typed).split(), loose_key(known).split()
    if not words or not others:
        return False
    if sorted(words) == sorted(others):
        return True
    pairs = (
        ("".join(words), "".join(others)),
        ("".join(words), "".join(others[: len(words)])),
        (strict_key(typed).replace(" ", ""), strict_key(known).replace(" ", "")),  # a typo in the company suffix
    )
    return any(_is_mistyped(one, other) for one, other in pairs)


def _is_mistyped(one: str, other: str) -> bool:
    if _DIGITS.findall(one) != _DIGITS.findall(other):  # the second branch is not the first one, mistyped
        return False
    most = (len(one) >= 4) + (len(one) >= 8)  # noqa: PLR2004 - as `is_nearly` says
    return one == other or (abs(len(one) - len(other)) <= most and _edits(one, other, most)[-1] <= most)


def _spaced(char: str) -> str:
    category = unicodedata.category(char)
    if char in _JOINERS or category == "Cf":
        return ""
    return " " if category[0] in "PZC" else char


def _mere_symbols(name: str) -> str:
    """The name's own letters, digits and symbols, for a name of which nothing else is left, such as a lone accent."""
    return "".join(char for char in name if unicodedata.category(char)[0] in "LNS")[:LONGEST_KEY]


def _ending(words: Sequence[str]) -> int:
    """How many words at the end are a company suffix. Never all of them."""
    longest = min(_LONGEST_ENDING, len(words) - 1)
    return next((n for n in range(longest, 0, -1) if tuple(words[-n:]) in _ENDINGS), 0)


@lru_cache(maxsize=4096)
def _trigrams(key: str) -> frozenset[str]:
    padded = (f"  {word} " for word in key.split())
    return frozenset(word[n : n + 3] for word in padded for n in range(len(word) - 2))


def _found(typed: str, known: str) -> float:
    if typed == known:
        return 1.0
    if known.startswith(typed):
        return 0.9
    if f" {typed}" in known:
        return 0.8
    return 0.71 if typed in known else 0.0


def _mistyped(typed: Sequence[str], known: Sequence[str]) -> int | None:
    """The fewest typos after which every typed word begins a known one; None if a word has too many.

    If so, tries again with all words joined, as spaces may be missing or added.
    """
    typos = 0
    for word in typed:
        cost = _typos(word, known)
        if cost is None:
            return _typos("".join(typed), ["".join(known)])
        typos += cost
    return typos


def _typos(word: str, known: Iterable[str]) -> int | None:
    most = (len(word) >= 3) + (len(word) >= 6)  # noqa: PLR2004 - as `likeness` says
    costs = (_distance(word, other[: len(word) + most], most) for other in known if len(other) >= len(word) - most)
    return min((cost for cost in costs if cost <= most), default=None)


def _distance(word: str, other: str, most: int) -> int:
    """The edits from `word` to the nearest beginning of `other`; some number above `most` if there are more."""
    return min(_edits(word, other, most))


def _edits(word: str, other: str, most: int) -> list[int]:
    """The edits from `word` to each beginning of `other`, the last of which is all of it; or numbers above `most`.

    A swap of neighbouring letters is one edit (optimal string alignment).
    """
    if sum(letter not in other for letter in word) > most:
        return [most + 1]
    older: list[int] = []
    before = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        row = [i] + [most + 1] * len(other)
        for j in range(max(1, i - most), min(len(other), i + most) + 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other[j - 1]))
            if i > 1 < j and letter == other[j - 2] and word[i - 2] == other[j - 1]:
                row[j] = min(row[j], older[j - 2] + 1)
        if min(row) > most:
            return [most + 1]
        older, before = before, row
    return before
