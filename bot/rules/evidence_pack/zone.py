"""The firm's zone in an evidence pack: by how much it is ahead of UTC, and since when. Part of `verify.py`.

What Python knows of zones differs from machine to machine, so the pack says what its times were reckoned by. The zone
is that of the policy, for which the audit log vouches.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.rules.evidence_pack.record import Record

A_DAY: Final = timedelta(days=1)
MOST: Final = 14 * 60  # minutes; no zone is further from UTC
STEP: Final = 15  # minutes; every zone of today is off by so many, or a multiple


def zone_from(name: str, first: datetime, last: datetime) -> dict[str, Any]:
    """The zone as `case.json` has it, for every time between these, and some years around."""
    zone, at = ZoneInfo(name), datetime(first.year - 2, 1, 1, tzinfo=UTC)
    offsets, end = [(at, _ahead(zone, at))], datetime(last.year + 3, 1, 1, tzinfo=UTC)
    while at < end:
        following = at + A_DAY
        if _ahead(zone, following) != offsets[-1][1]:
            change = _change(zone, at, following)
            offsets.append((change, _ahead(zone, change)))
        at = following
    return {"name": name, "offsets": [{"since": at.isoformat(), "minutes": minutes} for at, minutes in offsets]}


def zone_problems(record: Record) -> Iterator[str]:
    """What is wrong with the times of the report: they are of another zone, or no zone is so far from UTC."""
    if record.zone_name != record.policy().get("hours", {}).get("zone"):
        yield "The zone of the times is not the one of the policy."
    since, ahead = [at for at, _ in record.offsets], [offset for _, offset in record.offsets]
    minutes = [offset // timedelta(minutes=1) for offset in ahead]
    if since != sorted(set(since)) or not since or any(abs(each) > MOST or each % STEP for each in minutes):
        yield "The offsets of the zone are none that a zone has."
        return
    try:
        zone = ZoneInfo(record.zone_name)
    except (ZoneInfoNotFoundError, ValueError):  # this machine knows no zones
        return
    for at in {datetime.fromisoformat(entry["at"]) for entry in record.log}:
        if record.ahead(at) != timedelta(minutes=_ahead(zone, at)):
            yield f"{at.isoformat()} was at another time in {record.zone_name} than the pack says."


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The minute at which the offset changes between these."""
    was = _ahead(zone, before)
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=(after - before) // timedelta(minutes=2))
        before, after = (middle, after) if _ahead(zone, middle) == was else (before, middle)
    return after


def _ahead(zone: ZoneInfo, at: datetime) -> int:
    return (at.astimezone(zone).utcoffset() or timedelta()) // timedelta(minutes=1)
