"""Slack's rate limits, each a lane that is kept in the database, so that all processes keep to it together.

A lane's `free_at` moves on by a gap with every call; the lane is free while `free_at` is no more than its burst ahead.
A post is on two lanes: its channel's, and that of all posts of its workspace. Management's notices, on which deadlines
hang, book the second and do not wait for it: the others do.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select, update

from bot.rules.notices import NoticeKind
from storage.db.repository import insert
from storage.db.statements import Executor
from storage.tables.outbox import notice, pace

HOME = "home"  # the lane of all App Homes of a workspace
EDIT = "edit"  # the lane of all edits of a workspace
POST = "post"  # the lane of all its posts
FAR = timedelta(minutes=10)  # nothing ever waits longer; a later time was written by a clock that has been put back
POST_GAP = timedelta(seconds=1.02)  # chat.postMessage: one a second for each channel
EDIT_GAP = timedelta(seconds=1.5)  # chat.update: 50 a minute; ten at once and 40 a minute stay inside it
HOME_GAP = timedelta(seconds=0.75)  # views.publish: 100 a minute, likewise
ALL_GAP = timedelta(seconds=0.21)  # "several hundred" posts a minute in a workspace: ten at once and 285 a minute
AT_ONCE = 10
PACES = {lane: (gap, (AT_ONCE - 1) * gap) for lane, gap in ((EDIT, EDIT_GAP), (HOME, HOME_GAP), (POST, ALL_GAP))}
A_POST = (POST_GAP, timedelta())

_MOMENT = pace.c.free_at.type
ALL = pace.alias()
IS_A_POST = notice.c.lane.not_in((EDIT, HOME))
OF_LANE = and_(pace.c.team == notice.c.team, pace.c.lane == notice.c.lane)
OF_ALL = and_(ALL.c.team == notice.c.team, ALL.c.lane == POST)
_LIMIT = case(
    (notice.c.lane == EDIT, bindparam("edit_limit", type_=_MOMENT)),
    (notice.c.lane == HOME, bindparam("home_limit", type_=_MOMENT)),
    else_=bindparam("now", type_=_MOMENT),
)


def _free(free_at: ColumnElement[datetime], limit: ColumnElement[datetime]) -> ColumnElement[bool]:
    return or_(free_at.is_(None), free_at <= limit, free_at > bindparam("far"))


GOES_FIRST = notice.c.kind == NoticeKind.CASE
IS_FREE = and_(
    _free(pace.c.free_at, _LIMIT),
    or_(~IS_A_POST, GOES_FIRST, _free(ALL.c.free_at, bindparam("post_limit", type_=_MOMENT))),
)
"""Whether a notice may be sent, where `limits` gives the values."""

_PACE_OF = and_(pace.c.team == bindparam("its_team"), pace.c.lane == bindparam("its_lane"))
_FREE_AT = select(pace.c.free_at).where(_PACE_OF).with_for_update()
_PUSH_BACK = update(pace).where(_PACE_OF).values(free_at=bindparam("until"))
_HOLD = _PUSH_BACK.where(or_(pace.c.free_at < bindparam("until"), pace.c.free_at > bindparam("far")))
_START = {
    dialect: insert(pace, dialect).on_conflict_do_nothing(index_elements=[pace.c.team, pace.c.lane])
    for dialect in ("sqlite", "postgresql")
}


def limits(now: datetime) -> dict[str, datetime]:
    """Up to when each kind of lane may be booked to be free now."""
    ahead = {f"{lane}_limit": now + burst for lane, (_, burst) in PACES.items()}
    return {"now": now, "far": now + FAR, **ahead}


def take(db: Executor, team: str, lane: str, kind: str, now: datetime) -> bool:
    """Move on the free moment of whatever a call on this lane uses; False where another process just took it."""
    if not _taken(db, team, lane, now):
        return False
    if lane in PACES or _taken(db, team, POST, now, waits=kind != NoticeKind.CASE):
        return True
    give_back(db, team, lane, now)
    return False


def give_back(db: Executor, team: str, lane: str, now: datetime) -> None:
    """Move the free moment back, since no call was made; but not into a pause that Slack asked for."""
    whose = {"its_team": team, "its_lane": lane}
    free_at = db.one(_FREE_AT, whose).free_at
    gap, burst = PACES.get(lane, A_POST)
    if free_at <= now + burst + gap:
        db.change(_PUSH_BACK, whose | {"until": free_at - gap})


def hold(db: Executor, team: str, lane: str, until: datetime) -> None:
    """Nothing on this lane before then."""
    held = until + PACES.get(lane, A_POST)[1]
    db.change(_HOLD, {"its_team": team, "its_lane": lane, "until": held, "far": held + FAR})


def _taken(db: Executor, team: str, lane: str, now: datetime, *, waits: bool = True) -> bool:
    whose = {"its_team": team, "its_lane": lane}
    db.change(_START[db.dialect], {"team": team, "lane": lane, "free_at": now})
    free_at = db.one(_FREE_AT, whose).free_at
    free_at = now if free_at > now + FAR else free_at
    gap, burst = PACES.get(lane, A_POST)
    if waits and free_at > now + burst:
        return False
    db.change(_PUSH_BACK, whose | {"until": max(free_at, now) + gap})
    return True
