"""The outbox: the delivery loop claims what is behind, and notes what became of it.

`notice.next_try_at` is when somebody should look at a notice again: NULL while it shows what it should, the end of the
lease while somebody is at it, the end of the wait after a failure. A kill at any point leaves it to be found again.
A lease that ends without a word is followed by a rest: if it was not the worker that died but the clock that was moved,
what the worker has on its way to Slack arrives before anybody looks for it there.

A lane is a rate limit of Slack's, kept in the database so that all processes keep to it together. Each lane's
`free_at` moves on by a gap with every call; the lane is free while `free_at` is no more than its burst ahead.

What is known to stand in Slack (`digest`) is forgotten with each claim and noted anew with each success. So whatever
comes between, a failure or a kill, is followed by a call, though the message may seem to be there.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, case, func, or_, select, update

from bot.desk.ports import HOME, Notice, Trouble
from storage.part import insert
from storage.statements import Executor, Found
from storage.tables import notice, pace

EDIT = "edit"  # the lane of all edits of a workspace
FAR = timedelta(minutes=10)  # nothing ever waits longer; a later time was written by a clock that has been put back
REST = timedelta(seconds=6)  # longer than a call to Slack takes to be accepted or to fail
POST_GAP = timedelta(seconds=1.02)  # chat.postMessage: one a second for each channel
EDIT_GAP = timedelta(seconds=1.5)  # chat.update: 50 a minute; ten at once and 40 a minute stay inside it
EDIT_BURST = 9 * EDIT_GAP
HOME_GAP = timedelta(seconds=0.75)  # views.publish: 100 a minute, likewise
HOME_BURST = 9 * HOME_GAP
_PACES = {EDIT: (EDIT_GAP, EDIT_BURST), HOME: (HOME_GAP, HOME_BURST)}
_A_POST = (POST_GAP, timedelta())

_NOW = bindparam("now", type_=pace.c.free_at.type)
_KEY = and_(
    notice.c.team == bindparam("its_team"),
    notice.c.kind == bindparam("its_kind"),
    notice.c.subject == bindparam("its_subject"),
    notice.c.target == bindparam("its_target"),
    notice.c.round == bindparam("its_round"),
)
_MINE = and_(_KEY, notice.c.attempt == bindparam("my_attempt"))
_LIMIT = case(
    (notice.c.lane == EDIT, bindparam("edit_limit", type_=pace.c.free_at.type)),
    (notice.c.lane == HOME, bindparam("home_limit", type_=pace.c.free_at.type)),
    else_=_NOW,
)
_NEXT = (
    select(notice)
    .outerjoin(pace, and_(pace.c.team == notice.c.team, pace.c.lane == notice.c.lane))
    .where(or_(notice.c.next_try_at <= bindparam("now"), notice.c.next_try_at > bindparam("far")))
    .where(or_(pace.c.free_at.is_(None), pace.c.free_at <= _LIMIT, pace.c.free_at > bindparam("far")))
    .order_by(notice.c.urgent.desc(), notice.c.next_try_at, notice.c.created_at)
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
        lane=case((notice.c.kind == HOME, HOME), else_=EDIT),
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
_PACE_OF = and_(pace.c.team == bindparam("its_team"), pace.c.lane == bindparam("its_lane"))
_FREE_AT = select(pace.c.free_at).where(_PACE_OF).with_for_update()
_PUSH_BACK = update(pace).where(_PACE_OF).values(free_at=bindparam("until"))
_HOLD = _PUSH_BACK.where(or_(pace.c.free_at < bindparam("until"), pace.c.free_at > bindparam("far")))
_START = {
    dialect: insert(pace, dialect).on_conflict_do_nothing(index_elements=[pace.c.team, pace.c.lane])
    for dialect in ("sqlite", "postgresql")
}
_TROUBLES = (
    select(notice.c.kind, notice.c.subject, notice.c.target, notice.c.error)
    .where(notice.c.refused.is_(True))
    .order_by(notice.c.created_at)
    .limit(20)
)
_BEHIND = select(func.count(), func.min(notice.c.behind_since)).where(notice.c.next_try_at.is_not(None))
_MOMENTS = (
    select(
        case((notice.c.lane.in_(_PACES), notice.c.lane), else_="").label("kept"),
        func.min(
            case((pace.c.free_at > notice.c.next_try_at, pace.c.free_at), else_=notice.c.next_try_at),
            type_=pace.c.free_at.type,
        ).label("at"),
        func.min(notice.c.next_try_at).label("due"),
    )
    .outerjoin(pace, and_(pace.c.team == notice.c.team, pace.c.lane == notice.c.lane))
    .where(notice.c.next_try_at.is_not(None))
    .group_by("kept")
)


class Outbox:
    """See `ports.Outbox`."""

    def __init__(self, db: Executor) -> None:
        self.db = db

    def claim(self, now: datetime, lease: timedelta) -> Notice | None:
        """The next notice that is behind and whose lane is free; nobody else gets it until the lease ends."""
        limits = {"now": now, "far": now + FAR, "edit_limit": now + EDIT_BURST, "home_limit": now + HOME_BURST}
        row = self.db.first(_NEXT, limits)
        while row is not None and row.state == "posting":
            self.db.change(_REST, _key(row) | {"my_attempt": row.attempt, "rested_at": now + REST})
            row = self.db.first(_NEXT, limits)
        if row is None or not self._take_lane(row.team, row.lane, now):
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
        self._give_back(job.team, job.lane, now)

    def failed(self, job: Notice, code: str, again_at: datetime, *, refused: bool, doubt: bool) -> None:
        """It did not work. `refused`: until somebody mends it. `doubt`: it may have been posted all the same."""
        outcome = {"is_refused": refused, "in_doubt": doubt, "code": code[:64], "again_at": again_at}
        self.db.change(_FAILED, _mine(job) | outcome)

    def paused(self, job: Notice, until: datetime, *, lane: bool) -> None:
        """Nothing was sent now; not before `until`. `lane`: nothing else on its lane is either."""
        if lane:
            held = until + _PACES.get(job.lane, _A_POST)[1]
            whose = {"its_team": job.team, "its_lane": job.lane}
            self.db.change(_HOLD, whose | {"until": held, "far": held + FAR})
        self.db.change(_PAUSED, _mine(job) | {"in_doubt": job.in_doubt, "again_at": until})

    def gone(self, job: Notice, now: datetime) -> None:
        """Somebody deleted the message: it is to be posted anew."""
        self.db.change(_GONE, _mine(job) | {"now": now})

    def troubles(self) -> tuple[Trouble, ...]:
        """What Slack refuses to show, and why; twenty at most."""
        return tuple(Trouble(*row) for row in self.db.all(_TROUBLES, {}))

    def next_moment(self) -> datetime | None:
        """When the next notice that is behind may be sent, its lane being free; None where none is."""
        rows = self.db.all(_MOMENTS, {})
        return min((max(row.at - _PACES.get(row.kept, _A_POST)[1], row.due) for row in rows), default=None)

    def behind(self) -> tuple[int, datetime | None]:
        """How many notices are behind, and since when the first of them is."""
        count, first = self.db.one(_BEHIND, {})
        return int(count), first

    def _take_lane(self, team: str, lane: str, now: datetime) -> bool:
        """Move the lane's free moment on; False where another process just took it."""
        whose = {"its_team": team, "its_lane": lane}
        self.db.change(_START[self.db.dialect], {"team": team, "lane": lane, "free_at": now})
        free_at = self.db.one(_FREE_AT, whose).free_at
        free_at = now if free_at > now + FAR else free_at
        gap, burst = _PACES.get(lane, _A_POST)
        if free_at > now + burst:
            return False
        self.db.change(_PUSH_BACK, whose | {"until": max(free_at, now) + gap})
        return True

    def _give_back(self, team: str, lane: str, now: datetime) -> None:
        """Move the lane's free moment back, since no call was made; but not into a pause that Slack asked for."""
        whose = {"its_team": team, "its_lane": lane}
        free_at = self.db.one(_FREE_AT, whose).free_at
        gap, burst = _PACES.get(lane, _A_POST)
        if free_at <= now + burst + gap:
            self.db.change(_PUSH_BACK, whose | {"until": free_at - gap})


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
