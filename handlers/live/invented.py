"""Invents values of any type of the record, so that every view can be drawn without anything on record."""

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import Rule

WORDS: Final = "An example in words. "
A_NAME: Final = 100  # characters: names have room for more
LONG: Final = 2_500
A_QUARTER: Final = 12  # weeks of figures
FACTS: Final[Mapping[str, object]] = {
    "changed": ["name"], "choice": "drop", "points": 6, "limit": 2, "incidents": [3], "warning": 3, "reporters": 3,
    "rung": "decide", "severity": "serious", "warned_on": "2025-10-13",
}  # fmt: skip
"""What verdicts and entries of the audit log give as facts."""
NUMBERS: Final[Mapping[str, int]] = {"round": 1, "pages": 5}
SOMEBODY: Final = frozenset(
    {
        "actor", "answered_by", "approved_by", "asked_by", "by", "care_contact", "delivered_by", "director", "ended_by",
        "issued_by", "lifted_by", "manager", "managers", "directors", "asked", "owner", "recorded_by", "rep",
        "reporter", "set_by", "taken_by", "user",
    }
)  # fmt: skip
FREE_TEXT: Final = frozenset({"letter", "narrative", "rationale", "words", "text", "learnt"})
FIXED: Final[Mapping[str, str]] = {
    "act": "report",
    "address": "https://example.com/",
    "channel": "C0EXAMPLE",
    "kind": "file",
    "management_channel": "C0EXAMPLE",
    "links": "https://example.com/",
    "notice": "https://example.com/",
    "rung": "warn",
    "workspace": "https://example.slack.com/",
    "standing": "warned",
    "state": "0" * 64,
    "summary_channel": "C0EXAMPLE",
    "target": "U0EXAMPLE",
    "team": "T0EXAMPLE",
    "thread": "1763726000.000100",
    "ts": "1763726000.000100",
    "warned_on": "2025-10-13",
    "week": "2025-W46",
    "why": "owner",
    "zone": "UTC",
}

hints_of: Final = cache(get_type_hints)


@dataclass(frozen=True, slots=True)
class Inventor:
    """Invents values. `full`: everything there may be is there, and long; else only what has to be.

    `known`: values that are given, by type. `user`: the ID of somebody whom Slack knows. `chosen`: by type, which
    member of an enum to take instead of the first one; by name, whether something is so; None, by type or name, leaves
    out what may be left out. `made`: what was invented already.
    """

    policy: Policy
    user: str
    now: datetime
    full: bool
    known: Mapping[type, Any] = field(default_factory=dict)
    chosen: Mapping[type | str, Any] = field(default_factory=dict)
    made: dict[type, Any] = field(default_factory=dict)

    def arguments(self, function: Callable[..., Any]) -> dict[str, Any]:
        """What the function takes, by its annotations."""
        return {name: self.value(kind, name) for name, kind in hints_of(function).items() if name != "return"}

    def value(self, kind: Any, name: str = "", of: Mapping[Any, Any] | None = None) -> Any:  # noqa: ANN401 - of any type
        """A value of this type, for a field or an argument of this name. `of`: what its type variables stand for."""
        origin, inner = get_origin(kind), get_args(kind)
        if isinstance(kind, TypeVar):
            return self.value((of or {}).get(kind, str), name)
        if name == "facts":
            return {**FACTS, "category": self._text("category")}
        if origin in {Union, types.UnionType}:
            return self._one_of(inner, name)
        return self._plain(kind, name) if origin is None else self._generic(origin, inner, name, of)

    def _generic(self, origin: Any, inner: tuple[Any, ...], name: str, of: Mapping[Any, Any] | None) -> Any:  # noqa: ANN401 - of any type
        if origin in {dict, Mapping}:
            return {self.value(inner[0], name): self.value(inner[1], name)} if self.full else {}
        if is_dataclass(origin):
            return self._record(origin, dict(zip(getattr(origin, "__parameters__", ()), inner, strict=True)))
        return self._several(inner, name, of)

    def _one_of(self, kinds: tuple[Any, ...], name: str) -> Any:  # noqa: ANN401 - of any type
        there = [kind for kind in kinds if kind is not type(None)]
        left_out = None in (self.chosen.get(there[-1], there), self.chosen.get(name, there))
        if len(there) < len(kinds) and (left_out or not self.full):
            return None
        return self.value(there[-1], name)

    def _several(self, inner: tuple[Any, ...], name: str, of: Mapping[Any, Any] | None) -> tuple[Any, ...]:
        if len(inner) > 1 and inner[-1] is not Ellipsis:
            return tuple(self.value(each, name, of) for each in inner)
        if self.chosen.get(inner[0], self) is None:
            return ()
        most = A_QUARTER if inner[0] is int else 3
        return (self.value(inner[0], name, of),) * (most if self.full or inner[0] is int else 1)

    def _plain(self, kind: Any, name: str) -> Any:  # noqa: ANN401 - of any type
        if kind in self.known:
            return self.known[kind]
        simple: dict[type, Any] = {
            str: self._text(name) if kind is str else "",
            bool: self.chosen.get(name, self.full), int: NUMBERS.get(name, 3), float: 1.5, bytes: b"bytes",
            datetime: self.now, date: self.now.date(), timedelta: timedelta(1),
        }  # fmt: skip
        if kind in simple:
            return simple[kind]
        if isinstance(kind, type) and issubclass(kind, Enum):
            return self.chosen.get(kind) or next(iter(kind))
        if isinstance(kind, type) and (is_dataclass(kind) or hasattr(kind, "_fields")):
            if kind not in self.made:
                self.made[kind] = self._record(kind, {})
            return self.made[kind]
        return self._text(name)

    def _record(self, kind: Any, of: Mapping[Any, Any]) -> Any:  # noqa: ANN401 - of any type
        hints = hints_of(kind)
        return kind(**{name: self.value(hints[name], name, of) for name in self._names(kind)})

    def _names(self, kind: Any) -> Iterator[str]:  # noqa: ANN401 - of any type
        if not is_dataclass(kind):
            yield from kind._fields
            return
        for each in fields(kind):
            needed = each.default is MISSING and each.default_factory is MISSING
            if each.init and (self.full or needed):
                yield each.name

    def _text(self, name: str) -> str:
        keys: dict[str, Mapping[str, Any]] = {
            "category": self.policy.categories, "conduct": self.policy.categories, "conditions": self.policy.conditions,
            "reason_class": self.policy.reason_classes, "safeguard": self.policy.safeguards,
        }  # fmt: skip
        if name in keys:
            return next(iter(keys[name]))
        if name == "rule":
            return str(self.chosen.get(Rule) or Rule.REPORTERS)
        if name in SOMEBODY:
            return self.user
        if name in FIXED:
            return FIXED[name]
        long = self.full and not self.chosen  # once is enough
        length = LONG if name in FREE_TEXT and long else A_NAME if long else len(WORDS)
        return (WORDS * length)[:length]
