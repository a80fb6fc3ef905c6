"""The outbox: the delivery loop claims what is behind, and notes what became of it.

`notice.next_try_at` is when somebody should look at a notice again: NULL while it shows what it should, the end of the
lease while somebody is at it, the end of the wait after a failure. A kill at any point leaves it to be found again.
A lease that ends without a word is followed by a rest: if it was not the worker that died but the clock that was moved,
what the worker has on its way to Slack arrives before anybody looks for it there.

What is known to stand in Slack (`digest`) is forgotten with each claim and noted anew with each success. So whatever
comes between, a failure or a kill, is followed by a call, though the message may seem to be there.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, case, func, or_, select, update

from bot.rules.notices import NOT_REACHED, Notice, NoticeKind, Trouble
from storage.db.statements import Executor, Found
from storage.outbox import rate_limits
from storage.outbox.notices import IS_BEHIND
from storage.outbox.rate_limits import HOME
from storage.tables.outbox import notice, pace

REST = timedelta(seconds=6)  # longer than a call to Slack takes to be accepted or to fail

_NOW = bindparam("now", type_=pace.c.free_at.type)
_KEY = and_(
    notice.c.team == bindparam("its_team"),
    notice.c.kind == bindparam("its_kind"),
    notice.c.subject == bindparam("its_subject"),
    notice.c.target == bindparam("its_target"),
    notice.c.round == bindparam("its_round"),
)
_MINE = and_(_KEY, notice.c.attempt == bindparam("my_attempt"))
_NEXT = (
    select(notice)
    .outerjoin(pace, rate_limits.OF_LANE)
    .outerjoin(rate_limits.ALL, rate_limits.OF_ALL)
    .where(or_(notice.c.next_try_at <= _NOW, notice.c.next_try_at > bindparam("far")))
    .where(rate_limits.IS_FREE)
    .order_by(notice.c.urgent.desc(), rate_limits.GOES_FIRST.desc(), notice.c.next_try_at, notice.c.created_at)
    .limit(1)
    .with_for_update(of=notice, skip_locked=True)
)
_CLAIM = (
    update(notice)
    .where(_KEY)
    .values(state="posting", attempt=notice.c.attempt + 1, digest=None, next_try_at=bindparam("lease_until"))
)
_REST = update(notice).where(_MINE).values(state="due", doubt=True, next_try_at=bindparam("rested_at"))
_SHOWN = (
    update(notice)
    .where(_MINE)
    .values(
        channel=bindparam("in_channel"),
        ts=bindparam("at_ts"),
        lane=case((notice.c.kind == NoticeKind.HOME, HOME), else_=rate_limits.EDIT),
        urgent=and_(notice.c.urgent, notice.c.wanted > bindparam("version")),
        digest=bindparam("its_digest"),
        shown=bindparam("version"),
        state="due",
        doubt=False,
        refused=False,
        failures=0,
        error=None,
        next_try_at=case((notice.c.wanted > bindparam("version"), _NOW), else_=None),
        behind_since=case((notice.c.wanted > bindparam("version"), _NOW), else_=None),
    )
)
_FAILED = (
    update(notice)
    .where(_MINE)
    .values(
        state="due",
        doubt=bindparam("in_doubt"),
        refused=bindparam("is_refused"),
        failures=notice.c.failures + 1,
        error=bindparam("code"),
        next_try_at=bindparam("again_at"),
    )
)
_PAUSED = (
    update(notice).where(_MINE).values(state="due", doubt=bindparam("in_doubt"), next_try_at=bindparam("again_at"))
)
_GONE = (
    update(notice)
    .where(_MINE)
    .values(ts=None, lane=notice.c.target, state="due", doubt=False, next_try_at=bindparam("now"))
)
_TROUBLES = (
    select(notice.c.kind, notice.c.subject, notice.c.target, notice.c.error)
    .where(IS_BEHIND, notice.c.refused.is_(True))
    .order_by(notice.c.created_at)
    .limit(20)
)
_TO_MEND = _TROUBLES.where(
    or_(
        notice.c.target.in_(bindparam("channels", expanding=True)),
        and_(or_(notice.c.target.startswith("U"), notice.c.target.startswith("W")), notice.c.error.not_in(NOT_REACHED)),
    )
)
_BEHIND = select(func.count(), func.min(notice.c.behind_since)).where(IS_BEHIND)
_MOMENTS = (
    select(
        case(
            (and_(rate_limits.IS_A_POST, rate_limits.GOES_FIRST), NoticeKind.CASE.value),
            (rate_limits.IS_A_POST, ""),
            else_=notice.c.lane,
        ).label("kept"),
        func.min(
            case((pace.c.free_at > notice.c.next_try_at, pace.c.free_at), else_=notice.c.next_try_at),
            type_=pace.c.free_at.type,
        ).label("at"),
        func.min(notice.c.next_try_at).label("due"),
        func.min(rate_limits.ALL.c.free_at).label("all_at"),
    )
    .outerjoin(pace, rate_limits.OF_LANE)
    .outerjoin(rate_limits.ALL, rate_limits.OF_ALL)
    .where(IS_BEHIND)
    .group_by("kept")
)


class Outbox:
    """See `ports.Outbox`."""

    def __init__(self, db: Executor) -> None:
        self.db = db

    def claim(self, now: datetime, lease: timedelta) -> Notice | None:
        """The next notice that is behind and whose lane is free; nobody else gets it until the lease ends."""
        limits = rate_limits.limits(now)
        row = self.db.first(_NEXT, limits)
        while row is not None and row.state == "posting":
            self.db.change(_REST, _key(row) | {"my_attempt": row.attempt, "rested_at": now + REST})
            row = self.db.first(_NEXT, limits)
        if row is None or not rate_limits.take(self.db, row.team, row.lane, row.kind, now):
            return None
        self.db.change(_CLAIM, _key(row) | {"lease_until": now + lease})
        return _notice(row)

    def shown(self, job: Notice, channel: str | None, ts: str | None, now: datetime, digest: str | None = None) -> None:
        """The message stands at `ts` and shows version `job.wanted`. `digest`: of it, where it is known."""
        outcome = {"in_channel": channel, "at_ts": ts, "version": job.wanted, "its_digest": digest, "now": now}
        self.db.change(_SHOWN, _mine(job) | outcome)

    def unchanged(self, job: Notice, now: datetime) -> None:
        """What stands there shows version `job.wanted` already: Slack was not called, and the lane is as free again."""
        self.shown(job, job.channel, job.ts, now, job.digest)
        rate_limits.give_back(self.db, job.team, job.lane, now)

    def failed(self, job: Notice, code: str, again_at: datetime, *, refused: bool, doubt: bool) -> None:
        """It did not work. `refused`: until somebody mends it. `doubt`: it may have been posted all the same."""
        outcome = {"is_refused": refused, "in_doubt": doubt, "code": code[:64], "again_at": again_at}
        self.db.change(_FAILED, _mine(job) | outcome)

    def paused(self, job: Notice, until: datetime, *, lane: bool) -> None:
        """Nothing was sent now; not before `until`. `lane`: nothing else on its lane is either."""
        if lane:
            rate_limits.hold(self.db, job.team, job.lane, until)
        self.db.change(_PAUSED, _mine(job) | {"in_doubt": job.in_doubt, "again_at": until})

    def gone(self, job: Notice, now: datetime) -> None:
        """Somebody deleted the message: it is to be posted anew."""
        self.db.change(_GONE, _mine(job) | {"now": now})

    def troubles(self) -> tuple[Trouble, ...]:
        """What Slack refuses to show, and why; twenty at most."""
        return tuple(Trouble(*row) for row in self.db.all(_TROUBLES, {}))

    def to_mend(self, channels: Collection[str]) -> tuple[Trouble, ...]:
        """Of these, those in these channels, and to people who can be reached; twenty at most."""
        return tuple(Trouble(*row) for row in self.db.all(_TO_MEND, {"channels": list(channels)}))

    def next_moment(self) -> datetime | None:
        """When the next notice that is behind may be sent, its lane being free; None where none is."""
        return min(map(_moment, self.db.all(_MOMENTS, {})), default=None)

    def behind(self) -> tuple[int, datetime | None]:
        """How many notices are behind, and since when the first of them is."""
        count, first = self.db.one(_BEHIND, {})
        return int(count), first


def _moment(row: Found) -> datetime:
    """When the first notice of those that share a kind of lane may be sent."""
    moments: list[datetime] = [row.due, row.at - rate_limits.PACES.get(row.kept, rate_limits.A_POST)[1]]
    if not row.kept and row.all_at is not None:
        moments.append(row.all_at - rate_limits.PACES[rate_limits.POST][1])
    return max(moments)


def _key(row: Found | Notice) -> dict[str, object]:
    return {
        "its_team": row.team,
        "its_kind": row.kind,
        "its_subject": row.subject,
        "its_target": row.target,
        "its_round": row.round,
    }


def _mine(job: Notice) -> dict[str, object]:
    return _key(job) | {"my_attempt": job.attempt}


def _notice(row: Found) -> Notice:
    return Notice(
        team=row.team,
        kind=row.kind,
        subject=row.subject,
        target=row.target,
        round=row.round,
        channel=row.channel,
        ts=row.ts,
        tag=row.tag,
        lane=row.lane,
        wanted=row.wanted,
        attempt=row.attempt + 1,
        failures=row.failures,
        in_doubt=row.ts is None and row.doubt,
        created_at=row.created_at,
        urgent=row.urgent,
        digest=row.digest,
    )
