"""Who has a stake in a customer, read with one statement: reporters, owners, and whoever stepped aside.

The rule stands here, in SQL, and nowhere else. It is asked about one customer, when somebody acts, and about one
colleague, for the lists of their App Home.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Insert,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from bot.rules.customers import Customer
from bot.rules.refusals import Denial
from storage.db.queries import DIALECTS, days_before, insert, is_row, ours
from storage.db.repository import Repository
from storage.involved import with_open_objection
from storage.tables.cases import matter, recusal
from storage.tables.customers import customer, stake
from storage.tables.reports import report

_CASE: Any = matter.alias()
_OF_CASE = is_row(_CASE, report.c.case)
_SINCE = bindparam("stake_since", type_=report.c.happened_at.type)
_DAYS = bindparam("stake_days", type_=Integer)
_UNSETTLED: Any = matter.alias()


def _lasts(at: Any, whose: Any) -> ColumnElement[bool]:  # noqa: ANN401 - columns of several tables
    """What was reported at this moment is a stake in the customer: for a year, which ends no earlier than a case that
    was opened within it, nor than an objection to what was decided in that.
    """
    is_unsettled = or_(_UNSETTLED.c.closed_at.is_(None), with_open_objection(_UNSETTLED))
    unsettled = select(_UNSETTLED.c.number).where(ours(_UNSETTLED), _UNSETTLED.c.customer == whose, is_unsettled)
    return or_(at > _SINCE, exists(unsettled.where(at > days_before(_UNSETTLED.c.opened_at, _DAYS))))


def _counts(whose: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column of either table
    """A withdrawn report counts as well. The year is from the report on, else one that is dated back would soon end."""
    is_in_open_case = and_(_CASE.c.number.is_not(None), _CASE.c.closed_at.is_(None))
    lasts = or_(is_in_open_case, _lasts(report.c.reported_at, whose))
    return and_(ours(report), report.c.discounted_at.is_(None), lasts)


def _part(whose: Any, who: Any, denial: Denial) -> Select[Any]:  # noqa: ANN401 - columns of several tables
    said = literal(denial.value, String, literal_execute=True)
    return select(whose.label("customer"), who.label("user"), said.label("denial"))


def _kept(why: Denial) -> ColumnElement[bool]:
    return and_(ours(stake), stake.c.why == literal(why.value, String, literal_execute=True))


def _owned_since(whose: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column of either table
    """An incident that counts, of the customer in this column, happened while they owned the account, before that, or
    in the year after: whoever hands an account over, knowing what is to come, has not gone far.
    """
    incidents = select(report.c.number).select_from(report.outerjoin(_CASE, _OF_CASE))
    owned = days_before(report.c.happened_at, _DAYS) < stake.c.at
    return exists(incidents.where(_counts(whose), whose == stake.c.customer, owned))


_EARLIER: Any = stake.alias()
_SAID_WHILE_ONE = exists(
    select(_EARLIER.c.user).where(
        ours(_EARLIER),
        _EARLIER.c.customer == stake.c.customer,
        _EARLIER.c.why == literal(Denial.REPORTER.value, String, literal_execute=True),
        _lasts(_EARLIER.c.at, _EARLIER.c.customer),
        days_before(_EARLIER.c.happened_at, _DAYS) < stake.c.at,
    )
)

# A report that joined a case by a merger which was undone since is about one
# customer and in a case about another one: whoever made it has a stake in both.
_PARTS = (
    _part(_CASE.c.customer, recusal.c.by, Denial.RECUSED)
    .select_from(recusal)
    .join(_CASE, is_row(_CASE, recusal.c.case))
    .where(ours(recusal)),
    _part(stake.c.customer, stake.c.user, Denial.RECUSED).where(_kept(Denial.RECUSED)),
    _part(stake.c.customer, stake.c.user, Denial.FORMER_OWNER).where(
        _kept(Denial.FORMER_OWNER),
        or_(_owned_since(report.c.customer), _owned_since(_CASE.c.customer), _SAID_WHILE_ONE),
    ),
    _part(customer.c.number, customer.c.owner, Denial.OWNER).where(ours(customer), customer.c.owner.is_not(None)),
    _part(stake.c.customer, stake.c.user, Denial.REPORTER).where(
        _kept(Denial.REPORTER), _lasts(stake.c.at, stake.c.customer)
    ),
    _part(_CASE.c.customer, report.c.reporter, Denial.REPORTER)
    .select_from(report)
    .join(_CASE, _OF_CASE)
    .where(_counts(_CASE.c.customer)),
    _part(report.c.customer, report.c.reporter, Denial.REPORTER)
    .select_from(report.outerjoin(_CASE, _OF_CASE))
    .where(_counts(report.c.customer)),
)


# Of several stakes the last one of these is named. A notice shows them, reports aside: if a report came last, an
# owner's name would leave the notice as soon as they report, which tells everybody in the channel that they did.
_NAMED = (Denial.REPORTER, Denial.RECUSED, Denial.FORMER_OWNER, Denial.OWNER)

# Who owns a record is an owner of the one that it was merged into, however many mergers lie between: asked about a
# customer, from their record down to all that went into it; asked about a user, from what they own up to the customer.
_RECORD: Any = customer.alias()
_WITHIN = (
    select(customer.c.merged_into.label("customer"), customer.c.number, customer.c.owner.label("user"))
    .where(ours(customer), customer.c.merged_into == bindparam("customer"))
    .cte("within", recursive=True)
)
_WITHIN = _WITHIN.union(
    select(_WITHIN.c.customer, _RECORD.c.number, _RECORD.c.owner).where(
        ours(_RECORD), _RECORD.c.merged_into == _WITHIN.c.number
    )
)
_ABOVE = (
    select(customer.c.merged_into.label("customer"), customer.c.owner.label("user"))
    .where(ours(customer), customer.c.owner == bindparam("user"), customer.c.merged_into.is_not(None))
    .cte("above", recursive=True)
)
_ABOVE = _ABOVE.union(
    select(_RECORD.c.merged_into, _ABOVE.c.user).where(
        is_row(_RECORD, _ABOVE.c.customer), _RECORD.c.merged_into.is_not(None)
    )
)
_OWNERS_WITHIN = select(_WITHIN.c.user).where(_WITHIN.c.user.is_not(None))


def _where(column: str, merged: CTE) -> CompoundSelect[Any]:
    """All stakes in which this column, "customer" or "user", has the value that is bound to its name."""
    asked: list[Any] = [part.selected_columns[column] for part in _PARTS]
    parts = (part.where(of.element == bindparam(column)) for part, of in zip(_PARTS, asked, strict=True))
    owners = _part(merged.c.customer, merged.c.user, Denial.OWNER).where(merged.c.user.is_not(None))
    return union_all(*parts, owners)


_ABOUT: Any = _where("customer", _WITHIN)
_OF_USER = _where("user", _ABOVE).subquery()
WITH_STAKE: Any = select(_OF_USER.c.customer)
"""The customers in whom `user` has a stake. `stake_since`, `stake_days`: as in `Stakes.about`."""

_NOTHING = null().cast(report.c.happened_at.type).label("happened_at")
_SAID_OF_BOTH: Any = union_all(
    select(recusal.c.by.label("user"), literal(Denial.RECUSED.value, String).label("why"), recusal.c.at, _NOTHING)
    .join(matter, is_row(matter, recusal.c.case))
    .where(ours(recusal), matter.c.customer == bindparam("customer")),
    select(
        report.c.reporter,
        literal(Denial.REPORTER.value, String),
        func.max(report.c.reported_at),
        func.max(report.c.happened_at),
    )
    .where(ours(report, "customer"), report.c.reported_at >= bindparam("since"), report.c.discounted_at.is_(None))
    .group_by(report.c.reporter),
)
_KEPT = select(stake).where(ours(stake, "customer")).order_by(stake.c.user, stake.c.why)


def _keep(dialect: str) -> Insert:
    """Of two times the later one stays."""
    new = insert(stake, dialect)
    is_later = new.excluded.at > stake.c.at
    return new.on_conflict_do_update(
        index_elements=list(stake.primary_key),
        set_={"at": new.excluded.at, "happened_at": new.excluded.happened_at},
        where=is_later,
    )


_KEEP: Mapping[str, Insert] = {dialect: _keep(dialect) for dialect in DIALECTS}


class Stakes(Repository):
    """Who takes no part in anything about a customer, and why."""

    def about(self, customer: int, since: datetime, days: int) -> dict[str, Denial]:
        """Everybody with a stake in the customer, and which. Of several: owner, then former owner, recused, reporter.

        Whoever reported something after `since`, or up to so many `days` before a case that is not settled was opened,
        or something that is in an open case, discounted ones aside, withdrawn ones not; who owns the account, or owned
        it up to so many `days` before the oldest of these happened, or later; and who stepped aside from any case: in
        this record or one that was merged into it.
        """
        rows = self.all(_ABOUT, customer=customer, stake_since=since, stake_days=days)
        return {row.user: Denial(row.denial) for row in sorted(rows, key=lambda row: _NAMED.index(row.denial))}

    def owner_changed(self, before: Customer, after: Customer, now: datetime) -> None:
        """Keep who owned the account `before`, if they do not own it `after`."""
        if before.owner and before.owner != after.owner:
            self._keep(before.number, before.owner, Denial.FORMER_OWNER, now)

    def bring(self, duplicate: Customer, into: Customer) -> None:
        """Whoever has or had a stake in the duplicate has it in the customer whom it is merged into.

        The reports and recusals move by themselves, with the cases. The owner stays in the duplicate's row.
        """
        self._copy(duplicate.number, into.number)

    def give_back(self, into: Customer, duplicate: Customer, merged_at: datetime, now: datetime) -> None:
        """A merger is about to be undone: what was said of both while they were one counts for each from now on.

        So does every recusal, whenever it was. What was reported of one of them before `merged_at` is about it alone.
        Whoever owns one of them, or a record within it, owned the other one until now.
        """
        for one, other in ((into, duplicate), (duplicate, into)):
            for user in self._owners(one) - {other.owner}:
                self._keep(other.number, user, Denial.FORMER_OWNER, now)
        self._copy(into.number, duplicate.number, merged_at)
        for row in self.all(_SAID_OF_BOTH, customer=into.number, since=merged_at):
            for number in (into.number, duplicate.number):
                self._keep(number, row.user, row.why, row.at, row.happened_at)

    def _owners(self, record: Customer) -> set[str]:
        within = {row.user for row in self.all(_OWNERS_WITHIN, customer=record.number)}
        return within | {record.owner} if record.owner else within

    def _copy(self, source: int, target: int, owned_until: datetime | None = None) -> None:
        for row in self.all(_KEPT, customer=source):
            if row.why != Denial.FORMER_OWNER or owned_until is None or row.at >= owned_until:
                self._keep(target, row.user, row.why, row.at, row.happened_at)

    def _keep(self, customer: int, user: str, why: str, at: datetime, happened_at: datetime | None = None) -> None:
        self.put(_KEEP, customer=customer, user=user, why=str(why), at=at, happened_at=happened_at)
