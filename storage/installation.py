"""What tells this record from another one with the same app, and what it had come to: Slack keeps it with messages."""

from typing import Final

from sqlalchemy import bindparam, select, update

from bot.rules.notices import Mark
from storage.db.queries import insert_or_ignore, many, ours
from storage.db.repository import Repository, new_key
from storage.tables.customers import counter
from storage.tables.outbox import installation

NUMBERED: Final = ("report", "case")  # the numbers that people read, in the order in which they are given
_BEGIN = insert_or_ignore(installation)
_KEY = select(installation.c.random_key).where(ours(installation))
_GIVEN = select(counter.c.name, counter.c.value).where(ours(counter), counter.c.name.in_(many("names")))
_BEGIN_COUNTING = insert_or_ignore(counter)
_LOCK_COUNTER = select(counter.c.value).where(ours(counter, "name")).with_for_update()
_COUNT_ON = update(counter).where(ours(counter, "name")).values(value=bindparam("last"))


class Installation(Repository):
    """The record itself, as the messages in Slack name it."""

    def begin(self) -> None:
        """Give the record its key, unless it has one."""
        self.put(_BEGIN, random_key=new_key())

    def key(self) -> str:
        """The record's key, which a backup of it has too; empty before `begin`."""
        row = self.one(_KEY)
        return row.random_key if row else ""

    def mark(self, tag: str) -> Mark:
        """What Slack is to keep with the message of this tag."""
        return Mark(tag, self.key(), {row.name: row.value for row in self.all(_GIVEN, names=NUMBERED)})

    def count_on(self, name: str, last: int) -> tuple[int, int] | None:
        """Let the next number of this kind be a later one than `last`; the first and the last number left out, if any.

        An entry of the audit log has to say so.
        """
        self.put(_BEGIN_COUNTING, name=name, value=0)
        given = self.counted(_LOCK_COUNTER, name=name)
        if last <= given:
            return None
        self.run(_COUNT_ON, name=name, last=last)
        return given + 1, last
