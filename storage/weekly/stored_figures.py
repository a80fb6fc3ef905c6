"""The figures of a week as JSON, without names and texts: customers by number, lessons by case."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from bot.rules.weekly_figures import Figures, FirstFew, named


def to_json(figures: Figures) -> dict[str, Any]:
    """The figures for the record."""
    kept: dict[str, Any] = _plain(named(figures, lambda _: "", lambda _: ""))
    return kept


def from_json(kept: Mapping[str, Any]) -> Figures:
    """What `to_json` made."""
    figures: Figures = _value(Figures, kept)
    return figures


def _plain(value: Any) -> Any:  # noqa: ANN401 - the value of any field
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _value(kind: Any, kept: Any) -> Any:  # noqa: ANN401 - a field's type, and its value
    origin, inner = get_origin(kind), get_args(kind)
    if origin is UnionType:  # with None
        return None if kept is None else _value(inner[0], kept)
    if origin is FirstFew:
        return FirstFew(tuple(_value(inner[0], each) for each in kept["items"]), kept["total"])
    if origin is tuple:
        return tuple(_value(inner[0], each) for each in kept)
    if origin is Mapping:
        return {_value(inner[0], key): _value(inner[1], each) for key, each in kept.items()}
    if is_dataclass(kind):
        return kind(**{name: _value(each, kept[name]) for name, each in get_type_hints(kind).items()})  # type: ignore[operator]
    return kind.fromisoformat(kept) if kind in (date, datetime) else kind(kept)
