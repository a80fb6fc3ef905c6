"""The weekly summaries that were posted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from bot.rules.published_digest import ChainEnds, PublishedDigest
from bot.rules.weekly_figures import Summary
from bot.rules.weeks import Week
from storage.db.mapping import value_of
from storage.db.queries import bound, insert_or_ignore, ours
from storage.db.repository import Repository
from storage.tables.audit import audit_head
from storage.tables.outbox import summary

AT_ONCE = 1_000  # rows read at a time
_THIS = ours(summary, "week", "channel")
_GET = select(
    summary.c.week, summary.c.channel, summary.c.as_of, summary.c.digest, summary.c.picture, summary.c.picture_of
).where(_THIS)
_NEW = insert_or_ignore(summary)
_ADD = {dialect: new.returning(summary.c.week) for dialect, new in _NEW.items()}
_REFRESH = update(summary).where(_THIS).values(**bound("as_of"))
_SEAL = update(summary).where(_THIS, summary.c.digest.is_(None)).values(**bound("digest", "chains"))
_PICTURE = update(summary).where(_THIS).values(**bound("picture", "picture_of"))
_SEALED = (
    select(summary.c.week, summary.c.channel, summary.c.digest, summary.c.chains)
    .where(ours(summary), summary.c.digest.is_not(None))
    .order_by(summary.c.week, summary.c.channel)
)
_ENDS = (
    select(audit_head.c.customer, audit_head.c.n, audit_head.c.hash)
    .where(ours(audit_head))
    .order_by(audit_head.c.customer)
    .execution_options(yield_per=AT_ONCE)
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A summary that was posted, and the digest of the audit log as it was then."""

    week: Week
    channel: str
    then: PublishedDigest

    def __str__(self) -> str:
        return f"the audit log was not as it is when the summary of {self.week} was posted in {self.channel}."


class Summaries(Repository):
    """The weekly summaries that were posted, each in one channel."""

    def add(self, week: Week, channel: str, now: datetime) -> bool:
        """Store that the week is summed up in the channel; False where it was before."""
        values = {"week": week.key, "channel": channel, "posted_at": now, "as_of": now}
        return self.db.first(_ADD[self.db.dialect], {"team": self.team, **values}) is not None

    def get(self, week: Week, channel: str) -> Summary:
        """The summary. Raises Unknown."""
        row = self.known("summary", week.key, _GET, week=week.key, channel=channel)
        return value_of(Summary, row, week=Week.of_key(row.week))

    def refresh(self, week: Week, channel: str, now: datetime) -> None:
        """Have the summary show the record as it is now."""
        self.run(_REFRESH, week=week.key, channel=channel, as_of=now)

    def chain_ends(self) -> ChainEnds:
        """The ends of all chains of the audit log now."""
        chain_ends = ChainEnds()
        for rows in self.db.connection.execute(_ENDS, {"our_team": self.team}).partitions():
            chain_ends.add(rows)
        return chain_ends

    def seal(self, week: Week, channel: str, chain_ends: ChainEnds) -> None:
        """Store the digest of the chain ends and how long each chain is, unless there is one already."""
        values = {"digest": chain_ends.digest, "chains": chain_ends.lengths()}
        self.run(_SEAL, week=week.key, channel=channel, **values)

    def keep_picture(self, week: Week, channel: str, file: str | None, of_what: str) -> None:
        """Store Slack's ID of the chart, None where Slack refused it, and the digest of what the chart shows."""
        self.run(_PICTURE, week=week.key, channel=channel, picture=file, picture_of=of_what)

    def sealed(self) -> Iterator[Sealed]:
        """Every digest that was posted, to be derived again."""
        for row in self.all(_SEALED):
            yield Sealed(Week.of_key(row.week), row.channel, PublishedDigest(row.digest, row.chains))
