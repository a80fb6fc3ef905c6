"""The shape of every Block Kit element that the sandbox supports."""

from __future__ import annotations

from bot.sandbox.block_kit.limits import LIMITS
from bot.sandbox.block_kit.objects import (
    ACTION_ID,
    CONFIRM,
    DISPATCH,
    GROUPS,
    MRKDWN_OPTION,
    OPTIONS,
    PLACEHOLDER,
    PLAIN_OPTION,
    SLACK_FILE,
    initial_is_offered,
    lengths_agree,
    option,
)
from bot.sandbox.block_kit.schema import (
    Check,
    Rule,
    Shape,
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

DAY, MINUTE_OF_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", r"([01]\d|2[0-3]):[0-5]\d"
MANY = 1000  # where Slack names no limit


def element(required: dict[str, Check], optional: dict[str, Check], *rules: Rule) -> Shape:
    """An interactive element."""
    return Shape(required, {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": flag, **optional}, rules)


def text_input(optional: dict[str, Check], required: dict[str, Check] | None = None, *rules: Rule) -> Shape:
    """An element for typing; these have no confirmation."""
    common = {"action_id": ACTION_ID, "focus_on_load": flag, "placeholder": PLACEHOLDER}
    return Shape(required or {}, {**common, "dispatch_action_config": DISPATCH, **optional}, rules)


_TEXT_LENGTH = LIMITS["plain_text_input.max_length.max"]
_BUTTON = Shape(
    {"text": text(LIMITS["button.text.max_length"])},
    {
        "action_id": ACTION_ID,
        "confirm": CONFIRM,
        "url": url(LIMITS["button.url.max_length"]),
        "value": string(LIMITS["button.value.max_length"]),
        "style": one_of("primary", "danger"),
        "accessibility_label": string(LIMITS["button.accessibility_label.max_length"]),
    },
)
_USERS = items(string(255), MANY)
_MAX_SELECTED = number(1, MANY)

SELECTS: dict[str, Check] = {
    "static_select": element(
        {},
        {"options": OPTIONS, "option_groups": GROUPS, "initial_option": PLAIN_OPTION, "placeholder": PLACEHOLDER},
        exactly_one("options", "option_groups"),
        initial_is_offered,
    ),
    "external_select": element(
        {}, {"initial_option": PLAIN_OPTION, "min_query_length": number(0, MANY), "placeholder": PLACEHOLDER}
    ),
    "users_select": element({}, {"initial_user": string(255), "placeholder": PLACEHOLDER}),
}
MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": element(
        {},
        {
            "options": OPTIONS,
            "option_groups": GROUPS,
            "initial_options": OPTIONS,
            "max_selected_items": _MAX_SELECTED,
            "placeholder": PLACEHOLDER,
        },
        exactly_one("options", "option_groups"),
        initial_is_offered,
    ),
    "multi_users_select": element(
        {}, {"initial_users": _USERS, "max_selected_items": _MAX_SELECTED, "placeholder": PLACEHOLDER}
    ),
}
CHOICES: dict[str, Check] = {
    "radio_buttons": element(
        {"options": items(MRKDWN_OPTION, LIMITS["radio_buttons.options.max_items"])},
        {"initial_option": MRKDWN_OPTION},
        initial_is_offered,
    ),
    "checkboxes": element(
        {"options": items(MRKDWN_OPTION, LIMITS["checkboxes.options.max_items"])},
        {"initial_options": items(MRKDWN_OPTION, LIMITS["checkboxes.options.max_items"])},
        initial_is_offered,
    ),
}
PICKERS: dict[str, Check] = {
    "datepicker": element({}, {"initial_date": string(10, pattern=DAY, kind="date"), "placeholder": PLACEHOLDER}),
    "timepicker": element(
        {},
        {
            "initial_time": string(5, pattern=MINUTE_OF_DAY, kind="time"),
            "placeholder": PLACEHOLDER,
            "timezone": string(100),
        },
    ),
    "datetimepicker": element({}, {"initial_date_time": number(1_000_000_000, 9_999_999_999)}),
}
INPUTS: dict[str, Check] = {
    "plain_text_input": text_input(
        {
            "initial_value": string(_TEXT_LENGTH),
            "multiline": flag,
            "min_length": number(0, _TEXT_LENGTH),
            "max_length": number(1, _TEXT_LENGTH),
        },
        {},
        lengths_agree,
    ),
    "email_text_input": text_input({"initial_value": string(_TEXT_LENGTH)}),
    "url_text_input": text_input({"initial_value": string(_TEXT_LENGTH)}),
    "number_input": text_input(
        {"initial_value": string(100), "min_value": string(100), "max_value": string(100)},
        {"is_decimal_allowed": flag},
    ),
    "file_input": Shape(
        {},
        {
            "action_id": ACTION_ID,
            "filetypes": items(string(100), MANY),
            "max_files": number(1, LIMITS["file_input.max_files.max"]),
        },
    ),
}
IMAGE: dict[str, Check] = {
    "image": Shape(
        {"alt_text": string(LIMITS["image.alt_text.max_length"])},
        {
            "image_url": url(LIMITS["image.image_url.max_length"]),
            "slack_file": SLACK_FILE,
        },
        (exactly_one("image_url", "slack_file"),),
    )
}
_OVERFLOW = Shape(
    {
        "options": items(
            option(url=url(LIMITS["option.url.max_length"])), LIMITS["overflow.options.max_items"]
        )
    },
    {"action_id": ACTION_ID, "confirm": CONFIRM},
)  # fmt: skip
BUTTONS: dict[str, Check] = {"button": _BUTTON, "overflow": _OVERFLOW}

IN_ACTIONS = by_type({**BUTTONS, **SELECTS, **CHOICES, **PICKERS})
IN_SECTION = by_type(
    {
        **BUTTONS,
        **SELECTS,
        **MULTI_SELECTS,
        **CHOICES,
        **IMAGE,
        "datepicker": PICKERS["datepicker"],
        "timepicker": PICKERS["timepicker"],
    }
)
IN_INPUT = by_type({**SELECTS, **MULTI_SELECTS, **CHOICES, **PICKERS, **INPUTS})
