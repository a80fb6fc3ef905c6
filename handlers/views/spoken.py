"""What blocks say, as one text: for notifications and screen readers, which see no blocks."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from bot.desk.slack import Message
from handlers.views.blocks import Block, Element
from handlers.views.text import escape, mention

CHOICES: Final = "To choose from: {buttons}."


def message(*blocks: Block | None) -> Message:
    """A message whose `text` says all that its blocks say. Blocks that are None are left out."""
    shown = [block for block in blocks if block is not None]
    return Message(text=spoken(shown), blocks=shown)


def spoken(blocks: Sequence[Block]) -> str:
    """All words of the blocks in order, as mrkdwn in which nothing that people wrote is parsed."""
    return "\n".join(filter(None, (_SAYS[block["type"]](block) for block in blocks)))


def _rich(block: Block) -> str:
    return "\n".join(_line(element) for element in block["elements"])


def _line(element: Element) -> str:
    if element["type"] == "rich_text_list":
        return "\n".join(f"• {_line(item)}" for item in element["elements"])
    said = "".join(_INLINE[part["type"]](part) for part in element["elements"])
    return f"“{said}”" if element["type"] == "rich_text_quote" else said


def _date(part: Element) -> str:
    return f"<!date^{part['timestamp']}^{part['format']}|{part['fallback']}>"


def _link(part: Element) -> str:
    return f"{escape(part['text'])} ({escape(part['url'])})"


def _text(text: dict[str, Any]) -> str:
    said: str = text["text"]
    return said if text["type"] == "mrkdwn" else escape(said)


def _buttons(block: Block) -> str:
    offered = (each for element in block["elements"] for each in element.get("options", [element]))
    return CHOICES.format(buttons=", ".join(_text(each["text"]) for each in offered))


_SAYS: Final[dict[str, Callable[[Block], str]]] = {
    "header": lambda block: _text(block["text"]),
    "section": lambda block: _text(block["text"]),
    "context": lambda block: " · ".join(_text(element) for element in block["elements"]),
    "rich_text": _rich,
    "actions": _buttons,
    "divider": lambda _: "",
}
_INLINE: Final[dict[str, Callable[[Element], str]]] = {
    "text": lambda part: escape(part["text"]),
    "user": lambda part: mention(part["user_id"]),
    "date": _date,
    "link": _link,
}
