"""What blocks say, as one text: for notifications and screen readers, which see no blocks."""

from collections.abc import Callable, Sequence
from itertools import accumulate, takewhile
from typing import Any, Final

from bot.language import _
from bot.usecases.transport import Message
from handlers.blockkit.blocks import Block, Element
from handlers.blockkit.text import escape, mention, units

CHOICES: Final = _("To choose from: {buttons}.")
LONGEST: Final = 3_900  # Slack takes 4,000
REST: Final = _("The rest stands in the message itself.")


def message(*blocks: Block | None) -> Message:
    """A message whose `text` says all that its blocks say. Blocks that are None are left out."""
    shown = [block for block in blocks if block is not None]
    return Message(text=spoken(shown), blocks=shown)


def spoken(blocks: Sequence[Block]) -> str:
    """All words of the blocks in order, as mrkdwn in which nothing that people wrote is parsed.

    At most what Slack takes: the lines that come first, and at the end a word that there are more.
    """
    said = "\n".join(filter(None, (_SAYS[block["type"]](block) for block in blocks)))
    if units(said) <= LONGEST:
        return said
    lines = said.split("\n")
    lengths = accumulate(units(each) + 1 for each in lines)
    fitting = sum(1 for _ in takewhile(lambda length: length <= LONGEST - len(REST), lengths))
    return "\n".join([*lines[:fitting], REST])


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
