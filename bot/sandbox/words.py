"""What a person reads: the words of blocks in their order, without the marks of mrkdwn."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
_ANGLE = re.compile(r"<([^<>]+)>")
_EMPHASIS = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)([^\n]+?)(?<=\S)\1(?![\w*_~`])")
_FENCE = re.compile(r"```")


def read(text: Json | None) -> str:
    """The words of a text object."""
    if not text:
        return ""
    return unmarked(text["text"]) if text["type"] == "mrkdwn" else str(text["text"])


def unmarked(text: str) -> str:
    """Mrkdwn as it is read: links by their words, dates by their fallback, no emphasis, no escapes."""
    text = _FENCE.sub("", _ANGLE.sub(_angle, text))
    for _ in range(2):
        text = _EMPHASIS.sub(r"\2", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _angle(match: re.Match[str]) -> str:
    target, _, words = match[1].partition("|")
    if words:
        return words
    return target.replace("!subteam^", "@").replace("!", "@") if target.startswith("!") else target


def words_of(blocks: list[Json]) -> str:
    """Every word of the blocks, a line for each text."""
    return "\n".join(line for block in blocks for line in lines_of(block) if line)


def lines_of(block: Json) -> list[str]:
    """The texts of one block, in the order in which they are shown."""
    kind = block["type"]
    if kind == "rich_text":
        return [_rich(block)]
    if kind == "input":
        return [read(block["label"]), *_element(block["element"]), read(block.get("hint"))]
    texts = [read(block.get("title")), read(block.get("text")), *map(read, block.get("fields", []))]
    elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
    return texts + [line for element in elements for line in _element(element)]


def _element(element: Json) -> list[str]:
    if element["type"] in ("mrkdwn", "plain_text"):
        return [read(element)]
    if element["type"] == "image":
        return [str(element["alt_text"])]
    if element["type"] in ("radio_buttons", "checkboxes"):
        return [" ".join(filter(None, [read(o["text"]), read(o.get("description"))])) for o in element["options"]]
    label = read(element.get("text")) or read(element.get("placeholder"))
    return [label, str(element.get("initial_value", ""))]


def _rich(node: Json) -> str:
    kind = node["type"]
    if kind == "text":
        return str(node["text"])
    if kind == "link":
        return str(node.get("text", node["url"]))
    mentions = {"user": ("@", "user_id"), "channel": ("#", "channel_id"), "usergroup": ("@", "usergroup_id")}
    if kind in mentions:
        mark, key = mentions[kind]
        return f"{mark}{node[key]}"
    if kind == "emoji":
        return f":{node['name']}:"
    between = "\n" if kind in ("rich_text", "rich_text_list") else ""
    return between.join(_rich(child) for child in node.get("elements", []))
