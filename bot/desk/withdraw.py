"""A rep takes a report back while nothing has been decided."""

from bot.desk.commands import Withdraw
from bot.desk.desk import Desk
from bot.desk.judging import judge, settle
from bot.desk.noting import note_verdict, show_customer, verdict_facts
from bot.desk.refusals import NotYours, TooLate
from bot.desk.show import report_file
from bot.rules.files import ReportFile
from bot.rules.values import Outcome


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
