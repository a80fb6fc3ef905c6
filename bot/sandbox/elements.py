"""Interactive elements, and how Slack reports their values in state.values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]


class Stateful(NamedTuple):
    """The key of an element's value in state.values, the key of its initial value, and its empty value."""

    key: str
    initial: str
    empty: object = None


STATEFUL = {
    "plain_text_input": Stateful("value", "initial_value"),
    "email_text_input": Stateful("value", "initial_value"),
    "url_text_input": Stateful("value", "initial_value"),
    "number_input": Stateful("value", "initial_value"),
    "static_select": Stateful("selected_option", "initial_option"),
    "external_select": Stateful("selected_option", "initial_option"),
    "multi_static_select": Stateful("selected_options", "initial_options", ()),
    "users_select": Stateful("selected_user", "initial_user"),
    "multi_users_select": Stateful("selected_users", "initial_users", ()),
    "radio_buttons": Stateful("selected_option", "initial_option"),
    "checkboxes": Stateful("selected_options", "initial_options", ()),
    "datepicker": Stateful("selected_date", "initial_date"),
    "timepicker": Stateful("selected_time", "initial_time"),
    "datetimepicker": Stateful("selected_date_time", "initial_date_time"),
    "file_input": Stateful("files", "initial_files", ()),
}


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of a block, in order. Images are not interactive."""
    found = [block[key] for key in ("element", "accessory") if key in block]
    found += block["elements"] if block["type"] == "actions" else []
    return [element for element in found if element["type"] != "image"]


def all_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block."""
    for block in blocks:
        for element in elements_of(block):
            yield block, element


def find_element(blocks: list[Json], block_id: str, action_id: str) -> Json | None:
    """The element with these IDs, if there is one."""
    for block, element in all_elements(blocks):
        if block["block_id"] == block_id and element.get("action_id") == action_id:
            return element
    return None


def options_of(element: Json) -> list[Json]:
    """An element's options, including those in its groups."""
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


def value_of(element: Json, given: Json | None) -> Json:
    """An element's entry in state.values: the given value, else the initial value, else empty."""
    shape = STATEFUL[element["type"]]
    value = given[shape.key] if given is not None and shape.key in given else element.get(shape.initial)
    if not value:
        value = list(shape.empty) if isinstance(shape.empty, tuple) else None
    return {"type": element["type"], shape.key: value}


def state_of(blocks: list[Json], values: Json) -> Json:
    """state.values as Slack sends it: an entry for every element that can hold a value."""
    state: Json = {}
    for block, element in all_elements(blocks):
        if element["type"] in STATEFUL:
            given = values.get(block["block_id"], {}).get(element["action_id"])
            state.setdefault(block["block_id"], {})[element["action_id"]] = value_of(element, given)
    return state
