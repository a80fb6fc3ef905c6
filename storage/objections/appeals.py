"""Appeals against decisions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select, update

from bot.rules.decisions import Choice
from bot.rules.objections import Appeal, AppealAnswer, Terms
from storage.db.mapping import member_of, value_of
from storage.db.queries import bound, ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.decisions import appeal

_OF_CASE = select(appeal).where(ours(appeal, "case"))
_IF_OPEN = and_(ours(appeal, "case"), appeal.c.answer.is_(None))
_ESCALATE = update(appeal).where(_IF_OPEN).values(raised=appeal.c.raised + 1)
_ANSWER = (
    update(appeal)
    .where(_IF_OPEN)
    .values(**bound("answer", "answered_by", "answered_at", "rationale", "letter", "before"))
)
_MOVE = update(appeal).where(_IF_OPEN).values(**bound("due_at"))


class Appeals(Repository):
    """Appeals against decisions, once for each decision."""

    def add(self, asked: Appeal, salt: str) -> None:
        """Store the appeal."""
        self.add_row(
            appeal,
            case=asked.case,
            asked_by=asked.asked_by,
            asked_at=asked.asked_at,
            contact=asked.contact,
            news=asked.news,
            salt=salt,
            due_at=asked.due_at,
            raised=asked.escalations,
        )

    def of_case(self, case: int) -> Appeal | None:
        """The appeal against the case's decision."""
        return self.maybe(_appeal, _OF_CASE, case=case)

    def move(self, case: int, due_at: datetime) -> None:
        """Store another deadline, if it is open."""
        self.run(_MOVE, case=case, due_at=due_at)

    def salt(self, case: int) -> str:
        """The salt of the appeal's texts."""
        return str(self._row(case).salt)

    def escalate(self, case: int) -> Appeal:
        """Count one more escalation to the directors, if it is open; the appeal as it is now."""
        self.run(_ESCALATE, case=case)
        return _appeal(self._row(case))

    def answer(self, answered: Appeal) -> None:
        """Store how it was answered, if it is open."""
        self.run(
            _ANSWER,
            case=answered.case,
            answer=answered.answer,
            answered_by=answered.answered_by,
            answered_at=answered.answered_at,
            rationale=answered.rationale,
            letter=answered.letter,
            before=_to_json(answered.before) if answered.before else None,
        )

    def _row(self, case: int) -> Row:
        return self.known("appeal", case, _OF_CASE, case=case)


def _appeal(row: Row) -> Appeal:
    before = _from_json(row.before) if row.before else None
    return value_of(Appeal, row, escalations=row.raised, answer=member_of(AppealAnswer, row.answer), before=before)


def _to_json(terms: Terms) -> dict[str, object]:
    return {
        "choice": terms.choice.value,
        "review_on": terms.review_on.isoformat(),
        "effective_on": terms.effective_on.isoformat() if terms.effective_on else None,
        "conditions": list(terms.conditions),
    }


def _from_json(body: dict[str, Any]) -> Terms:
    return Terms(
        choice=Choice(body["choice"]),
        review_on=date.fromisoformat(body["review_on"]),
        effective_on=date.fromisoformat(body["effective_on"]) if body["effective_on"] else None,
        conditions=tuple(body["conditions"]),
    )
