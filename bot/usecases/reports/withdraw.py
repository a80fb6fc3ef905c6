"""A rep takes a report back while nothing has been decided."""

from dataclasses import dataclass

from bot.rules.audit_acts import Act
from bot.rules.case_files import ReportFile
from bot.rules.cases import Outcome
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.refusals import NotYours, TooLate
from bot.usecases.context import Context
from bot.usecases.shared.read_models import report_file
from bot.usecases.shared.stale_messages import show_customer
from bot.usecases.shared.verdicts import judge, note_verdict, settle, verdict_facts


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A rep takes their report back."""

    by: Person
    report: int


def withdraw(context: Context, command: Withdraw) -> ReportFile:
    """The report weighs nothing from now on and the policy is asked anew. Asked twice, it answers the same.

    Raises:
        Unknown: there is no such report.
        NotYours: somebody else made it.
        TooLate: its case has ended.
    """
    with context.begin(command.by.team) as tx:
        told = tx.reports.get(command.report)
        if told.incident.reporter != command.by.user:
            raise NotYours(command.report)
        tx.customers.lock(told.customer)
        told = tx.reports.get(command.report)
        if told.withdrawn_at:
            return report_file(tx, context, command.report)
        case = tx.reports.case_of(command.report)
        if case is not None and not tx.cases.get(case).is_open:
            raise TooLate(command.report)
        now = context.clock()
        tx.reports.withdraw(command.report, now)
        judged = judge(tx, context, tx.customers.get(told.customer), now, ends_as=Outcome.WITHDRAWN)
        if judged.case:
            tx.reports.changed(command.report, judged.case)
        facts = {"report": command.report} | verdict_facts(judged)
        n = tx.audit.append(told.customer, command.by.user, Act.WITHDRAW, facts, now)
        note_verdict(tx, context, judged, told.customer, n, now)
        settle(tx, told.customer, now)
        tx.notices.want(NoticeKind.REPORT, command.report, command.by.user, now, urgent=True)
        show_customer(tx, context, told.customer, judged.case, now)
        return report_file(tx, context, command.report)
