"""Who took part in what a customer objects to, read with one statement.

The rule stands here, in SQL, and nowhere else. It is asked about one case, when somebody acts, and for one colleague
about all open objections, for the list in their App Home.

Whoever recorded an objection for the customer, or answered an earlier one, took no part by that.
"""

from typing import Any

from sqlalchemy import CTE, ColumnElement, CompoundSelect, Table, and_, bindparam, or_, select, union, union_all

from storage.db.queries import is_row, ours
from storage.db.repository import Repository
from storage.tables.cases import approval, hearing, matter, objection, warning
from storage.tables.customers import merger
from storage.tables.decisions import decision, review

_PARTS: tuple[tuple[Table, str], ...] = (
    (decision, "by"),
    (approval, "by"),  # also one that was taken back, or did not count in the end
    (review, "by"),
    (hearing, "taken_by"),
    (hearing, "asked_by"),
    (warning, "issued_by"),
    (warning, "delivered_by"),
)


def _behind(objected: ColumnElement[bool]) -> CTE:
    """Each case (`root`) to which this applies, with every case that led to how it ended.

    Those are itself, the case of a warning that counted at its end, and whatever cases were merged into one of these.
    """
    own = select(matter.c.number.label("root"), matter.c.number.label("case"), matter.c.closed_at)
    counted = and_(
        ours(warning),
        warning.c.customer == matter.c.customer,
        warning.c.delivered_at <= matter.c.closed_at,
        warning.c.expires_at > matter.c.closed_at,
        or_(warning.c.withdrawn_at.is_(None), warning.c.withdrawn_at > matter.c.closed_at),
    )
    warned = select(matter.c.number, warning.c.case, matter.c.closed_at).join(warning, counted)
    here = and_(ours(matter), objected)
    direct = union_all(own.where(here), warned.where(here)).cte("led_to")
    every = select(direct).cte("behind", recursive=True)
    moved: Any = merger.c.moved
    joined = and_(
        ours(merger),
        moved["survivor"].as_integer() == every.c.case,
        moved["closed"].as_integer().is_not(None),
        or_(merger.c.undone_at.is_(None), merger.c.undone_at > every.c.closed_at),
    )
    return every.union(select(every.c.root, moved["closed"].as_integer(), every.c.closed_at).join(merger, joined))


def _in_one_case() -> CompoundSelect[Any]:
    behind = _behind(matter.c.number == bindparam("case"))
    return union(
        *(
            select(table.c[column].label("user"))
            .select_from(behind)
            .join(table, is_row(table, behind.c.case, "case"))
            .where(table.c[column].is_not(None))
            for table, column in _PARTS
        )
    )


def with_open_objection(cases: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the table of cases, or an alias of it
    """An objection to how the case ended waits for an answer."""
    waiting = select(objection.c.case).where(ours(objection), objection.c.answer.is_(None))
    waits: ColumnElement[bool] = cases.c.number.in_(waiting)
    return waits


_IN_CASE: Any = _in_one_case()
_OPEN = _behind(with_open_objection(matter))
_THEIRS = (
    select(table.c.team).where(is_row(table, _OPEN.c.case, "case"), table.c[column] == bindparam("user")).exists()
    for table, column in _PARTS
)
INVOLVED: Any = select(_OPEN.c.root).where(or_(*_THEIRS))
"""The cases with an open objection in which `user` took part."""


class Involved(Repository):
    """Who took part in what led to how a case ended."""

    def in_case(self, case: int) -> frozenset[str]:
        """Everybody who decided, approved a drop, renewed, asked for or took a hearing, or issued or delivered a
        warning: in this case, in that of a warning that counted when it ended, and in cases merged into either.
        """
        return frozenset(row.user for row in self.all(_IN_CASE, case=case))
