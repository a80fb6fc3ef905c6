"""Fills in a field: makes of what a test or the story gives the value that Slack's client would hold."""

from __future__ import annotations

import base64
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.sandbox.block_text import text_of
from bot.sandbox.client import NotPossible
from bot.sandbox.elements import STATEFUL, options_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.client import Client

Json = dict[str, Any]


class Pick(NamedTuple):
    """The option of an external select with exactly this text, found by typing `typed` (default: what follows ": ")."""

    text: str
    typed: str = ""

    def query(self) -> str:
        """The text to type so that the option is offered."""
        return self.typed or self.text.rpartition(": ")[2]


class Field(NamedTuple):
    """An input block of an open form."""

    client: Client
    view_id: str
    block: Json

    @property
    def element(self) -> Json:
        """The block's element."""
        return dict(self.block["element"])

    def entry_for(self, value: object) -> Json:
        """The entry in state.values for a value; None empties the field."""
        kind = self.element["type"]
        if value is None:
            return {"type": kind, STATEFUL[kind].key: None}
        return {"type": kind, STATEFUL[kind].key: _CONVERTERS.get(kind, _text)(self, value)}

    def options(self, typed: str) -> list[Json]:
        """The options of an external select for the typed text."""
        answer = self.client.post(
            "options",
            view_id=self.view_id,
            block_id=self.block["block_id"],
            action_id=self.element["action_id"],
            value=typed,
        )
        return options_of(answer)


def _text(_: Field, value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _time(_: Field, value: object) -> str:
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)


def _timestamp(_: Field, value: object) -> int:
    return int(value.timestamp()) if isinstance(value, datetime) else int(str(value))


def _option(field: Field, value: object) -> Json:
    return _find_option(options_of(field.element), str(value))


def _options(field: Field, value: object) -> list[Json]:
    return [_option(field, one) for one in _as_list(value)]


def _external_option(field: Field, value: object) -> Json:
    if isinstance(value, Pick):
        exact = [option for option in field.options(value.query()) if text_of(option["text"]) == value.text]
        return exact[0] if exact else _find_option([], value.text)
    return _find_option(field.options(str(value)), str(value))


def _user(field: Field, value: object) -> str:
    for user in field.client.get("state")["users"]:
        if str(value) in (user["id"], user["name"], user["real_name"]):
            return str(user["id"])
    raise NotPossible(f"nobody is called {value}")


def _users(field: Field, value: object) -> list[str]:
    return [_user(field, one) for one in _as_list(value)]


def _files(field: Field, value: object) -> list[Json]:
    """A file is given as (name, bytes)."""
    pairs = [value] if isinstance(value, tuple) else value
    if not isinstance(pairs, list):
        raise NotPossible("files are given as (name, bytes)")
    return [
        field.client.post("upload", name=name, content_base64=base64.b64encode(content).decode())
        for name, content in pairs
    ]


_CONVERTERS: dict[str, Callable[[Field, object], object]] = {
    "static_select": _option,
    "radio_buttons": _option,
    "external_select": _external_option,
    "multi_static_select": _options,
    "checkboxes": _options,
    "users_select": _user,
    "multi_users_select": _users,
    "timepicker": _time,
    "datetimepicker": _timestamp,
    "file_input": _files,
}


def _as_list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple | set) else [value]


def _find_option(options: list[Json], wanted: str) -> Json:
    """The first option that starts with the wanted text, else the first that contains it, ignoring case."""
    folded = wanted.casefold()
    texts = [(option, text_of(option["text"]).casefold()) for option in options]
    found = [option for option, text in texts if text.startswith(folded)]
    found += [option for option, text in texts if folded in text]
    if not found:
        raise NotPossible(f"{wanted!r} is not offered; there is {[text_of(option['text']) for option in options]}")
    return found[0]
