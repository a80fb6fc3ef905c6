"""The processes that serve from this record: when each was last seen, and by which settings it works."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, func, select, update

from storage.db.queries import ours, upsert
from storage.db.repository import Repository
from storage.tables.outbox import process

_SEEN = upsert(process, "seen_at", "ended", "asked")
_OTHERS = select(process.c.settings).where(
    ours(process), process.c.id != bindparam("id"), process.c.ended.is_(False), process.c.seen_at >= bindparam("since")
)
_LAST = select(process.c.settings).where(ours(process)).order_by(process.c.started_at.desc()).limit(1)
LAST_START = select(process.c.started_at, process.c.asked).order_by(process.c.started_at.desc()).limit(1)
_NEWEST = select(func.max(process.c.started_at)).where(ours(process)).scalar_subquery()
_FORGET = delete(process).where(
    and_(ours(process), process.c.seen_at < bindparam("before"), process.c.started_at < _NEWEST)
)
_LATEST = select(func.max(process.c.seen_at, type_=process.c.seen_at.type).label("at")).where(ours(process))
_SET_BACK = update(process).where(ours(process), process.c.seen_at > bindparam("now")).values(seen_at=bindparam("now"))


class Process(NamedTuple):
    """A process that serves. `settings`: a digest of each setting that all have to agree on, by its name.

    `asked`: a request of Slack's has come to it.
    """

    id: str
    started_at: datetime
    settings: Mapping[str, str]
    asked: bool = False


class Processes(Repository):
    """The processes that serve from this workspace's record."""

    def seen(self, this: Process, now: datetime, *, ended: bool = False) -> None:
        """Store that the process runs now, or that it has ended."""
        values = {"id": this.id, "started_at": this.started_at, "settings": dict(this.settings), "asked": this.asked}
        self.put(_SEEN, **values, seen_at=now, ended=ended)

    def others(self, this: Process, since: datetime) -> tuple[Mapping[str, str], ...]:
        """The settings of all other processes that were seen since then and have not ended."""
        return tuple(row.settings for row in self.all(_OTHERS, id=this.id, since=since))

    def last_settings(self) -> Mapping[str, str] | None:
        """The settings of the process that started last."""
        row = self.one(_LAST)
        return None if row is None else row.settings

    def forget(self, before: datetime) -> None:
        """Delete those that were not seen since, but for the one that started last."""
        self.run(_FORGET, before=before)

    def latest(self) -> datetime | None:
        """The latest time at which any process was seen."""
        row = self.one(_LATEST)
        return None if row is None else row.at

    def set_back(self, now: datetime) -> None:
        """Of a process that was seen in the future, by a clock that was wrong: it was seen now."""
        self.run(_SET_BACK, now=now)
