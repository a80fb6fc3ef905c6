"""Objections: a customer may object, once and in time, to a warning or a decision. A manager records it for them."""

from dataclasses import dataclass
from datetime import datetime

from bot.rules.audit import CLOCK, Act, salted_digest
from bot.rules.business_time import next_business_day
from bot.rules.case_files import RecordedCase
from bot.rules.cases import Case, Left
from bot.rules.decisions import Ending
from bot.rules.fields import Line, Words
from bot.rules.notices import NoticeKind
from bot.rules.objections import Objection, answer_due, may_object_until
from bot.rules.people import Person
from bot.rules.refusals import AlreadyObjected, NothingToObject, NotInForce, ObjectionClosed
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import Available, refuse_unless_without_stake
from bot.usecases.permissions.uninvolved import took_part, uninvolved, who_answers
from bot.usecases.shared.case_access import lock_case
from bot.usecases.shared.conclude import Done, conclude, conclude_left, done_in, is_recorded
from bot.usecases.shared.fields import refuse_wrong_fields
from bot.usecases.shared.read_models import recorded_case
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RecordObjection:
    """The customer objects to how the case ended: who did on their side, and what they say."""

    by: Person
    case: int
    contact: Line
    words: Words


def record_objection(context: Context, command: RecordObjection) -> RecordedCase:
    """Put the objection before somebody who took no part, or before the directors where no such manager is left.

    Until they answer, the warning or the decision stands. Any manager without a stake may record it: it is made once,
    so what it says matters. Idempotent.

    Raises:
        Wrong: a field is invalid.
        ObjectionClosed: the time for it is over.
        AlreadyObjected: one has been recorded before, or answered.
        NotInForce: the decision has ended.
        NothingToObject: the case did not end with a warning that is valid, nor with a decision that binds.
        NotEntitled: as `refuse_unless_without_stake`.
        Unknown, NotRecorded.
    """
    refuse_wrong_fields(context, command, check_objection, command.case)
    with context.begin(command.by.team) as tx:
        case, now = lock_case(tx, context, command.case)
        refuse_unless_without_stake(tx, context, command.by, case.customer, now, case.number)
        if not is_recorded(tx, command.by, Act.RECORD_OBJECTION):
            _record(tx, context, case, _objected_to(tx, case, now), command, now)
        return recorded_case(tx, context, command.by, case.number)


