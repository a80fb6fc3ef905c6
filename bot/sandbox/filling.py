"""How a person fills in a field: from what they would say to what Slack's client would hold."""

from __future__ import annotations

import base64
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.sandbox.client import NotPossible
from bot.sandbox.elements import STATEFUL, options_of
from bot.sandbox.words import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.client import Client

Json = dict[str, Any]


class Pick(NamedTuple):
    """One option of an external select by its exact words, found by typing `typed` (what follows ": " by default)."""

    words: str
    typed: str = ""

    def query(self) -> str:
        """What is typed to have the option offered."""
        return self.typed or self.words.rpartition(": ")[2]


class Field(NamedTuple):
    """An input block of an open form."""

    client: Client
    view_id: str
    block: Json

    @property
    def element(self) -> Json:
        """What is filled in."""
        return dict(self.block["element"])

    def filled(self, said: object) -> Json:
        """The entry in state.values for what the person says; None empties the field."""
        kind = self.element["type"]
        if said is None:
            return {"type": kind, STATEFUL[kind].key: None}
        return {"type": kind, STATEFUL[kind].key: _WAYS.get(kind, _plainly)(self, said)}

    def options(self, typed: str) -> list[Json]:
        """What an external select offers for what is typed."""
        found = self.client.post(
            "options",
            view_id=self.view_id,
            block_id=self.block["block_id"],
            action_id=self.element["action_id"],
            value=typed,
        )
        return options_of(found)


def _plainly(_: Field, said: object) -> str:
    return said.isoformat() if isinstance(said, date) else str(said)


def _time(_: Field, said: object) -> str:
    return said.strftime("%H:%M") if isinstance(said, time) else str(said)


def _moment(_: Field, said: object) -> int:
    return int(said.timestamp()) if isinstance(said, datetime) else int(str(said))


def _option(field: Field, said: object) -> Json:
    return _matching(options_of(field.element), str(said))


def _several(field: Field, said: object) -> list[Json]:
    return [_option(field, one) for one in _each(said)]


def _offered(field: Field, said: object) -> Json:
    if isinstance(said, Pick):
        exact = [option for option in field.options(said.query()) if read(option["text"]) == said.words]
        return exact[0] if exact else _matching([], said.words)
    return _matching(field.options(str(said)), str(said))


def _user(field: Field, said: object) -> str:
    for user in field.client.get("state")["users"]:
        if str(said) in (user["id"], user["name"], user["real_name"]):
            return str(user["id"])
    raise NotPossible(f"nobody is called {said}")


def _users(field: Field, said: object) -> list[str]:
    return [_user(field, one) for one in _each(said)]


def _files(field: Field, said: object) -> list[Json]:
    """Files are said as (name, bytes)."""
    pairs = [said] if isinstance(said, tuple) else said
    if not isinstance(pairs, list):
        raise NotPossible("files are given as (name, bytes)")
    return [
        field.client.post("upload", name=name, content_base64=base64.b64encode(content).decode())
        for name, content in pairs
    ]


_WAYS: dict[str, Callable[[Field, object], object]] = {
    "static_select": _option,
    "radio_buttons": _option,
    "external_select": _offered,
    "multi_static_select": _several,
    "checkboxes": _several,
    "users_select": _user,
    "multi_users_select": _users,
    "timepicker": _time,
    "datetimepicker": _moment,
    "file_input": _files,
}


def _each(said: object) -> list[object]:
    return list(said) if isinstance(said, list | tuple | set) else [said]


def _matching(options: list[Json], words: str) -> Json:
    """The first option that starts with the words, or else contains them; case is no matter."""
    wanted = words.casefold()
    texts = [(option, read(option["text"]).casefold()) for option in options]
    found = [option for option, text in texts if text.startswith(wanted)]
    found += [option for option, text in texts if wanted in text]
    if not found:
        raise NotPossible(f"{words!r} is not offered; there is {[read(option['text']) for option in options]}")
    return found[0]
