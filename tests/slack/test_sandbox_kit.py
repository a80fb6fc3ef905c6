from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import slackblocks
from slackblocks import _limits as published

from bot.sandbox.block_kit.check import check_message, check_options, check_view
from bot.sandbox.block_kit.limits import LIMITS
from bot.sandbox.demo_blocks import FORM, HOME, MESSAGE, SAID
from bot.sandbox.errors import SlackError
from tests.slack.calling import plain

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str = "a", value: str = "a", **more: object) -> Json:
    return {"text": plain(text), "value": value, **more}


def button(**more: object) -> Json:
    return {"type": "button", "text": plain("Press"), **more}


def confirm(**more: object) -> Json:
    return {"title": plain("t"), "text": plain("t"), "confirm": plain("t"), "deny": plain("t"), **more}


def modal(*blocks: Json, **more: object) -> Json:
    return {"type": "modal", "title": plain("t"), "submit": plain("s"), "blocks": list(blocks), **more}


def asked(element: Json, **more: object) -> Json:
    return {"type": "input", "label": plain("l"), "element": element, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def section(**more: object) -> Json:
    return {"type": "section", "text": mrkdwn("t"), **more}


def select(count: int = 1, **more: object) -> Json:
    return {"type": "static_select", "options": [option()] * count, **more}


def radios(count: int, kind: str = "radio_buttons") -> Json:
    return {"type": kind, "options": [option()] * count}


def in_message(*blocks: Json) -> list[str]:
    """Slack's reasons against a message of these blocks; none when it takes them."""
    try:
        check_message("words", list(blocks))
    except SlackError as refused:
        return refused.messages or [refused.name]
    return []


def in_view(view: object, *kinds: str) -> list[str]:
    try:
        check_view(view, kinds or ("modal",))
    except SlackError as refused:
        return refused.messages or [refused.name]
    return []


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_is_the_one_that_an_independent_library_knows(name: str) -> None:
    assert LIMITS[name] == getattr(published, name.upper().replace(".", "_"))


def test_the_demo_that_shows_every_block_and_input_is_taken() -> None:
    assert in_message(*MESSAGE) == []
    assert in_view(FORM) == in_view(SAID) == in_view(HOME, "home") == []


SIZED: dict[str, Callable[[int], list[str]]] = {
    "action_id.max_length": lambda n: in_message(actions(button(action_id="x" * n))),
    "actions.elements.max_items": lambda n: in_message(actions(*[button()] * n)),
    "block_id.max_length": lambda n: in_message({"type": "divider", "block_id": "x" * n}),
    "button.accessibility_label.max_length": lambda n: in_message(actions(button(accessibility_label="x" * n))),
    "button.text.max_length": lambda n: in_message(actions(button(text=plain("x" * n)))),
    "button.url.max_length": lambda n: in_message(actions(button(url="https://" + "x" * (n - 8)))),
    "button.value.max_length": lambda n: in_message(actions(button(value="x" * n))),
    "checkboxes.options.max_items": lambda n: in_message(actions(radios(n, "checkboxes"))),
    "confirmation.confirm.max_length": lambda n: in_message(actions(button(confirm=confirm(confirm=plain("x" * n))))),
    "confirmation.deny.max_length": lambda n: in_message(actions(button(confirm=confirm(deny=plain("x" * n))))),
    "confirmation.text.max_length": lambda n: in_message(actions(button(confirm=confirm(text=plain("x" * n))))),
    "confirmation.title.max_length": lambda n: in_message(actions(button(confirm=confirm(title=plain("x" * n))))),
    "context.elements.max_items": lambda n: in_message({"type": "context", "elements": [mrkdwn("t")] * n}),
    "file_input.max_files.max": lambda n: in_view(modal(asked({"type": "file_input", "max_files": n}))),
    "header.text.max_length": lambda n: in_message({"type": "header", "text": plain("x" * n)}),
    "image.alt_text.max_length": lambda n: in_message(
        {"type": "image", "image_url": "https://x.example", "alt_text": "x" * n}
    ),
    "image.image_url.max_length": lambda n: in_message(
        {"type": "image", "image_url": "https://" + "x" * (n - 8), "alt_text": "x"}
    ),
    "image.title.max_length": lambda n: in_message(
        {"type": "image", "image_url": "https://x.example", "alt_text": "x", "title": plain("x" * n)}
    ),
    "input.hint.max_length": lambda n: in_view(modal(asked(select(), hint=plain("x" * n)))),
    "input.label.max_length": lambda n: in_view(modal(asked(select(), label=plain("x" * n)))),
    "message.blocks.max_items": lambda n: in_message(*[{"type": "divider"}] * n),
    "option.description.max_length": lambda n: in_message(
        actions(select(options=[option(description=plain("x" * n))]))
    ),
    "option.text.max_length": lambda n: in_message(actions(select(options=[option("x" * n)]))),
    "option.url.max_length": lambda n: in_message(
        actions({"type": "overflow", "options": [option(url="https://" + "x" * (n - 8))]})
    ),
    "option.value.max_length": lambda n: in_message(actions(select(options=[option("a", "x" * n)]))),
    "option_group.label.max_length": lambda n: in_message(
        actions({"type": "static_select", "option_groups": [{"label": plain("x" * n), "options": [option()]}]})
    ),
    "option_group.options.max_items": lambda n: in_message(
        actions({"type": "static_select", "option_groups": [{"label": plain("x"), "options": [option()] * n}]})
    ),
    "overflow.options.max_items": lambda n: in_message(actions(radios(n, "overflow"))),
    "plain_text_input.max_length.max": lambda n: in_view(modal(asked({"type": "plain_text_input", "max_length": n}))),
    "radio_buttons.options.max_items": lambda n: in_message(actions(radios(n))),
    "section.fields.item_max_length": lambda n: in_message({"type": "section", "fields": [plain("x" * n)]}),
    "section.fields.max_items": lambda n: in_message({"type": "section", "fields": [plain("x")] * n}),
    "section.text.max_length": lambda n: in_message(section(text=mrkdwn("x" * n))),
    "select.option_groups.max_items": lambda n: in_message(
        actions({"type": "static_select", "option_groups": [{"label": plain("x"), "options": [option()]}] * n})
    ),
    "select.options.max_items": lambda n: in_message(actions(select(n))),
    "select.placeholder.max_length": lambda n: in_message(actions(select(placeholder=plain("x" * n)))),
    "text.max_length": lambda n: in_message({"type": "context", "elements": [mrkdwn("x" * n)]}),
    "view.blocks.max_items": lambda n: in_view(modal(*[{"type": "divider"}] * n)),
    "view.callback_id.max_length": lambda n: in_view(modal(callback_id="x" * n)),
    "view.close.max_length": lambda n: in_view(modal(close=plain("x" * n))),
    "view.external_id.max_length": lambda n: in_view(modal(external_id="x" * n)),
    "view.private_metadata.max_length": lambda n: in_view(modal(private_metadata="x" * n)),
    "view.submit.max_length": lambda n: in_view(modal(submit=plain("x" * n))),
    "view.title.max_length": lambda n: in_view(modal(title=plain("x" * n))),
}


@pytest.mark.parametrize("name", LIMITS)
def test_what_reaches_a_limit_is_taken_and_what_exceeds_it_refused(name: str) -> None:
    assert SIZED[name](LIMITS[name]) == []
    assert SIZED[name](LIMITS[name] + 1) != []


INPUT_IN_MESSAGE = asked({"type": "plain_text_input"})
REFUSED_IN_MESSAGES: dict[str, tuple[Json, str]] = {
    "an unknown block": ({"type": "table"}, "unsupported type: table [json-pointer:/blocks/0/type]"),
    "no type": ({"text": plain("x")}, "missing required field: type"),
    "an input": (INPUT_IN_MESSAGE, "unsupported type: input"),
    "an unknown key": ({"type": "divider", "color": "red"}, "invalid additional property: color"),
    "a header of mrkdwn": ({"type": "header", "text": mrkdwn("x")}, "unsupported type: mrkdwn"),
    "an empty text": (section(text=mrkdwn("")), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "an empty section": ({"type": "section"}, "must define either `text` or `fields`"),
    "emoji in mrkdwn": (section(text={**mrkdwn("x"), "emoji": True}), "invalid additional property: emoji"),
    "a button of mrkdwn": (actions(button(text=mrkdwn("x"))), "unsupported type: mrkdwn"),
    "an unknown style": (actions(button(style="warning")), "must be a valid enum value: primary, danger"),
    "a text input in actions": (actions({"type": "plain_text_input"}), "unsupported type: plain_text_input"),
    "no elements": (actions(), "no fewer than 1 items allowed"),
    "a button in a context": ({"type": "context", "elements": [button()]}, "unsupported type: button"),
    "a picture from nowhere": ({"type": "image", "alt_text": "x"}, "exactly one of `image_url` or `slack_file`"),
    "a picture without words": (
        {"type": "image", "image_url": "https://x.example"},
        "missing required field: alt_text",
    ),
    "options and groups": (
        actions(select(option_groups=[{"label": plain("x"), "options": [option()]}])),
        "exactly one of `options` or `option_groups`",
    ),
    "an initial option that is none": (
        actions(select(initial_option=option("b", "b"))),
        "must match one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    "a wrong date": (actions({"type": "datepicker", "initial_date": "22.11.2026"}), "invalid date"),
    "a wrong time": (actions({"type": "timepicker", "initial_time": "25:00"}), "invalid time"),
    "a wrong address": (actions(button(url="no address")), "invalid url"),
    "an action twice": (
        actions(button(action_id="a"), button(action_id="a")),
        "`action_id` a already exists [json-pointer:/blocks/0/elements/1/action_id]",
    ),
    "a string for a list": ({"type": "actions", "elements": "x"}, "must provide an array"),
    "a number for a text": (section(text=3), "must provide an object"),
    "empty rich text": (
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}]},
        "must be more than 0 characters",
    ),
    "an unknown list style": (
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "dashed", "elements": []}]},
        "must be a valid enum value: bullet, ordered",
    ),
}


