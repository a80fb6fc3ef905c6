"""Reps are asked how they are, a day and a week after a report; whoever wants someone to talk to is put in touch."""

from dataclasses import dataclass

from bot.rules.check_ins import SECOND_AFTER, Answer, CheckIn, round_due
from bot.rules.people import Person
from bot.rules.refusals import NoCareContact, NotYours
from bot.rules.reports import Report
from bot.usecases.context import Desk
from bot.usecases.shared.schedule import CHECK_IN, CLOCK
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class AnswerCheckIn:
    """A rep says how they are, after the first or the second question about a report."""

    by: Person
    report: int
    round: int
    answer: Answer


def ask_how_they_are(record: Transaction, desk: Desk, report: int) -> None:
    """The step "checkin": ask the rep, and plan the second time.

    Nobody is asked after withdrawing the report, after declining to be asked, or twice on one of the firm's days. After
    downtime of a week only the second question is asked.
    """
    told = record.reports.get(report)
    if _is_left_alone(record, told):
        return
    now = desk.clock()
    check_in = CheckIn(report, told.incident.reporter, round_due(told.reported_at, now), now)
    if check_in.round == 1:
        record.steps.set(CHECK_IN, report, told.reported_at + SECOND_AFTER)
    record.customers.lock(told.customer)
    if record.check_ins.ask(check_in, desk.today()):
        facts: dict[str, object] = {"report": report, "round": check_in.round}
        record.audit.append(told.customer, CLOCK, "check in", facts, now)
        record.notices.want("checkin", report, check_in.rep, now, round_=check_in.round)


def answer_check_in(desk: Desk, command: AnswerCheckIn) -> CheckIn:
    """Note what the rep answers. Wanting someone to talk to counts whenever it is said; otherwise the first answer.

    Raises:
        Unknown: nobody was asked so.
        NotYours: somebody else was asked.
        NoCareContact: there is nobody to put the rep in touch with any more.
    """
    with desk.begin(command.by.team) as record:
        told = record.reports.get(command.report)
        record.customers.lock(told.customer)
        check_in = record.check_ins.get(command.report, command.round)
        if check_in.rep != command.by.user:
            raise NotYours(command.report)
        if not _is_known(check_in, command.answer):
            _note(record, desk, told, command)
        return record.check_ins.get(command.report, command.round)


def _is_left_alone(record: Transaction, told: Report) -> bool:
    rep = told.incident.reporter
    profile = record.people.profile(rep)
    left = profile is not None and profile.deactivated
    return told.withdrawn_at is not None or left or record.check_ins.has_declined(rep)


def _is_known(check_in: CheckIn, answer: Answer) -> bool:
    given = check_in.care_at if answer is Answer.TALK else check_in.answer or check_in.care_at
    return given is not None


def _note(record: Transaction, desk: Desk, told: Report, command: AnswerCheckIn) -> None:
    now = desk.clock()
    if command.answer is Answer.TALK:
        if desk.firm.care_contact is None:
            raise NoCareContact
        record.check_ins.ask_for_care(command.report, command.round, now)
        record.notices.want("care", command.report, desk.firm.care_contact, now, urgent=True, round_=command.round)
    else:
        record.check_ins.answer(command.report, command.round, command.answer)
    facts: dict[str, object] = {"report": command.report, "round": command.round, "answer": command.answer.value}
    record.audit.append(told.customer, command.by.user, "answer check-in", facts, now)
    record.notices.want("checkin", command.report, command.by.user, now, urgent=True, round_=command.round)
