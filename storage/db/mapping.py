"""Dataclasses from rows and rows from dataclasses, as far as fields and columns have the same names."""

from __future__ import annotations

from dataclasses import fields
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from storage.db.statements import Row

Value = TypeVar("Value", bound="DataclassInstance")
Member = TypeVar("Member", bound=StrEnum)


def value_of(kind: type[Value], row: Row, /, **converted: object) -> Value:
    """A `kind` of what the row has in the columns of its fields' names; `converted` are the fields that differ."""
    return kind(**{name: getattr(row, name) for name in _names(kind) if name not in converted}, **converted)


def columns_of(value: DataclassInstance) -> dict[str, Any]:
    """The fields as a row keeps them: an enum member as its value, a tuple as a list."""
    return {name: _stored(getattr(value, name)) for name in _names(type(value))}


def member_of(kind: type[Member], value: str | None) -> Member | None:
    """The enum member with this value; None where the column is empty."""
    return kind(value) if value else None


@cache
def _names(kind: type[DataclassInstance]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _stored(value: Any) -> Any:  # noqa: ANN401 - the value of any column
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value
