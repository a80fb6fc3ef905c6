"""What the rows that the audit log vouches for consist of, as plain JSON: for whoever checks them without the bot."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy import Boolean, Column, Date, Integer, String
from sqlalchemy.types import TypeEngine

from storage.db.digested_tables import DIGESTED, DigestedTable
from storage.tables.columns import Moment

_KINDS: Final[tuple[tuple[type[TypeEngine[Any]], Mapping[str, Any]], ...]] = (
    (Boolean, {"type": ["boolean"]}),
    (Integer, {"type": ["integer"]}),
    (Moment, {"type": ["string"], "format": "date-time"}),
    (Date, {"type": ["string"], "format": "date"}),
    (String, {"type": ["string"]}),
)


SEALED: Final = frozenset({"support_salt"})
"""Salts of what reps say of themselves. A row can be compared without them: the seal stands in the digest."""


@cache
def digest_versions() -> Mapping[str, Any]:
    """By table: the key's columns, and of each version of the digests the columns of facts, and of texts by salt."""
    return {
        name: {"key": list(kind.key), "versions": _versions(kind), "sealed": sorted(SEALED & kind.texts.keys())}
        for name, kind in DIGESTED.items()
    }


def _versions(kind: DigestedTable) -> list[dict[str, Any]]:
    texts = ({salt: list(names) for salt, names in version.texts.items()} for version in kind.versions)
    return [{"facts": list(v.facts), "texts": each} for v, each in zip(kind.versions, texts, strict=True)]


@cache
def row_schemas() -> Mapping[str, Any]:
    """By table: the JSON schema of a row as the newest version of its digest has it."""
    return {name: _schema(kind) for name, kind in DIGESTED.items()}


def _schema(kind: DigestedTable) -> dict[str, Any]:
    columns = [kind.table.c[name] for name in (*facts_of(kind), *texts_of(kind))]
    return {
        "type": "object",
        "properties": {column.name: _of(column) for column in columns},
        "required": [column.name for column in columns],
        "additionalProperties": False,
    }


def facts_of(kind: DigestedTable) -> tuple[str, ...]:
    """The columns of the facts that the newest version of a table's digests is made from."""
    return kind.versions[-1].facts


def texts_of(kind: DigestedTable) -> tuple[str, ...]:
    """Likewise the columns of texts that may be shown."""
    return tuple(name for salt in shown_salts(kind) for name in kind.texts[salt])


def shown_salts(kind: DigestedTable) -> tuple[str, ...]:
    """The columns of these texts' salts."""
    return tuple(salt for salt in kind.texts if salt not in SEALED)


def _of(column: Column[Any]) -> dict[str, Any]:
    found = next((schema for kind, schema in _KINDS if isinstance(column.type, kind)), {})
    if found and column.nullable:
        return {**found, "type": [*found["type"], "null"]}
    return dict(found)
