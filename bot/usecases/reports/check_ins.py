"""Check-ins: reps are asked how they are a day and a week after a report, and can ask for someone to talk to."""

from dataclasses import dataclass
from datetime import datetime

from bot.rules.audit import CLOCK, Act
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import Denial, NoCareContact, NotEntitled, NotYours
from bot.rules.reports import CARE_IS_NEWS_AFTER, SECOND_CHECK_IN_AFTER, CheckIn, CheckInAnswer, Report, check_in_round
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from bot.usecases.permissions.colleagues import care_contact, is_member
from bot.usecases.shared.conclude import Done, conclude
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class AnswerCheckIn:
    """A rep answers a check-in. `round`: 1 a day after the report, 2 a week after."""

    by: Person
    report: int
    round: int
    answer: CheckInAnswer


def send_check_in(tx: Transaction, context: Context, number: int) -> None:
    """The task "checkin": ask the rep, and schedule the second round, if what they reported was not minor.

    Nobody is asked who has withdrawn the report or declined to be asked, nor who has left, is a guest or was never read
    from Slack, as the question names the customer; nor anybody twice on one day in the firm's time zone. After downtime
    of a week only the second round is sent.
    """
    report = tx.reports.get(number)
    if _must_not_be_asked(tx, report):
        return
    tx.customers.lock(report.customer)
    now = context.clock()
    is_serious = report.incident.severity is not Severity.MINOR
    round_ = check_in_round(report.reported_at, now) if is_serious else 1
    check_in = CheckIn(number, report.incident.reporter, round_, now)
    if check_in.round == 1 and is_serious:
        tx.scheduled_tasks.set(TaskKind.CHECK_IN, number, report.reported_at + SECOND_CHECK_IN_AFTER)
    if tx.check_ins.ask(check_in, context.today()):
        facts = {"report": number, "round": check_in.round}
        conclude(tx, context, Done(Act.CHECK_IN, CLOCK, report.customer, facts), now)
        _show(tx, report, check_in, now)


def answer_check_in(context: Context, command: AnswerCheckIn) -> CheckIn:
    """Record the rep's answer. The first answer counts, but asking for someone to talk to is possible at any time.

    Raises:
        Unknown: there was no such check-in.
        NotYours: somebody else was asked.
        NoCareContact: there is no care contact any more, or they have left.
    """
    with context.begin(command.by.team) as tx:
        report = tx.reports.get(command.report)
        tx.customers.lock(report.customer)
        check_in = tx.check_ins.get(command.report, command.round)
        if check_in.rep != command.by.user:
            raise NotYours(command.report)
        if not _is_answered(check_in, command.answer):
            _record(tx, context, report, command, first=check_in.answer is None and check_in.care_at is None)
        return tx.check_ins.get(command.report, command.round)


@dataclass(frozen=True, slots=True)
class Talked:
    """*I have talked to them*: the care contact, to whoever made this report. What was said is nowhere recorded."""

    by: Person
    report: int


def talked(context: Context, command: Talked) -> None:
    """Record that the rep was talked to, with whom and when; every message that asked for it says so. Idempotent.

    Raises NotEntitled for everybody but the care contact, Unknown, NotRecorded.
    """
    with context.begin(command.by.team) as tx:
        if command.by.user != context.firm.care_contact:
            raise NotEntitled(Denial.NOT_ASKED)
        rep, now = tx.reports.get(command.report).incident.reporter, context.clock()
        for number, round_, target in tx.check_ins.talked(rep, command.by.user, now):
            tx.notices.refresh(NoticeKind.CARE, number, target, now, urgent=True, round_=round_)


def _must_not_be_asked(tx: Transaction, report: Report) -> bool:
    rep = report.incident.reporter
    return report.withdrawn_at is not None or not is_member(tx, rep) or tx.check_ins.has_declined(rep)


def _is_answered(check_in: CheckIn, answer: CheckInAnswer) -> bool:
    given = check_in.care_at if answer is CheckInAnswer.TALK else check_in.answer or check_in.care_at
    return given is not None


def _record(tx: Transaction, context: Context, report: Report, command: AnswerCheckIn, *, first: bool) -> None:
    now = context.clock()
    if command.answer is CheckInAnswer.TALK:
        contact = care_contact(tx, context, command.by.user)
        if contact is None:
            raise NoCareContact
        tx.check_ins.ask_for_care(command.report, command.round, now)
        if not tx.check_ins.care_is_waiting(command.by.user, contact, now - CARE_IS_NEWS_AFTER):
            tx.notices.refresh(NoticeKind.CARE, command.report, contact, now, urgent=True, round_=command.round)
    else:
        tx.check_ins.answer(command.report, command.round, command.answer)
    if first:  # a second entry would tell that they asked for someone to talk to: nothing else can follow an answer
        facts = {"report": command.report, "round": command.round}  # the answer is the rep's own
        conclude(tx, context, Done(Act.ANSWER_CHECK_IN, command.by.user, report.customer, facts), now)
    _show(tx, report, tx.check_ins.get(command.report, command.round), now, urgent=True)


def _show(tx: Transaction, report: Report, check_in: CheckIn, now: datetime, *, urgent: bool = False) -> None:
    number, rep, round_ = check_in.report, check_in.rep, check_in.round
    tx.notices.refresh(NoticeKind.CHECK_IN, number, rep, now, customer=report.customer, urgent=urgent, round_=round_)
