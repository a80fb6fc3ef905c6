"""The keys of records that buttons and forms name: see `bot.rules.records`."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Select, Table, select

from bot.rules.notices import NoticeKind
from bot.rules.records import CHANGE, KEY, RecordKind, RecordName
from storage.db.queries import many, ours
from storage.db.repository import Repository
from storage.tables.backup import backup_call
from storage.tables.cases import matter
from storage.tables.customers import customer, merger, safeguard
from storage.tables.outbox import notice
from storage.tables.reports import report

_TABLES: Final[Mapping[RecordKind, Table]] = {
    RecordKind.CASE: matter,
    RecordKind.CUSTOMER: customer,
    RecordKind.REPORT: report,
    RecordKind.MERGER: merger,
    RecordKind.SAFEGUARD: safeguard,
    RecordKind.CALL: backup_call,
}


def _keys_in(table: Table) -> Select[Any]:
    return select(table.c.number, table.c.random_key).where(ours(table), table.c.number.in_(many("numbers")))


_KEYS: Final = {kind: _keys_in(table) for kind, table in _TABLES.items()}
_CHANGED: Final = (
    select(report.c.case, report.c.random_key)
    .where(ours(report), report.c.case.in_(many("numbers")))
    .order_by(report.c.case, report.c.since_version, report.c.number)
)
_GUARDED: Final = (
    select(matter.c.number, safeguard.c.random_key)
    .join(safeguard, (safeguard.c.team == matter.c.team) & (safeguard.c.customer == matter.c.customer))
    .where(ours(matter), matter.c.number.in_(many("numbers")))
    .order_by(safeguard.c.number)
)
_SUMMARIES: Final = select(notice.c.subject, notice.c.target, notice.c.tag).where(
    ours(notice), notice.c.kind == NoticeKind.SUMMARY.value, notice.c.round == 0, notice.c.subject.in_(many("numbers"))
)


class RecordKeys(Repository):
    """The keys of records. A key never changes while its record is there.

    But behind a case's key stands the beginning of that of the report of it that was made, withdrawn or discounted
    last: a version may recur as a number may, and what was seen at it is not what would be decided on. And a digest of
    the keys of all safeguards that the customer ever had.
    """

    def of(self, names: Iterable[RecordName]) -> dict[RecordName, str]:
        """The key of each of these that is on record. A summary's is that of its message."""
        wanted = set(names)
        found: dict[RecordName, str] = {}
        for kind in {name.kind for name in wanted}:
            numbers = [name.number for name in wanted if name.kind is kind]
            found |= self._summaries(numbers) if kind is RecordKind.SUMMARY else self._numbered(kind, numbers)
        return {name: key for name, key in found.items() if name in wanted}

    def _numbered(self, kind: RecordKind, numbers: list[int]) -> dict[RecordName, str]:
        rows = self.all(_KEYS[kind], numbers=numbers)
        behind = self._behind_cases(numbers) if kind is RecordKind.CASE else {}
        return {RecordName(kind, row.number): row.random_key + behind.get(row.number, "") for row in rows}

    def _behind_cases(self, numbers: list[int]) -> dict[int, str]:
        changed = {row.case: row.random_key[:CHANGE] for row in self.all(_CHANGED, numbers=numbers)}
        guards: dict[int, str] = {}
        for row in self.all(_GUARDED, numbers=numbers):
            guards[row.number] = guards.get(row.number, "") + row.random_key
        digests = {case: sha256(keys.encode()).hexdigest()[:CHANGE] for case, keys in guards.items()}
        return {case: changed.get(case, "0" * CHANGE) + digests.get(case, "") for case in {*changed, *guards}}

    def _summaries(self, weeks: list[int]) -> dict[RecordName, str]:
        """By the tag of the message, which is as random as a key."""
        rows = self.all(_SUMMARIES, numbers=weeks)
        return {RecordName(RecordKind.SUMMARY, row.subject, row.target): row.tag[:KEY] for row in rows}
