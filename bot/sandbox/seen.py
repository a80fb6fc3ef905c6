"""What a person sees in the sandbox: a message, the Home tab, and the buttons in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.block_text import text_of, text_of_blocks, without_markup
from bot.sandbox.client import NotPossible
from bot.sandbox.elements import elements_of, options_of

Json = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """A message as this person sees it; `raw` is its JSON from the browser's API."""

    channel: str
    raw: Json

    @property
    def ts(self) -> str:
        """Slack's timestamp, which identifies the message."""
        return str(self.raw["ts"])

    @property
    def notification(self) -> str:
        """The top-level text, which notifications and screen readers use."""
        return without_markup(self.raw["text"])

    @property
    def text(self) -> str:
        """All text shown: that of the blocks, or the top-level text if there are none."""
        return text_of_blocks(self.raw["blocks"]) or self.notification

    @property
    def ephemeral(self) -> bool:
        """Whether only this person sees it."""
        return bool(self.raw["ephemeral"])

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons, in order."""
        elements = [element for block in self.raw["blocks"] for element in elements_of(block)]
        return [text_of(element["text"]) for element in elements if element["type"] == "button"]

    @property
    def menu(self) -> list[str]:
        """The options of its menus, in order."""
        elements = [element for block in self.raw["blocks"] for element in elements_of(block)]
        return [
            text_of(o["text"]) for element in elements if element["type"] == "overflow" for o in options_of(element)
        ]


@dataclass(frozen=True)
class Home:
    """The Home tab as this person sees it."""

    view: Json

    @property
    def text(self) -> str:
        """All text shown."""
        return text_of_blocks(self.view["blocks"])


def click_on(blocks: list[Json], label: str) -> Json:
    """The click on the button or the menu's option with this label; NotPossible if there is none."""
    for block in blocks:
        for element in elements_of(block):
            at = {"block_id": block["block_id"], "action_id": element.get("action_id")}
            if element["type"] == "button" and text_of(element["text"]) == label:
                return at
            for option in options_of(element) if element["type"] == "overflow" else []:
                if text_of(option["text"]) == label:
                    return {**at, "selected_option": option}
    raise NotPossible(f"no button says {label!r}")
