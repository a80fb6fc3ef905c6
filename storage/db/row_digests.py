"""The digested tables: their rows change only together with an entry of the audit log, which keeps a digest of each.

A digest has parts, joined by ":". The first is of the row's facts. Each further one is the seal of texts under their
salt. Erasing removes texts and their salt; a seal alone tells nothing of them. The log has an entry of how the row is
from then on.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Select, Table, select

from bot.rules.audit import salted_digest
from storage.db.queries import ours
from storage.db.statements import Executor
from storage.tables.cases import approval, dispute, hearing, matter, recusal, warning
from storage.tables.customers import safeguard, stake
from storage.tables.decisions import appeal, decision, lesson, review
from storage.tables.reports import report, verdict

Key = tuple[Any, ...]
Values = Mapping[str, Any]
SHORT = 32  # hex digits of a digest: 128 bits


@dataclass(frozen=True)
class DigestedTable:
    """`texts`: for each salt's column, the columns of its texts. `not_digested`: columns that the digest leaves out."""

    table: Table
    texts: Mapping[str, tuple[str, ...]]
    not_digested: tuple[str, ...] = ()

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns of the key without the workspace."""
        return tuple(column.name for column in self.table.primary_key if column.name != "team")

    @cached_property
    def _facts(self) -> tuple[str, ...]:
        hidden = {"team", *self.not_digested, *self.texts, *(name for names in self.texts.values() for name in names)}
        return tuple(column.name for column in self.table.columns if column.name not in hidden)

    def name(self, key: Key) -> str:
        """How the log names a row: "report 214"."""
        return f"{self.table.name} {'/'.join(str(part) for part in key)}"

    def digest(self, row: Values) -> str:
        """The digest of the row's facts and texts; a column that is missing counts as empty."""
        facts = {name: row.get(name) for name in self._facts}
        plain = hashlib.sha256(_canonical(facts).encode()).hexdigest()[:SHORT]
        return ":".join([plain, *(self._seal(row, salt) for salt in self.texts)])

    def is_erased(self, row: Values) -> bool:
        """Whether texts have lost their salt: only erasing does that."""
        return any(self._has_lost(row, salt) for salt in self.texts)

    def _has_lost(self, row: Values, salt: str) -> bool:
        return not row.get(salt) and (any(self._texts(row, salt)) or not self.table.c[salt].nullable)

    def _seal(self, row: Values, salt: str) -> str:
        texts = self._texts(row, salt)
        return salted_digest(row[salt] or "", _canonical(texts))[:SHORT] if row.get(salt) or any(texts) else ""

    def _texts(self, row: Values, salt: str) -> list[Any]:
        return [row.get(name) for name in self.texts[salt]]


def _as_iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value))


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_as_iso).encode

_SALT = "salt"
DIGESTED = {
    kind.table.name: kind
    for kind in (
        DigestedTable(report, {_SALT: ("narrative", "evidence")}, ("since_version",)),
        DigestedTable(matter, {_SALT: ("rationale",)}, ("version", "left", "raised")),
        DigestedTable(warning, {_SALT: ("letter",)}),
        DigestedTable(decision, {_SALT: ("rationale", "letter")}),
        DigestedTable(verdict, {}),
        DigestedTable(hearing, {_SALT: ("words", "reps_side", "customers_side", "why")}),
        DigestedTable(dispute, {_SALT: ("disputed", "reason", "letter")}),
        DigestedTable(safeguard, {_SALT: ("note", "words"), "removed_salt": ("removed_why",)}),
        DigestedTable(approval, {_SALT: ("rationale", "letter")}),
        DigestedTable(recusal, {_SALT: ("reason",)}),
        DigestedTable(stake, {}),
        DigestedTable(review, {_SALT: ("reason",)}),
        DigestedTable(appeal, {_SALT: ("contact", "news", "rationale")}, ("raised",)),
        DigestedTable(lesson, {_SALT: ("learnt", "worth", "line")}),
    )
}


class TouchedRows:
    """What a transaction changed in digested tables. `chain_ends`: of the audit chains that it locked, by customer.

    A row whose values are not known is read again for its digest.
    """

    def __init__(self) -> None:
        self.chain_ends: dict[int, tuple[int, str]] = {}
        self._rows: dict[tuple[str, Key], Values | None] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def added(self, table: Table, values: Values) -> None:
        """A row with these values was added to any table."""
        kind = DIGESTED.get(table.name)
        if kind:
            name = (table.name, tuple(values[column] for column in kind.key))
            self._rows[name] = None if name in self._rows else values

    def read(self, table: Table, row: Values) -> None:
        """A row of a digested table was changed and read: it is as given here, with every column."""
        self._rows[table.name, tuple(row[column] for column in DIGESTED[table.name].key)] = row

    def changed(self, table: Table, keys: Iterable[Key]) -> None:
        """The rows of a digested table with these keys were changed."""
        self._rows.update({(table.name, tuple(key)): None for key in keys})

    def digests(self, db: Executor, team: str) -> dict[str, str]:
        """The digest of each row as it is now, by the row's name in the log."""
        found = {}
        for (table, key), values in self._rows.items():
            kind = DIGESTED[table]
            row = values or db.one(by_key(table), {"our_team": team, **dict(zip(kind.key, key, strict=True))})._asdict()
            found[kind.name(key)] = kind.digest(row)
        return found


@cache
def by_key(table: str) -> Select[Any]:
    """The row of a digested table with a key; its columns are the names of the values."""
    kind = DIGESTED[table]
    return select(kind.table).where(ours(kind.table, *kind.key))
