"""Slack's rate limits. They are kept in the database, so that all processes keep to them together.

A rate limit is a bucket: some calls may be made at once, then one each time a gap has passed. It is kept as one moment,
`free_at`, at which the bucket is full again; each call moves it on by the gap. A call may be made while this moment is
not further ahead than the gaps of the calls that may be made at once. A post falls under two limits: its channel's, and
that of all posts of its workspace. A case notice, on which deadlines depend, and a call for backup count for the second
and do not wait for it; other posts do. The rest of what Slack allows is kept for them.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select, update

from bot.rules.notices import AT_ONCE
from storage.db.executor import Executor
from storage.db.queries import insert_or_ignore, ours
from storage.tables.outbox import notice, pace

HOME = "home"  # the rate limit of all App Homes of a workspace
EDIT = "edit"  # the rate limit of all edits of a workspace
POST = "post"  # the rate limit of all posts of a workspace
FAR = timedelta(minutes=10)  # nothing ever waits longer; a later time was written by a clock that has been put back
MINUTE = timedelta(minutes=1)


class Pace(NamedTuple):
    """So many calls at once, then one for each gap."""

    at_once: int
    gap: timedelta

    @property
    def ahead(self) -> timedelta:
        """How far ahead `free_at` may be when a call is made."""
        return (self.at_once - 1) * self.gap


# A call may reach Slack six seconds after it was counted. So the calls at once and those of the next 66 s together are
# no more than Slack allows within a minute. docs/decisions/scheduler-and-rate-limits.md quotes Slack.
PACES = {
    EDIT: Pace(10, MINUTE / 36),  # chat.update: 50
    HOME: Pace(40, MINUTE / 54),  # views.publish: 100
    POST: Pace(64, MINUTE / 210),  # chat.postMessage: "several hundred" for a workspace, which we take for 300
}
A_CHANNEL = Pace(1, timedelta(seconds=1.02))  # chat.postMessage: one a second for each channel

_MOMENT = pace.c.free_at.type
ALL = pace.alias()
IS_A_POST = notice.c.rate_limit.not_in((EDIT, HOME))
OF_NOTICE = and_(pace.c.team == notice.c.team, pace.c.rate_limit == notice.c.rate_limit)
OF_ALL = and_(ALL.c.team == notice.c.team, ALL.c.rate_limit == POST)
_LATEST = case(
    (notice.c.rate_limit == EDIT, bindparam("edit_latest", type_=_MOMENT)),
    (notice.c.rate_limit == HOME, bindparam("home_latest", type_=_MOMENT)),
    else_=bindparam("now", type_=_MOMENT),
)


def _free(free_at: ColumnElement[datetime], latest: ColumnElement[datetime]) -> ColumnElement[bool]:
    return or_(free_at.is_(None), free_at <= latest, free_at > bindparam("far"))


GOES_FIRST = notice.c.kind.in_(AT_ONCE)
IS_FREE = and_(
    _free(pace.c.free_at, _LATEST),
    or_(~IS_A_POST, GOES_FIRST, _free(ALL.c.free_at, bindparam("post_latest", type_=_MOMENT))),
)
"""Whether the rate limits let a notice be sent now. `moments` gives the values."""

_FREE_AT = select(pace.c.free_at).where(ours(pace, "rate_limit")).with_for_update()
_SET = update(pace).where(ours(pace, "rate_limit")).values(free_at=bindparam("until"))
_HOLD = _SET.where(or_(pace.c.free_at < bindparam("until"), pace.c.free_at > bindparam("far")))
_START = insert_or_ignore(pace)
_OTHER_PAUSED = (
    select(pace.c.rate_limit)
    .where(ours(pace), pace.c.rate_limit.not_in((*PACES, bindparam("rate_limit", type_=pace.c.rate_limit.type))))
    .where(pace.c.free_at > bindparam("paused"), pace.c.free_at <= bindparam("far"))
    .limit(1)
)


def moments(now: datetime) -> dict[str, datetime]:
    """The values that `IS_FREE` needs: up to when `free_at` of each kind of rate limit lets a call be made now."""
    return {"now": now, "far": now + FAR, **{f"{limit}_latest": now + its.ahead for limit, its in PACES.items()}}


def take(db: Executor, team: str, limit: str, kind: str, now: datetime) -> bool:
    """Count a call for each rate limit that it falls under; False where another process was quicker."""
    if not _taken(db, team, limit, now):
        return False
    if limit in PACES or _taken(db, team, POST, now, waits=kind not in AT_ONCE):
        return True
    give_back(db, team, limit, now, now)
    return False


def give_back(db: Executor, team: str, limit: str, taken_at: datetime, now: datetime) -> None:
    """Take back the count of a call that was not made, unless Slack has asked for a pause since.

    After a gap the count is kept: by then the bucket may be full again, and more calls would be made than it allows.
    """
    key = {"our_team": team, "rate_limit": limit}
    free_at, its = db.one(_FREE_AT, key).free_at, pace_of(limit)
    if now - taken_at < its.gap and free_at <= now + its.ahead + its.gap:
        db.change(_SET, key | {"until": free_at - its.gap})


def pause(db: Executor, team: str, limit: str, now: datetime, until: datetime) -> None:
    """Slack has refused a call: let none be made under this rate limit before `until`.

    Slack does not say which limit a post went over. It was the channel's, unless another channel is paused as well.
    """
    paused = {"our_team": team, "rate_limit": limit, "paused": now + A_CHANNEL.gap, "far": now + FAR}
    limits = (limit,) if limit in PACES or db.first(_OTHER_PAUSED, paused) is None else (limit, POST)
    for each in limits:
        held = until + pace_of(each).ahead
        db.change(_HOLD, {"our_team": team, "rate_limit": each, "until": held, "far": held + FAR})


def pace_of(limit: str) -> Pace:
    """The pace of a rate limit."""
    return PACES.get(limit, A_CHANNEL)


def _taken(db: Executor, team: str, limit: str, now: datetime, *, waits: bool = True) -> bool:
    key = {"our_team": team, "rate_limit": limit}
    db.change(_START[db.dialect], {"team": team, "rate_limit": limit, "free_at": now})
    free_at = db.one(_FREE_AT, key).free_at
    free_at = now if free_at > now + FAR else free_at
    if waits and free_at > now + pace_of(limit).ahead:
        return False
    db.change(_SET, key | {"until": max(free_at, now) + pace_of(limit).gap})
    return True
