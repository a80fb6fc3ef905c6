"""The text of a message, for notifications and screen readers, which do not show its blocks."""

from collections.abc import Callable, Sequence
from itertools import accumulate, takewhile
from typing import Any, Final

from bot.language import _
from bot.rules.text import units
from bot.usecases.transport import Message
from handlers.blockkit.blocks import Block, Element
from handlers.blockkit.text import escape, mention

CHOICES: Final = _("To choose from: {buttons}.")
LONGEST: Final = 3_900  # Slack takes 4,000
REST: Final = _("Open the message to read the rest.")


def message(*blocks: Block | None) -> Message:
    """A message of these blocks, and the same as text. Blocks that are None are left out."""
    shown = [block for block in blocks if block is not None]
    return Message(text=as_text(shown), blocks=shown)


def as_text(blocks: Sequence[Block]) -> str:
    """The blocks as mrkdwn in which nothing that people wrote is parsed.

    What is longer than Slack takes is cut at the end of a line, and the last line says so.
    """
    text = "\n".join(filter(None, (_TEXT_OF[block["type"]](block) for block in blocks)))
    if units(text) <= LONGEST:
        return text
    lines = text.split("\n")
    lengths = accumulate(units(each) + 1 for each in lines)
    fitting = sum(1 for _ in takewhile(lambda length: length <= LONGEST - len(REST), lengths))
    return "\n".join([*lines[:fitting], REST])


def _rich(block: Block) -> str:
    return "\n".join(_line(element) for element in block["elements"])


def _line(element: Element) -> str:
    if element["type"] == "rich_text_list":
        return "\n".join(f"• {_line(item)}" for item in element["elements"])
    text = "".join(_INLINE[inline["type"]](inline) for inline in element["elements"])
    is_bare_quote = element["type"] == "rich_text_quote" and not text.startswith("“")
    return f"“{text}”" if is_bare_quote else text


def _date(inline: Element) -> str:
    return f"<!date^{inline['timestamp']}^{inline['format']}|{inline['fallback']}>"


def _link(inline: Element) -> str:
    return f"{escape(inline['text'])} ({escape(inline['url'])})"


def _text(element: dict[str, Any]) -> str:
    text: str = element["text"]
    return text if element["type"] == "mrkdwn" else escape(text)


def _buttons(block: Block) -> str:
    options = (each for element in block["elements"] for each in element.get("options", [element]))
    return CHOICES.format(buttons=", ".join(_text(each["text"]) for each in options))


_TEXT_OF: Final[dict[str, Callable[[Block], str]]] = {
    "header": lambda block: _text(block["text"]),
    "section": lambda block: _text(block["text"]),
    "context": lambda block: " · ".join(_text(element) for element in block["elements"]),
    "rich_text": _rich,
    "actions": _buttons,
    "divider": lambda _: "",
}
_INLINE: Final[dict[str, Callable[[Element], str]]] = {
    "text": lambda inline: escape(inline["text"]),
    "user": lambda inline: mention(inline["user_id"]),
    "broadcast": lambda inline: f"<!{inline['range']}>",
    "usergroup": lambda inline: f"<!subteam^{inline['usergroup_id']}>",
    "channel": lambda inline: f"<#{inline['channel_id']}>",
    "date": _date,
    "link": _link,
}
