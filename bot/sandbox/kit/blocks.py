"""Every block of Block Kit that this sandbox takes: those that every client shows, on the surfaces that take them."""

from __future__ import annotations

from bot.sandbox.kit.checks import (
    Check,
    Rule,
    Shape,
    at_least_one,
    by_type,
    exactly_one,
    flag,
    items,
    string,
    text,
    url,
)
from bot.sandbox.kit.elements import IMAGE, IN_ACTIONS, IN_INPUT, IN_SECTION, MANY
from bot.sandbox.kit.limits import LIMITS
from bot.sandbox.kit.objects import SLACK_FILE
from bot.sandbox.kit.rich_text import RICH_TEXT

_WORDS = ("plain_text", "mrkdwn")
_LINE = text(LIMITS["text.max_length"], *_WORDS)


def _block(required: dict[str, Check], optional: dict[str, Check] | None = None, *rules: Rule) -> Shape:
    return Shape(required, {"block_id": string(LIMITS["block_id.max_length"]), **(optional or {})}, rules)


_in_context = by_type({**IMAGE, "plain_text": _LINE, "mrkdwn": _LINE})
_EVERYWHERE: dict[str, Check] = {
    "actions": _block({"elements": items(IN_ACTIONS, LIMITS["actions.elements.max_items"])}),
    "context": _block({"elements": items(_in_context, LIMITS["context.elements.max_items"])}),
    "divider": _block({}),
    "header": _block({"text": text(LIMITS["header.text.max_length"])}),
    "image": _block(
        {"alt_text": string(LIMITS["image.alt_text.max_length"])},
        {
            "image_url": url(LIMITS["image.image_url.max_length"]),
            "slack_file": SLACK_FILE,
            "title": text(LIMITS["image.title.max_length"]),
        },
        exactly_one("image_url", "slack_file"),
    ),
    "rich_text": _block({"elements": items(RICH_TEXT, MANY)}),
    "section": _block(
        {},
        {
            "text": text(LIMITS["section.text.max_length"], *_WORDS),
            "fields": items(
                text(LIMITS["section.fields.item_max_length"], *_WORDS), LIMITS["section.fields.max_items"]
            ),
            "accessory": IN_SECTION,
            "expand": flag,
        },
        at_least_one("text", "fields"),
    ),
}
_INPUT = _block(
    {"label": text(LIMITS["input.label.max_length"]), "element": IN_INPUT},
    {"hint": text(LIMITS["input.hint.max_length"]), "optional": flag, "dispatch_action": flag},
)

MESSAGE_BLOCKS = items(by_type(_EVERYWHERE), LIMITS["message.blocks.max_items"], least=0)
VIEW_BLOCKS = items(by_type({**_EVERYWHERE, "input": _INPUT}), LIMITS["view.blocks.max_items"], least=0)
