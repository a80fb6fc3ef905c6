"""Objections of customers to warnings and decisions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select, update

from bot.rules.decisions import Choice
from bot.rules.objections import Answer, Objection, Terms
from storage.db.mapping import columns_of, member_of, value_of
from storage.db.queries import bound, ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.cases import objection

_OF_CASE = select(objection).where(ours(objection, "case"))
_TO_WARNINGS = select(objection).where(ours(objection, "customer"), objection.c.warning.is_not(None))
_IF_OPEN = and_(ours(objection, "case"), objection.c.answer.is_(None))
_ESCALATE = update(objection).where(_IF_OPEN).values(raised=objection.c.raised + 1)
_MOVE = update(objection).where(_IF_OPEN).values(**bound("due_at"))
_RESULT = ("answer", "answered_by", "answered_at", "rationale", "letter", "before", "before_details")
_ANSWER = update(objection).where(_IF_OPEN).values(**bound(*_RESULT))


class Objections(Repository):
    """Objections to warnings and decisions, at most one for each case."""

    def add(self, recorded: Objection, salt: str) -> None:
        """Store the objection."""
        values = {name: value for name, value in columns_of(recorded).items() if name not in _RESULT}
        self.add_row(objection, salt=salt, raised=values.pop("escalations"), before_details=[], **values)

    def of_case(self, case: int) -> Objection | None:
        """The objection to how the case ended."""
        return self.maybe(_objection, _OF_CASE, case=case)

    def to_warnings(self, customer: int) -> tuple[Objection, ...]:
        """The customer's objections to warnings."""
        return tuple(_objection(row) for row in self.all(_TO_WARNINGS, customer=customer))

    def move(self, case: int, due_at: datetime) -> None:
        """Store another deadline, if it is open."""
        self.run(_MOVE, case=case, due_at=due_at)

    def salt(self, case: int) -> str:
        """The salt of the objection's texts."""
        return str(self._row(case).salt)

    def escalate(self, case: int) -> Objection:
        """Count one more escalation to the directors, if it is open; the objection as it is now."""
        self.run(_ESCALATE, case=case)
        return _objection(self._row(case))

    def answer(self, answered: Objection) -> None:
        """Store how it was answered, if it is open."""
        before = answered.before
        terms = {"before": _to_json(before) if before else None, "before_details": before.details if before else ()}
        values = columns_of(answered) | terms
        self.run(_ANSWER, case=answered.case, **{name: values[name] for name in _RESULT})

    def _row(self, case: int) -> Row:
        return self.known("objection", case, _OF_CASE, case=case)


def _objection(row: Row) -> Objection:
    before = _from_json(row.before, row.before_details) if row.before else None
    return value_of(Objection, row, escalations=row.raised, answer=member_of(Answer, row.answer), before=before)


def _to_json(terms: Terms) -> dict[str, object]:
    return {
        "choice": terms.choice.value,
        "review_on": terms.review_on.isoformat(),
        "effective_on": terms.effective_on.isoformat() if terms.effective_on else None,
        "conditions": list(terms.conditions),
    }


def _from_json(body: dict[str, Any], details: list[list[str]]) -> Terms:
    return Terms(
        choice=Choice(body["choice"]),
        review_on=date.fromisoformat(body["review_on"]),
        effective_on=date.fromisoformat(body["effective_on"]) if body["effective_on"] else None,
        conditions=tuple(body["conditions"]),
        details=tuple((key, value) for key, value in details),
    )
