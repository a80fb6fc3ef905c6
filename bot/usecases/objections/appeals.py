"""A customer asks for another look at a decision: once, in time, and through a manager."""

from datetime import datetime

from bot.language import _
from bot.rules.audit_chain import seal
from bot.rules.business_time import next_business_day
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case
from bot.rules.decisions import Decision, Ending, answer_due
from bot.rules.objections import Appeal
from bot.rules.people import Person
from bot.rules.refusals import AlreadyAppealed, AppealClosed, NotInForce, Wrong
from bot.rules.text_length import characters
from bot.usecases.context import Desk, new_salt
from bot.usecases.objections.commands import AskForReview
from bot.usecases.permissions.permissions import refuse_unless_manager
from bot.usecases.permissions.uninvolved import directors_answer, took_part, uninvolved
from bot.usecases.shared.decisions_in_force import APPEAL, show_aftermath, take_decision
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.schedule import CLOCK
from bot.usecases.shared.stale_messages import show_homes
from storage.transaction import Transaction

LONGEST_CONTACT = 140  # characters: a name, and how they got in touch


def ask_for_review(desk: Desk, command: AskForReview) -> CaseFile:
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
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        refuse_unless_manager(record, desk, command.by, now)
        case, decision = take_decision(record, command.case)
        if not _asked_before(record, command):
            _refuse_unappealable(record, decision, now)
            _refuse_wrong(command)
            _ask(record, desk, case, decision, command)
        return case_file(record, desk, case.number)


def look_at_appealable(desk: Desk, by: Person, number: int) -> CaseFile:
    """What the form shows, if the customer may appeal now. Changes nothing; raises as `ask_for_review`."""
    with desk.read(by.team) as record:
        refuse_unless_manager(record, desk, by, desk.clock())
        _case, decision = take_decision(record, number)
        _refuse_unappealable(record, decision, desk.clock())
        return case_file(record, desk, number)


def appeal_due(record: Transaction, desk: Desk, number: int) -> None:
    """The time to appeal is over, and the case's message says so; or the time to answer one is.

    Then it goes up to the directors, and again on each business day until somebody has answered.
    """
    case, decision = take_decision(record, number)
    appeal, now = record.appeals.of_case(number), desk.clock()
    if appeal is None:
        record.notices.want("case", number, desk.firm.management_channel, now)
    elif appeal.is_open and now < appeal.due_at:
        record.steps.set(APPEAL, number, appeal.due_at)
    elif appeal.is_open:
        facts: dict[str, object] = {"case": number, "due_at": appeal.due_at.isoformat()}
        record.audit.append(case.customer, CLOCK, "appeal overdue", facts, now)
        _go_up(record, desk, case, decision, now)
        show_homes(record, desk, (case.customer,), now)
        record.steps.set(APPEAL, number, next_business_day(now, desk.policy.hours))


def _asked_before(record: Transaction, command: AskForReview) -> bool:
    appeal = record.appeals.of_case(command.case)
    sent = (command.by.user, command.contact.strip(), command.news.strip())
    return appeal is not None and (appeal.asked_by, appeal.contact, appeal.news) == sent


def _refuse_unappealable(record: Transaction, decision: Decision, now: datetime) -> None:
    appeal = record.appeals.of_case(decision.case)
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


def _ask(record: Transaction, desk: Desk, case: Case, decision: Decision, command: AskForReview) -> None:
    now, salt = desk.clock(), new_salt()
    appeal = Appeal(
        case=case.number,
        asked_by=command.by.user,
        asked_at=now,
        contact=command.contact.strip(),
        news=command.news.strip(),
        due_at=answer_due(now, desk.policy),
    )
    record.appeals.ask(appeal, salt)
    facts: dict[str, object] = {
        "case": case.number,
        "due_at": appeal.due_at.isoformat(),
        "contact": seal(salt, appeal.contact),
        "news": seal(salt, appeal.news),
    }
    record.audit.append(case.customer, command.by.user, "ask for review", facts, now)
    record.steps.set(APPEAL, case.number, appeal.due_at)
    record.notices.want(APPEAL, case.number, desk.firm.management_channel, now)
    if directors_answer(record, desk, case, appeal, decision, now):
        _go_up(record, desk, case, decision, now)
    show_aftermath(record, desk, case, now)


def _go_up(record: Transaction, desk: Desk, case: Case, decision: Decision, now: datetime) -> None:
    """A message to each director who took no part; where there is none, another one to management, who can add some."""
    raised = record.appeals.go_up(case.number).raised
    left = uninvolved(record, desk, case, took_part(record, decision), desk.firm.directors)
    for target in left or (desk.firm.management_channel,):
        record.notices.want(APPEAL, case.number, target, now, urgent=True, round_=raised)
    record.notices.want(APPEAL, case.number, desk.firm.management_channel, now)
