"""What became of decisions: their reviews, the appeals against them, what was learnt from them."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.rules.decisions import Choice
from bot.rules.objections import Answer, Appeal, Terms
from bot.rules.refusals import Unknown
from storage.db.repository import Repository
from storage.db.statements import Found
from storage.tables.decisions import appeal

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


class Appeals(Repository):
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
