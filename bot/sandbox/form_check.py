"""What Slack's clients check before they send a form, and how they say it."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.elements import STATEFUL

Json = dict[str, Any]
REQUIRED = "Please complete this required field."
_PATTERNS = {
    "email_text_input": (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "Please enter a valid email address."),
    "url_text_input": (re.compile(r"https?://\S+"), "Please enter a valid URL."),
}


def form_errors(view: Json) -> dict[str, str]:
    """The message for each input block that a client would not let through, by block ID."""
    errors = {}
    for block in view["blocks"]:
        if block["type"] == "input" and (words := _block_error(block, view["state"]["values"])):
            errors[block["block_id"]] = words
    return errors


def _block_error(block: Json, values: Json) -> str | None:
    element = block["element"]
    value = values[block["block_id"]][element["action_id"]][STATEFUL[element["type"]].key]
    if not value:
        return None if block.get("optional") else REQUIRED
    if element["type"] == "number_input":
        return _number_error(element, value)
    if isinstance(value, str):
        return _length_error(element, value) or _pattern_error(element, value)
    return None


def _length_error(element: Json, value: str) -> str | None:
    shortest, longest = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < shortest:
        return f"Must be at least {shortest} characters."
    if len(value) > longest:
        return f"Must be at most {longest} characters."
    return None


def _pattern_error(element: Json, value: str) -> str | None:
    pattern, words = _PATTERNS.get(element["type"], (None, None))
    return words if pattern and not pattern.fullmatch(value) else None


def _number_error(element: Json, value: str) -> str | None:
    whole = r"-?\d+" if not element["is_decimal_allowed"] else r"-?\d+(\.\d+)?"
    if not re.fullmatch(whole, value):
        return "Please enter a valid number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Must be at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Must be at most {element['max_value']}."
    return None
