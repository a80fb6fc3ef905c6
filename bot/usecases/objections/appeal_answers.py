"""Answers to appeals: somebody who took no part upholds, changes or overturns the decision."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.language import _
from bot.rules.audit import Act, salted_digest
from bot.rules.case_files import RecordedCase
from bot.rules.cases import Case
from bot.rules.decisions import Choice, Decision, Ending, follow_up_at, latest_review
from bot.rules.fields import GONE, PASSED, REVIEW_TOO_EARLY, Words
from bot.rules.objections import Appeal, AppealAnswer, Terms
from bot.rules.people import Person
from bot.rules.refusals import AlreadyAppealed, Unknown
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.text import day
from bot.usecases.context import Context
from bot.usecases.permissions.uninvolved import refuse_unless_appeal_answerer
from bot.usecases.shared.conclude import conclude, done_in, is_recorded
from bot.usecases.shared.decisions_in_force import (
    end_decision,
    lock_decision,
    running_since,
    schedule_effect,
    schedule_review,
)
from bot.usecases.shared.fields import refuse, wrong_fields
from bot.usecases.shared.letters import Drafted, draft_answer
from bot.usecases.shared.read_models import case_file, recorded_case
from storage.transaction import Transaction

UNCHANGED = _("These are the terms as they stand. Please change something, or let the decision stand.")
NO_WORSE = _("An objection never turns keeping a customer into dropping them. Please leave this at keeping them.")
NO_CONDITION = _("Please pick at least one condition. To free the customer of all, cancel the decision instead.")
WHEN = _("A decision is reviewed after today and by {day} at the latest: an objection does not renew it.")


@dataclass(frozen=True, slots=True)
class AnswerAppeal:
    """What comes of an appeal: upheld, overturned, or changed to other `terms`. `letter`: what the customer is told."""

    by: Person
    case: int
    answer: AppealAnswer
    rationale: Words
    letter: Words
    terms: Terms | None = None


def answer_appeal(context: Context, command: AnswerAppeal) -> RecordedCase:
    """Answer an appeal, with a rationale. Idempotent.

    Upheld: the decision stands. Overturned: it ends, and the customer's history stays. Changed: it goes on with other
    terms; a drop may become keeping with conditions, never the other way round. An appeal renews nothing, so the review
    date stays within the longest time since the decision was made or last renewed.

    Raises:
        Wrong: a field is invalid.
        AlreadyAppealed: somebody else has answered it, or the decision ended first.
        NotEntitled: they took part in the decision, have a stake, or it has not come to the directors yet.
        NothingToReview, Unknown, NotRecorded.
    """
    with context.begin(command.by.team) as tx:
        case, decision, appeal, now = _lock_appeal(tx, context, command.by, command.case)
        if not is_recorded(tx, command.by, Act.ANSWER_APPEAL):
            _refuse_answered(appeal)
            _record(tx, context, case, decision, appeal, _valid(tx, context, decision, command), now)
        return recorded_case(tx, context, command.by, case.number)


def draft_for_answer(context: Context, command: AnswerAppeal) -> Drafted[AnswerAppeal]:
    """The letter to the customer, from the answers given; a blank one is sent with them. Changes nothing.

    Raises as `answer_appeal`.
    """
    with context.read(command.by.team) as tx:
        _, decision, appeal, _ = _lock_appeal(tx, context, command.by, command.case)
        _refuse_answered(appeal)
        valid = _valid(tx, context, decision, replace(command, letter=command.rationale))
        file = case_file(tx, context, command.case)
    letter = draft_answer(context, file, command.answer, command.rationale, valid.terms)
    return Drafted(file, replace(command, terms=valid.terms), letter)


def check_appeal_answer(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `answer_appeal`, except Wrong."""
    _refuse_answered(_lock_appeal(tx, context, by, number)[2])


def _refuse_answered(appeal: Appeal) -> None:
    if appeal.answered_at:
        raise AlreadyAppealed(appeal.case, appeal.answered_by or "", appeal.answered_at, appeal.answer)


def _lock_appeal(tx: Transaction, context: Context, by: Person, number: int) -> tuple[Case, Decision, Appeal, datetime]:
    case, decision = lock_decision(tx, number)
    appeal, now = tx.appeals.of_case(number), context.clock()
    if appeal is None:
        raise Unknown("appeal", number)
    refuse_unless_appeal_answerer(tx, context, by, case, appeal, now)
    return case, decision, appeal, now


