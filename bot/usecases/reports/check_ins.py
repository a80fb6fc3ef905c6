"""Reps are asked how they are, a day and a week after a report; whoever wants someone to talk to is put in touch."""

from dataclasses import dataclass

from bot.rules.audit_acts import Act
from bot.rules.check_ins import SECOND_AFTER, Answer, CheckIn, round_due
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.refusals import NoCareContact, NotYours
from bot.rules.reports import Report
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from bot.usecases.shared.schedule import CLOCK
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class AnswerCheckIn:
    """A rep says how they are, after the first or the second question about a report."""

    by: Person
    report: int
    round: int
    answer: Answer


def ask_how_they_are(tx: Transaction, context: Context, report: int) -> None:
    """The step "checkin": ask the rep, and plan the second time.

    Nobody is asked after withdrawing the report, after declining to be asked, or twice on one of the firm's days. After
    downtime of a week only the second question is asked.
    """
    told = tx.reports.get(report)
    if _is_left_alone(tx, told):
        return
    now = context.clock()
    check_in = CheckIn(report, told.incident.reporter, round_due(told.reported_at, now), now)
    if check_in.round == 1:
        tx.scheduled_tasks.set(TaskKind.CHECK_IN, report, told.reported_at + SECOND_AFTER)
    tx.customers.lock(told.customer)
    if tx.check_ins.ask(check_in, context.today()):
        facts: dict[str, object] = {"report": report, "round": check_in.round}
        tx.audit.append(told.customer, CLOCK, Act.CHECK_IN, facts, now)
        tx.notices.want(NoticeKind.CHECK_IN, report, check_in.rep, now, round_=check_in.round)


def answer_check_in(context: Context, command: AnswerCheckIn) -> CheckIn:
    """Note what the rep answers. Wanting someone to talk to counts whenever it is said; otherwise the first answer.

    Raises:
        Unknown: nobody was asked so.
        NotYours: somebody else was asked.
        NoCareContact: there is nobody to put the rep in touch with any more.
    """
    with context.begin(command.by.team) as tx:
        told = tx.reports.get(command.report)
        tx.customers.lock(told.customer)
        check_in = tx.check_ins.get(command.report, command.round)
        if check_in.rep != command.by.user:
            raise NotYours(command.report)
        if not _is_known(check_in, command.answer):
            _note(tx, context, told, command)
        return tx.check_ins.get(command.report, command.round)


def _is_left_alone(tx: Transaction, told: Report) -> bool:
    rep = told.incident.reporter
    profile = tx.people.profile(rep)
    left = profile is not None and profile.deactivated
    return told.withdrawn_at is not None or left or tx.check_ins.has_declined(rep)


def _is_known(check_in: CheckIn, answer: Answer) -> bool:
    given = check_in.care_at if answer is Answer.TALK else check_in.answer or check_in.care_at
    return given is not None


def _note(tx: Transaction, context: Context, told: Report, command: AnswerCheckIn) -> None:
    now = context.clock()
    if command.answer is Answer.TALK:
        if context.firm.care_contact is None:
            raise NoCareContact
        tx.check_ins.ask_for_care(command.report, command.round, now)
        tx.notices.want(
            NoticeKind.CARE, command.report, context.firm.care_contact, now, urgent=True, round_=command.round
        )
    else:
        tx.check_ins.answer(command.report, command.round, command.answer)
    facts: dict[str, object] = {"report": command.report, "round": command.round, "answer": command.answer.value}
    tx.audit.append(told.customer, command.by.user, Act.ANSWER_CHECK_IN, facts, now)
    tx.notices.want(NoticeKind.CHECK_IN, command.report, command.by.user, now, urgent=True, round_=command.round)
