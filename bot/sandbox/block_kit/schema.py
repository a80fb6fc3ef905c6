"""Checks of which the shapes of blocks and elements are made. Each yields a value's problems in Slack's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = dict[str, Any]


class SchemaProblem(NamedTuple):
    """A problem, and its place in the call's arguments as a JSON pointer."""

    text: str
    pointer: str

    def __str__(self) -> str:
        return f"[ERROR] {self.text} [json-pointer:{self.pointer}]"


Check = Callable[[object, str], Iterator[SchemaProblem]]
Rule = Callable[[Json, str], Iterator[SchemaProblem]]


def string(longest: int, shortest: int = 1, pattern: str = "", kind: str = "string") -> Check:
    """A string of this length, and of this pattern if there is one."""

    def check(value: object, at: str) -> Iterator[SchemaProblem]:
        if not isinstance(value, str):
            yield SchemaProblem("must provide a string", at)
        elif len(value) < shortest:
            yield SchemaProblem(f"must be more than {shortest - 1} characters", at)
        elif len(value) > longest:
            yield SchemaProblem(f"must be less than {longest + 1} characters", at)
        elif pattern and not re.fullmatch(pattern, value):
            yield SchemaProblem(f"invalid {kind}", at)

    return check


def url(longest: int = 3000) -> Check:
    """A URL with a scheme."""
    return string(longest, pattern=r"[a-z][a-z0-9+.-]*:\S+", kind="url")


def number(least: int, most: int) -> Check:
    """An integer from `least` to `most`."""

    def check(value: object, at: str) -> Iterator[SchemaProblem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield SchemaProblem("must provide a number", at)
        elif value < least:
            yield SchemaProblem(f"must be greater than {least - 1}", at)
        elif value > most:
            yield SchemaProblem(f"must be less than {most + 1}", at)

    return check


def flag(value: object, at: str) -> Iterator[SchemaProblem]:
    """A boolean."""
    if not isinstance(value, bool):
        yield SchemaProblem("must provide a boolean", at)


def one_of(*choices: str) -> Check:
    """One of these strings."""

    def check(value: object, at: str) -> Iterator[SchemaProblem]:
        if value not in choices:
            yield SchemaProblem(f"must be a valid enum value: {', '.join(choices)}", at)

    return check


def items(each: Check, most: int, least: int = 1) -> Check:
    """An array of `least` to `most` items, each checked by `each`."""

    def check(value: object, at: str) -> Iterator[SchemaProblem]:
        if not isinstance(value, list):
            yield SchemaProblem("must provide an array", at)
            return
        if len(value) < least:
            yield SchemaProblem(f"no fewer than {least} items allowed", at)
        if len(value) > most:
            yield SchemaProblem(f"no more than {most} items allowed", at)
        for index, item in enumerate(value):
            yield from each(item, f"{at}/{index}")

    return check


def text(longest: int, *kinds: str) -> Check:
    """A text object: plain_text, or one of `kinds`."""
    flags = {"plain_text": "emoji", "mrkdwn": "verbatim"}
    shapes = {kind: Shape({"text": string(longest)}, {flags[kind]: flag}) for kind in kinds or ("plain_text",)}

    def check(value: object, at: str) -> Iterator[SchemaProblem]:
        if found := list(by_type(shapes)(value, at)):
            yield SchemaProblem("failed to match all allowed schemas", at)
        yield from found

    return check


@dataclass(frozen=True)
class Shape:
    """An object with required and optional keys, and rules across its keys. `type` is always allowed."""

    required: Mapping[str, Check]
    optional: Mapping[str, Check] = field(default_factory=dict)
    rules: Iterable[Rule] = ()

    def __call__(self, value: object, at: str) -> Iterator[SchemaProblem]:
        """Check the keys and, if each is right, the rules."""
        if not isinstance(value, dict):
            yield SchemaProblem("must provide an object", at)
            return
        problems = list(self._keys(value, at))
        yield from problems
        if not problems:
            for rule in self.rules:
                yield from rule(value, at)

    def _keys(self, value: Json, at: str) -> Iterator[SchemaProblem]:
        known = {**self.required, **self.optional}
        for key in self.required:
            if key not in value:
                yield SchemaProblem(f"missing required field: {key}", at)
        for key, inner in value.items():
            if key in known:
                yield from known[key](inner, f"{at}/{key}")
            elif key != "type":
                yield SchemaProblem(f"invalid additional property: {key}", at)


def by_type(shapes: Mapping[str, Check]) -> Check:
    """An object that has the shape of its `type`."""

    def check(value: object, at: str) -> Iterator[SchemaProblem]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(value, dict):
            yield SchemaProblem("must provide an object", at)
        elif not isinstance(kind, str):
            yield SchemaProblem("missing required field: type", at)
        elif kind in shapes:
            yield from shapes[kind](value, at)
        else:
            yield SchemaProblem(f"unsupported type: {kind}", f"{at}/type")

    return check


def exactly_one(*keys: str) -> Rule:
    """The rule that exactly one of these keys is present."""

    def rule(value: Json, at: str) -> Iterator[SchemaProblem]:
        if sum(key in value for key in keys) != 1:
            yield SchemaProblem(f"must define exactly one of {' or '.join(f'`{key}`' for key in keys)}", at)

    return rule


def at_least_one(*keys: str) -> Rule:
    """The rule that at least one of these keys is present."""

    def rule(value: Json, at: str) -> Iterator[SchemaProblem]:
        if not any(key in value for key in keys):
            yield SchemaProblem(f"must define either {' or '.join(f'`{key}`' for key in keys)}", at)

    return rule
