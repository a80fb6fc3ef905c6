"""What became of decisions: their reviews, the appeals against them, what was learnt from them."""

from sqlalchemy import bindparam, select

from bot.rules.decisions import Hindsight, Lesson, Review, Reviewed
from storage.db.repository import Repository
from storage.db.statements import Found
from storage.tables.decisions import lesson, review

_REVIEWS = (
    select(review)
    .where(review.c.team == bindparam("our_team"), review.c.case == bindparam("case"))
    .order_by(review.c.n)
)
_LESSON = select(lesson).where(lesson.c.team == bindparam("our_team"), lesson.c.case == bindparam("case"))


class Reviews(Repository):
    """See `ports.Reviews`."""

    def add(self, done: Review, salt: str) -> None:
        """Note it."""
        self.add_row(
            review,
            case=done.case,
            n=done.n,
            outcome=done.outcome.value,
            by=done.by,
            at=done.at,
            reason=done.reason,
            salt=salt,
            due_on=done.due_on,
            until=done.until,
        )

    def of_case(self, case: int) -> tuple[Review, ...]:
        """Those of the case's decision, oldest first."""
        return tuple(_review(row) for row in self.all(_REVIEWS, case=case))


class Lessons(Repository):
    """See `ports.Lessons`."""

    def add(self, learnt: Lesson, salt: str) -> None:
        """Note it; there is one for a case."""
        self.add_row(
            lesson,
            case=learnt.case,
            by=learnt.by,
            at=learnt.at,
            learnt=learnt.learnt,
            worth=learnt.worth,
            hindsight=learnt.hindsight.value,
            line=learnt.line,
            salt=salt,
        )

    def of_case(self, case: int) -> Lesson | None:
        """What was learnt from the case's drop."""
        row = self.one(_LESSON, case=case)
        if row is None:
            return None
        return Lesson(row.case, row.by, row.at, row.learnt, Hindsight(row.hindsight), row.line, row.worth)


def _review(row: Found) -> Review:
    return Review(
        case=row.case,
        n=row.n,
        outcome=Reviewed(row.outcome),
        by=row.by,
        at=row.at,
        reason=row.reason,
        due_on=row.due_on,
        until=row.until,
    )
