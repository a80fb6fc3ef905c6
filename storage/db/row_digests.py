"""What bears witness: rows that change only together with an entry of the audit log, which keeps a digest of each.

A digest has parts, joined by ":". The first stands for the row's facts. Each further one is the seal of texts under
their salt. Texts that are erased, salt and all, leave seals that tell nothing; an entry of the log tells how the row
stands from then on.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Select, Table, and_, bindparam, select

from bot.rules.audit_chain import seal
from storage.db.statements import Executor
from storage.tables.cases import approval, dispute, hearing, matter, recusal, warning
from storage.tables.customers import safeguard
from storage.tables.decisions import appeal, decision, lesson, review
from storage.tables.reports import report, verdict

Key = tuple[Any, ...]
Values = Mapping[str, Any]
SHORT = 32  # hex digits of a digest: 128 bits


@dataclass(frozen=True)
class Witness:
    """A kind of row. `texts`: by salt, what it seals. `aside`: columns that say only how far something was shown."""

    table: Table
    texts: Mapping[str, tuple[str, ...]]
    aside: tuple[str, ...] = ()

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The key's columns, the workspace aside."""
        return tuple(column.name for column in self.table.primary_key if column.name != "team")

    @cached_property
    def _facts(self) -> tuple[str, ...]:
        hidden = {"team", *self.aside, *self.texts, *(name for names in self.texts.values() for name in names)}
        return tuple(column.name for column in self.table.columns if column.name not in hidden)

    def name(self, key: Key) -> str:
        """How the log names a row: "report 214"."""
        return f"{self.table.name} {'/'.join(str(part) for part in key)}"

    def digest(self, row: Values) -> str:
        """The row's facts and texts as the log keeps them; columns that are not given count as empty."""
        facts = {name: row.get(name) for name in self._facts}
        plain = hashlib.sha256(_canonical(facts).encode()).hexdigest()[:SHORT]
        return ":".join([plain, *(self._seal(row, salt) for salt in self.texts)])

    def is_erased(self, row: Values) -> bool:
        """Whether texts have lost their salt, as only erasing does."""
        return any(self._has_lost(row, salt) for salt in self.texts)

    def _has_lost(self, row: Values, salt: str) -> bool:
        return not row.get(salt) and (any(self._texts(row, salt)) or not self.table.c[salt].nullable)

    def _seal(self, row: Values, salt: str) -> str:
        texts = self._texts(row, salt)
        return seal(row[salt] or "", _canonical(texts))[:SHORT] if row.get(salt) or any(texts) else ""

    def _texts(self, row: Values, salt: str) -> list[Any]:
        return [row.get(name) for name in self.texts[salt]]


def _spelt(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value))


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_spelt).encode

_SALT = "salt"
KINDS = {
    kind.table.name: kind
    for kind in (
        Witness(report, {_SALT: ("narrative", "evidence")}, ("since_version",)),
        Witness(matter, {_SALT: ("rationale",)}, ("version", "left", "raised")),
        Witness(warning, {_SALT: ("letter",)}),
        Witness(decision, {_SALT: ("rationale", "letter")}),
        Witness(verdict, {}),
        Witness(hearing, {_SALT: ("words", "reps_side", "customers_side", "why")}),
        Witness(dispute, {_SALT: ("disputed", "reason", "letter")}),
        Witness(safeguard, {_SALT: ("note", "words"), "removed_salt": ("removed_why",)}),
        Witness(approval, {_SALT: ("rationale", "letter")}),
        Witness(recusal, {_SALT: ("reason",)}),
        Witness(review, {_SALT: ("reason",)}),
        Witness(appeal, {_SALT: ("contact", "news", "rationale")}, ("raised",)),
        Witness(lesson, {_SALT: ("learnt", "worth", "line")}),
    )
}


class TouchedRows:
    """What a transaction changed of all this. `heads`: the ends of the chains that it has locked, by customer."""

    def __init__(self) -> None:
        self.heads: dict[int, tuple[int, str]] = {}
        self._rows: dict[tuple[str, Key], Values | None] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def added(self, table: Table, values: Values) -> None:
        """A row was put in with these values."""
        kind = KINDS.get(table.name)
        if kind:
            name = (table.name, tuple(values[column] for column in kind.key))
            self._rows[name] = None if name in self._rows else values

    def stands(self, table: Table, row: Values) -> None:
        """A row of a kind that bears witness is as it is given here, whole."""
        self._rows[table.name, tuple(row[column] for column in KINDS[table.name].key)] = row

    def changed(self, table: Table, keys: Iterable[Key]) -> None:
        """These rows are not as they were."""
        self._rows.update({(table.name, tuple(key)): None for key in keys})

    def digests(self, db: Executor, team: str) -> dict[str, str]:
        """Each row's name and its digest as it stands now."""
        found = {}
        for (table, key), values in self._rows.items():
            kind = KINDS[table]
            row = values or _read(db, team, kind, key)
            found[kind.name(key)] = kind.digest(row)
        return found


def _read(db: Executor, team: str, kind: Witness, key: Key) -> Values:
    values = {f"its_{name}": part for name, part in zip(kind.key, key, strict=True)}
    row: dict[str, Any] = db.one(one(kind.table.name), values | {"our_team": team})._asdict()
    return row


@cache
def one(table: str) -> Select[Any]:
    """The row of this table with a key, whose parts are named `its_…`."""
    kind = KINDS[table]
    same = (kind.table.c[name] == bindparam(f"its_{name}") for name in kind.key)
    return select(kind.table).where(kind.table.c.team == bindparam("our_team"), and_(*same))
