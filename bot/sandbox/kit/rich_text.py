"""Rich text: sections, lists, quotes and preformatted text, and what stands in them."""

from __future__ import annotations

from bot.sandbox.kit.checks import Check, Shape, by_type, flag, items, number, one_of, string, url
from bot.sandbox.kit.limits import RICH_TEXT_WORDS

MANY = 1000
_STYLE = Shape({}, {key: flag for key in ("bold", "italic", "strike", "code", "underline")})  # noqa: C420 - read as written
_WORDS = string(RICH_TEXT_WORDS)
_ID = string(255)
_INLINE: dict[str, Check] = {
    "text": Shape({"text": _WORDS}, {"style": _STYLE}),
    "link": Shape({"url": url()}, {"text": _WORDS, "style": _STYLE, "unsafe": flag}),
    "emoji": Shape({"name": _ID}, {"unicode": _ID, "style": _STYLE}),
    "user": Shape({"user_id": _ID}, {"style": _STYLE}),
    "usergroup": Shape({"usergroup_id": _ID}, {"style": _STYLE}),
    "channel": Shape({"channel_id": _ID}, {"style": _STYLE}),
    "broadcast": Shape({"range": one_of("here", "channel", "everyone")}, {"style": _STYLE}),
    "color": Shape({"value": _ID}),
    "date": Shape({"timestamp": number(0, 2**40), "format": _ID}, {"url": url(), "fallback": _WORDS, "style": _STYLE}),
}
_LINE = items(by_type(_INLINE), MANY)
_PLAIN_LINE = items(by_type({key: _INLINE[key] for key in ("text", "link")}), MANY)
_SECTION = Shape({"elements": _LINE})
_BORDER = number(0, 1)

RICH_TEXT = by_type(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": Shape(
            {"style": one_of("bullet", "ordered"), "elements": items(by_type({"rich_text_section": _SECTION}), MANY)},
            {"indent": number(0, 8), "offset": number(0, MANY), "border": _BORDER},
        ),
        "rich_text_quote": Shape({"elements": _LINE}, {"border": _BORDER}),
        "rich_text_preformatted": Shape({"elements": _PLAIN_LINE}, {"border": _BORDER, "language": _ID}),
    }
)
