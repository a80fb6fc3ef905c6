"""Appeals: a customer may ask, once and in time, for a decision to be reviewed. A manager records it for them."""

from dataclasses import dataclass
from datetime import datetime

from bot.rules.audit import CLOCK, Act, salted_digest
from bot.rules.business_time import next_business_day
from bot.rules.case_files import RecordedCase
from bot.rules.cases import Case
from bot.rules.decisions import Decision, Ending, appeal_deadline
from bot.rules.fields import Line, Words
from bot.rules.notices import NoticeKind
from bot.rules.objections import Appeal
from bot.rules.people import Person
from bot.rules.refusals import AlreadyAppealed, AppealClosed, NotInForce
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import refuse_unless_without_stake
from bot.usecases.permissions.uninvolved import directors_may_answer, took_part, uninvolved, who_answers
from bot.usecases.shared.conclude import Done, conclude, done_in, is_recorded
from bot.usecases.shared.decisions_in_force import lock_decision
from bot.usecases.shared.fields import refuse_wrong_fields
from bot.usecases.shared.read_models import recorded_case
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RecordAppeal:
    """The customer appeals: who asked on their side, and what is new."""

    by: Person
    case: int
    contact: Line
    news: Words


def record_appeal(context: Context, command: RecordAppeal) -> RecordedCase:
    """Put the appeal before somebody who took no part, or before the directors where no such manager is left.

    Any manager without a stake may record it: it is made once, so what it says matters. Idempotent.

    Raises:
        Wrong: a field is invalid.
        AppealClosed: the time for it is over.
        AlreadyAppealed: one has been recorded before, or answered.
        NotInForce: the decision has ended.
        NothingToReview: the case has no decision to appeal against.
        NotEntitled: as `refuse_unless_without_stake`.
        Unknown, NotRecorded.
    """
    refuse_wrong_fields(context, command, check_appeal, command.case)
    with context.begin(command.by.team) as tx:
        case, decision = lock_decision(tx, command.case)
        now = context.clock()
        refuse_unless_without_stake(tx, context, command.by, case.customer, now, case.number)
        appeal = tx.appeals.of_case(case.number)
        if not is_recorded(tx, command.by, Act.ASK_FOR_REVIEW):
            _refuse_unappealable(appeal, decision, now)
            _record(tx, context, case, command, now)
        return recorded_case(tx, context, command.by, case.number)


def check_appeal(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `record_appeal`, except Wrong."""
    (case, decision), now = lock_decision(tx, number), context.clock()
    refuse_unless_without_stake(tx, context, by, case.customer, now, number)
    _refuse_unappealable(tx.appeals.of_case(number), decision, now)


def appeal_due(tx: Transaction, context: Context, number: int) -> None:
    """Scheduled for the end of the time to appeal, and of the time to answer an appeal.

    First the case's message says that the time to appeal is over. An appeal that nobody has answered in time goes to
    the directors, again on each business day.
    """
    case = lock_decision(tx, number)[0]
    appeal, now = tx.appeals.of_case(number), context.clock()
    if appeal is None:
        tx.notices.refresh_about(case.customer, now)  # they say that the customer may ask for another look
    elif appeal.is_open and now < appeal.due_at:
        tx.scheduled_tasks.set(TaskKind.APPEAL_DUE, number, appeal.due_at)
    elif appeal.is_open:
        _escalate(tx, context, case, appeal, now)
        facts = {"case": number, "due_at": appeal.due_at.isoformat()}
        conclude(tx, context, Done(Act.APPEAL_OVERDUE, CLOCK, case.customer, facts, case=case), now)
        tx.scheduled_tasks.set(TaskKind.APPEAL_DUE, number, next_business_day(now, context.policy.hours))


def plan_appeal_again(tx: Transaction, context: Context, case: int) -> None:
    """The clock was put back: see `plan_case_again`."""
    appeal = tx.appeals.of_case(case)
    if appeal is None or not appeal.is_open:
        return
    locked, now = lock_decision(tx, case)[0], context.clock()
    latest, at = appeal_deadline(now, context.policy), appeal.due_at
    if at > latest:
        at = latest
        tx.appeals.move(case, at)
        facts = {"case": case, "due_at": at.isoformat()}
        conclude(tx, context, Done(Act.PLAN_AGAIN, CLOCK, locked.customer, facts, case=locked), now)
    elif at <= now:
        at = next_business_day(now, context.policy.hours)
    tx.scheduled_tasks.set(TaskKind.APPEAL_DUE, case, at)


def _refuse_unappealable(appeal: Appeal | None, decision: Decision, now: datetime) -> None:
    if appeal:
        by, at = appeal.answered_by or appeal.asked_by, appeal.answered_at or appeal.asked_at
        raise AlreadyAppealed(decision.case, by, at, appeal.answer)
    if decision.ended_at:
        raise NotInForce(decision.case, decision.ended_how or Ending.LAPSED, decision.ended_at)
    if decision.appeal_until is None or now >= decision.appeal_until:
        raise AppealClosed(decision.case, decision.appeal_until or decision.at)


def _record(tx: Transaction, context: Context, case: Case, command: RecordAppeal, now: datetime) -> None:
    salt = new_salt()
    appeal = Appeal(
        case=case.number,
        asked_by=command.by.user,
        asked_at=now,
        contact=command.contact.strip(),
        news=command.news.strip(),
        due_at=appeal_deadline(now, context.policy),
    )
    tx.appeals.add(appeal, salt)
    tx.scheduled_tasks.set(TaskKind.APPEAL_DUE, case.number, appeal.due_at)
    _post(tx, case, context.firm.management_channel, now)
    if directors_may_answer(tx, context, case, appeal, now):
        _escalate(tx, context, case, appeal, now)
    facts = {
        "due_at": appeal.due_at.isoformat(),
        "contact": salted_digest(salt, appeal.contact),
        "news": salted_digest(salt, appeal.news),
    }
    conclude(tx, context, done_in(case, command.by, Act.ASK_FOR_REVIEW, facts), now)


def _escalate(tx: Transaction, context: Context, case: Case, appeal: Appeal, now: datetime) -> None:
    """Message each director who took no part. Where there is none, message management again, and operators are told."""
    left = who_answers(tx, context, case, appeal, now)
    if left is not case.left:
        tx.cases.set_left(case.number, left)
    escalations = tx.appeals.escalate(case.number).escalations
    directors = uninvolved(tx, context, case, took_part(tx, case), context.firm.directors)
    for target in directors or (context.firm.management_channel,):
        _post(tx, case, target, now, round_=escalations)


def _post(tx: Transaction, case: Case, target: str, now: datetime, round_: int = 0) -> None:
    """The first round tells that there is an appeal; the others go to whoever may answer it once it is late."""
    tx.notices.refresh(
        NoticeKind.APPEAL, case.number, target, now, customer=case.customer, urgent=round_ > 0, round_=round_
    )
