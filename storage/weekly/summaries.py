"""The weekly summaries that were posted."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.rules.weekly_figures import FirstSummary, Summary
from bot.rules.weeks import Week
from storage.db.mapping import value_of
from storage.db.queries import bound, insert_or_ignore, ours
from storage.db.repository import Repository
from storage.tables.outbox import summary

_THIS = ours(summary, "week", "channel")
_GET = select(summary.c.week, summary.c.channel, summary.c.as_of).where(_THIS)
_FIRST = (
    select(summary.c.asked_support)
    .where(ours(summary, "week"))
    .order_by(summary.c.posted_at, summary.c.channel)
    .limit(1)
)
_NEW = insert_or_ignore(summary)
_ADD = {dialect: new.returning(summary.c.week) for dialect, new in _NEW.items()}
_REFRESH = update(summary).where(_THIS).values(**bound("as_of"))
_SET_BACK = (
    update(summary)
    .where(ours(summary), summary.c.posted_at > bindparam("now", type_=summary.c.posted_at.type))
    .values(posted_at=bindparam("now"), as_of=bindparam("now"))
)
_REPEAT = (
    update(summary)
    .where(_THIS, summary.c.posted_at < bindparam("ended", type_=summary.c.posted_at.type))
    .values(posted_at=bindparam("now"), as_of=bindparam("now"))
)


class Summaries(Repository):
    """The weekly summaries that were posted, each in one channel."""

    def add(self, week: Week, channel: str, now: datetime, asked_support: int | None) -> bool:
        """Store that the week is summed up in the channel; False where it was before.

        `asked_support`: how many reps asked for support, as far as it may be said. It never changes from then on.
        """
        values = {"week": week.key, "channel": channel, "posted_at": now, "as_of": now, "asked_support": asked_support}
        return self.db.first(_ADD[self.db.dialect], {"team": self.team, **values}) is not None

    def get(self, week: Week, channel: str) -> Summary:
        """The summary. Raises Unknown."""
        row = self.known("summary", week.key, _GET, week=week.key, channel=channel)
        return value_of(Summary, row, week=Week.of_key(row.week))

    def first(self, week: Week) -> FirstSummary | None:
        """What was kept when the week was first summed up, in any channel."""
        return self.maybe(lambda row: value_of(FirstSummary, row), _FIRST, week=week.key)

    def refresh(self, week: Week, channel: str, now: datetime) -> None:
        """Have the summary show the record as it is now."""
        self.run(_REFRESH, week=week.key, channel=channel, as_of=now)

    def set_back(self, now: datetime) -> None:
        """Those that were posted in the future, by a clock that was wrong, count as posted now."""
        self.run(_SET_BACK, now=now)

    def repeat(self, week: Week, channel: str, ended: datetime, now: datetime) -> bool:
        """Store that the week is summed up again, if it was before it had `ended`; whether it was."""
        return self.changed(_REPEAT, week=week.key, channel=channel, ended=ended, now=now) > 0
