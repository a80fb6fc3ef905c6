"""Making one record of two that are the same customer, and undoing it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, Update, bindparam, select, update

from bot.rules.cases import Case
from bot.rules.mergers import Merger, Moved
from storage.db.digested_tables import DIGESTED
from storage.db.mapping import value_of
from storage.db.queries import bound, is_row, many, ours
from storage.db.repository import Repository, new_key
from storage.db.statements import Row
from storage.rows import a_case
from storage.tables.cases import matter, objection, warning
from storage.tables.customers import customer, merger, safeguard
from storage.tables.decisions import decision
from storage.tables.reports import report

COPIED_TEXTS = ("worth", "crm_reference")
_CASE_TABLES = (matter, warning, decision, objection)  # their rows name the customer, and go with the case
_TABLES_BY_CASE = [
    kind.table for kind in DIGESTED.values() if "customer" not in kind.table.c and "case" in kind.table.c
]  # they name only the case


def _set_customer(table: Table, *which: ColumnElement[bool]) -> Update:
    return update(table).where(ours(table), *which).values(customer=bindparam("to"))


def _case_of(table: Table) -> ColumnElement[int]:
    return table.c.number if table is matter else table.c.case


def _keys_in(table: Table) -> Select[Any]:
    keys = (table.c[name] for name in DIGESTED[table.name].key)
    return select(*keys).where(ours(table), table.c.case.in_(many("cases")))


def _numbers(table: Table, column: str) -> Select[Any]:
    return select(table.c.number).where(ours(table, column)).order_by(table.c.number)


_MOVE = [_set_customer(table, table.c.customer == bindparam("whose")) for table in (*_CASE_TABLES, report, safeguard)]
_MOVE_CASES_BACK = [_set_customer(table, _case_of(table).in_(many("cases"))) for table in _CASE_TABLES]
_MOVE_REPORTS_BACK = _set_customer(report, report.c.number.in_(many("reports")))
_MOVE_SAFEGUARDS_BACK = _set_customer(safeguard, safeguard.c.number.in_(many("safeguards")))
_KEYS_BY_CASE = list(map(_keys_in, _TABLES_BY_CASE))
_REPORTS, _CASES, _SAFEGUARDS = (_numbers(table, "customer") for table in (report, matter, safeguard))
_IN_CASE = _numbers(report, "case")
_SET_CASE = (
    update(report).where(ours(report), report.c.number.in_(many("numbers"))).values(**bound("case", "since_version"))
)
_OTHERS_OPEN_CASES = select(matter.c.number).where(
    ours(matter), matter.c.closed_at.is_(None), matter.c.customer != report.c.customer
)
_RELEASE = (
    update(report)
    .where(ours(report), report.c.customer.in_(many("customers")), report.c.case.in_(_OTHERS_OPEN_CASES))
    .values(case=None, since_version=None)
)
_REDIRECT = update(customer).where(ours(customer, "number")).values(**bound("merged_into"))
_REOPEN = (
    update(matter)
    .where(ours(matter, "number"))
    .values(
        closed_at=None,
        closed_by=None,
        outcome=None,
        rationale=None,
        salt=None,
        version=matter.c.version + 1,
        due_at=bindparam("due_at"),
    )
)
_MARK_UNDONE = update(merger).where(ours(merger, "number")).values(**bound("undone_by", "undone_at"))
_MERGERS = select(merger, customer.c.name).join(customer, is_row(customer, merger.c.duplicate))
_BY_NUMBER = _MERGERS.where(ours(merger, "number"))
_IN_EFFECT = _MERGERS.where(ours(merger, "customer"), merger.c.undone_at.is_(None)).order_by(merger.c.number.desc())


class Mergers(Repository):
    """Which records were merged into which customer, and moving what the record holds about them."""

    def in_effect(self, customer: int) -> tuple[Merger, ...]:
        """The mergers into the customer that were not undone, newest first."""
        return tuple(_merger(row) for row in self.all(_IN_EFFECT, customer=customer))

    def get(self, number: int) -> tuple[Merger, Moved]:
        """The merger and what it moved. Raises Unknown."""
        row = self.known("merger", number, _BY_NUMBER, number=number)
        return _merger(row), Moved.read(row.moved | row.copied)

    def move(self, duplicate: int, into: int) -> Moved:
        """Move all that the record holds about the duplicate to the other customer; what that was."""
        reports, cases, safeguards = (
            tuple(row.number for row in self.all(query, customer=duplicate))
            for query in (_REPORTS, _CASES, _SAFEGUARDS)
        )
        for change in _MOVE:
            self.run(change, whose=duplicate, to=into)
        self._mark_rows_of(cases)
        return Moved(reports, cases, safeguards)

    def move_back(self, moved: Moved, duplicate: int) -> None:
        """Move it back to the duplicate; the warning and the decision of a case go with the case."""
        for change in _MOVE_CASES_BACK:
            self.run(change, cases=list(moved.cases), to=duplicate)
        self.run(_MOVE_REPORTS_BACK, reports=list(moved.reports), to=duplicate)
        self.run(_MOVE_SAFEGUARDS_BACK, safeguards=list(moved.safeguards), to=duplicate)
        self._mark_rows_of(moved.cases)

    def _mark_rows_of(self, cases: Sequence[int]) -> None:
        """The rows that name only the case belong to another customer's log from now on, which needs their digests."""
        for table, keys in zip(_TABLES_BY_CASE, _KEYS_BY_CASE, strict=True):
            self.touched.changed(table, self.all(keys, cases=list(cases)))

    def redirect(self, duplicate: int, into: int | None) -> None:
        """Let the duplicate's name lead to this customer from now on; None: to itself again."""
        self.run(_REDIRECT, number=duplicate, merged_into=into)

    def add(self, duplicate: int, into: int, moved: Moved, by: str, now: datetime) -> int:
        """Store the merger and what it moved, under the next number, which is returned."""
        number = self.next_number("merger")
        body = asdict(moved)
        copied = {name: body.pop(name) for name in COPIED_TEXTS}
        who = {"duplicate": duplicate, "customer": into, "by": by, "at": now}
        self.add_row(merger, number=number, random_key=new_key(), **who, moved=body, copied=copied)
        return number

    def mark_undone(self, number: int, by: str, now: datetime) -> None:
        """Store that it was undone."""
        self.run(_MARK_UNDONE, number=number, undone_by=by, undone_at=now)

    def move_reports(self, reports: Sequence[int], case: Case) -> None:
        """Let these reports belong to this case, from its version on."""
        self.run(_SET_CASE, numbers=list(reports), case=case.number, since_version=case.version)

    def reports_in(self, case: int) -> tuple[int, ...]:
        """The numbers of all reports in the case."""
        return tuple(row.number for row in self.all(_IN_CASE, case=case))

    def reopen(self, case: int, due_at: datetime) -> Case:
        """Reopen a case that had ended by being merged into another one; the case as it is now."""
        (row,) = self.altered(_REOPEN, number=case, due_at=due_at)
        return a_case(row)

    def release_reports(self, customers: Sequence[int]) -> None:
        """Take reports about these customers out of open cases that are about somebody else."""
        self.run(_RELEASE, customers=list(customers))


def _merger(row: Row) -> Merger:
    return value_of(Merger, row)
