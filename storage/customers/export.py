"""The record row by row, to be handed out: everything but salts, keys for searching, and check-ins.

Check-ins and who asked for support are the reps' own: of the entries in the audit log about check-ins only the
report's number is handed out.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, and_, or_, select

from bot.rules.audit import REPS_OWN
from storage.db.queries import is_row, many, ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.audit import audit
from storage.tables.backup import backup_call
from storage.tables.cases import approval, hearing, matter, objection, protection, recusal, warning
from storage.tables.customers import customer, former_name, merger, safeguard, stake
from storage.tables.decisions import decision, lesson, review, sent_letter
from storage.tables.reports import policy, report, verdict

TABLES: Final[dict[str, Table]] = {
    "customer": customer,
    "former name": former_name,
    "merger": merger,
    "safeguard": safeguard,
    "stake": stake,
    "report": report,
    "verdict": verdict,
    "case": matter,
    "recusal": recusal,
    "warning": warning,
    "objection": objection,
    "hearing": hearing,
    "protection": protection,
    "approval": approval,
    "decision": decision,
    "review": review,
    "lesson": lesson,
    "backup call": backup_call,
    "sent letter": sent_letter,
    "audit": audit,
}
HIDDEN: Final = {
    "team",
    "salt",
    "removed_salt",
    "details_salt",
    "strict_key",
    "loose_key",
    "since_version",
    "wants_support",
    "support_salt",
}
WordAndRow = tuple[str, dict[str, Any]]
"""The glossary's word for a kind of row, and the row as plain JSON values."""


class Exports(Repository):
    """The rows of the record, to be handed out."""

    def about(self, customers: Sequence[int]) -> Iterator[WordAndRow]:
        """Everything about these customers."""
        for word, query in _ABOUT.items():
            yield from self._rows(word, query, customers=list(customers))

    def calls(self, numbers: Sequence[int]) -> Iterator[WordAndRow]:
        """These calls for backup."""
        yield from self._rows("backup call", _CALLS, numbers=list(numbers))

    def everything(self) -> Iterator[WordAndRow]:
        """The whole workspace, never more than a thousand rows in memory; the policies last."""
        for word, query in _ALL.items():
            yield from self._rows(word, query)

    def endings(self) -> Iterator[tuple[int, datetime, str]]:
        """Each contact that was ended within the policy: the report's number, when, and the customer's reference.

        Without the reports that were withdrawn.
        """
        for row in self.stream(_ENDINGS):
            yield row.number, row.happened_at, row.crm_reference or ""

    def _rows(self, word: str, query: Select[Any], **values: object) -> Iterator[WordAndRow]:
        for row in self.stream(query, **values):
            yield word, _plain(row)


def _about(table: Table) -> ColumnElement[bool]:
    if table is customer:
        return and_(ours(table), table.c.number.in_(many("customers")))
    if table is merger:
        either = or_(table.c.customer.in_(many("customers")), table.c.duplicate.in_(many("customers")))
        return and_(ours(table), either)
    if "customer" in table.c:
        return and_(ours(table), table.c.customer.in_(many("customers")))
    return and_(ours(table), table.c.case.in_(select(matter.c.number).where(_about(matter))))


def _rows(table: Table, *which: ColumnElement[bool]) -> Select[Any]:
    key = [column for column in table.primary_key if column.name != "team"]
    shown = [column for column in table.c if column.name not in HIDDEN]
    return select(*shown).where(*which).order_by(*key)


_ABOUT = {word: _rows(table, _about(table)) for word, table in TABLES.items()}
_CALLS = _rows(backup_call, ours(backup_call), backup_call.c.number.in_(many("numbers")))
_ALL = {word: _rows(table, ours(table)) for word, table in (TABLES | {"policy": policy}).items()}


_ENDINGS = (
    select(report.c.number, report.c.happened_at, customer.c.crm_reference)
    .join(customer, is_row(customer, report.c.customer))
    .where(ours(report), report.c.ended_within.is_not(None), report.c.withdrawn_at.is_(None))
    .order_by(report.c.happened_at, report.c.number)
)


def _plain(row: Row) -> dict[str, Any]:
    values: dict[str, Any] = {name: _json(value) for name, value in row._asdict().items()}
    if "body" in values:  # a policy's
        values["body"] = json.loads(values["body"])
    if values.get("act") in REPS_OWN:
        values["facts"] = {"report": values["facts"].get("report")}
    return values


def _json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