@pytest.mark.parametrize("name", REFUSED_IN_MESSAGES)
def test_a_message_is_refused_for(name: str) -> None:
    block, reason = REFUSED_IN_MESSAGES[name]
    assert any(reason in said for said in in_message(block)), in_message(block)


def chart(kind: str = "bar", **changes: object) -> Json:
    points = [{"label": "46", "value": 3}, {"label": "47", "value": 9}]
    axes = {"series": [{"name": "Reports", "data": points}], "axis_config": {"categories": ["46", "47"]}}
    return {"type": "data_visualization", "title": "Reports", "chart": {"type": kind, **axes, **changes}}


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ([chart(), chart("line")], ""),
        ([chart(), chart(), chart()], "no more than 2"),
        ([chart(series=[])], "no fewer than 1"),
        ([chart(axis_config={"categories": ["46", "48"]})], "must match axis categories"),
        ([chart() | {"title": "x" * 51}], "less than 51"),
        ([chart(series=[{"name": "x" * 21, "data": []}])], "less than 21"),
        ([chart("pie")], "missing required field: segments"),
        ([chart("radar")], "unsupported type"),
    ],
)
def test_a_chart_is_taken_as_slack_takes_one(blocks: list[Json], problem: str) -> None:
    """https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block"""
    found = in_message(*blocks)
    assert problem in " ".join(found)
    assert bool(found) == bool(problem)


