"""An invented language, in which every text of the interface stands in brackets, and data in letters of its own.

⟦7·Withdraw report ⟧214⟦7·?⟧: the number says which text it is, and what fills a place stands outside. So whatever is
said in Latin letters outside of brackets is a text that was never marked, wherever it was put.
"""

import re
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from string import Formatter
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from bot.language import DOMAIN

LANGUAGE = "eo"  # one that has a plural like English
LATIN = string.ascii_letters
GREEK = "".join(chr(0x3B1 + n) for n in range(26)) + "".join(chr(0x410 + n) for n in range(26))
STRANGE = str.maketrans(LATIN + "⟦⟧", GREEK + "[]")
LONGEST = 60  # of a strange text: enough to be cut somewhere
TEXT = re.compile(r"⟦(\d+)·([^⟧]*)(⟧|$)")
ID = re.compile(r"\b(?:[UWSCF]0[A-Z]+|UZ{12})\b")
NAMES = {("Excluded", "why"), ("PastCase", "rung"), ("LikelyCustomer", "standing"), ("Hours", "zone")}
SLACKS = re.compile(
    r"<!date\^\d+\^|\{(?:date|time)\w*\}"  # a time and its places
    r"|<[@#!][^>]*>|https?://[^\s|>)]*|&(?:amp|lt|gt);|\d{4}-W\d\d"  # people, links, escaped characters, weeks
)
LINES = {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}
UNREAD = {"type", "style", "value", "action_id", "block_id", "callback_id", "private_metadata", "url", "user_id",
          "usergroup_id", "channel_id", "emoji", "initial_date", "id", "initial_user"}  # fmt: skip


def speak(texts: Catalog, folder: Path) -> None:
    """Put the language's catalog into the folder, compiled."""
    invented = Catalog(locale=LANGUAGE, domain=DOMAIN)
    for number, text in enumerate(map(_id, texts)):
        said = tuple(bracketed(each, number) for each in text) if isinstance(text, tuple) else bracketed(text, number)
        if text:
            invented.add(text, said)
    place = folder / LANGUAGE / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / f"{DOMAIN}.mo").open("wb") as file:
        write_mo(file, invented)


def bracketed(text: str, number: int) -> str:
    """A text as the language has it; its places stay as they are."""
    return "".join(_piece(said, number) + _place(name, spec) for said, name, spec, _ in Formatter().parse(text))


def outside(said: str, known: Iterable[str] = ()) -> str:
    """What is said outside of brackets, without Slack's own signs and the names that are `known`."""
    left = ID.sub("", SLACKS.sub("", TEXT.sub("", said)))
    for name in known:
        left = left.replace(name, "")
    return left


def unmarked(said: str, known: Iterable[str] = ()) -> bool:
    """Whether something is said that no translator saw."""
    return any(char in LATIN for char in outside(said, known))


def texts_in(said: str) -> set[int]:
    """The numbers of the texts that are said."""
    return {int(number) for number, _, _ in TEXT.findall(said)}


def readable(node: object, key: str = "text") -> Iterator[str]:
    """Everything that people read in blocks or views; what stands on one line is one text."""
    if isinstance(node, str) and key not in UNREAD:
        yield node
    elif isinstance(node, Mapping) and node.get("type") in LINES:
        yield "".join(part.get("text", "") for part in node["elements"])
        yield from (part[name] for part in node["elements"] for name in ("format", "fallback") if name in part)
    elif isinstance(node, Mapping):
        for name, child in node.items():
            yield from readable(child, name)
    elif isinstance(node, list | tuple):
        for child in node:
            yield from readable(child, key)


def strange(value: Any) -> Any:  # noqa: ANN401 - any value of the record
    """The same data with all letters strange. IDs of people stay, and what the program itself gives a name."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return value if ID.fullmatch(value) else value[:LONGEST].translate(STRANGE)
    if is_dataclass(value) and not isinstance(value, type):
        names = [each.name for each in fields(value) if each.init]
        return replace(value, **{name: _field(value, name) for name in names})
    if isinstance(value, Mapping):
        return {strange(name): strange(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(strange(each) for each in value)
    return value


def _field(of: Any, name: str) -> Any:  # noqa: ANN401 - any value of the record
    value = getattr(of, name)
    if (type(of).__name__, name) in NAMES:
        return value
    return {fact: strange(each) for fact, each in value.items()} if name == "facts" else strange(value)


def _id(message: Any) -> Any:  # noqa: ANN401 - Babel has one type for both
    return message.id


def _piece(said: str, number: int) -> str:
    return f"⟦{number}·{said}⟧" if said else ""


def _place(name: str | None, spec: str | None) -> str:
    return "" if name is None else f"{{{name}:{spec}}}" if spec else f"{{{name}}}"
