"""How much somebody reads: the words of blocks as they are shown. Buttons are not words; options of lists neither."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from handlers.blockkit.fallback_text import as_text
from handlers.blockkit.text import unmarked

_PRETTY = re.compile(r"<!date\^\d+\^([^|>]*)\|[^>]*>")
_MENTION = re.compile(r"<[@#!][^>]*>")


def read(blocks: Sequence[dict[str, Any]], *, quotes: bool = True) -> str:
    """The text. `quotes`: also what people wrote, in quotations."""
    shown = [block for block in blocks if block["type"] not in {"actions", "input"}]
    kept = shown if quotes else [_unquoted(block) for block in shown]
    dated = _PRETTY.sub(lambda found: "Nov 24 at 17:00" if "{time}" in found[1] else "Nov 24", as_text(kept))
    return unmarked(_MENTION.sub("@somebody", dated))


def words(blocks: Sequence[dict[str, Any]], *, quotes: bool = True) -> int:
    """How many words; a dot or a sign between words is none."""
    return count(read(blocks, quotes=quotes))


def fields(blocks: Iterable[dict[str, Any]]) -> int:
    """How many words the labels and the hints of fields have."""
    named = [block for block in blocks if block["type"] == "input"]
    return sum(count(" ".join((each["label"]["text"], each.get("hint", {}).get("text", "")))) for each in named)


def count(text: str) -> int:
    return sum(1 for each in text.split() if any(char.isalnum() for char in each))


def _unquoted(block: dict[str, Any]) -> dict[str, Any]:
    if block["type"] != "rich_text":
        return block
    return block | {"elements": [each for each in block["elements"] if each["type"] != "rich_text_quote"]}
