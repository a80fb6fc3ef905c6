from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.errors import SlackError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.files import Files

Json = dict[str, Any]


def with_addresses(blocks: list[Json], files: Files) -> list[Json]:
    """Blocks whose slack_file pictures say where they are; invalid_blocks for a file that is not there or not whole."""
    for picture, at in _pictures(blocks, "/blocks"):
        known = files.find(picture["slack_file"])
        if known is None or not known.complete:
            raise SlackError("invalid_blocks", [f"[ERROR] invalid slack file [json-pointer:{at}/slack_file]"])
        picture["slack_file"] = {"id": known.id, "url": known.url}
    return blocks


def _pictures(node: object, at: str) -> Iterator[tuple[Json, str]]:
    children = enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, dict) else ()
    if isinstance(node, dict) and "slack_file" in node:
        yield node, at
    for key, child in children:
        yield from _pictures(child, f"{at}/{key}")
