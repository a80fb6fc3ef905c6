"""What awaits a manager: open cases, appeals, disputes and reviews on which they may act, by deadline.

Who may act is decided by `bot.desk.entitlement` and `bot.desk.uninvolved`; here the same is said of many at once, so
that a list can be cut to its page in the database.
"""

from typing import Any

from sqlalchemy import (
    Alias,
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)

from bot.rules.cases import Left
from bot.rules.home import Asked, Awaiting, Onlooker, Queue
from bot.rules.policy.verdicts import Rung
from storage.db.repository import Repository
from storage.db.statements import Found
from storage.tables.cases import dispute, hearing, matter, recusal, warning
from storage.tables.customers import customer
from storage.tables.decisions import appeal, decision, review
from storage.tables.outbox import notice
from storage.tables.outbox import step as planned
from storage.tables.reports import report

_NOW = bindparam("now", type_=matter.c.due_at.type)
_USER: BindParameter[str] = bindparam("user")
_NOT_ONLY_LATE = not_(bindparam("late_only", type_=true().type))


def _ours(table: Table | Alias) -> ColumnElement[bool]:
    return table.c.team == bindparam("our_team")


def _same(table: Table | Alias, column: ColumnElement[int], key: str = "case") -> ColumnElement[bool]:
    return and_(_ours(table), table.c[key] == column)


_NO_STAKE = and_(
    matter.c.number.not_in(
        select(report.c.case).where(_ours(report), report.c.reporter == _USER, report.c.case.is_not(None))
    ),
    matter.c.number.not_in(select(recusal.c.case).where(_ours(recusal), recusal.c.by == _USER)),
    matter.c.customer.not_in(select(customer.c.number).where(_ours(customer), customer.c.owner == _USER)),
)
_WITH_DIRECTORS = or_(matter.c.due_at <= _NOW, matter.c.left != Left.MANAGERS.value)
_APPEAL_WITH_DIRECTORS = or_(appeal.c.due_at <= _NOW, appeal.c.raised > 0)
_TOOK_PART = or_(
    decision.c.by == _USER,
    cast(decision.c.approved_by, Text).like(bindparam("user_in_a_list")),
    select(hearing.c.number).where(_same(hearing, matter.c.number), hearing.c.taken_by == _USER).exists(),
    select(review.c.n).where(_same(review, matter.c.number), review.c.by == _USER).exists(),
)
_ROUND = select(func.count()).where(_same(review, matter.c.number)).correlate(matter).scalar_subquery()
_ASKED_TO_RENEW = (
    select(notice.c.round)
    .where(_same(notice, matter.c.number, "subject"), notice.c.kind == "review", notice.c.round == _ROUND)
    .exists()
)
_MATTER = {"case": matter.c.number, "customer": matter.c.customer, "rung": matter.c.rung}


