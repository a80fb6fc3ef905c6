"""Which letters were sent."""

from sqlalchemy import literal, select, union_all

from bot.rules.sent_letters import LetterKind, SentLetter
from bot.rules.warnings import Delivery
from storage.db.mapping import columns_of, value_of
from storage.db.queries import ours
from storage.db.repository import Repository
from storage.tables.cases import objection
from storage.tables.decisions import decision, sent_letter

_OF_CASE = select(sent_letter).where(ours(sent_letter, "case")).order_by(sent_letter.c.letter)
_LOST = union_all(
    select(literal(LetterKind.DECISION.value).label("letter")).where(ours(decision, "case"), decision.c.salt == ""),
    select(literal(LetterKind.ANSWER.value)).where(ours(objection, "case"), objection.c.salt == ""),
)
_ERASED = select(_LOST.subquery().c.letter)


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

    def erased(self, case: int) -> frozenset[LetterKind]:
        """The letters of the case whose text was erased: it has lost its salt."""
        return frozenset(LetterKind(row.letter) for row in self.all(_ERASED, case=case))
