"""Requests about customers as Slack sends them, whole."""

from handlers import ids
from tests.handlers.payload_samples import ANA, PRIYA, Json, click, command, picked, submission, typed


def customer_command(text: str = "Zenith Corp") -> Json:
    return command() | {"command": "/customer", "text": text}


def list_click(value: str = "list:queue:2") -> Json:
    return click("list:queue", value)


def found_form(value: str = "known:7") -> Json:
    return submission(ids.LOOK_UP_FORM, "", ANA, **{ids.FIND: picked(value)})


def merge_form(value: str = "known:8") -> Json:
    return submission(ids.MERGE_FORM, "customer:7", PRIYA, **{ids.FIND: picked(value)})


def describe_form(**changed: Json) -> Json:
    fields = {
        ids.NAME: typed("Apex Holdings"),
        ids.OWNER: {"type": "users_select", "selected_user": "U0BRAD"},
        ids.WORTH: typed("£18,000 a year"),
        ids.CRM_REFERENCE: typed(None),
    }
    return submission(ids.DESCRIBE_FORM, "customer:7", PRIYA, **(fields | changed))