def _kind(asked: Asked, subject: ColumnElement[int], **other: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """What a line of the queue has: `subject` and `round` are those of the notice that asks for it."""
    none = {"round": literal_column("0", Integer), "urgent": false()}
    columns = {"asked": literal_column(f"'{asked.value}'", String), "subject": subject, **_MATTER, **none, **other}
    return [column.label(name) for name, column in columns.items()]


# Each kind: its columns; where it comes from and when it is open, whoever looks; who of those without a stake may act.
_CASES = (
    select(*_kind(Asked.CASE, matter.c.number, due_at=matter.c.due_at, urgent=matter.c.urgent)).where(
        _ours(matter), matter.c.closed_at.is_(None)
    ),
    or_(_NOT_ONLY_LATE, _WITH_DIRECTORS),
)
_APPEALS = (
    select(*_kind(Asked.APPEAL, matter.c.number, due_at=appeal.c.due_at))
    .select_from(appeal)
    .join(matter, _same(matter, appeal.c.case, "number"))
    .join(decision, _same(decision, appeal.c.case))
    .where(_ours(appeal), appeal.c.answer.is_(None)),
    and_(not_(_TOOK_PART), or_(_NOT_ONLY_LATE, _APPEAL_WITH_DIRECTORS)),
)
_DISPUTES = (
    select(*_kind(Asked.DISPUTE, dispute.c.number, due_at=dispute.c.due_at))
    .select_from(dispute)
    .join(matter, _same(matter, dispute.c.case, "number"))
    .join(warning, _same(warning, dispute.c.warning, "number"))
    .where(_ours(dispute), dispute.c.settled_at.is_(None)),
    warning.c.issued_by != _USER,
)
_REVIEWS = (  # one that was asked for and that nobody has answered: the clock's next step is the end of the decision
    select(*_kind(Asked.REVIEW, matter.c.number, due_at=planned.c.at, round=_ROUND))
    .select_from(planned)
    .join(matter, _same(matter, planned.c.subject, "number"))
    .join(decision, _same(decision, planned.c.subject))
    .where(_ours(planned), planned.c.kind == literal_column("'review'"), planned.c.at <= bindparam("ahead"))
    .where(decision.c.ended_at.is_(None), _ASKED_TO_RENEW),
    or_(_NOT_ONLY_LATE, _WITH_DIRECTORS),
)
_KINDS = (_CASES, _APPEALS, _DISPUTES, _REVIEWS)


def _counted(lines: Select[Any], may_act: ColumnElement[bool]) -> Select[Any]:
    theirs = and_(_NO_STAKE, may_act).label("theirs")
    all_ = lines.add_columns(theirs).subquery()
    late = and_(all_.c.theirs, all_.c.due_at <= _NOW)
    return select(
        func.min(all_.c.asked).label("asked"),
        func.count().label("open"),
        func.coalesce(func.sum(case((all_.c.theirs, 1), else_=0)), 0).label("theirs"),
        func.coalesce(func.sum(case((late, 1), else_=0)), 0).label("overdue"),
    ).select_from(all_)


_FIGURES = union_all(*(_counted(*kind) for kind in _KINDS))
_PAGE = (
    union_all(*(lines.where(_NO_STAKE, may_act) for lines, may_act in _KINDS))
    .order_by("due_at", "case", "asked", "subject")
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
    .subquery()
)
_AWAITING = (
    select(_PAGE, customer.c.name, warning.c.number.label("warning"), notice.c.channel, notice.c.ts)
    .join(customer, _same(customer, _PAGE.c.customer, "number"))
    .outerjoin(warning, and_(_same(warning, _PAGE.c.case), warning.c.delivered_at.is_(None)))
    .outerjoin(
        notice,
        and_(
            _same(notice, _PAGE.c.subject, "subject"),
            notice.c.kind == _PAGE.c.asked,
            notice.c.round == _PAGE.c.round,
            notice.c.target == bindparam("channel"),
        ),
    )
    .order_by(_PAGE.c.due_at, _PAGE.c.case, _PAGE.c.asked, _PAGE.c.subject)
)


class Queues(Repository):
    """See `ports.Queues`."""

    def figures(self, whose: Onlooker) -> Queue:
        """What is open in figures."""
        rows = [row for row in self.db.all(_FIGURES, self._of(whose)) if row.open]
        theirs = {Asked(row.asked): int(row.theirs) for row in rows if row.theirs}
        return Queue(
            {asked: theirs[asked] for asked in Asked if asked in theirs},
            overdue=sum(int(row.overdue) for row in rows),
            others=sum(int(row.open) - int(row.theirs) for row in rows),
        )

    def page(self, whose: Onlooker, most: int, skip: int = 0) -> tuple[Awaiting, ...]:
        """What awaits them, the earliest deadline first."""
        cut = {"most": most, "skip": skip, "channel": whose.channel}
        return tuple(_awaiting(row) for row in self.db.all(_AWAITING, self._of(whose) | cut))

    def _of(self, whose: Onlooker) -> dict[str, object]:
        return {
            "our_team": self.team,
            "user": whose.user,
            "user_in_a_list": f'%"{whose.user}"%',
            "now": whose.now,
            "late_only": whose.late_only,
            "ahead": whose.ahead,
        }


def _awaiting(row: Found) -> Awaiting:
    return Awaiting(
        asked=Asked(row.asked),
        case=row.case,
        customer=row.name,
        rung=Rung(row.rung),
        urgent=bool(row.urgent),
        due_at=row.due_at,
        issued=row.warning is not None,
        channel=row.channel,
        ts=row.ts,
    )
