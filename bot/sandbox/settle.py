"""Blocks as Slack stores them: IDs given where there were none, and the defaults that its answers spell out."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from bot.sandbox.elements import all_elements
from bot.sandbox.ids import short_id

Json = dict[str, Any]


def settled(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks with every ID and default in place."""
    own = [_with_defaults(deepcopy(block)) for block in blocks]
    for _, element in all_elements(own):
        element.setdefault("action_id", short_id())
    return own


def _with_defaults(block: Json) -> Json:
    block.setdefault("block_id", short_id())
    if block["type"] == "input":
        block.setdefault("optional", False)
        block.setdefault("dispatch_action", False)
    _spell_out(block)
    return block


def _spell_out(node: object) -> None:
    """Text objects come back from Slack with emoji or verbatim in them."""
    if isinstance(node, list):
        for child in node:
            _spell_out(child)
    if isinstance(node, dict):
        if node.get("type") == "plain_text":
            node.setdefault("emoji", True)
        if node.get("type") == "mrkdwn":
            node.setdefault("verbatim", False)
        for child in node.values():
            _spell_out(child)
