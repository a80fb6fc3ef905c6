"""What people read of a message, for the quote in a report: whoever posted it, and whatever its shape.

The shapes are those that integrations post, as the samples and tests of Slack's own SDKs and of other bots have them.
"""

from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.rules.fields import is_storable
from handlers.parsing.shown_text import shown_text

PLACEHOLDER: Final = "This content can't be displayed."


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def marked(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": False}


def rich(*elements: dict[str, Any], kind: str = "rich_text_section") -> dict[str, Any]:
    return {"type": kind, "elements": list(elements)}


BUTTON: Final = {"type": "button", "action_id": "a", "text": plain("Acknowledge"), "value": "ack"}
TICKET: Final = {
    "text": PLACEHOLDER,
    "blocks": [
        {"type": "header", "block_id": "h", "text": plain("New ticket 4711")},
        {"type": "section", "block_id": "s", "text": marked("*From* <https://desk.example/u/7|Zenith &amp; Co>"),
         "fields": [marked("*Priority*\nHigh"), marked("*Channel*\nE-mail")], "accessory": BUTTON},
        {"type": "context", "block_id": "c", "elements": [
            {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "A"}, marked("by <@U0JOE|joe>")]},
        {"type": "divider", "block_id": "d"},
        {"type": "actions", "block_id": "a", "elements": [BUTTON]},
    ],
}  # fmt: skip
ALERT: Final = {
    "text": "",
    "attachments": [
        {
            "id": 1, "color": "FF0000", "fallback": "Summary for phones", "callback_id": "17a0", "ts": 2016,
            "pretext": "An e-mail came in.", "author_name": "Zenith Corp", "author_link": "https://x.example",
            "title": "Re: &lt;b&gt; &amp; late", "title_link": "https://x.example/4711", "text": "You are useless.",
            "mrkdwn_in": ["text"], "fields": [{"title": "Account", "value": "Z-1", "short": True}], "footer": "Desk",
            "actions": [{"id": "1", "name": "ack", "text": "Acknowledge", "type": "button", "value": "ack"}],
        }
    ],
}  # fmt: skip
SAMPLES: Final = {
    "typed by a person": ({"text": "Hi &lt;3", "blocks": [{"type": "rich_text", "elements": [rich(
        {"type": "text", "text": "Hi <3"})]}]}, "Hi <3"),
    "text alone": ({"text": "*Hi* <https://x.example|there>"}, "*Hi* there"),
    "blocks": (TICKET, "New ticket 4711\n*From* Zenith & Co\n*Priority*\nHigh\n*Channel*\nE-mail\nA\nby joe"),
    "a legacy attachment":
        (ALERT, "An e-mail came in.\nZenith Corp\nRe: <b> & late\nYou are useless.\nAccount\nZ-1\nDesk"),
    "an attachment with a fallback alone": ({"attachments": [{"fallback": "[no preview] He shouted", "id": 1}]},
                                            "[no preview] He shouted"),
    "an attachment with blocks": ({"text": "", "attachments": [{"fallback": "[no preview available]", "blocks": [
        {"type": "section", "text": marked("Within")}]}]}, "Within"),
    "a text and an attachment": ({"text": "See", "attachments": [{"text": "below"}]}, "See\nbelow"),
    "rich text": ({"blocks": [{"type": "rich_text", "elements": [
        rich({"type": "text", "text": "a&lt; ", "style": {"bold": True}}, {"type": "user", "user_id": "U0ANA"},
             {"type": "link", "url": "https://x.example", "text": " site"}, {"type": "emoji", "name": "wave"},
             {"type": "broadcast", "range": "here"}, {"type": "channel", "channel_id": "C1"},
             {"type": "usergroup", "usergroup_id": "S1"}, {"type": "link", "url": "https://y.example"},
             {"type": "date", "timestamp": 1, "format": "{date}", "fallback": " then"}),
        rich(rich({"type": "text", "text": "one"}), rich({"type": "text", "text": "two"}), kind="rich_text_list"),
        rich({"type": "text", "text": "quoted"}, kind="rich_text_quote")]}]},
        "a&lt; @U0ANA site:wave:@here#C1@S1https://y.example then\n• one\n• two\nquoted"),
    "a table": ({"text": PLACEHOLDER, "blocks": [{"type": "table", "rows": [
        [{"type": "raw_text", "text": "Account"}, {"type": "raw_text", "text": "Said"}],
        [{"type": "raw_number", "text": "12", "value": 12}, {"type": "rich_text", "elements": [
            rich({"type": "text", "text": "Idiots"})]}]]}]}, "Account\nSaid\n12\nIdiots"),
    "markdown": ({"blocks": [{"type": "markdown", "text": "# He *shouted*"}]}, "# He *shouted*"),
    "a picture with a title": ({"blocks": [{"type": "image", "title": plain("Screen"), "alt_text": "x"}]}, "Screen"),
    "a video": ({"blocks": [{"type": "video", "title": plain("Call"), "description": plain("2 minutes")}]},
                "Call\n2 minutes"),
    "a form in a message": ({"blocks": [{"type": "input", "label": plain("Why?"), "element": {
        "type": "plain_text_input", "action_id": "x"}}]}, "Why?"),
    "a forwarded message": ({"text": "", "attachments": [{"is_share": True, "author_name": "Joe", "text": "He swore",
        "fallback": "[1] Joe: He swore", "message_blocks": [{"message": {"blocks": []}}]}]}, "Joe\nHe swore"),
    "a file alone": ({"text": "", "files": [{"id": "F1", "name": "call.mp3", "title": "The call"}, {"id": "F2",
        "file_access": "check_file_info"}]}, "The call"),
    "blank blocks": ({"text": "He shouted", "blocks": [{"type": "section", "text": marked(" ")}]}, "He shouted"),
    "what is new in Slack": ({"text": "He shouted", "blocks": [{"type": "hologram", "beams": [1]}]}, "He shouted"),
    "a placeholder alone": ({"text": PLACEHOLDER}, ""),
    "nothing": ({}, ""),
}  # fmt: skip


@pytest.mark.parametrize("what", SAMPLES)
def test_a_message_is_quoted_as_people_read_it(what: str) -> None:
    message, shown = SAMPLES[what]
    assert shown_text(message) == shown


KEYS: Final = (
    "type",
    "text",
    "blocks",
    "attachments",
    "files",
    "elements",
    "fields",
    "title",
    "rows",
    "action_id",
    "x",
)
KINDS: Final = (
    "section",
    "rich_text",
    "rich_text_section",
    "rich_text_list",
    "plain_text",
    "image",
    "table",
    "actions",
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(KINDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)


@given(anything)
@example({"blocks": {"type": [], "text": "x"}})
@example({"blocks": [{"type": {"x": "y"}}]})
def test_no_shape_is_refused_and_what_comes_can_be_recorded(message: object) -> None:
    assert is_storable(shown_text(message))


def test_half_a_character_is_left_out() -> None:
    assert shown_text({"text": "a\ud83d\0b"}) == "ab"
