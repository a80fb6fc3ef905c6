"""Answers to objections: somebody who took no part lets the warning or the decision stand, changes or cancels it."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.language import _
from bot.rules.audit import Act, salted_digest
from bot.rules.case_files import RecordedCase
from bot.rules.cases import Case
from bot.rules.conditions import asked_details
from bot.rules.decisions import Choice, Decision, Ending, follow_up_at, latest_review
from bot.rules.fields import GONE, PASSED, REVIEW_TOO_EARLY, Words
from bot.rules.objections import Answer, Objection, Terms
from bot.rules.people import Person
from bot.rules.refusals import AlreadyObjected, Outdated, Unknown
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.text import day
from bot.usecases.context import Context
from bot.usecases.permissions.uninvolved import refuse_unless_answerer
from bot.usecases.shared.case_access import lock_case
from bot.usecases.shared.conclude import conclude, done_in, is_recorded
from bot.usecases.shared.decisions_in_force import (
    end_decision,
    running_since,
    schedule_effect,
    schedule_review,
)
from bot.usecases.shared.fields import refuse, wrong_answers, wrong_fields
from bot.usecases.shared.letters import Drafted, draft_answer
from bot.usecases.shared.letters_to_send import plan_letters
from bot.usecases.shared.read_models import case_file, recorded_case
from storage.transaction import Transaction

UNCHANGED = _("This changes nothing. Please change something, or pick “It stands”.")
UNCORRECTED = _("This is still the letter to which the customer objected. Please correct it.")
NO_WORSE = _("A customer who was kept cannot be dropped after an objection. Please pick to keep them.")
NO_CONDITION = _("Please pick at least one condition. If none should apply, pick “It is cancelled”.")
WHEN = _("Please pick a day after today, and {day} at the latest: an objection does not make the decision longer.")


@dataclass(frozen=True, slots=True)
class AnswerObjection:
    """What becomes of the warning or the decision; a decision is changed to `terms`. `letter`: to the customer.

    `version`: of the decision's terms as they were seen (`Terms.version`); None: the answer does not rest on them.
    """

    by: Person
    case: int
    answer: Answer
    rationale: Words
    letter: Words
    terms: Terms | None = None
    version: int | None = None


def answer_objection(context: Context, command: AnswerObjection) -> RecordedCase:
    """Answer an objection, with a rationale. Idempotent.

    Stands: nothing changes. Cancelled: a decision ends, a warning is no longer valid; what was reported stays. Changed:
    a warning stays valid, with another letter; a decision goes on with other terms. A drop may become keeping with
    conditions, never the other way round. An objection renews nothing, so the review date stays within the longest time
    since the decision was made or last renewed.

    Raises:
        Wrong: a field is invalid.
        AlreadyObjected: somebody else has answered it, or the decision ended first.
        Outdated: the decision was renewed since the form opened.
        NotEntitled: they took part in what it is about, have a stake, or it has not come to the directors yet.
        Unknown: there is no objection.
        NotRecorded.
    """
    with context.begin(command.by.team) as tx:
        case, objection, now = _lock_objection(tx, context, command.by, command.case)
        if not any(is_recorded(tx, command.by, act) for act in (Act.ANSWER_OBJECTION, Act.CANCEL_WARNING)):
            _refuse_answered(objection)
            _refuse_renewed(tx, objection, command)
            _record(tx, context, case, objection, _valid(tx, context, objection, command), now)
        return recorded_case(tx, context, command.by, case.number)


def draft_for_answer(context: Context, command: AnswerObjection) -> Drafted[AnswerObjection]:
    """The letter to the customer, from the answers given; a blank one is sent with them. Changes nothing.

    Raises as `answer_objection`.
    """
    with context.read(command.by.team) as tx:
        _, objection, _ = _lock_objection(tx, context, command.by, command.case)
        _refuse_answered(objection)
        _refuse_renewed(tx, objection, command)
        valid = _valid(tx, context, objection, replace(command, letter=command.rationale))
        file = case_file(tx, context, command.case)
    letter = draft_answer(context, command.by, file, command.answer, command.rationale, valid.terms)
    return Drafted(file, replace(command, terms=valid.terms), letter)


def check_answer(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `answer_objection`, except Wrong and Outdated."""
    _refuse_answered(_lock_objection(tx, context, by, number)[1])


def _refuse_answered(objection: Objection) -> None:
    if objection.answered_at:
        raise AlreadyObjected(objection.case, objection.answered_by or "", objection.answered_at, objection.answer)


