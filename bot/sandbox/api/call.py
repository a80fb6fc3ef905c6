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


class Args:
    """The arguments of a call. A form sends them as strings, JSON with their types."""

    def __init__(self, raw: Json) -> None:
        self.raw = raw

    def __contains__(self, name: str) -> bool:
        return self.raw.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """An argument as a string."""
        value = self.raw.get(name)
        return default if value is None else str(value)

    def needed(self, name: str) -> str:
        """A required argument; invalid_arguments if it is missing."""
        if name not in self:
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return self.text(name)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean; forms write true as 1, true or t."""
        value = self.raw.get(name)
        return default if value is None else str(value).lower() in {"1", "true", "t"}

    def number(self, name: str, default: int) -> int:
        """An integer; invalid_arguments if it is not one."""
        text = self.text(name, str(default))
        if not text.lstrip("-").isdigit():
            raise SlackError("invalid_arguments", [f"[ERROR] must be an integer [json-pointer:/{name}]"])
        return int(text)

    def parsed(self, name: str, error: str) -> Any:  # noqa: ANN401 - JSON of any shape, checked by the caller
        """An argument that holds JSON; SlackError(`error`) if it does not parse, None if it is absent."""
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except json.JSONDecodeError:
            raise SlackError(error) from None


@dataclass(frozen=True)
class Call:
    """One call of the app to the Web API."""

    state: State
    args: Args

    def conversation(self, name: str = "channel") -> Conversation:
        """The conversation that an argument names; channel_not_found if there is none."""
        return self.state.conversation(self.args.text(name))

    def joined(self, name: str = "channel") -> Conversation:
        """As `conversation`, and the app is a member; not_in_channel otherwise."""
        conversation = self.conversation(name)
        if self.state.app.bot_user not in conversation.members:
            raise SlackError("not_in_channel")
        return conversation


@dataclass(frozen=True)
class Method:
    """A Web API method: its function, the scope that it needs, and the calls allowed per minute.

    `{kind}` in the scope is channels, groups or im, depending on the conversation in the arguments.
    """

    run: Callable[[Call], Json]
    scope: str
    per_minute: int
