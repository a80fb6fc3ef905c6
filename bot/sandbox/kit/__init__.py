"""Block Kit as Slack checks it: what a message and a view may be, and Slack's words for what they may not."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.kit.blocks import MESSAGE_BLOCKS, VIEW_BLOCKS
from bot.sandbox.kit.checks import Check, Problem, Shape, by_type, exactly_one, flag, string, text
from bot.sandbox.kit.limits import BLOCKS_TEXT, LIMITS, MESSAGE_TEXT, VIEW_BYTES
from bot.sandbox.kit.objects import OFFERED, OFFERED_GROUPS
from bot.sandbox.kit.whole import length, unique_ids, whole_view

Json = dict[str, Any]
_SHARED: dict[str, Check] = {
    "private_metadata": string(LIMITS["view.private_metadata.max_length"], shortest=0),
    "callback_id": string(LIMITS["view.callback_id.max_length"], shortest=0),
    "external_id": string(LIMITS["view.external_id.max_length"], shortest=0),
}
_VIEWS = {
    "modal": Shape(
        {"title": text(LIMITS["view.title.max_length"]), "blocks": VIEW_BLOCKS},
        {
            **_SHARED,
            "submit": text(LIMITS["view.submit.max_length"]),
            "close": text(LIMITS["view.close.max_length"]),
            "clear_on_close": flag,
            "notify_on_close": flag,
        },
        (whole_view,),
    ),
    "home": Shape({"blocks": VIEW_BLOCKS}, _SHARED, (whole_view,)),
}


def check_message(words: str, blocks: object) -> None:
    """Refuse a message as Slack would: no_text, msg_too_long, invalid_blocks (with reasons), msg_blocks_too_long."""
    if not words and not blocks:
        raise SlackError("no_text")
    if len(words) > MESSAGE_TEXT:
        raise SlackError("msg_too_long")
    if blocks is None:
        return
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if problems := list(MESSAGE_BLOCKS(blocks, "/blocks")) or list(unique_ids(blocks, "/blocks")):
        reasons = [str(problem) for problem in problems]
        raise SlackError("invalid_blocks", reasons, errors=[reason.removeprefix("[ERROR] ") for reason in reasons])
    if length(blocks) > BLOCKS_TEXT:
        raise SlackError("msg_blocks_too_long")


def check_options(answer: Json) -> None:
    """Refuse what an external select is offered, unless it is options or option_groups as Slack takes them."""
    shape = Shape({}, {"options": OFFERED, "option_groups": OFFERED_GROUPS}, (exactly_one("options", "option_groups"),))
    if problems := list(shape(answer, "")):
        raise SlackError("invalid_arguments", [str(problem) for problem in problems])


def check_view(view: object, kinds: tuple[str, ...]) -> None:
    """Refuse a view as Slack would: invalid_arguments with reasons, or view_too_large."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", [str(Problem("must provide an object", "/view"))])
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    shape = by_type({kind: _VIEWS[kind] for kind in kinds})
    if problems := list(shape(view, "/view")):
        first = Problem("failed to match all allowed schemas", "/view")
        raise SlackError("invalid_arguments", [str(problem) for problem in (first, *problems)])
