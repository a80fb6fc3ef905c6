"""Slack's rate limits. They are kept in the database, so that all processes keep to them together.

A rate limit has a moment, `free_at`, that moves on by a gap with every call. A call may be made while this moment is no
more than the burst ahead. A post falls under two limits: its channel's, and that of all posts of its workspace. A case
notice, on which deadlines depend, counts for the second and does not wait for it; other posts do.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select, update

from bot.rules.notices import NoticeKind
from storage.db.queries import insert_or_ignore, ours
from storage.db.statements import Executor
from storage.tables.outbox import notice, pace

HOME = "home"  # the rate limit of all App Homes of a workspace
EDIT = "edit"  # the rate limit of all edits of a workspace
POST = "post"  # the rate limit of all posts of a workspace
FAR = timedelta(minutes=10)  # nothing ever waits longer; a later time was written by a clock that has been put back
POST_GAP = timedelta(seconds=1.02)  # chat.postMessage: one a second for each channel
EDIT_GAP = timedelta(seconds=1.5)  # chat.update: 50 a minute; ten at once and 40 a minute stay within it
HOME_GAP = timedelta(seconds=0.75)  # views.publish: 100 a minute, likewise
ALL_GAP = timedelta(seconds=0.21)  # "several hundred" posts a minute in a workspace: ten at once and 285 a minute
AT_ONCE = 10
PACES = {limit: (gap, (AT_ONCE - 1) * gap) for limit, gap in ((EDIT, EDIT_GAP), (HOME, HOME_GAP), (POST, ALL_GAP))}
A_POST = (POST_GAP, timedelta())

_MOMENT = pace.c.free_at.type
ALL = pace.alias()
IS_A_POST = notice.c.lane.not_in((EDIT, HOME))
OF_NOTICE = and_(pace.c.team == notice.c.team, pace.c.lane == notice.c.lane)
OF_ALL = and_(ALL.c.team == notice.c.team, ALL.c.lane == POST)
_LATEST = case(
    (notice.c.lane == EDIT, bindparam("edit_latest", type_=_MOMENT)),
    (notice.c.lane == HOME, bindparam("home_latest", type_=_MOMENT)),
    else_=bindparam("now", type_=_MOMENT),
)


def _free(free_at: ColumnElement[datetime], latest: ColumnElement[datetime]) -> ColumnElement[bool]:
    return or_(free_at.is_(None), free_at <= latest, free_at > bindparam("far"))


GOES_FIRST = notice.c.kind == NoticeKind.CASE
IS_FREE = and_(
    _free(pace.c.free_at, _LATEST),
    or_(~IS_A_POST, GOES_FIRST, _free(ALL.c.free_at, bindparam("post_latest", type_=_MOMENT))),
)
"""Whether the rate limits let a notice be sent now. `moments` gives the values."""

_FREE_AT = select(pace.c.free_at).where(ours(pace, "lane")).with_for_update()
_SET = update(pace).where(ours(pace, "lane")).values(free_at=bindparam("until"))
_HOLD = _SET.where(or_(pace.c.free_at < bindparam("until"), pace.c.free_at > bindparam("far")))
_START = insert_or_ignore(pace)


def moments(now: datetime) -> dict[str, datetime]:
    """The values that `IS_FREE` needs: up to when `free_at` of each kind of rate limit lets a call be made now."""
    return {"now": now, "far": now + FAR, **{f"{limit}_latest": now + burst for limit, (_, burst) in PACES.items()}}


def take(db: Executor, team: str, limit: str, kind: str, now: datetime) -> bool:
    """Count a call for each rate limit that it falls under; False where another process was quicker."""
    if not _taken(db, team, limit, now):
        return False
    if limit in PACES or _taken(db, team, POST, now, waits=kind != NoticeKind.CASE):
        return True
    give_back(db, team, limit, now)
    return False


def give_back(db: Executor, team: str, limit: str, now: datetime) -> None:
    """Take back the count of a call that was not made, unless Slack has asked for a pause since."""
    key = {"our_team": team, "lane": limit}
    free_at = db.one(_FREE_AT, key).free_at
    gap, burst = PACES.get(limit, A_POST)
    if free_at <= now + burst + gap:
        db.change(_SET, key | {"until": free_at - gap})


def hold(db: Executor, team: str, limit: str, until: datetime) -> None:
    """Let no call be made under this rate limit before then."""
    held = until + PACES.get(limit, A_POST)[1]
    db.change(_HOLD, {"our_team": team, "lane": limit, "until": held, "far": held + FAR})


def _taken(db: Executor, team: str, limit: str, now: datetime, *, waits: bool = True) -> bool:
    key = {"our_team": team, "lane": limit}
    db.change(_START[db.dialect], {"team": team, "lane": limit, "free_at": now})
    free_at = db.one(_FREE_AT, key).free_at
    free_at = now if free_at > now + FAR else free_at
    gap, burst = PACES.get(limit, A_POST)
    if waits and free_at > now + burst:
        return False
    db.change(_SET, key | {"until": max(free_at, now) + gap})
    return True
