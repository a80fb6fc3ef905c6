"""What a person reads of a message in Slack, whoever wrote it: integrations put their words into blocks or attachments.

Nothing here is refused: a block that is new, or of another shape than today's, is left out.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from bot.rules.fields import is_storable
from handlers.parsing.reading import unescaped, without_markup

_PLACEHOLDERS: Final = ("This content can't be displayed", "This message contains interactive elements")
# In the order in which Slack shows them.
_PARTS: Final = (
    "pretext", "author_name", "title", "subtitle", "header", "label", "text", "description", "body", "details",
    "fields", "value", "output", "elements", "items", "rows", "blocks", "caption", "footer",
)  # fmt: skip
# Tuples: a type that is a list or an object is in none of them, where a set raises TypeError.
_LINES: Final = ("rich_text_section", "rich_text_quote", "rich_text_preformatted")
_VERBATIM: Final = ("plain_text", "raw_text", "raw_number", "markdown")
_NO_WORDS: Final = ("actions", "context_actions", "divider")


def shown_text(message: object) -> str:
    """The words of a message, without markup, in the order in which Slack shows them; "" if it has none.

    `text` is what notifications read: where there are blocks, people see these instead.
    """
    if not isinstance(message, dict):
        return ""
    text = message.get("text")
    said = text if isinstance(text, str) and not text.startswith(_PLACEHOLDERS) else ""
    lines = [
        *(_lines(message.get("blocks")) or _lines(said)),
        *(line for each in _listed(message.get("attachments")) for line in _attachment(each)),
        *(line for each in _listed(message.get("files")) for line in _name(each)),
    ]
    return "".join(char for char in "\n".join(lines) if is_storable(char))


def _attachment(attachment: object) -> list[str]:
    """`fallback` is for clients that cannot show the rest."""
    return _lines(attachment) or (_lines(attachment.get("fallback")) if isinstance(attachment, dict) else [])


def _name(file: object) -> list[str]:
    return _lines(file.get("title") or file.get("name")) if isinstance(file, dict) else []


def _lines(part: object) -> list[str]:
    """The words in a part of a message, a line each."""
    return [line for line in _said(part) if line.strip()]


def _said(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield without_markup(part)
    elif isinstance(part, list):
        for each in part:
            yield from _said(each)
    elif isinstance(part, dict) and "action_id" not in part:  # a button or a field is no part of what was said
        yield from _block(part)


def _block(part: dict[str, Any]) -> Iterator[str]:
    kind = part.get("type")
    if kind in _LINES:
        yield "".join(map(_inline, _listed(part.get("elements"))))
    elif kind == "rich_text_list":
        yield from (f"• {line}" for line in _lines(part.get("elements")))
    elif kind in _VERBATIM and isinstance(part.get("text"), str | int | float):
        yield unescaped(str(part["text"]))
    elif kind == "image":
        yield from _lines(part.get("title")) or _lines(part.get("alt_text"))
    elif kind not in _NO_WORDS:
        for key in _PARTS:
            yield from _said(part.get(key))


def _inline(element: object) -> str:
    """A piece of a line of rich text. Slack escapes nothing in it."""
    if not isinstance(element, dict):
        return ""
    found = (element.get(key) for key in ("text", "fallback", "url", "value"))
    if words := next((each for each in found if isinstance(each, str) and each), None):
        return words
    marks = {"user_id": "@{}", "usergroup_id": "@{}", "range": "@{}", "channel_id": "#{}", "name": ":{}:"}
    return next((mark.format(element[key]) for key, mark in marks.items() if isinstance(element.get(key), str)), "")


def _listed(found: object) -> Iterable[object]:
    return found if isinstance(found, list) else ()
