"""A message with every block, a form with every input, and a Home tab."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
PICTURE = "https://example.com/picture.png"


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str, description: str = "") -> Json:
    """An option object."""
    return {"text": plain(text), "value": value, **({"description": plain(description)} if description else {})}


def customers(typed: str) -> list[Json]:
    """The demo's customers whose names contain `typed`, and an option to make a new one."""
    names = ["Acme Ltd", "Globex", "Initech", "Umbrella Cars", "Zenith Corp"]
    found = [option(name, name) for name in names if typed.lower() in name.lower()]
    return [*found, option(f"New customer: {typed}"[:75], "new")]


FRUIT = [option("Apple", "apple"), option("Banana", "banana"), option("Cherry", "cherry", "small and red")]
CONFIRM = {
    "title": plain("Sure?"),
    "text": plain("This can't be undone."),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}


def _input(label: str, block_id: str, element: Json, **more: object) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {**element, "action_id": block_id},
        **more,
    }


def _rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [*elements]}


_SENTENCE = [
    {"type": "text", "text": "Rich text: "},
    {"type": "text", "text": "bold", "style": {"bold": True}},
    {"type": "text", "text": ", "},
    {"type": "text", "text": "italic", "style": {"italic": True}},
    {"type": "text", "text": ", a "},
    {"type": "link", "url": "https://example.com", "text": "link"},
    {"type": "text", "text": ", "},
    {"type": "user", "user_id": "U0PRIYA"},
    {"type": "text", "text": " and "},
    {"type": "emoji", "name": "wave"},
]
_ITEMS = [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]} for text in ("one", "two")]

MESSAGE: list[Json] = [
    {"type": "header", "text": plain("A header")},
    {
        "type": "section",
        "text": mrkdwn(
            "*bold* _italic_ ~strike~ `code` <https://example.com|a link> <@U0ANA> <#C0SUPPORT> "
            "<!subteam^S0MANAGERS> &lt;!channel&gt; :wave:\n> a quote\n```pre\nformatted```\n• a point\n"
            "<!date^1763802000^{date_short_pretty} at {time}|22 Nov>"
        ),
        "accessory": {"type": "button", "text": plain("Beside"), "action_id": "beside", "value": "1"},
    },
    {"type": "section", "fields": [mrkdwn("*Standing*\nwarned"), mrkdwn("*Worth*\n£18,000"), plain("plain field")]},
    {"type": "divider"},
    _rich(
        {"type": "rich_text_section", "elements": _SENTENCE},
        {"type": "rich_text_list", "style": "bullet", "elements": _ITEMS},
        {"type": "rich_text_list", "style": "ordered", "elements": _ITEMS},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quoted"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "pre\nformatted"}]},
    ),
    {"type": "image", "image_url": PICTURE, "alt_text": "A picture", "title": plain("A picture")},
    {
        "type": "data_visualization",
        "title": "Reports in each week",
        "chart": {
            "type": "bar",
            "series": [{"name": "Reports", "data": [{"label": "46", "value": 3}, {"label": "47", "value": 9}]}],
            "axis_config": {"categories": ["46", "47"]},
        },
    },
    {"type": "context", "elements": [mrkdwn("case 12 · due *Tuesday*"), plain("plain")]},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": plain("Primary"), "action_id": "primary", "style": "primary", "value": "1"},
            {"type": "button", "text": plain("Danger"), "action_id": "danger", "style": "danger", "confirm": CONFIRM},
            {"type": "button", "text": plain("Link"), "action_id": "link", "url": "https://example.com"},
            {"type": "static_select", "placeholder": plain("A fruit"), "action_id": "fruit", "options": FRUIT},
            {"type": "users_select", "placeholder": plain("Somebody"), "action_id": "who"},
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-22"},
            {"type": "overflow", "action_id": "more", "options": [option("Mute", "mute"), option("Hide", "hide")]},
        ],
    },
]

FORM: Json = {
    "type": "modal",
    "callback_id": "demo",
    "title": plain("Every input"),
    "submit": plain("Send"),
    "close": plain("Cancel"),
    "notify_on_close": True,
    "blocks": [
        {"type": "section", "text": mrkdwn("Write *wrong* below to see an error beside the field.")},
        _input(
            "Customer", "customer", {"type": "external_select", "min_query_length": 1, "placeholder": plain("Name")}
        ),
        _input("What happened?", "story", {"type": "plain_text_input", "multiline": True}, hint=plain("In your words")),
        _input("Short", "short", {"type": "plain_text_input", "min_length": 2, "max_length": 10}, optional=True),
        _input("E-mail", "email", {"type": "email_text_input"}, optional=True),
        _input("Address", "url", {"type": "url_text_input"}, optional=True),
        _input("Number", "number", {"type": "number_input", "is_decimal_allowed": False}, optional=True),
        _input("One fruit", "fruit", {"type": "static_select", "options": FRUIT, "initial_option": FRUIT[1]}),
        _input("Some fruit", "fruits", {"type": "multi_static_select", "options": FRUIT}, optional=True),
        _input("Somebody", "who", {"type": "users_select"}, optional=True),
        _input("Some people", "team", {"type": "multi_users_select"}, optional=True),
        _input("How serious?", "radio", {"type": "radio_buttons", "options": FRUIT, "initial_option": FRUIT[0]}),
        _input("Also", "boxes", {"type": "checkboxes", "options": FRUIT}, optional=True),
        _input("Day", "day", {"type": "datepicker"}, optional=True),
        _input("Time", "time", {"type": "timepicker"}, optional=True),
        _input("Moment", "moment", {"type": "datetimepicker"}, optional=True),
        _input("Files", "files", {"type": "file_input", "max_files": 3}, optional=True),
        {"type": "context", "elements": [mrkdwn("You and the managers can read it.")]},
    ],
}

SAID: Json = {
    "type": "modal",
    "callback_id": "said",
    "title": plain("Thank you"),
    "close": plain("Done"),
    "blocks": [{"type": "section", "text": mrkdwn("*Recorded.* Nobody has to put up with that.")}],
}

HOME: Json = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Welcome home")},
        {
            "type": "actions",
            "elements": [{"type": "button", "text": plain("Press"), "action_id": "press", "value": "1"}],
        },
        {"type": "section", "text": mrkdwn("Nothing is waiting for you.")},
    ],
}
