"""The weeks that were summed up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.rules.published_digest import Heads, Recalled
from bot.rules.refusals import Unknown
from bot.rules.weekly_figures import Summary
from bot.rules.weeks import Week
from storage.db.repository import Repository, insert
from storage.db.statements import Found
from storage.tables.audit import audit_head
from storage.tables.outbox import summary

AT_ONCE = 1_000  # rows read at a time
_OURS = summary.c.team == bindparam("our_team")
_THIS = _OURS & (summary.c.week == bindparam("which")) & (summary.c.channel == bindparam("where"))
_GET = select(
    summary.c.week, summary.c.channel, summary.c.as_of, summary.c.digest, summary.c.picture, summary.c.picture_of
).where(_THIS)
_ADD = {
    dialect: insert(summary, dialect)
    .on_conflict_do_nothing(index_elements=[summary.c.team, summary.c.week, summary.c.channel])
    .returning(summary.c.week)
    for dialect in ("sqlite", "postgresql")
}
_REFRESH = update(summary).where(_THIS).values(as_of=bindparam("now"))
_SEAL = (
    update(summary).where(_THIS, summary.c.digest.is_(None)).values(digest=bindparam("sealed"), chains=bindparam("ns"))
)
_PICTURE = update(summary).where(_THIS).values(picture=bindparam("file"), picture_of=bindparam("of_what"))
_SEALED = (
    select(summary.c.week, summary.c.channel, summary.c.digest, summary.c.chains)
    .where(_OURS, summary.c.digest.is_not(None))
    .order_by(summary.c.week, summary.c.channel)
)
_ENDS = (
    select(audit_head.c.customer, audit_head.c.n, audit_head.c.hash)
    .where(audit_head.c.team == bindparam("our_team"))
    .order_by(audit_head.c.customer)
    .execution_options(yield_per=AT_ONCE)
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A summary that was posted, and the audit log as it was then."""

    week: Week
    channel: str
    then: Recalled

    def __str__(self) -> str:
        return f"the audit log was not as it is when the summary of {self.week} was posted in {self.channel}."


class Summaries(Repository):
    """See `ports.Summaries`."""

    def add(self, week: Week, channel: str, now: datetime) -> bool:
        """Note that the week is summed up in the channel; False where it has been."""
        values = {"week": week.key, "channel": channel, "posted_at": now, "as_of": now}
        return self.db.first(_ADD[self.db.dialect], {"team": self.team, **values}) is not None

    def get(self, week: Week, channel: str) -> Summary:
        """It, or `refusals.Unknown`."""
        row = self.one(_GET, which=week.key, where=channel)
        if row is None:
            raise Unknown("summary", week.key)
        return _summary(row)

    def refresh(self, week: Week, channel: str, now: datetime) -> None:
        """It is to show the record as it is now."""
        self.run(_REFRESH, which=week.key, where=channel, now=now)

    def heads(self) -> Heads:
        """The ends of all chains of the audit log now."""
        heads = Heads()
        for rows in self.db.connection.execute(_ENDS, {"our_team": self.team}).partitions():
            heads.add(rows)
        return heads

    def seal(self, week: Week, channel: str, heads: Heads) -> None:
        """Keep what it witnesses; the first time counts."""
        self.run(_SEAL, which=week.key, where=channel, sealed=heads.digest, ns=heads.lengths())

    def keep_picture(self, week: Week, channel: str, file: str | None, of_what: str) -> None:
        """Keep Slack's ID of the chart, None where Slack refused it, and what the chart shows."""
        self.run(_PICTURE, which=week.key, where=channel, file=file, of_what=of_what)

    def recalled(self) -> Iterator[Sealed]:
        """Every digest that was posted, to be derived again."""
        for row in self.all(_SEALED):
            yield Sealed(Week.of_key(row.week), row.channel, Recalled(row.digest, row.chains))


def _summary(row: Found) -> Summary:
    return Summary(Week.of_key(row.week), row.channel, row.as_of, row.digest, row.picture, row.picture_of)
