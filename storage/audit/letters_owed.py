"""Which letters to the customer somebody has to be asked for: as `bot.rules.sent_letters.letters_of` says."""

from typing import Any, Final

from sqlalchemy import Alias, Select, and_, func, not_, or_, select

from bot.rules.decisions import Ending
from bot.rules.sent_letters import LetterKind
from storage.db.queries import ours
from storage.tables.cases import objection
from storage.tables.decisions import decision, sent_letter

_NEWER: Alias = decision.alias("newer_in_force")  # type: ignore[assignment]  # an alias of a table is one
_IN_FORCE = and_(
    decision.c.ended_at.is_(None),
    not_(
        select(_NEWER.c.case)
        .where(ours(_NEWER), _NEWER.c.customer == decision.c.customer, _NEWER.c.ended_at.is_(None))
        .where(or_(_NEWER.c.at > decision.c.at, and_(_NEWER.c.at == decision.c.at, _NEWER.c.case > decision.c.case)))
        .exists()
    ),
)
_WRITTEN: Final = and_(objection.c.answered_by.is_not(None), func.coalesce(objection.c.letter, "") != "")
_ANSWERED = select(objection.c.case).where(ours(objection), objection.c.case == decision.c.case, _WRITTEN)
_DECIDED = select(decision.c.case).where(ours(decision), decision.c.case == objection.c.case)
_HOLDS = or_(
    ~_DECIDED.exists(), _DECIDED.where(or_(_IN_FORCE, decision.c.ended_how == Ending.CANCELLED.value)).exists()
)


def _sent(kind: LetterKind) -> Select[Any]:
    return select(sent_letter.c.case).where(ours(sent_letter), sent_letter.c.letter == kind.value)


ANSWER_OWED: Final = and_(_WRITTEN, objection.c.salt != "", _HOLDS, objection.c.case.not_in(_sent(LetterKind.ANSWER)))
"""Of objections: the customer is still owed the answer."""
LETTER_OWED: Final = and_(
    _IN_FORCE,
    func.coalesce(decision.c.letter, "") != "",
    decision.c.salt != "",
    ~_ANSWERED.exists(),
    decision.c.case.not_in(_sent(LetterKind.DECISION)),
)
"""Of decisions: the customer is still owed the letter about it."""
