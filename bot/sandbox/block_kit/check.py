"""Checks messages, views and suggested options as Slack does; raises SlackError with Slack's reasons."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox.block_kit.blocks import MESSAGE_BLOCKS, VIEW_BLOCKS
from bot.sandbox.block_kit.limits import BLOCKS_TEXT, LIMITS, MESSAGE_TEXT, VIEW_BYTES
from bot.sandbox.block_kit.objects import OFFERED, OFFERED_GROUPS
from bot.sandbox.block_kit.schema import Check, SchemaProblem, Shape, by_type, exactly_one, flag, string, text
from bot.sandbox.elements import all_elements
from bot.sandbox.errors import SlackError

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
MOST_CHARTS = 2


def _unique_ids(blocks: list[Json], at: str) -> Iterator[SchemaProblem]:
    """Each block_id is unique among the blocks, each action_id within its block."""
    yield from _repeated(blocks, "block_id", at)
    for index, block in enumerate(blocks):
        if block["type"] == "actions":
            yield from _repeated(block["elements"], "action_id", f"{at}/{index}/elements")


def _repeated(nodes: list[Json], key: str, at: str) -> Iterator[SchemaProblem]:
    seen: set[str] = set()
    for index, node in enumerate(nodes):
        if key in node and node[key] in seen:
            yield SchemaProblem(f"`{key}` {node[key]} already exists", f"{at}/{index}/{key}")
        seen.add(node.get(key, ""))


def _few_charts(blocks: list[Json], at: str) -> Iterator[SchemaProblem]:
    """At most two charts in a message."""
    if sum(block["type"] == "data_visualization" for block in blocks) > MOST_CHARTS:
        yield SchemaProblem(f"no more than {MOST_CHARTS} data_visualization blocks allowed", at)


def _message_rules(blocks: list[Json], at: str) -> list[SchemaProblem]:
    """The rules across a message's blocks."""
    return [*_unique_ids(blocks, at), *_few_charts(blocks, at)]


def _one_focus(blocks: list[Json], at: str) -> Iterator[SchemaProblem]:
    """At most one element of a view has focus_on_load."""
    if sum(element.get("focus_on_load", False) for _, element in all_elements(blocks)) > 1:
        yield SchemaProblem("only one element may have focus_on_load", at)


def _has_submit(view: Json, at: str) -> Iterator[SchemaProblem]:
    """A modal with an input has a submit button."""
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_input and "submit" not in view:
        yield SchemaProblem("missing required field: submit", at)


def _view_rules(view: Json, at: str) -> Iterator[SchemaProblem]:
    """The rules across a view's blocks."""
    yield from _unique_ids(view["blocks"], f"{at}/blocks")
    yield from _one_focus(view["blocks"], f"{at}/blocks")
    yield from _has_submit(view, at)


def _text_length(node: object) -> int:
    """The number of characters in all text objects."""
    if isinstance(node, list):
        return sum(_text_length(child) for child in node)
    if not isinstance(node, dict):
        return 0
    own = len(node["text"]) if isinstance(node.get("text"), str) else 0
    return own + sum(_text_length(child) for child in node.values())


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
        (_view_rules,),
    ),
    "home": Shape({"blocks": VIEW_BLOCKS}, _SHARED, (_view_rules,)),
}


def message_problems(blocks: object, at: str) -> list[SchemaProblem]:
    """What is wrong with a message's blocks."""
    found = list(MESSAGE_BLOCKS(blocks, at))
    return found or _message_rules(blocks, at) if isinstance(blocks, list) else found


def view_problems(view: object, kinds: tuple[str, ...], at: str) -> list[SchemaProblem]:
    """What is wrong with a view, which may be of these kinds."""
    return list(by_type({kind: _VIEWS[kind] for kind in kinds})(view, at))


def check_message(text: str, blocks: object) -> None:
    """Raises no_text, msg_too_long, invalid_blocks with reasons, or msg_blocks_too_long."""
    if not text and not blocks:
        raise SlackError("no_text")
    if len(text) > MESSAGE_TEXT:
        raise SlackError("msg_too_long")
    if blocks is None:
        return
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if problems := message_problems(blocks, "/blocks"):
        reasons = [str(problem) for problem in problems]
        raise SlackError("invalid_blocks", reasons, errors=[reason.removeprefix("[ERROR] ") for reason in reasons])
    if _text_length(blocks) > BLOCKS_TEXT:
        raise SlackError("msg_blocks_too_long")


def check_options(answer: Json) -> None:
    """Check the options or option_groups that an app suggests for an external select; raises invalid_arguments."""
    shape = Shape({}, {"options": OFFERED, "option_groups": OFFERED_GROUPS}, (exactly_one("options", "option_groups"),))
    if problems := list(shape(answer, "")):
        raise SlackError("invalid_arguments", [str(problem) for problem in problems])


def check_view(view: object, kinds: tuple[str, ...]) -> None:
    """Raises invalid_arguments with reasons, or view_too_large."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", [str(SchemaProblem("must provide an object", "/view"))])
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    if problems := view_problems(view, kinds, "/view"):
        first = SchemaProblem("failed to match all allowed schemas", "/view")
        raise SlackError("invalid_arguments", [str(problem) for problem in (first, *problems)])
