"""Making one record of two that are the same customer, and taking it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, Update, and_, bindparam, select, update

from bot.rules.cases import Case
from bot.rules.customer_cards import Merger
from bot.rules.mergers import Moved
from bot.rules.refusals import Unknown
from storage.db.repository import Repository
from storage.db.row_digests import KINDS
from storage.db.statements import Found
from storage.rows import a_case
from storage.tables.cases import matter, warning
from storage.tables.customers import customer, merger, safeguard
from storage.tables.decisions import decision
from storage.tables.reports import report

_BY_CASE = (matter, warning, decision)  # what goes with a case
_ALONG = [kind.table for kind in KINDS.values() if "customer" not in kind.table.c]  # and, unchanged, along with it


def _about(table: Table, *which: ColumnElement[bool]) -> Update:
    """Makes rows be about another customer."""
    return update(table).where(table.c.team == bindparam("our_team"), *which).values(customer=bindparam("whom"))


def _case_of(table: Table) -> ColumnElement[int]:
    return table.c.number if table is matter else table.c.case


_TAKE = {
    table.name: _about(table, table.c.customer == bindparam("from_whom")) for table in (*_BY_CASE, report, safeguard)
}
_GIVE_BACK = [_about(table, _case_of(table).in_(bindparam("cases", expanding=True))) for table in _BY_CASE]
_GIVE_REPORTS_BACK = _about(report, report.c.number.in_(bindparam("reports", expanding=True)))
_GIVE_SAFEGUARDS_BACK = _about(safeguard, safeguard.c.number.in_(bindparam("safeguards", expanding=True)))


def _keys_in(table: Table) -> Any:  # noqa: ANN401 - as below
    keys = (table.c[name] for name in KINDS[table.name].key)
    ours = and_(table.c.team == bindparam("our_team"), table.c.case.in_(bindparam("cases", expanding=True)))
    return select(*keys).where(ours)


_KEYS_ALONG = list(map(_keys_in, _ALONG))


def _numbers(table: Table) -> Any:  # noqa: ANN401 - SQLAlchemy's types name the columns' own
    ours = and_(table.c.team == bindparam("our_team"), table.c.customer == bindparam("about"))
    return select(table.c.number).where(ours).order_by(table.c.number)


_REPORTS, _CASES, _SAFEGUARDS = map(_numbers, (report, matter, safeguard))
_IN_CASE = (
    select(report.c.number)
    .where(report.c.team == bindparam("our_team"), report.c.case == bindparam("whose"))
    .order_by(report.c.number)
)
_BRING = (
    update(report)
    .where(report.c.team == bindparam("our_team"), report.c.number.in_(bindparam("numbers", expanding=True)))
    .values(case=bindparam("into_case"), since_version=bindparam("from_version"))
)
_ELSEWHERE = select(matter.c.number).where(
    matter.c.team == bindparam("our_team"), matter.c.closed_at.is_(None), matter.c.customer != report.c.customer
)
_LET_GO = (
    update(report)
    .where(report.c.team == bindparam("our_team"), report.c.customer.in_(bindparam("whose", expanding=True)))
    .where(report.c.case.in_(_ELSEWHERE))
    .values(case=None, since_version=None)
)
_LEAD = (
    update(customer)
    .where(customer.c.team == bindparam("our_team"), customer.c.number == bindparam("which"))
    .values(merged_into=bindparam("to"))
)
_REOPEN = (
    update(matter)
    .where(matter.c.team == bindparam("our_team"), matter.c.number == bindparam("which"))
    .values(
        closed_at=None,
        closed_by=None,
        outcome=None,
        rationale=None,
        salt=None,
        version=matter.c.version + 1,
        due_at=bindparam("new_due_at"),
    )
)
_UNDONE = (
    update(merger)
    .where(merger.c.team == bindparam("our_team"), merger.c.number == bindparam("which"))
    .values(undone_by=bindparam("user"), undone_at=bindparam("now"))
)
_MERGERS = select(merger, customer.c.name).join(
    customer, and_(customer.c.team == merger.c.team, customer.c.number == merger.c.duplicate)
)
_THIS = _MERGERS.where(merger.c.team == bindparam("our_team"), merger.c.number == bindparam("which"))
_STANDING = (
    _MERGERS.where(merger.c.team == bindparam("our_team"), merger.c.customer == bindparam("about"))
    .where(merger.c.undone_at.is_(None))
    .order_by(merger.c.number.desc())
)


class Mergers(Repository):
    """See `ports.Mergers`."""

    def standing(self, customer: int) -> tuple[Merger, ...]:
        """What was merged into the customer and not undone, newest first."""
        return tuple(_merger(row) for row in self.all(_STANDING, about=customer))

    def get(self, number: int) -> tuple[Merger, Moved]:
        """The merger and what it moved, or `refusals.Unknown`."""
        row = self.one(_THIS, which=number)
        if row is None:
            raise Unknown("merger", number)
        return _merger(row), Moved.read(row.moved)

    def move(self, duplicate: int, into: int) -> Moved:
        """Everything that the record holds about the duplicate is about the other one now; what that was."""
        reports, cases, safeguards = (
            tuple(row.number for row in self.all(query, about=duplicate)) for query in (_REPORTS, _CASES, _SAFEGUARDS)
        )
        for change in _TAKE.values():
            self.run(change, from_whom=duplicate, whom=into)
        self._tell_of(cases)
        return Moved(reports, cases, safeguards)

    def move_back(self, moved: Moved, duplicate: int) -> None:
        """It is about the duplicate again; with a case go its warning and its decision."""
        for change in _GIVE_BACK:
            self.run(change, cases=list(moved.cases), whom=duplicate)
        self.run(_GIVE_REPORTS_BACK, reports=list(moved.reports), whom=duplicate)
        self.run(_GIVE_SAFEGUARDS_BACK, safeguards=list(moved.safeguards), whom=duplicate)
        self._tell_of(moved.cases)

    def _tell_of(self, cases: Sequence[int]) -> None:
        """What goes along with these cases stands in another log from now on, which has to tell of it."""
        for table, keys in zip(_ALONG, _KEYS_ALONG, strict=True):
            self.touched.changed(table, self.all(keys, cases=list(cases)))

    def lead(self, duplicate: int, into: int | None) -> None:
        """The duplicate's name leads to this customer from now on; None: to itself again."""
        self.run(_LEAD, which=duplicate, to=into)

    def note(self, duplicate: int, into: int, moved: Moved, by: str, now: datetime) -> int:
        """Keep what moved; the merger's number."""
        number = self.next_number("merger")
        self.add_row(merger, number=number, duplicate=duplicate, customer=into, by=by, at=now, moved=moved.body())
        return number

    def undone(self, number: int, by: str, now: datetime) -> None:
        """Note that it was undone."""
        self.run(_UNDONE, which=number, user=by, now=now)

    def bring(self, reports: Sequence[int], case: Case) -> None:
        """These reports belong to this case from its version on."""
        self.run(_BRING, numbers=list(reports), into_case=case.number, from_version=case.version)

    def reports_in(self, case: int) -> tuple[int, ...]:
        """The numbers of all reports in the case."""
        return tuple(row.number for row in self.all(_IN_CASE, whose=case))

    def reopen(self, case: int, due_at: datetime) -> Case:
        """A case that had ended in another one is before management again."""
        (row,) = self.altered(_REOPEN, which=case, new_due_at=due_at)
        return a_case(row)

    def let_go(self, customers: Sequence[int]) -> None:
        """Reports about these customers leave an open case that is about somebody else."""
        self.run(_LET_GO, whose=list(customers))


def _merger(row: Found) -> Merger:
    return Merger(row.number, row.duplicate, row.customer, row.name, row.by, row.at, row.undone_at)
