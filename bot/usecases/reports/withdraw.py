"""A rep takes a report back while nothing has been decided."""

from dataclasses import dataclass

from bot.rules.case_files import ReportFile
from bot.rules.cases import Outcome
from bot.rules.people import Person
from bot.rules.refusals import NotYours, TooLate
from bot.usecases.context import Desk
from bot.usecases.shared.read_models import report_file
from bot.usecases.shared.stale_messages import show_customer
from bot.usecases.shared.verdicts import judge, note_verdict, settle, verdict_facts


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A rep takes their report back."""

    by: Person
    report: int


def withdraw(desk: Desk, command: Withdraw) -> ReportFile:
    """The report weighs nothing from now on and the policy is asked anew. Asked twice, it answers the same.

    Raises:
        Unknown: there is no such report.
        NotYours: somebody else made it.
        TooLate: its case has ended.
    """
    with desk.begin(command.by.team) as record:
        told = record.reports.get(command.report)
        if told.incident.reporter != command.by.user:
            raise NotYours(command.report)
        record.customers.lock(told.customer)
        told = record.reports.get(command.report)
        if told.withdrawn_at:
            return report_file(record, desk, command.report)
        case = record.reports.case_of(command.report)
        if case is not None and not record.cases.get(case).is_open:
            raise TooLate(command.report)
        now = desk.clock()
        record.reports.withdraw(command.report, now)
        judged = judge(record, desk, record.customers.get(told.customer), now, ends_as=Outcome.WITHDRAWN)
        if judged.case:
            record.reports.changed(command.report, judged.case)
        facts = {"report": command.report} | verdict_facts(judged)
        n = record.audit.append(told.customer, command.by.user, "withdraw", facts, now)
        note_verdict(record, desk, judged, told.customer, n, now)
        settle(record, told.customer, now)
        record.notices.want("report", command.report, command.by.user, now, urgent=True)
        show_customer(record, desk, told.customer, judged.case, now)
        return report_file(record, desk, command.report)
