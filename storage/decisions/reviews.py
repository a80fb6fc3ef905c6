"""The reviews of decisions, and what the firm learnt from drops."""

from sqlalchemy import select

from bot.rules.decisions import Hindsight, Lesson, Review, Reviewed
from storage.db.mapping import columns_of, value_of
from storage.db.queries import ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.decisions import lesson, review

_REVIEWS = select(review).where(ours(review, "case")).order_by(review.c.n)
_LESSON = select(lesson).where(ours(lesson, "case"))


class Reviews(Repository):
    """What came of each review of a decision."""

    def add(self, done: Review, salt: str) -> None:
        """Store it."""
        self.add_row(review, salt=salt, **columns_of(done))

    def of_case(self, case: int) -> tuple[Review, ...]:
        """The reviews of the case's decision, oldest first."""
        return tuple(value_of(Review, row, outcome=Reviewed(row.outcome)) for row in self.all(_REVIEWS, case=case))


class Lessons(Repository):
    """What the firm learnt from drops."""

    def add(self, learnt: Lesson, salt: str) -> None:
        """Store it; there is one for a case."""
        self.add_row(lesson, salt=salt, **columns_of(learnt))

    def of_case(self, case: int) -> Lesson | None:
        """What was learnt from the case's drop."""
        return self.maybe(_lesson, _LESSON, case=case)


def _lesson(row: Row) -> Lesson:
    return value_of(Lesson, row, hindsight=Hindsight(row.hindsight))
