"""Somebody who took no part answers an appeal: the decision is upheld, changed or overturned."""

from dataclasses import replace
from datetime import datetime

from bot.language import _
from bot.rules.audit_acts import Act
from bot.rules.audit_chain import seal
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case
from bot.rules.decisions import Choice, Decision, Ending, follow_up_at
from bot.rules.objections import Answer, Appeal, Terms
from bot.rules.people import Person
from bot.rules.refusals import AlreadyAppealed, Unknown, Wrong
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from bot.usecases.objections.appeal_terms import wrong_terms
from bot.usecases.objections.commands import AnswerAppeal
from bot.usecases.permissions.uninvolved import refuse_unless_theirs
from bot.usecases.shared.decisions_in_force import end, plan_review, show_aftermath, take_decision
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.verdicts import settle
from storage.transaction import Transaction

WHY = _("Please say in a sentence why. The customer and the reps are told.")


def answer_appeal(context: Context, command: AnswerAppeal) -> CaseFile:
    """The appeal is answered, with a rationale. Sent twice by the same person, it answers the same.

    Upheld: the decision stands. Overturned: it ends, and the customer's history stays. Changed: it goes on with other
    terms; a drop may become keeping with conditions, but an appeal never makes a keep a drop, and the review stays
    within the longest time since the decision was made or last renewed, since an appeal renews nothing.

    Raises:
        Wrong: a field cannot stand.
        AlreadyAppealed: somebody else has answered it, or the decision ended first.
        NotEntitled: they took part in the decision, have a stake, or it is not with the directors yet.
        NothingToReview, Unknown, NotRecorded.
    """
    now = context.clock()
    with context.begin(command.by.team) as tx:
        case, decision, appeal = _theirs(tx, context, command.by, command.case, now)
        if (appeal.answered_by, appeal.answer) != (command.by.user, command.answer):
            refuse_answered(appeal)
            command = _refuse_wrong(tx, context, decision, command)
            _answer(tx, context, case, decision, appeal, command)
        return case_file(tx, context, case.number)


def check_appeal_answer(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> None:
    """Raises what `answer_appeal` raises, its fields aside."""
    refuse_answered(_theirs(tx, context, by, number, now)[-1])


def refuse_answered(appeal: Appeal) -> None:
    """Raises `AlreadyAppealed` where it has been answered, or has become moot."""
    if appeal.answered_at:
        raise AlreadyAppealed(appeal.case, appeal.answered_by or "", appeal.answered_at, appeal.answer)


def _theirs(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> tuple[Case, Decision, Appeal]:
    case, decision = take_decision(tx, number)
    appeal = tx.appeals.of_case(number)
    if appeal is None:
        raise Unknown("appeal", number)
    refuse_unless_theirs(tx, context, by, case, appeal, decision, now)
    return case, decision, appeal


def _answer(
    tx: Transaction, context: Context, case: Case, decision: Decision, appeal: Appeal, command: AnswerAppeal
) -> None:
    now, terms = context.clock(), command.terms
    settled = replace(
        appeal,
        answer=command.answer,
        answered_by=command.by.user,
        answered_at=now,
        rationale=command.rationale,
        before=Terms.of(decision) if terms else None,
    )
    tx.appeals.settle(settled)
    tx.scheduled_tasks.cancel(TaskKind.APPEAL_DUE, case.number)
    facts = _facts(settled, terms, tx.appeals.salt(case.number))
    tx.audit.append(case.customer, command.by.user, Act.ANSWER_APPEAL, facts, now)
    if command.answer is Answer.OVERTURNED:
        tx.scheduled_tasks.cancel(TaskKind.LESSON, case.number)
        end(tx, context, case, Ending.OVERTURNED, now)
        return
    if terms:
        _change(tx, context, decision, terms, now)
        settle(tx, case.customer, now)
    show_aftermath(tx, context, case, now)


def _change(tx: Transaction, context: Context, decision: Decision, terms: Terms, now: datetime) -> None:
    changed = replace(
        decision,
        choice=terms.choice,
        review_on=terms.review_on,
        effective_on=terms.effective_on,
        conditions=terms.conditions,
    )
    tx.cases.hold_to(decision.case, terms)
    plan_review(tx, context, changed)
    look_back_at = follow_up_at(changed, context.policy)
    if terms.choice is Choice.KEEP:
        tx.scheduled_tasks.cancel(TaskKind.LESSON, decision.case)
    elif look_back_at > now:
        tx.scheduled_tasks.set(TaskKind.LESSON, decision.case, look_back_at)


def _facts(settled: Appeal, terms: Terms | None, salt: str) -> dict[str, object]:
    facts: dict[str, object] = {
        "case": settled.case,
        "answer": str(settled.answer),
        "rationale": seal(salt, settled.rationale or ""),
    }
    if terms is None:
        return facts
    return facts | {
        "choice": terms.choice.value,
        "review_on": terms.review_on.isoformat(),
        "effective_on": terms.effective_on.isoformat() if terms.effective_on else None,
        "conditions": list(terms.conditions),
    }


def _refuse_wrong(tx: Transaction, context: Context, decision: Decision, sent: AnswerAppeal) -> AnswerAppeal:
    """The answer as it is kept: terms only where it changes some, and only those that belong to its choice."""
    terms = _own_terms(sent.terms or Terms.of(decision)) if sent.answer is Answer.CHANGED else None
    wrong = {} if sent.rationale.strip() else {"rationale": WHY}
    if terms:
        wrong |= wrong_terms(tx, context, decision, terms)
    if wrong:
        raise Wrong(wrong)
    return replace(sent, terms=terms, rationale=sent.rationale.strip())


def _own_terms(terms: Terms) -> Terms:
    return replace(terms, conditions=()) if terms.choice is Choice.DROP else replace(terms, effective_on=None)
