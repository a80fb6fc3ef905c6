"""What the record holds, row by row, to be handed out: everything but salts, keys for searching, and check-ins.

Check-ins with reps are the reps' own; the audit log tells that they were, and keeps to itself what was said.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Select, Table, and_, bindparam, or_, select

from storage.customers.cards import REPS_OWN
from storage.db.repository import Repository
from storage.db.statements import Found
from storage.tables.audit import audit
from storage.tables.cases import approval, dispute, hearing, matter, recusal, warning
from storage.tables.customers import customer, former_name, merger, safeguard
from storage.tables.decisions import appeal, decision, lesson, review
from storage.tables.reports import policy, report, verdict

AT_ONCE: Final = 1_000  # rows read at a time
PARTS: Final[dict[str, Table]] = {
    "customer": customer,
    "former name": former_name,
    "merger": merger,
    "safeguard": safeguard,
    "report": report,
    "verdict": verdict,
    "case": matter,
    "recusal": recusal,
    "warning": warning,
    "dispute": dispute,
    "hearing": hearing,
    "approval": approval,
    "decision": decision,
    "review": review,
    "appeal": appeal,
    "lesson": lesson,
    "audit": audit,
}
HIDDEN: Final = {"team", "salt", "removed_salt", "strict_key", "loose_key", "form", "since_version"}
Told = tuple[str, dict[str, Any]]


class Dossiers(Repository):
    """Rows as plain JSON values, each with the glossary's word for it."""

    def about(self, customers: Sequence[int]) -> Iterator[Told]:
        """Everything about these customers."""
        for word, query in _ABOUT.items():
            yield from self._told(word, query, whom=list(customers))

    def everything(self) -> Iterator[Told]:
        """The whole workspace, never more than a thousand rows in memory; the policies last."""
        for word, query in _ALL.items():
            yield from self._told(word, query)

    def _told(self, word: str, query: Select[Any], **values: object) -> Iterator[Told]:
        for row in self.db.connection.execute(query, {"our_team": self.team, **values}):
            yield word, _plain(row)


def _about(table: Table) -> ColumnElement[bool]:
    ours = table.c.team == bindparam("our_team")
    whom: BindParameter[int] = bindparam("whom", expanding=True)
    if table is customer:
        return and_(ours, table.c.number.in_(whom))
    if table is merger:
        return and_(ours, or_(table.c.customer.in_(whom), table.c.duplicate.in_(whom)))
    if "customer" in table.c:
        return and_(ours, table.c.customer.in_(whom))
    return and_(ours, table.c.case.in_(select(matter.c.number).where(_about(matter))))


def _rows(table: Table, *which: ColumnElement[bool]) -> Select[Any]:
    key = [column for column in table.primary_key if column.name != "team"]
    shown = [column for column in table.c if column.name not in HIDDEN]
    return select(*shown).where(*which).order_by(*key).execution_options(yield_per=AT_ONCE)


_ABOUT = {word: _rows(table, _about(table)) for word, table in PARTS.items()}
_ALL = {
    word: _rows(table, table.c.team == bindparam("our_team")) for word, table in (PARTS | {"policy": policy}).items()
}


def _plain(row: Found) -> dict[str, Any]:
    told: dict[str, Any] = {name: _json(value) for name, value in row._asdict().items()}
    if told.get("act") in REPS_OWN:
        told["facts"] = {"report": told["facts"].get("report")}
    return told


def _json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
