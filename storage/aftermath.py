"""What became of decisions: their reviews, the appeals against them, what was learnt from them."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.desk.refusals import Unknown
from bot.rules.aftermath import Answer, Appeal, Hindsight, Lesson, Review, Reviewed, Terms
from bot.rules.values import Choice
from storage.part import Part
from storage.statements import Found
from storage.tables import appeal, lesson, review

_REVIEWS = (
    select(review)
    .where(review.c.team == bindparam("our_team"), review.c.case == bindparam("case"))
    .order_by(review.c.n)
)
_APPEALS = appeal.c.team == bindparam("our_team")
_APPEAL = select(appeal).where(_APPEALS, appeal.c.case == bindparam("case"))
_THIS_APPEAL = update(appeal).where(_APPEALS, appeal.c.case == bindparam("which"), appeal.c.answer.is_(None))
_RAISE = _THIS_APPEAL.values(raised=appeal.c.raised + 1)
_SETTLE = _THIS_APPEAL.values(
    answer=bindparam("as_what"),
    answered_by=bindparam("by_whom"),
    answered_at=bindparam("now"),
    rationale=bindparam("why"),
    before=bindparam("terms_before", type_=appeal.c.before.type),
)
_LESSON = select(lesson).where(lesson.c.team == bindparam("our_team"), lesson.c.case == bindparam("case"))


class Reviews(Part):
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


class Appeals(Part):
    """See `ports.Appeals`."""

    def ask(self, asked: Appeal, salt: str) -> None:
        """Note that the customer asks for another look."""
        self.add_row(
            appeal,
            case=asked.case,
            asked_by=asked.asked_by,
            asked_at=asked.asked_at,
            contact=asked.contact,
            news=asked.news,
            salt=salt,
            due_at=asked.due_at,
            raised=asked.raised,
        )

    def of_case(self, case: int) -> Appeal | None:
        """The appeal against the case's decision."""
        row = self.one(_APPEAL, case=case)
        return None if row is None else _appeal(row)

    def salt(self, case: int) -> str:
        """What seals the appeal's texts."""
        return str(self._row(case).salt)

    def go_up(self, case: int) -> Appeal:
        """The directors are told once more: the appeal as it stands now."""
        self.run(_RAISE, which=case)
        return _appeal(self._row(case))

    def settle(self, answered: Appeal) -> None:
        """Note how it was answered."""
        self.run(
            _SETTLE,
            which=answered.case,
            as_what=answered.answer,
            by_whom=answered.answered_by,
            now=answered.answered_at,
            why=answered.rationale,
            terms_before=_plain(answered.before) if answered.before else None,
        )

    def _row(self, case: int) -> Found:
        row = self.one(_APPEAL, case=case)
        if row is None:
            raise Unknown("appeal", case)
        return row


class Lessons(Part):
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


def _appeal(row: Found) -> Appeal:
    return Appeal(
        case=row.case,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        contact=row.contact,
        news=row.news,
        due_at=row.due_at,
        raised=row.raised,
        answer=Answer(row.answer) if row.answer else None,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        rationale=row.rationale,
        before=_terms(row.before) if row.before else None,
    )


def _plain(terms: Terms) -> dict[str, object]:
    return {
        "choice": terms.choice.value,
        "review_on": terms.review_on.isoformat(),
        "effective_on": terms.effective_on.isoformat() if terms.effective_on else None,
        "conditions": list(terms.conditions),
    }


def _terms(body: dict[str, Any]) -> Terms:
    return Terms(
        choice=Choice(body["choice"]),
        review_on=date.fromisoformat(body["review_on"]),
        effective_on=date.fromisoformat(body["effective_on"]) if body["effective_on"] else None,
        conditions=tuple(body["conditions"]),
    )
