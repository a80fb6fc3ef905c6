"""Whole requests about customers, as Slack sends them."""

from handlers.names import BlockId, CallbackId
from tests.handlers.payload_samples import ANA, PRIYA, Json, click, command, picked, submission, typed


def customer_command(text: str = "Zenith Corp") -> Json:
    return command() | {"command": "/customer", "text": text}


def list_click(value: str = "list:queue:2") -> Json:
    return click("list:queue", value)


def found_form(value: str = "known:7") -> Json:
    return submission(CallbackId.LOOK_UP_FORM, "", ANA, **{BlockId.FIND: picked(value)})


def merge_form(value: str = "known:8") -> Json:
    return submission(CallbackId.MERGE_FORM, "customer:7:0123456789abcdef", PRIYA, **{BlockId.FIND: picked(value)})


def merge_both_form(value: str = "known:8:fedcba9876543210") -> Json:
    about = "customer:7:0123456789abcdef"
    return submission(CallbackId.MERGE_BOTH_FORM, about, PRIYA, **{BlockId.SAME: picked(value)})


def edit_customer_form(**changed: Json) -> Json:
    fields = {
        BlockId.NAME: typed("Apex Holdings"),
        BlockId.OWNER: {"type": "users_select", "selected_user": "U0BRAD"},
        BlockId.WORTH: typed("£18,000 a year"),
        BlockId.CRM_REFERENCE: typed(None),
    }
    return submission(CallbackId.EDIT_CUSTOMER_FORM, "customer:7:0123456789abcdef", PRIYA, **(fields | changed))
