"""Lists and figures for the App Home. Each list is cut to its page in the database, and found by an index."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select, update

from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.home import ListedCustomer, OwnReport, WeekSoFar
from bot.rules.notices import NoticeKind
from storage.db.queries import is_row, many, ours
from storage.db.repository import Repository
from storage.outbox.notices import BEHIND
from storage.rows import own_report, own_reports_of
from storage.tables.cases import matter
from storage.tables.customers import customer
from storage.tables.outbox import notice
from storage.tables.people import member
from storage.tables.reports import report

_NUMBERS = select(report.c.number).where(ours(report, "reporter"))
_COUNT_OWN = select(func.count()).select_from(_NUMBERS.subquery())
_OWN = own_reports_of(
    _NUMBERS.order_by(report.c.number.desc()).limit(bindparam("most")).offset(bindparam("skip")).subquery()
)
_NOT_CLEAR = [each.value for each in Standing if each is not Standing.CLEAR]  # a merged record is clear
_STANDINGS = (
    select(customer.c.standing, func.count().label("n"))
    .where(ours(customer), customer.c.standing.in_(_NOT_CLEAR))
    .group_by(customer.c.standing)
)
_COUNT_REPORTS = (
    select(func.count())
    .where(report.c.team == customer.c.team, report.c.customer == customer.c.number)
    .where(report.c.withdrawn_at.is_(None))
    .scalar_subquery()
)
_WITH_STANDING = (
    select(customer.c.number, customer.c.name, customer.c.standing, _COUNT_REPORTS.label("reports"))
    .where(ours(customer, "standing"))
    .order_by(customer.c.name, customer.c.number)
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)

_REPORTS_SINCE = select(func.count().label("n"), func.count(report.c.reporter.distinct()).label("reps")).where(
    ours(report), report.c.reported_at >= bindparam("since"), report.c.withdrawn_at.is_(None)
)
_OPENED_SINCE = select(func.count().label("n")).where(ours(matter), matter.c.opened_at >= bindparam("since"))
_ENDED_SINCE = (
    select(matter.c.outcome, func.count().label("n"))
    .where(ours(matter), matter.c.closed_at >= bindparam("since"))
    .group_by(matter.c.outcome)
)

_IN_GROUPS = select(member.c.user).where(ours(member), member.c.group.in_(many("groups")))
_REPORTERS = select(report.c.reporter).where(ours(report), report.c.customer.in_(many("customers")))
_IN_CASES = (
    select(report.c.reporter)
    .join(matter, is_row(matter, report.c.case))
    .where(ours(report), ours(matter), matter.c.customer.in_(many("customers")))
)
_OF_THEIRS = or_(*(notice.c.target.in_(whose) for whose in (many("users"), _IN_GROUPS, _REPORTERS, _IN_CASES)))
_REFRESH = update(notice).where(ours(notice), notice.c.kind == NoticeKind.HOME).where(_OF_THEIRS).values(BEHIND)


class Homes(Repository):
    """What the App Home lists. `most` and `skip` cut a page out of a list."""

    def own_reports(self, user: str, most: int, skip: int = 0) -> tuple[OwnReport, ...]:
        """The user's own reports, newest first."""
        return tuple(own_report(row) for row in self.all(_OWN, reporter=user, most=most, skip=skip))

    def count_own_reports(self, user: str) -> int:
        """How many reports the user ever made."""
        return self.counted(_COUNT_OWN, reporter=user)

    def standings(self) -> dict[Standing, int]:
        """How many customers have each standing; clear ones are not counted."""
        found = {row.standing: int(row.n) for row in self.all(_STANDINGS)}
        return {each: found[each.value] for each in Standing if each.value in found}

    def with_standing(self, standing: Standing, most: int, skip: int = 0) -> tuple[ListedCustomer, ...]:
        """Customers with this standing, by name."""
        rows = self.all(_WITH_STANDING, standing=standing.value, most=most, skip=skip)
        return tuple(ListedCustomer(row.number, row.name, Standing(row.standing), int(row.reports)) for row in rows)

    def week(self, since: datetime) -> WeekSoFar:
        """What has happened since then, in figures; reports as the week counts them, without those withdrawn."""
        reports = self.one(_REPORTS_SINCE, since=since)
        opened = self.counted(_OPENED_SINCE, since=since)
        ended = {Outcome(row.outcome): int(row.n) for row in self.all(_ENDED_SINCE, since=since)}
        return WeekSoFar(
            reports=int(reports.n) if reports else 0,
            reps=int(reports.reps) if reports else 0,
            opened=opened,
            ended=sum(ended.values()),
            warned=ended.get(Outcome.WARNED, 0),
            dropped=ended.get(Outcome.DROPPED, 0),
        )

    def refresh(self, customers: Iterable[int], listed: Iterable[str], now: datetime) -> None:
        """Have the App Homes of whoever has a report about one of these customers, or in a case of theirs, and of all
        listed, show the newest state.

        `listed`: users and user groups. Nothing is published to people who never opened their App Home.
        """
        entries = list(listed)
        groups = [entry for entry in entries if entry.startswith("S")]
        self.run(_REFRESH, users=entries, groups=groups, customers=list(customers), now=now)