def test_a_chart_is_for_messages_only() -> None:
    assert in_view(modal(chart())) != []


def test_blocks_of_one_message_have_different_ids() -> None:
    twice = {"type": "divider", "block_id": "a"}
    assert in_message(twice, twice) == ["[ERROR] `block_id` a already exists [json-pointer:/blocks/1/block_id]"]


REFUSED_VIEWS: dict[str, tuple[object, str]] = {
    "no object": ("x", "must provide an object [json-pointer:/view]"),
    "no title": ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
    "a home for a modal": ({"type": "home", "blocks": []}, "unsupported type: home"),
    "an input and no submit": (
        {"type": "modal", "title": plain("t"), "blocks": [asked({"type": "plain_text_input"})]},
        "missing required field: submit [json-pointer:/view]",
    ),
    "an unknown key": (modal(submit_disabled=True), "invalid additional property: submit_disabled"),
    "a label of mrkdwn": (modal(asked(select(), label=mrkdwn("x"))), "unsupported type: mrkdwn"),
    "an input without a label": (modal({"type": "input", "element": select()}), "missing required field: label"),
    "a button as an input": (modal(asked(button())), "unsupported type: button"),
    "lengths that no text has": (
        modal(asked({"type": "plain_text_input", "min_length": 5, "max_length": 4})),
        "must not be greater than max_length",
    ),
    "a number input that says nothing of decimals": (
        modal(asked({"type": "number_input"})),
        "missing required field: is_decimal_allowed",
    ),
    "min_query_length as words": (modal(asked({"type": "external_select", "min_query_length": "3"})), "a number"),
    "true as a number": (modal(asked({"type": "file_input", "max_files": True})), "must provide a number"),
    "two that want the focus": (
        modal(asked(select(focus_on_load=True)), asked(select(focus_on_load=True))),
        "only one element may have focus_on_load",
    ),
}


@pytest.mark.parametrize("name", REFUSED_VIEWS)
def test_a_view_is_refused_for(name: str) -> None:
    view, reason = REFUSED_VIEWS[name]
    assert any(reason in said for said in in_view(view)), in_view(view)


def test_a_view_of_more_than_250_kilobytes_is_too_large() -> None:
    blocks = [section(text=mrkdwn("x" * 3000))] * 90
    assert in_view(modal(*blocks)) == ["view_too_large"]


def test_an_external_select_takes_no_more_than_a_hundred_options_and_may_be_offered_none() -> None:
    check_options({"options": []})
    check_options({"options": [option()] * 100})
    for wrong in ({"options": [option()] * 101}, {"options": [option("x" * 76)]}, {}):
        with pytest.raises(SlackError):
            check_options(wrong)


def test_what_an_independent_library_builds_is_taken() -> None:
    one = slackblocks.Text("One", type_=slackblocks.TextType.PLAINTEXT)
    built = [
        slackblocks.HeaderBlock("A header"),
        slackblocks.SectionBlock("*bold*", accessory=slackblocks.Button("Press", action_id="a", value="1")),
        slackblocks.ContextBlock([slackblocks.Text("small")]),
        slackblocks.DividerBlock(),
        slackblocks.ActionsBlock(
            [
                slackblocks.StaticSelectMenu(
                    placeholder="Choose", action_id="s", options=[slackblocks.Option(text=one, value="1")]
                ),
                slackblocks.DatePicker(action_id="d", initial_date="2026-11-22", placeholder="Day"),
            ]
        ),
    ]
    assert in_message(*[block._resolve() for block in built]) == []
