"""The weekly summaries that were posted, and the figures that each was posted with."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.rules.audit_chain import canonical
from bot.rules.policy.policy import text_digest
from bot.rules.weekly_figures import Figures, Summary
from bot.rules.weeks import Week
from storage.db.queries import bound, insert_or_ignore, ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.outbox import summary
from storage.weekly.stored_figures import from_json, to_json

_THIS = ours(summary, "week", "channel")
_GET = select(summary.c.posted_at, summary.c.figures).where(_THIS)
_NEWEST = (
    select(summary.c.posted_at, summary.c.figures)
    .where(ours(summary, "week"))
    .order_by(summary.c.posted_at.desc(), summary.c.channel)
    .limit(1)
)
_ALL = select(summary.c.week, summary.c.channel, summary.c.figures).where(ours(summary))
_NEW = insert_or_ignore(summary)
_ADD = {dialect: new.returning(summary.c.week) for dialect, new in _NEW.items()}
_SET_BACK = (
    update(summary)
    .where(ours(summary), summary.c.posted_at > bindparam("now", type_=summary.c.posted_at.type))
    .values(posted_at=bindparam("now"))
)
_REPEAT = (
    update(summary)
    .where(_THIS, summary.c.posted_at < bindparam("ended", type_=summary.c.posted_at.type))
    .values(posted_at=bindparam("now"), **bound("figures"))
)


class Summaries(Repository):
    """The weekly summaries that were posted, each in one channel."""

    def add(self, week: Week, channel: str, now: datetime, figures: Figures) -> bool:
        """Store that the week is summed up in the channel, with these figures; False where it was before."""
        values = {"week": week.key, "channel": channel, "posted_at": now, "figures": to_json(figures)}
        return self.db.first(_ADD[self.db.dialect], {"team": self.team, **values}) is not None

    def get(self, week: Week, channel: str) -> Summary:
        """The summary in this channel. Raises Unknown."""
        return _summary(self.known("summary", week.key, _GET, week=week.key, channel=channel))

    def newest(self, week: Week) -> Summary | None:
        """The one of the week that was posted last, in any channel."""
        return self.maybe(_summary, _NEWEST, week=week.key)

    def digests(self) -> dict[tuple[int, str], str]:
        """By week and channel, the digest of the figures, as the audit log has it."""
        return {(row.week, row.channel): text_digest(canonical(row.figures)) for row in self.all(_ALL)}

    def set_back(self, now: datetime) -> None:
        """Those that were posted in the future, by a clock that was wrong, count as posted now."""
        self.run(_SET_BACK, now=now)

    def repeat(self, week: Week, channel: str, ended: datetime, now: datetime, figures: Figures) -> bool:
        """Store that the week is summed up again, if it was before it had `ended`; whether it was."""
        values = {"week": week.key, "channel": channel, "ended": ended, "now": now, "figures": to_json(figures)}
        return self.changed(_REPEAT, **values) > 0


def figures_digest(figures: Figures) -> str:
    """The digest of the figures as they are stored."""
    return text_digest(canonical(to_json(figures)))


def _summary(row: Row) -> Summary:
    return Summary(row.posted_at, from_json(row.figures))
