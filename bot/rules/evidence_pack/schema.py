"""Checks data against as much of JSON Schema as `case.schema.json` uses. Part of `verify.py`."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

KINDS: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
    "object": dict,
    "array": list,
}


def schema_problems(value: Any, schema: Mapping[str, Any], where: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    """What in the value is not as the schema says."""
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        yield f"{where} is not of the kind {' or '.join(kinds)}."
    elif isinstance(value, dict):
        known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
        yield from (f"{where}.{name} is missing." for name in schema.get("required", ()) if name not in value)
        for name, each in value.items():
            inner = known.get(name, others)
            if inner is False:
                yield f"{where}.{name} is not part of a pack."
            else:
                yield from schema_problems(each, inner, f"{where}.{name}")
    elif isinstance(value, list):
        for n, each in enumerate(value):
            yield from schema_problems(each, schema.get("items", {}), f"{where}[{n}]")


def _is(value: object, kind: str) -> bool:
    return isinstance(value, KINDS[kind]) and not (kind == "integer" and isinstance(value, bool))
