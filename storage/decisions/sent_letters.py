"""Which letters were sent."""

from sqlalchemy import select

from bot.rules.sent_letters import LetterKind, SentLetter
from bot.rules.warnings import Delivery
from storage.db.mapping import columns_of, value_of
from storage.db.queries import ours
from storage.db.repository import Repository
from storage.tables.decisions import sent_letter

_OF_CASE = select(sent_letter).where(ours(sent_letter, "case")).order_by(sent_letter.c.letter)


class SentLetters(Repository):
    """Which letters about a case's decision were sent, once each."""

    def add(self, sent: SentLetter) -> None:
        """Store that it was sent."""
        self.add_row(sent_letter, **columns_of(sent))

    def of_case(self, case: int) -> tuple[SentLetter, ...]:
        """Those of the case."""
        return tuple(
            value_of(SentLetter, row, letter=LetterKind(row.letter), how=Delivery(row.how))
            for row in self.all(_OF_CASE, case=case)
        )
