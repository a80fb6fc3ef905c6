"""A customer asks for another look at a decision: once, in time, and through a manager."""

from datetime import datetime

from bot.language import _
from bot.rules.audit_acts import Act
from bot.rules.audit_chain import seal
from bot.rules.business_time import next_business_day
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case
from bot.rules.decisions import Decision, Ending, answer_due
from bot.rules.notices import NoticeKind
from bot.rules.objections import Appeal
from bot.rules.people import Person
from bot.rules.refusals import AlreadyAppealed, AppealClosed, NotInForce, Wrong
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.text_length import characters
from bot.usecases.context import Context, new_salt
from bot.usecases.objections.commands import AskForReview
from bot.usecases.permissions.permissions import refuse_unless_manager
from bot.usecases.permissions.uninvolved import directors_answer, took_part, uninvolved
from bot.usecases.shared.decisions_in_force import show_aftermath, take_decision
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.schedule import CLOCK
from bot.usecases.shared.stale_messages import show_homes
from storage.transaction import Transaction

LONGEST_CONTACT = 140  # characters: a name, and how they got in touch


def ask_for_review(context: Context, command: AskForReview) -> CaseFile:
    """Put the appeal before somebody who took no part, or before the directors where no such manager is left.

    Any manager may put it down, since the customer writes to whom they know. Sent twice, it answers the same.

    Raises:
        Wrong: a field cannot stand.
        AppealClosed: the time for it is over.
        AlreadyAppealed: it has been put down before, or answered.
        NotInForce: the decision has ended.
        NothingToReview: the case has no decision to appeal against.
        NotEntitled: not a manager or director.
        Unknown, NotRecorded.
    """
    now = context.clock()
    with context.begin(command.by.team) as tx:
        refuse_unless_manager(tx, context, command.by, now)
        case, decision = take_decision(tx, command.case)
        if not _asked_before(tx, command):
            _refuse_unappealable(tx, decision, now)
            _refuse_wrong(command)
            _ask(tx, context, case, decision, command)
        return case_file(tx, context, case.number)


def check_appeal(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> None:
    """Raises what `ask_for_review` raises, its fields aside."""
    refuse_unless_manager(tx, context, by, now)
    _refuse_unappealable(tx, take_decision(tx, number)[1], now)


def appeal_due(tx: Transaction, context: Context, number: int) -> None:
    """The time to appeal is over, and the case's message says so; or the time to answer one is.

    Then it goes up to the directors, and again on each business day until somebody has answered.
    """
    case, decision = take_decision(tx, number)
    appeal, now = tx.appeals.of_case(number), context.clock()
    if appeal is None:
        tx.notices.want(NoticeKind.CASE, number, context.firm.management_channel, now)
    elif appeal.is_open and now < appeal.due_at:
        tx.scheduled_tasks.set(TaskKind.APPEAL_DUE, number, appeal.due_at)
    elif appeal.is_open:
        facts: dict[str, object] = {"case": number, "due_at": appeal.due_at.isoformat()}
        tx.audit.append(case.customer, CLOCK, Act.APPEAL_OVERDUE, facts, now)
        _go_up(tx, context, case, decision, now)
        show_homes(tx, context, (case.customer,), now)
        tx.scheduled_tasks.set(TaskKind.APPEAL_DUE, number, next_business_day(now, context.policy.hours))


def _asked_before(tx: Transaction, command: AskForReview) -> bool:
    appeal = tx.appeals.of_case(command.case)
    sent = (command.by.user, command.contact.strip(), command.news.strip())
    return appeal is not None and (appeal.asked_by, appeal.contact, appeal.news) == sent


def _refuse_unappealable(tx: Transaction, decision: Decision, now: datetime) -> None:
    appeal = tx.appeals.of_case(decision.case)
    if appeal:
        by, at = appeal.answered_by or appeal.asked_by, appeal.answered_at or appeal.asked_at
        raise AlreadyAppealed(decision.case, by, at, appeal.answer)
    if decision.ended_at:
        raise NotInForce(decision.case, decision.ended_how or Ending.LAPSED, decision.ended_at)
    if decision.appeal_until is None or now >= decision.appeal_until:
        raise AppealClosed(decision.case, decision.appeal_until or decision.at)


def _refuse_wrong(command: AskForReview) -> None:
    wrong = {}
    if not 0 < len(command.contact.strip()) <= LONGEST_CONTACT:
        wrong["contact"] = _("Please say who asked and how, in up to {characters}.").format(
            characters=characters(LONGEST_CONTACT)
        )
    if not command.news.strip():
        wrong["news"] = _("Please say what is new, in the customer's words where you can.")
    if wrong:
        raise Wrong(wrong)


def _ask(tx: Transaction, context: Context, case: Case, decision: Decision, command: AskForReview) -> None:
    now, salt = context.clock(), new_salt()
    appeal = Appeal(
        case=case.number,
        asked_by=command.by.user,
        asked_at=now,
        contact=command.contact.strip(),
        news=command.news.strip(),
        due_at=answer_due(now, context.policy),
    )
    tx.appeals.ask(appeal, salt)
    facts: dict[str, object] = {
        "case": case.number,
        "due_at": appeal.due_at.isoformat(),
        "contact": seal(salt, appeal.contact),
        "news": seal(salt, appeal.news),
    }
    tx.audit.append(case.customer, command.by.user, Act.ASK_FOR_REVIEW, facts, now)
    tx.scheduled_tasks.set(TaskKind.APPEAL_DUE, case.number, appeal.due_at)
    tx.notices.want(NoticeKind.APPEAL, case.number, context.firm.management_channel, now)
    if directors_answer(tx, context, case, appeal, decision, now):
        _go_up(tx, context, case, decision, now)
    show_aftermath(tx, context, case, now)


def _go_up(tx: Transaction, context: Context, case: Case, decision: Decision, now: datetime) -> None:
    """A message to each director who took no part; where there is none, another one to management, who can add some."""
    raised = tx.appeals.go_up(case.number).raised
    left = uninvolved(tx, context, case, took_part(tx, decision), context.firm.directors)
    for target in left or (context.firm.management_channel,):
        tx.notices.want(NoticeKind.APPEAL, case.number, target, now, urgent=True, round_=raised)
    tx.notices.want(NoticeKind.APPEAL, case.number, context.firm.management_channel, now)
