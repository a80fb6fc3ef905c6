"""The outbox: the delivery claims notices whose message is out of date, and stores what became of each.

`notice.next_try_at` is when a worker should try the notice again: NULL while Slack shows its newest state, the end of
the lease while a worker sends it, the end of the wait after a failure. So wherever a process is killed, the notice is
tried again. A lease that ended without a result is followed by a pause (`REST`): perhaps the worker did not die but the
clock was moved, and then the worker's message reaches Slack before another one searches for it there.

The digest of the message in Slack is deleted with each claim and stored again with each success, unless the attempt
before was in doubt. So after a failure or a kill Slack is called, even if the message may be there.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, case, delete, func, or_, select, update

from bot.rules.notices import FOR_BACKUP, NOT_REACHED, Notice, NoticeKind, RefusedMessage
from storage.db.executor import Executor
from storage.db.mapping import value_of
from storage.db.queries import bound, many, ours
from storage.db.statements import Row
from storage.outbox import rate_limits
from storage.outbox.notices import IS_BEHIND
from storage.outbox.rate_limits import HOME
from storage.tables.outbox import notice, pace

REST = timedelta(seconds=6)  # longer than a call to Slack takes to be accepted or to fail

_NOW = bindparam("now", type_=pace.c.free_at.type)
IS_BACKUP = notice.c.kind.in_(FOR_BACKUP)
_KEY = ours(notice, "kind", "subject", "target", "round")
_MINE = and_(_KEY, notice.c.attempt == bindparam("my_attempt"))
_NEXT = (
    select(notice)
    .outerjoin(pace, rate_limits.OF_NOTICE)
    .outerjoin(rate_limits.ALL, rate_limits.OF_ALL)
    .where(or_(notice.c.next_try_at <= _NOW, notice.c.next_try_at > bindparam("far")))
    .where(rate_limits.IS_FREE)
    .order_by(
        IS_BACKUP.desc(),
        notice.c.urgent.desc(),
        rate_limits.GOES_FIRST.desc(),
        notice.c.next_try_at,
        notice.c.created_at,
    )
    .limit(1)
    .with_for_update(of=notice, skip_locked=True)
)
_CLAIM = (
    update(notice)
    .where(_KEY)
    .values(state="posting", attempt=notice.c.attempt + 1, digest=None, **bound("next_try_at"))
)
_SHOWN = (
    update(notice)
    .where(_MINE)
    .values(
        **bound("channel", "ts", "digest", "shown"),
        rate_limit=case((notice.c.kind == NoticeKind.HOME, HOME), else_=rate_limits.EDIT),
        urgent=and_(notice.c.urgent, notice.c.wanted > bindparam("shown")),
        state="due",
        doubt=False,
        refused=False,
        failures=0,
        error=None,
        next_try_at=case((notice.c.wanted > bindparam("shown"), _NOW), else_=None),
        behind_since=case((notice.c.wanted > bindparam("shown"), _NOW), else_=None),
    )
)
_FORGET = delete(notice).where(_MINE, notice.c.wanted == bindparam("shown"))
_REST = update(notice).where(_MINE).values(state="due", doubt=True, **bound("next_try_at"))
_PAUSED = update(notice).where(_MINE).values(state="due", **bound("doubt", "next_try_at"))
_FAILED = _PAUSED.values(failures=notice.c.failures + 1, **bound("refused", "error"))
_GONE = (
    update(notice)
    .where(_MINE)
    .values(ts=None, rate_limit=notice.c.target, state="due", doubt=False, **bound("next_try_at"))
)
_REFUSED = (
    select(notice.c.kind, notice.c.subject, notice.c.target, notice.c.error)
    .where(IS_BEHIND, notice.c.refused.is_(True))
    .order_by(notice.c.created_at)
    .limit(20)
)
_REFUSED_TO_MEND = _REFUSED.where(
    or_(
        notice.c.target.in_(many("channels")),
        and_(or_(notice.c.target.startswith("U"), notice.c.target.startswith("W")), notice.c.error.not_in(NOT_REACHED)),
    )
)
_BEHIND = select(func.count(), func.min(notice.c.behind_since)).where(IS_BEHIND)
_MOMENTS = (
    select(
        case(
            (and_(rate_limits.IS_A_POST, rate_limits.GOES_FIRST), NoticeKind.CASE.value),
            (rate_limits.IS_A_POST, ""),
            else_=notice.c.rate_limit,
        ).label("limits"),
        func.min(
            case((pace.c.free_at > notice.c.next_try_at, pace.c.free_at), else_=notice.c.next_try_at),
            type_=pace.c.free_at.type,
        ).label("at"),
        func.min(notice.c.next_try_at).label("due"),
        func.min(rate_limits.ALL.c.free_at).label("all_at"),
    )
    .outerjoin(pace, rate_limits.OF_NOTICE)
    .outerjoin(rate_limits.ALL, rate_limits.OF_ALL)
    .where(IS_BEHIND)
    .group_by("limits")
)


class Outbox:
    """The notices of all workspaces that do not show the newest state.

    A worker claims one, calls Slack and stores the result, which is ignored if another worker has claimed it since.
    """

    def __init__(self, db: Executor) -> None:
        self.db = db

    def claim(self, now: datetime, lease: timedelta) -> Notice | None:
        """The next notice that is behind and that the rate limits let be sent; nobody else gets it during the lease."""
        moments = rate_limits.moments(now)
        row = self.db.first(_NEXT, moments)
        while row is not None and row.state == "posting":
            self.db.change(_REST, _key(row) | {"my_attempt": row.attempt, "next_try_at": now + REST})
            row = self.db.first(_NEXT, moments)
        if row is None or not rate_limits.take(self.db, row.team, row.rate_limit, row.kind, now):
            return None
        self.db.change(_CLAIM, _key(row) | {"next_try_at": now + lease})
        return _notice(row)

    def shown(
        self,
        claimed: Notice,
        channel: str | None,
        ts: str | None,
        now: datetime,
        digest: str | None = None,
        *,
        forget: bool = False,
    ) -> None:
        """The message is at `ts` and shows version `job.wanted`. `digest`: of the message, where it is known.

        `forget`: nothing is kept of it, unless it should show something newer by now.
        """
        if forget and self.db.change(_FORGET, _mine(claimed) | {"shown": claimed.wanted}):
            return
        result = {"channel": channel, "ts": ts, "shown": claimed.wanted, "digest": digest, "now": now}
        self.db.change(_SHOWN, _mine(claimed) | result)

    def unchanged(self, claimed: Notice, claimed_at: datetime, now: datetime) -> None:
        """The message shows version `job.wanted` already: Slack was not called, so no call is counted."""
        self.shown(claimed, claimed.channel, claimed.ts, now, claimed.digest)
        rate_limits.give_back(self.db, claimed.team, claimed.rate_limit, claimed_at, now)

    def failed(self, claimed: Notice, code: str, again_at: datetime, *, refused: bool, doubt: bool) -> None:
        """The call failed. `refused`: Slack refuses it until somebody mends it. `doubt`: it may have been posted."""
        result = {"refused": refused, "doubt": doubt, "error": code[:64], "next_try_at": again_at}
        self.db.change(_FAILED, _mine(claimed) | result)

    def paused(self, claimed: Notice, now: datetime, until: datetime, *, whole_limit: bool) -> None:
        """It was not sent and waits until then. `whole_limit`: so does everything else under its rate limit."""
        self.db.change(_PAUSED, _mine(claimed) | {"doubt": claimed.in_doubt, "next_try_at": until})
        if whole_limit:
            rate_limits.pause(self.db, claimed.team, claimed.rate_limit, now, until)

    def gone(self, claimed: Notice, now: datetime) -> None:
        """Somebody deleted the message in Slack: it is to be posted again."""
        self.db.change(_GONE, _mine(claimed) | {"next_try_at": now})

    def refused(self) -> tuple[RefusedMessage, ...]:
        """What Slack refuses to show, and why; twenty at most."""
        return tuple(RefusedMessage(*row) for row in self.db.all(_REFUSED, {}))

    def refused_to_mend(self, channels: Collection[str]) -> tuple[RefusedMessage, ...]:
        """Refused messages that somebody can put right: in these channels, or to people who can be reached; twenty at
        most.

        In a former channel of the firm nobody misses anything.
        """
        return tuple(RefusedMessage(*row) for row in self.db.all(_REFUSED_TO_MEND, {"channels": list(channels)}))

    def next_moment(self) -> datetime | None:
        """When the next notice that is behind may be sent under the rate limits; None where none is behind."""
        return min(map(_moment, self.db.all(_MOMENTS, {})), default=None)

    def behind(self) -> tuple[int, datetime | None]:
        """How many notices are behind, and since when the first of them is."""
        count, first = self.db.one(_BEHIND, {})
        return int(count), first


def _moment(row: Row) -> datetime:
    """When the first notice under one kind of rate limit may be sent."""
    moments: list[datetime] = [row.due, row.at - rate_limits.pace_of(row.limits).ahead]
    if not row.limits and row.all_at is not None:
        moments.append(row.all_at - rate_limits.pace_of(rate_limits.POST).ahead)
    return max(moments)


def _key(row: Row | Notice) -> dict[str, object]:
    names = ("kind", "subject", "target", "round")
    return {"our_team": row.team, **{name: getattr(row, name) for name in names}}


def _mine(claimed: Notice) -> dict[str, object]:
    return _key(claimed) | {"my_attempt": claimed.attempt}


def _notice(row: Row) -> Notice:
    in_doubt = row.ts is None and row.doubt
    return value_of(Notice, row, attempt=row.attempt + 1, in_doubt=in_doubt)
