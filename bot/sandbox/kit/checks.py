"""Small checks that the table of shapes is made of. Each looks at a value and yields what Slack would say about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = dict[str, Any]


class Problem(NamedTuple):
    """What is wrong, and where in the call's arguments (a JSON pointer)."""

    words: str
    pointer: str

    def __str__(self) -> str:
        return f"[ERROR] {self.words} [json-pointer:{self.pointer}]"


Check = Callable[[object, str], Iterator[Problem]]
Rule = Callable[[Json, str], Iterator[Problem]]


def string(longest: int, shortest: int = 1, pattern: str = "", kind: str = "string") -> Check:
    """A string within its length, and of its pattern."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem("must provide a string", at)
        elif len(value) < shortest:
            yield Problem(f"must be more than {shortest - 1} characters", at)
        elif len(value) > longest:
            yield Problem(f"must be less than {longest + 1} characters", at)
        elif pattern and not re.fullmatch(pattern, value):
            yield Problem(f"invalid {kind}", at)

    return check


def url(longest: int = 3000) -> Check:
    """An address with a scheme."""
    return string(longest, pattern=r"[a-z][a-z0-9+.-]*:\S+", kind="url")


def number(least: int, most: int) -> Check:
    """A whole number within bounds."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem("must provide a number", at)
        elif value < least:
            yield Problem(f"must be greater than {least - 1}", at)
        elif value > most:
            yield Problem(f"must be less than {most + 1}", at)

    return check


def flag(value: object, at: str) -> Iterator[Problem]:
    """True or false."""
    if not isinstance(value, bool):
        yield Problem("must provide a boolean", at)


def one_of(*choices: str) -> Check:
    """One of a few words."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if value not in choices:
            yield Problem(f"must be a valid enum value: {', '.join(choices)}", at)

    return check


def items(each: Check, most: int, least: int = 1) -> Check:
    """An array, and every item of it."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem("must provide an array", at)
            return
        if len(value) < least:
            yield Problem(f"no fewer than {least} items allowed", at)
        if len(value) > most:
            yield Problem(f"no more than {most} items allowed", at)
        for place, item in enumerate(value):
            yield from each(item, f"{at}/{place}")

    return check


def text(longest: int, *kinds: str) -> Check:
    """A text object: plain_text unless other kinds are named."""
    marks = {"plain_text": "emoji", "mrkdwn": "verbatim"}
    shapes = {kind: Shape({"text": string(longest)}, {marks[kind]: flag}) for kind in kinds or ("plain_text",)}

    def check(value: object, at: str) -> Iterator[Problem]:
        if found := list(by_type(shapes)(value, at)):
            yield Problem("failed to match all allowed schemas", at)
        yield from found

    return check


@dataclass(frozen=True)
class Shape:
    """An object: what it must and may have, and rules across its keys. `type` is always known."""

    required: Mapping[str, Check]
    optional: Mapping[str, Check] = field(default_factory=dict)
    rules: Iterable[Rule] = ()

    def __call__(self, value: object, at: str) -> Iterator[Problem]:
        """Check the keys, and where each is in order, what has to hold across them."""
        if not isinstance(value, dict):
            yield Problem("must provide an object", at)
            return
        problems = list(self._keys(value, at))
        yield from problems
        if not problems:
            for rule in self.rules:
                yield from rule(value, at)

    def _keys(self, value: Json, at: str) -> Iterator[Problem]:
        known = {**self.required, **self.optional}
        for key in self.required:
            if key not in value:
                yield Problem(f"missing required field: {key}", at)
        for key, inner in value.items():
            if key in known:
                yield from known[key](inner, f"{at}/{key}")
            elif key != "type":
                yield Problem(f"invalid additional property: {key}", at)


def by_type(shapes: Mapping[str, Check]) -> Check:
    """An object whose type says which shape it has to have."""

    def check(value: object, at: str) -> Iterator[Problem]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(value, dict):
            yield Problem("must provide an object", at)
        elif not isinstance(kind, str):
            yield Problem("missing required field: type", at)
        elif kind in shapes:
            yield from shapes[kind](value, at)
        else:
            yield Problem(f"unsupported type: {kind}", f"{at}/type")

    return check


def exactly_one(*keys: str) -> Rule:
    """The rule that one of these keys is there, and only one."""

    def rule(value: Json, at: str) -> Iterator[Problem]:
        if sum(key in value for key in keys) != 1:
            yield Problem(f"must define exactly one of {' or '.join(f'`{key}`' for key in keys)}", at)

    return rule


def at_least_one(*keys: str) -> Rule:
    """The rule that one of these keys is there."""

    def rule(value: Json, at: str) -> Iterator[Problem]:
        if not any(key in value for key in keys):
            yield Problem(f"must define either {' or '.join(f'`{key}`' for key in keys)}", at)

    return rule
