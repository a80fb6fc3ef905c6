"""The text of blocks as a person reads it, in order and without markup."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
_ANGLE = re.compile(r"<([^<>]+)>")
_EMPHASIS = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)([^\n]+?)(?<=\S)\1(?![\w*_~`])")
_FENCE = re.compile(r"```")


def text_of(text: Json | None) -> str:
    """The text of a text object, without markup."""
    if not text:
        return ""
    return without_markup(text["text"]) if text["type"] == "mrkdwn" else str(text["text"])


def without_markup(text: str) -> str:
    """Mrkdwn as text: a link becomes its label, a date its fallback; emphasis and escapes are removed."""
    text = _FENCE.sub("", _ANGLE.sub(_reference_text, text))
    for _ in range(2):
        text = _EMPHASIS.sub(r"\2", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _reference_text(match: re.Match[str]) -> str:
    target, _, label = match[1].partition("|")
    if label:
        return label
    return target.replace("!subteam^", "@").replace("!", "@") if target.startswith("!") else target


def text_of_blocks(blocks: list[Json]) -> str:
    """The text of the blocks, one line for each text object."""
    return "\n".join(line for block in blocks for line in _lines_of(block) if line)


def _lines_of(block: Json) -> list[str]:
    """The texts of one block, in the order in which they are shown."""
    kind = block["type"]
    if kind == "rich_text":
        return [_rich_text(block)]
    if kind == "input":
        return [text_of(block["label"]), *_element_lines(block["element"]), text_of(block.get("hint"))]
    if kind == "data_visualization":
        return [str(block["title"])]
    texts = [text_of(block.get("title")), text_of(block.get("text")), *map(text_of, block.get("fields", []))]
    elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
    return texts + [line for element in elements for line in _element_lines(element)]


def _element_lines(element: Json) -> list[str]:
    if element["type"] in ("mrkdwn", "plain_text"):
        return [text_of(element)]
    if element["type"] == "image":
        return [str(element["alt_text"])]
    if element["type"] in ("radio_buttons", "checkboxes"):
        return [" ".join(filter(None, [text_of(o["text"]), text_of(o.get("description"))])) for o in element["options"]]
    label = text_of(element.get("text")) or text_of(element.get("placeholder"))
    return [label, str(element.get("initial_value", ""))]


def _rich_text(node: Json) -> str:
    kind = node["type"]
    if kind == "text":
        return str(node["text"])
    if kind == "link":
        return str(node.get("text", node["url"]))
    people = {"user": ("@", "user_id"), "usergroup": ("@", "usergroup_id"), "broadcast": ("@", "range")}
    mentions = {**people, "channel": ("#", "channel_id")}
    if kind in mentions:
        mark, key = mentions[kind]
        return f"{mark}{node[key]}"
    if kind == "emoji":
        return f":{node['name']}:"
    between = "\n" if kind in ("rich_text", "rich_text_list") else ""
    return between.join(_rich_text(child) for child in node.get("elements", []))
