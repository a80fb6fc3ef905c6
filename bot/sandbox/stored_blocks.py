"""Blocks as Slack stores them: with generated IDs, default values, and the addresses of files."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from bot.sandbox.elements import all_elements
from bot.sandbox.errors import SlackError
from bot.sandbox.ids import short_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.files import Files

Json = dict[str, Any]


def stored_blocks(blocks: list[Json], files: Files) -> list[Json]:
    """A copy of the blocks as Slack stores them; invalid_blocks if an image's file is missing or incomplete."""
    stored = [_with_defaults(deepcopy(block)) for block in blocks]
    for _, element in all_elements(stored):
        element.setdefault("action_id", short_id())
    _resolve_files(stored, files)
    return stored


def _with_defaults(block: Json) -> Json:
    block.setdefault("block_id", short_id())
    if block["type"] == "input":
        block.setdefault("optional", False)
        block.setdefault("dispatch_action", False)
    _set_text_defaults(block)
    return block


def _set_text_defaults(node: object) -> None:
    """Slack returns text objects with emoji or verbatim set."""
    if isinstance(node, list):
        for child in node:
            _set_text_defaults(child)
    if isinstance(node, dict):
        if node.get("type") == "plain_text":
            node.setdefault("emoji", True)
        if node.get("type") == "mrkdwn":
            node.setdefault("verbatim", False)
        for child in node.values():
            _set_text_defaults(child)


def _resolve_files(blocks: list[Json], files: Files) -> None:
    for image, at in _file_images(blocks, "/blocks"):
        file = files.find(image["slack_file"])
        if file is None or not file.complete:
            raise SlackError("invalid_blocks", [f"[ERROR] invalid slack file [json-pointer:{at}/slack_file]"])
        image["slack_file"] = {"id": file.id, "url": file.url}


def _file_images(node: object, at: str) -> Iterator[tuple[Json, str]]:
    children = enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, dict) else ()
    if isinstance(node, dict) and "slack_file" in node:
        yield node, at
    for key, child in children:
        yield from _file_images(child, f"{at}/{key}")