def check_objection(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `record_objection`, except Wrong."""
    case, now = lock_case(tx, context, number)
    refuse_unless_without_stake(tx, context, by, case.customer, now, number)
    _objected_to(tx, case, now)


def objection_due(tx: Transaction, context: Context, number: int) -> None:
    """Scheduled for the end of the time to object, and of the time to answer an objection.

    First the case's message says that the time to object is over. An objection that nobody has answered in time goes to
    the directors, again on each business day.
    """
    case, now = lock_case(tx, context, number)
    objection = tx.objections.of_case(number)
    if objection is None:
        tx.notices.refresh_about(case.customer, now)  # they say that the customer may object
    elif objection.is_open and now < objection.due_at:
        tx.scheduled_tasks.set(TaskKind.OBJECTION_DUE, number, objection.due_at)
    elif objection.is_open:
        _escalate(tx, context, case, objection, now)
        facts = {"case": number, "due_at": objection.due_at.isoformat()}
        conclude(tx, context, Done(Act.OBJECTION_OVERDUE, CLOCK, case.customer, facts, case=case), now)
        tx.scheduled_tasks.set(TaskKind.OBJECTION_DUE, number, next_business_day(now, context.policy.hours))


def check_who_answers(tx: Transaction, context: Context, number: int) -> None:
    """An objection goes to the directors at once if no manager is left who may answer it. A late one has gone there."""
    case, now = lock_case(tx, context, number)
    objection = tx.objections.of_case(number)
    if objection is None or not objection.is_open or now >= objection.due_at:
        return
    left = who_answers(tx, context, case, objection, now)
    if left is case.left:
        return
    if left is Left.DIRECTORS or case.left is Left.MANAGERS:
        _escalate(tx, context, case, objection, now)
    else:
        tx.cases.set_left(number, left)
    conclude_left(tx, context, case, left, Available(tx, context, case).excluded, now)


def plan_objection_again(tx: Transaction, context: Context, number: int) -> None:
    """The clock was put back: see `plan_case_again`."""
    case, now = lock_case(tx, context, number)
    objection = tx.objections.of_case(number)
    if objection is None or not objection.is_open:
        return
    latest, at = answer_due(now, context.policy, to_warning=objection.warning is not None), objection.due_at
    if at > latest:
        at = latest
        tx.objections.move(number, at)
        facts = {"case": number, "due_at": at.isoformat()}
        conclude(tx, context, Done(Act.PLAN_AGAIN, CLOCK, case.customer, facts, case=case), now)
    elif at <= now:
        at = next_business_day(now, context.policy.hours)
    tx.scheduled_tasks.set(TaskKind.OBJECTION_DUE, number, at)


def _objected_to(tx: Transaction, case: Case, now: datetime) -> int | None:
    """The warning to which the customer objects; None for the decision. Raises where they may not."""
    objection, decision = tx.objections.of_case(case.number), tx.cases.decision(case.number)
    if objection:
        by, at = objection.answered_by or objection.recorded_by, objection.answered_at or objection.recorded_at
        raise AlreadyObjected(case.number, by, at, objection.answer)
    if decision and decision.binds and decision.ended_at:
        raise NotInForce(case.number, decision.ended_how or Ending.LAPSED, decision.ended_at)
    warning = None if decision else tx.warnings.of_case(case.number)
    until = may_object_until(decision, warning, now)
    if until is None:
        raise NothingToObject(case.number)
    if now >= until:
        raise ObjectionClosed(case.number, until)
    return warning.number if warning else None


def _record(
    tx: Transaction, context: Context, case: Case, warning: int | None, command: RecordObjection, now: datetime
) -> None:
    salt = new_salt()
    objection = Objection(
        case=case.number,
        customer=case.customer,
        warning=warning,
        recorded_by=command.by.user,
        recorded_at=now,
        contact=command.contact.strip(),
        words=command.words.strip(),
        due_at=answer_due(now, context.policy, to_warning=warning is not None),
    )
    tx.objections.add(objection, salt)
    tx.scheduled_tasks.set(TaskKind.OBJECTION_DUE, case.number, objection.due_at)
    _post(tx, case, context.firm.management_channel, now)
    if who_answers(tx, context, case, objection, now) is not Left.MANAGERS:
        _escalate(tx, context, case, objection, now)
    elif case.left is not Left.MANAGERS:
        tx.cases.set_left(case.number, Left.MANAGERS)
    facts = {
        "warning": warning,
        "due_at": objection.due_at.isoformat(),
        "contact": salted_digest(salt, objection.contact),
        "words": salted_digest(salt, objection.words),
    }
    conclude(tx, context, done_in(case, command.by, Act.RECORD_OBJECTION, facts), now)


def _escalate(tx: Transaction, context: Context, case: Case, objection: Objection, now: datetime) -> None:
    """Message each director who took no part. Where there is none, message management again, and notify operators."""
    left = who_answers(tx, context, case, objection, now)
    if left is not case.left:
        tx.cases.set_left(case.number, left)
    escalations = tx.objections.escalate(case.number).escalations
    directors = uninvolved(tx, context, case, took_part(tx, case), context.firm.directors)
    for target in directors or (context.firm.management_channel,):
        _post(tx, case, target, now, round_=escalations)


def _post(tx: Transaction, case: Case, target: str, now: datetime, round_: int = 0) -> None:
    """The first round tells that there is one; the others go to whoever may answer it once it is late."""
    tx.notices.refresh(
        NoticeKind.OBJECTION, case.number, target, now, customer=case.customer, urgent=round_ > 0, round_=round_
    )
