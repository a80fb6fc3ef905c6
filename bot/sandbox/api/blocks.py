from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.api.call import Call, Json, Method
from bot.sandbox.block_kit.blocks import MESSAGE_BLOCKS
from bot.sandbox.block_kit.check import message_problems, view_problems
from bot.sandbox.block_kit.schema import SchemaProblem, Shape
from bot.sandbox.errors import SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

PER_MINUTE = 50  # Slack says "special rate limits apply", and no number
_MESSAGE = Shape({"blocks": MESSAGE_BLOCKS})  # without `text`, which Slack refuses here


def validate(call: Call) -> Json:
    """blocks.validate, of exactly one of `blocks`, `message` and `view`: what Slack would refuse, by JSON pointer."""
    given = [name for name in _PROBLEMS if name in call.args]
    if len(given) != 1:
        raise SlackError("invalid_arguments", ["[ERROR] must provide exactly one of `blocks`, `message`, `view`"])
    what = call.args.parsed(given[0], "invalid_arguments")
    if found := _PROBLEMS[given[0]](what):
        errors = [{"pointer": each.pointer, "code": "failed_constraint", "message": each.text} for each in found]
        raise SlackError(f"invalid_{given[0]}", errors=errors)
    return {}


def _of_message(message: object) -> list[SchemaProblem]:
    found = list(_MESSAGE(message, ""))
    return found or message_problems(message["blocks"], "/blocks") if isinstance(message, dict) else found


_PROBLEMS: dict[str, Callable[[object], list[SchemaProblem]]] = {
    "blocks": lambda blocks: message_problems(blocks, ""),
    "message": _of_message,
    "view": lambda view: view_problems(view, ("modal", "home"), ""),
}
METHODS = {"blocks.validate": Method(validate, "", PER_MINUTE)}
