"""Lists and figures for the App Home. Each list is cut to its page in the database, and found by an index."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.home import Listed, OwnReport, Week
from bot.rules.notices import NoticeKind
from storage.db.repository import Repository
from storage.outbox.notices import BEHIND
from storage.rows import own_report, reports_of
from storage.tables.cases import matter
from storage.tables.customers import customer
from storage.tables.outbox import notice
from storage.tables.people import member
from storage.tables.reports import report


def _same(table: Any, column: ColumnElement[int], *, key: str = "number") -> ColumnElement[bool]:  # noqa: ANN401 - a table or an alias
    return and_(table.c.team == bindparam("our_team"), table.c[key] == column)


_MY_REPORTS = select(report.c.number).where(
    report.c.team == bindparam("our_team"), report.c.reporter == bindparam("user")
)
_COUNT_MINE = select(func.count()).select_from(_MY_REPORTS.subquery())
_MY_PAGE = _MY_REPORTS.order_by(report.c.number.desc()).limit(bindparam("most")).offset(bindparam("skip")).subquery()


_MINE = reports_of(_MY_PAGE)
_NOT_CLEAR = [each.value for each in Standing if each is not Standing.CLEAR]
_CUSTOMERS = customer.c.team == bindparam("our_team")  # whoever was merged into another is clear
_STANDINGS = (
    select(customer.c.standing, func.count().label("n"))
    .where(_CUSTOMERS, customer.c.standing.in_(_NOT_CLEAR))
    .group_by(customer.c.standing)
)
_STANDING_SO = (
    select(
        customer.c.number,
        customer.c.name,
        customer.c.standing,
        select(func.count())
        .where(report.c.team == customer.c.team, report.c.customer == customer.c.number)
        .where(report.c.withdrawn_at.is_(None))
        .scalar_subquery()
        .label("reports"),
    )
    .where(_CUSTOMERS, customer.c.standing == bindparam("so"))
    .order_by(customer.c.name, customer.c.number)
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)

_REPORTS_SINCE = select(func.count().label("n"), func.count(report.c.reporter.distinct()).label("reps")).where(
    report.c.team == bindparam("our_team"), report.c.reported_at >= bindparam("since")
)
_OPENED_SINCE = select(func.count().label("n")).where(
    matter.c.team == bindparam("our_team"), matter.c.opened_at >= bindparam("since")
)
_ENDED_SINCE = (
    select(matter.c.outcome, func.count().label("n"))
    .where(matter.c.team == bindparam("our_team"), matter.c.closed_at >= bindparam("since"))
    .group_by(matter.c.outcome)
)

_CHANGED = (
    update(notice)
    .where(notice.c.team == bindparam("our_team"), notice.c.kind == NoticeKind.HOME)
    .where(
        or_(
            notice.c.target.in_(bindparam("users", expanding=True)),
            notice.c.target.in_(
                select(member.c.user).where(
                    member.c.team == bindparam("our_team"), member.c.group.in_(bindparam("groups", expanding=True))
                )
            ),
            notice.c.target.in_(
                select(report.c.reporter).where(
                    report.c.team == bindparam("our_team"), report.c.customer.in_(bindparam("about", expanding=True))
                )
            ),
        )
    )
    .values(BEHIND)
)


class Homes(Repository):
    """See `ports.Homes`."""

    def mine(self, user: str, most: int, skip: int = 0) -> tuple[OwnReport, ...]:
        """The user's own reports, newest first."""
        return tuple(own_report(row) for row in self.all(_MINE, user=user, most=most, skip=skip))

    def count_mine(self, user: str) -> int:
        """How many reports the user ever made."""
        return int(self.db.one(_COUNT_MINE, {"our_team": self.team, "user": user})[0])

    def standings(self) -> dict[Standing, int]:
        """How many customers stand so; those who are clear are not counted."""
        found = {row.standing: int(row.n) for row in self.all(_STANDINGS)}
        return {each: found[each.value] for each in Standing if each.value in found}

    def standing_so(self, standing: Standing, most: int, skip: int = 0) -> tuple[Listed, ...]:
        """Customers of this standing by name."""
        rows = self.all(_STANDING_SO, so=standing.value, most=most, skip=skip)
        return tuple(Listed(row.number, row.name, Standing(row.standing), int(row.reports)) for row in rows)

    def week(self, since: datetime) -> Week:
        """What has happened since then, in figures."""
        reports = self.one(_REPORTS_SINCE, since=since)
        opened = self.one(_OPENED_SINCE, since=since)
        ended = {Outcome(row.outcome): int(row.n) for row in self.all(_ENDED_SINCE, since=since)}
        return Week(
            reports=int(reports.n) if reports else 0,
            reps=int(reports.reps) if reports else 0,
            opened=int(opened.n) if opened else 0,
            ended=sum(ended.values()),
            warned=ended.get(Outcome.WARNED, 0),
            dropped=ended.get(Outcome.DROPPED, 0),
        )

    def changed(self, customers: Iterable[int], listed: Iterable[str], now: datetime) -> None:
        """The App Homes that show something of these customers are to show the newest state."""
        entries = list(listed)
        groups = [entry for entry in entries if entry.startswith("S")]
        self.run(_CHANGED, users=entries, groups=groups, about=list(customers), now=now)
