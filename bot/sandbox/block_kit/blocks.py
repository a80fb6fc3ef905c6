"""The shape of every block that the sandbox supports in messages and in views: those that every Slack client shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.block_kit.elements import IMAGE, IN_ACTIONS, IN_INPUT, IN_SECTION, MANY
from bot.sandbox.block_kit.limits import LIMITS, RICH_TEXT_LENGTH
from bot.sandbox.block_kit.objects import SLACK_FILE
from bot.sandbox.block_kit.schema import (
    Check,
    Rule,
    SchemaProblem,
    Shape,
    at_least_one,
    by_type,
    exactly_one,
    flag,
    items,
    number,
    one_of,
    string,
    text,
    url,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
_STYLE = Shape({}, {key: flag for key in ("bold", "italic", "strike", "code", "underline")})  # noqa: C420 - read as written
_INLINE_TEXT = string(RICH_TEXT_LENGTH)
_ID = string(255)
_INLINE: dict[str, Check] = {
    "text": Shape({"text": _INLINE_TEXT}, {"style": _STYLE}),
    "link": Shape({"url": url()}, {"text": _INLINE_TEXT, "style": _STYLE, "unsafe": flag}),
    "emoji": Shape({"name": _ID}, {"unicode": _ID, "style": _STYLE}),
    "user": Shape({"user_id": _ID}, {"style": _STYLE}),
    "usergroup": Shape({"usergroup_id": _ID}, {"style": _STYLE}),
    "channel": Shape({"channel_id": _ID}, {"style": _STYLE}),
    "broadcast": Shape({"range": one_of("here", "channel", "everyone")}, {"style": _STYLE}),
    "color": Shape({"value": _ID}),
    "date": Shape(
        {"timestamp": number(0, 2**40), "format": _ID}, {"url": url(), "fallback": _INLINE_TEXT, "style": _STYLE}
    ),
}
_INLINES = items(by_type(_INLINE), MANY)
_PLAIN_INLINES = items(by_type({key: _INLINE[key] for key in ("text", "link")}), MANY)
_SECTION = Shape({"elements": _INLINES})
_BORDER = number(0, 1)

_RICH_TEXT = by_type(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": Shape(
            {"style": one_of("bullet", "ordered"), "elements": items(by_type({"rich_text_section": _SECTION}), MANY)},
            {"indent": number(0, 8), "offset": number(0, MANY), "border": _BORDER},
        ),
        "rich_text_quote": Shape({"elements": _INLINES}, {"border": _BORDER}),
        "rich_text_preformatted": Shape({"elements": _PLAIN_INLINES}, {"border": _BORDER, "language": _ID}),
    }
)

_TEXT_KINDS = ("plain_text", "mrkdwn")
_LINE = text(LIMITS["text.max_length"], *_TEXT_KINDS)


def _block(required: dict[str, Check], optional: dict[str, Check] | None = None, *rules: Rule) -> Shape:
    return Shape(required, {"block_id": string(LIMITS["block_id.max_length"]), **(optional or {})}, rules)


_IN_CONTEXT = by_type({**IMAGE, "plain_text": _LINE, "mrkdwn": _LINE})
_EVERYWHERE: dict[str, Check] = {
    "actions": _block({"elements": items(IN_ACTIONS, LIMITS["actions.elements.max_items"])}),
    "context": _block({"elements": items(_IN_CONTEXT, LIMITS["context.elements.max_items"])}),
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
    "rich_text": _block({"elements": items(_RICH_TEXT, MANY)}),
    "section": _block(
        {},
        {
            "text": text(LIMITS["section.text.max_length"], *_TEXT_KINDS),
            "fields": items(
                text(LIMITS["section.fields.item_max_length"], *_TEXT_KINDS), LIMITS["section.fields.max_items"]
            ),
            "accessory": IN_SECTION,
            "expand": flag,
        },
        at_least_one("text", "fields"),
    ),
}
_AXIS_LABEL = string(20)
_POINT = Shape({"label": _AXIS_LABEL, "value": number(-(2**53), 2**53)})
_SERIES = Shape({"name": string(20), "data": items(_POINT, 20)})
_AXES = Shape({"categories": items(_AXIS_LABEL, 20)}, {"x_label": string(50), "y_label": string(50)})


def _values_for_each_category(chart: Json, at: str) -> Iterator[SchemaProblem]:
    """Each series has a name of its own, and a value for each category, in their order."""
    names = [series["name"] for series in chart["series"]]
    if len(set(names)) < len(names):
        yield SchemaProblem("series names must be unique", f"{at}/series")
    for index, series in enumerate(chart["series"]):
        if [point["label"] for point in series["data"]] != chart["axis_config"]["categories"]:
            yield SchemaProblem("data labels must match axis categories", f"{at}/series/{index}/data")


_AXIS_CHART = Shape({"series": items(_SERIES, 6), "axis_config": _AXES}, rules=(_values_for_each_category,))
_CHART = by_type({**dict.fromkeys(("bar", "line", "area"), _AXIS_CHART), "pie": Shape({"segments": items(_POINT, 6)})})
_DATA_VISUALIZATION = _block({"title": string(50), "chart": _CHART})
"""https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block: in messages, two at most."""
_INPUT = _block(
    {"label": text(LIMITS["input.label.max_length"]), "element": IN_INPUT},
    {"hint": text(LIMITS["input.hint.max_length"]), "optional": flag, "dispatch_action": flag},
)

MESSAGE_BLOCKS = items(
    by_type({**_EVERYWHERE, "data_visualization": _DATA_VISUALIZATION}), LIMITS["message.blocks.max_items"], least=0
)
VIEW_BLOCKS = items(by_type({**_EVERYWHERE, "input": _INPUT}), LIMITS["view.blocks.max_items"], least=0)
