"""What goes to Slack names records by number and key, what comes back is held to the key.

Views write a record's number into the values of buttons and options and into a form's private metadata, as
`handlers/button_values.py` says. `with_keys` adds the key of each record behind it; `without_keys` takes them off again
before a request is parsed. So no view and no parser has to think of it, and none can forget it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from bot.rules.records import CHANGE, KEY, RecordKind, RecordName
from bot.rules.refusals import AnotherRecord
from handlers.names import OptionValue

Json: TypeAlias = Any
KeysOf: TypeAlias = Callable[[Iterable[RecordName]], Mapping[RecordName, str]]

_MARK: Final = "~"
_KINDS: Final[Mapping[str, RecordKind]] = {
    "case": RecordKind.CASE,
    "review": RecordKind.CASE,
    "customer": RecordKind.CUSTOMER,
    "known": RecordKind.CUSTOMER,
    "list:timeline": RecordKind.CUSTOMER,
    "report": RecordKind.REPORT,
    "checkin": RecordKind.REPORT,
    "merger": RecordKind.MERGER,
    "safeguard": RecordKind.SAFEGUARD,
    "week": RecordKind.SUMMARY,
    "backup": RecordKind.CALL,
}
# An item of a menu has the button's name before it. After these come a name that somebody typed.
_TYPED: Final = f"{OptionValue.TYPED}|{OptionValue.NEW}"
_VALUE: Final = re.compile(
    rf"(?:(?!{_TYPED})[a-z_]+:)?({'|'.join(_KINDS)}):([1-9][0-9]{{0,17}})(?::([^~]*))?", re.ASCII
)
_KEYED: Final = re.compile(rf"(.*)~([0-9a-f]{{{KEY}}}(?:[0-9a-f]{{{CHANGE}}}){{0,2}})", re.ASCII | re.DOTALL)
_CARRY: Final = ("value", "private_metadata")  # where in Slack's JSON such a value stands


class Stripped(NamedTuple):
    """A request as it is parsed, without keys, and the key of each record that it names."""

    body: dict[str, Json]
    keys: dict[RecordName, str]


def with_keys(drawn: Json, keys_of: KeysOf) -> Json:
    """A view, its blocks or options, in which each value that names a record has the record's key behind it.

    A part in which nothing changes stays the same object.
    """
    named: set[RecordName] = set()

    def noted(value: str) -> str:
        name = _name(value)
        named.update([name] if name else [])
        return value

    _changed(drawn, noted)
    keys = keys_of(named) if named else {}
    return _changed(drawn, lambda value: _keyed(value, keys)) if keys else drawn


def with_key_of(value: str, keyed: str, change: str) -> str:
    """A value with the key of another one that names the same case, and what changed it last by now."""
    found = _KEYED.fullmatch(keyed)
    return f"{value}{_MARK}{found[2][:KEY]}{change}" if found else value


def without_keys(body: dict[str, Json]) -> Stripped:
    """The request without keys. Raises AnotherRecord where it names a record without a key, or with two."""
    keys: dict[RecordName, str] = {}

    def stripped(value: str) -> str:
        keyed = _KEYED.fullmatch(value)
        plain, key = keyed.groups() if keyed else (value, "")
        name = _name(plain)
        if name is None:
            return value
        if not key or keys.setdefault(name, key) != key:
            raise AnotherRecord
        return plain

    sent = {"actions": _changed(body["actions"], stripped)} if "actions" in body else {}
    view = body.get("view")
    if isinstance(view, dict):
        carried = {name: view[name] for name in ("private_metadata", "state") if name in view}
        sent["view"] = view | _changed(carried, stripped)
    return Stripped(body | sent, keys)


def _keyed(value: str, keys: Mapping[RecordName, str]) -> str:
    key = keys.get(name) if (name := _name(value)) else None
    return f"{value}{_MARK}{key}" if key else value


def _name(value: str) -> RecordName | None:
    found = _VALUE.fullmatch(value)
    if found is None:
        return None
    kind = _KINDS[found[1]]
    return RecordName(kind, int(found[2]), found[3] or "" if kind is RecordKind.SUMMARY else "")


def _changed(part: Json, change: Callable[[str], str]) -> Json:
    """The JSON with every value that may name a record changed; what somebody typed into a field is none."""
    if isinstance(part, list):
        new = [_changed(each, change) for each in part]
        return part if all(each is old for each, old in zip(new, part, strict=True)) else new
    if not isinstance(part, dict) or part.get("type") == "plain_text_input":
        return part
    fresh = {
        name: change(each) if name in _CARRY and isinstance(each, str) else _changed(each, change)
        for name, each in part.items()
    }
    return part if all(fresh[name] is each for name, each in part.items()) else fresh
