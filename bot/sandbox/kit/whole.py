"""What has to hold across a message's or a view's blocks, once each block is in order by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.elements import all_elements
from bot.sandbox.kit.checks import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]


def unique_ids(blocks: list[Json], at: str) -> Iterator[Problem]:
    """block_id is unique in the whole, action_id in its block."""
    yield from _repeated(blocks, "block_id", at)
    for place, block in enumerate(blocks):
        if block["type"] == "actions":
            yield from _repeated(block["elements"], "action_id", f"{at}/{place}/elements")


def _repeated(nodes: list[Json], key: str, at: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, node in enumerate(nodes):
        if key in node and node[key] in seen:
            yield Problem(f"`{key}` {node[key]} already exists", f"{at}/{place}/{key}")
        seen.add(node.get(key, ""))


def one_focus(blocks: list[Json], at: str) -> Iterator[Problem]:
    """At most one element of a view takes the focus when it opens."""
    if sum(element.get("focus_on_load", False) for _, element in all_elements(blocks)) > 1:
        yield Problem("only one element may have focus_on_load", at)


def submittable(view: Json, at: str) -> Iterator[Problem]:
    """A modal with an input has a submit button."""
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_input and "submit" not in view:
        yield Problem("missing required field: submit", at)


def whole_view(view: Json, at: str) -> Iterator[Problem]:
    """Everything that has to hold across a view."""
    yield from unique_ids(view["blocks"], f"{at}/blocks")
    yield from one_focus(view["blocks"], f"{at}/blocks")
    yield from submittable(view, at)


def length(node: object) -> int:
    """How many characters of text blocks show."""
    if isinstance(node, list):
        return sum(length(child) for child in node)
    if not isinstance(node, dict):
        return 0
    own = len(node["text"]) if isinstance(node.get("text"), str) else 0
    return own + sum(length(child) for child in node.values())
