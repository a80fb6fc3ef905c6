from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.errors import SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.conversations import Conversation
    from bot.sandbox.state import State

Json = dict[str, Any]
MISSING = object()


class Args:
    """A call's arguments, which arrive as strings from a form and typed from JSON."""

    def __init__(self, raw: Json) -> None:
        self.raw = raw

    def __contains__(self, name: str) -> bool:
        return self.raw.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """An argument as a string."""
        value = self.raw.get(name)
        return default if value is None else str(value)

    def needed(self, name: str) -> str:
        """An argument that has to be there; invalid_arguments otherwise."""
        if name not in self:
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return self.text(name)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A yes or no; forms write it as 1, true or t."""
        value = self.raw.get(name)
        return default if value is None else str(value).lower() in {"1", "true", "t"}

    def number(self, name: str, default: int) -> int:
        """A whole number; invalid_arguments when it is none."""
        text = self.text(name, str(default))
        if not text.lstrip("-").isdigit():
            raise SlackError("invalid_arguments", [f"[ERROR] must be an integer [json-pointer:/{name}]"])
        return int(text)

    def parsed(self, name: str, error: str) -> Any:  # noqa: ANN401 - JSON of any shape, checked by the caller
        """An argument that is JSON in itself; `error` when it does not parse, None when it is absent."""
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except json.JSONDecodeError:
            raise SlackError(error) from None


@dataclass(frozen=True)
class Call:
    """One call of the Web API by the app."""

    state: State
    args: Args

    def conversation(self, name: str = "channel") -> Conversation:
        """The conversation an argument names; channel_not_found otherwise."""
        return self.state.conversation(self.args.text(name))

    def joined(self, name: str = "channel") -> Conversation:
        """Likewise, and the app is in it; not_in_channel otherwise."""
        conversation = self.conversation(name)
        if self.state.app.bot_user not in conversation.members:
            raise SlackError("not_in_channel")
        return conversation


@dataclass(frozen=True)
class Method:
    """A Web API method: what it does, the scope it asks for and how often a minute it may be called.

    `{kind}` in the scope stands for channels, groups or im, by the conversation that is asked about.
    """

    run: Callable[[Call], Json]
    scope: str
    per_minute: int