def _record(
    tx: Transaction,
    context: Context,
    case: Case,
    decision: Decision,
    appeal: Appeal,
    command: AnswerAppeal,
    now: datetime,
) -> None:
    terms = command.terms
    answered = replace(
        appeal,
        answer=command.answer,
        answered_by=command.by.user,
        answered_at=now,
        rationale=command.rationale,
        letter=command.letter,
        before=Terms.of(decision) if terms else None,
    )
    tx.appeals.answer(answered)
    tx.scheduled_tasks.cancel(TaskKind.APPEAL_DUE, case.number)
    if command.answer is AppealAnswer.OVERTURNED:
        tx.scheduled_tasks.cancel(TaskKind.LESSON, case.number)
        end_decision(tx, context, case, Ending.OVERTURNED, now)
    elif terms:
        _change(tx, context, decision, terms, now)
    facts = _facts(answered, terms, tx.appeals.salt(case.number))
    conclude(tx, context, done_in(case, command.by, Act.ANSWER_APPEAL, facts), now)


def _change(tx: Transaction, context: Context, decision: Decision, terms: Terms, now: datetime) -> None:
    changed = replace(
        decision,
        choice=terms.choice,
        review_on=terms.review_on,
        effective_on=terms.effective_on,
        conditions=terms.conditions,
    )
    tx.cases.set_terms(decision.case, terms)
    schedule_review(tx, context, changed)
    schedule_effect(tx, context, changed)
    ask_at = follow_up_at(changed, context.policy)
    if terms.choice is Choice.KEEP:
        tx.scheduled_tasks.cancel(TaskKind.LESSON, decision.case)
    elif ask_at > now:
        tx.scheduled_tasks.set(TaskKind.LESSON, decision.case, ask_at)


def _facts(answered: Appeal, terms: Terms | None, salt: str) -> dict[str, object]:
    facts: dict[str, object] = {
        "case": answered.case,
        "answer": str(answered.answer),
        "rationale": salted_digest(salt, answered.rationale or ""),
        "letter": salted_digest(salt, answered.letter or ""),
    }
    if terms is None:
        return facts
    return facts | {
        "choice": terms.choice.value,
        "review_on": terms.review_on.isoformat(),
        "effective_on": terms.effective_on.isoformat() if terms.effective_on else None,
        "conditions": list(terms.conditions),
    }


def _valid(tx: Transaction, context: Context, decision: Decision, sent: AnswerAppeal) -> AnswerAppeal:
    """The answer as it is recorded, with terms only where it changes some. Raises Wrong."""
    terms = _own_terms(sent.terms or Terms.of(decision)) if sent.answer is AppealAnswer.CHANGED else None
    refuse(wrong_fields(context, sent) | (_wrong_terms(tx, context, decision, terms) if terms else {}))
    return replace(sent, terms=terms, rationale=sent.rationale.strip(), letter=sent.letter.strip())


def _own_terms(terms: Terms) -> Terms:
    """Only those terms that belong to the choice."""
    return replace(terms, conditions=()) if terms.choice is Choice.DROP else replace(terms, effective_on=None)


def _wrong_terms(tx: Transaction, context: Context, decision: Decision, terms: Terms) -> dict[str, str]:
    if terms == Terms.of(decision):
        return {"review_on": UNCHANGED}
    since = context.policy.hours.local_date(running_since(tx, decision))
    latest = latest_review(since, context.policy)
    wrong = {} if context.today() < terms.review_on <= latest else {"review_on": WHEN.format(day=day(latest))}
    if terms.choice is Choice.DROP:
        return wrong | _wrong_drop(context, decision, terms)
    if not terms.conditions:
        return wrong | {"conditions": NO_CONDITION}
    known = {*context.policy.conditions, *decision.conditions}
    return wrong if known.issuperset(terms.conditions) else wrong | {"conditions": GONE}


def _wrong_drop(context: Context, decision: Decision, terms: Terms) -> dict[str, str]:
    if decision.choice is Choice.KEEP:
        return {"choice": NO_WORSE}
    if terms.effective_on is None or (
        terms.effective_on != decision.effective_on and terms.effective_on < context.today()
    ):
        return {"effective_on": PASSED}
    return {"review_on": REVIEW_TOO_EARLY} if terms.review_on <= terms.effective_on else {}
