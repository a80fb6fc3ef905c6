"""What tells this record from another one with the same app in the same workspace."""

from sqlalchemy import select

from bot.rules.notices import Mark
from storage.db.queries import insert_or_ignore, ours
from storage.db.repository import Repository, new_key
from storage.tables.outbox import installation

_BEGIN = insert_or_ignore(installation)
_KEY = select(installation.c.random_key).where(ours(installation))


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
        return Mark(tag, self.key())
