"""The digests of the audit log that were published."""

from array import array
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import select

from bot.rules.audit_chain import NO_HASH
from bot.rules.publications import Growth, Publication, Published, Tree, leaf
from bot.rules.weeks import Week
from storage.db.queries import ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.audit import audit_head
from storage.tables.outbox import publication

_ALL = select(publication).where(ours(publication)).order_by(publication.c.number)
_OF_WEEK = select(publication).where(ours(publication, "week", "channel"))
_BY_NUMBER = select(publication).where(ours(publication, "number"))
_NEWEST = select(publication).where(ours(publication)).order_by(publication.c.number.desc()).limit(1)
_ENDS = (
    select(audit_head.c.customer, audit_head.c.n, audit_head.c.hash)
    .where(ours(audit_head), audit_head.c.n > 0)
    .order_by(audit_head.c.customer)
)


class Grown(NamedTuple):
    """The chains that have grown since the newest publication: how long they are, and the tree of their ends."""

    growth: Growth
    tree: Tree


class Publications(Repository):
    """The digests of the audit log that were published, numbered from 1."""

    def newest(self) -> Published | None:
        """The newest one."""
        return self.maybe(self._published, _NEWEST)

    def of_week(self, week: Week, channel: str) -> Published | None:
        """The one in the thread of this week's summary in this channel."""
        return self.maybe(self._published, _OF_WEEK, week=week.key, channel=channel)

    def get(self, number: int) -> Published:
        """The one with this number. Raises Unknown."""
        return self._published(self.known("publication", number, _BY_NUMBER, number=number))

    def digest_before(self, number: int) -> str:
        """The digest of the publication before this one; `NO_HASH` before the first one."""
        return self.get(number - 1).digest if number > 1 else NO_HASH

    def grown(self) -> Grown:
        """What has grown since the newest publication, as the ends of the chains are now."""
        lengths, grown, tree = self._lengths(), array("I"), Tree()
        for row in self.stream(_ENDS):
            if row.customer >= len(lengths) or row.n > lengths[row.customer]:
                grown.extend((row.customer, row.n))
                tree.add(leaf(*row))
        return Grown(Growth(zip(grown[::2], grown[1::2], strict=True)), tree)

    def add(self, new: Published) -> None:
        """Store it."""
        said = new.publication
        values = {"number": said.number, "week": Week.parse(said.week).key, "channel": said.channel, "at": said.at}
        self.add_row(publication, **values, digest=new.digest, growth=new.growth.stored())

    def all_published(self) -> Iterator[Published]:
        """Every one, oldest first."""
        for row in self.all(_ALL):
            yield self._published(row)

    def _lengths(self) -> "array[int]":
        """How long the chain of each customer was when it was last published."""
        lengths = array("I")
        for published in self.all_published():
            for index in range(len(published.growth)):
                customer, n = published.growth.at(index)
                lengths.extend([0] * (customer + 1 - len(lengths)))
                lengths[customer] = n
        return lengths

    def _published(self, row: Row) -> Published:
        said = Publication(self.team, row.number, str(Week.of_key(row.week)), row.channel, row.at)
        return Published(said, row.digest, Growth.read(row.growth))