def _refuse_renewed(tx: Transaction, objection: Objection, command: AnswerObjection) -> None:
    decision = _decision(tx, objection)
    if decision is None or command.version in {None, (version := Terms.of(decision).version)}:
        return
    raise Outdated(objection.case, version, renewals=tx.reviews.of_case(objection.case)[-1:])


def _lock_objection(tx: Transaction, context: Context, by: Person, number: int) -> tuple[Case, Objection, datetime]:
    case, now = lock_case(tx, context, number)
    objection = tx.objections.of_case(number)
    if objection is None:
        raise Unknown("objection", number)
    refuse_unless_answerer(tx, context, by, case, objection, now)
    return case, objection, now


def _record(
    tx: Transaction, context: Context, case: Case, objection: Objection, command: AnswerObjection, now: datetime
) -> None:
    decision = _decision(tx, objection)
    answered = replace(
        objection,
        answer=command.answer,
        answered_by=command.by.user,
        answered_at=now,
        rationale=command.rationale,
        letter=command.letter,
        before=Terms.of(decision) if decision and command.terms else None,
    )
    tx.objections.answer(answered)
    tx.scheduled_tasks.cancel(TaskKind.OBJECTION_DUE, case.number)
    act = Act.ANSWER_OBJECTION
    if command.answer is Answer.CANCELLED and objection.warning:
        tx.warnings.withdraw(objection.warning, now)
        act = Act.CANCEL_WARNING
    elif command.answer is Answer.CANCELLED:
        tx.scheduled_tasks.cancel(TaskKind.LESSON, case.number)
        end_decision(tx, context, case, Ending.CANCELLED, now)
    elif decision and command.terms:
        _change(tx, context, decision, command.terms, now)
    plan_letters(tx, context, case.customer, now)
    facts = _facts(answered, command.terms, tx.objections.salt(case.number))
    conclude(tx, context, done_in(case, command.by, act, facts), now)


def _decision(tx: Transaction, objection: Objection) -> Decision | None:
    """The decision to which the customer objects; None where it is a warning."""
    return None if objection.warning else tx.cases.decision(objection.case)


def _change(tx: Transaction, context: Context, decision: Decision, terms: Terms, now: datetime) -> None:
    changed = replace(
        decision,
        choice=terms.choice,
        review_on=terms.review_on,
        effective_on=terms.effective_on,
        conditions=terms.conditions,
        details=terms.details,
    )
    tx.cases.set_terms(decision.case, terms)
    schedule_review(tx, context, changed)
    schedule_effect(tx, context, changed)
    ask_at = follow_up_at(changed, context.policy)
    if terms.choice is Choice.KEEP:
        tx.scheduled_tasks.cancel(TaskKind.LESSON, decision.case)
    elif ask_at > now:
        tx.scheduled_tasks.set(TaskKind.LESSON, decision.case, ask_at)


def _facts(answered: Objection, terms: Terms | None, salt: str) -> dict[str, object]:
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


def _valid(tx: Transaction, context: Context, objection: Objection, sent: AnswerObjection) -> AnswerObjection:
    """The answer as it is recorded, with terms only where it changes a decision. Raises Wrong."""
    wrong, terms, decision = wrong_fields(context, sent), None, _decision(tx, objection)
    if sent.answer is Answer.CHANGED and decision:
        terms = _own_terms(context, sent.terms or Terms.of(decision))
        wrong |= _wrong_terms(tx, context, decision, terms)
    elif sent.answer is Answer.CHANGED and objection.warning:
        unchanged = sent.letter.strip() == tx.warnings.get(objection.warning).letter
        wrong |= {"letter": UNCORRECTED} if unchanged else {}
    refuse(wrong)
    return replace(sent, terms=terms, rationale=sent.rationale.strip(), letter=sent.letter.strip())


def _own_terms(context: Context, terms: Terms) -> Terms:
    """Only those terms that belong to the choice."""
    if terms.choice is Choice.DROP:
        return replace(terms, conditions=(), details=())
    details = asked_details(terms.conditions, terms.details, context.policy)
    return replace(terms, effective_on=None, details=details)


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
    gone = {} if known.issuperset(terms.conditions) else {"conditions": GONE}
    return wrong | gone | wrong_answers(tx, context, terms.conditions, terms.details)


def _wrong_drop(context: Context, decision: Decision, terms: Terms) -> dict[str, str]:
    if decision.choice is Choice.KEEP:
        return {"choice": NO_WORSE}
    if terms.effective_on is None or (
        terms.effective_on != decision.effective_on and terms.effective_on < context.today()
    ):
        return {"effective_on": PASSED}
    return {"review_on": REVIEW_TOO_EARLY} if terms.review_on <= terms.effective_on else {}
