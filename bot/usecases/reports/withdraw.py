"""A rep withdraws a report while its case is open."""

from dataclasses import dataclass

from bot.rules.audit import Act
from bot.rules.case_files import ReportFile
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.refusals import NotYours, TooLate
from bot.usecases.context import Context
from bot.usecases.shared.conclude import Done, conclude
from bot.usecases.shared.read_models import report_file


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A rep withdraws their report."""

    by: Person
    report: int


def withdraw(context: Context, command: Withdraw) -> ReportFile:
    """From now on the report does not count, and the policy is asked again. Idempotent.

    Raises:
        Unknown: there is no such report.
        NotYours: somebody else made it.
        TooLate: its case has ended.
    """
    with context.begin(command.by.team) as tx:
        report = tx.reports.get(command.report)
        if report.incident.reporter != command.by.user:
            raise NotYours(command.report)
        tx.customers.lock(report.customer)
        report = tx.reports.get(command.report)
        if report.withdrawn_at:
            return report_file(tx, context, command.report)
        case = tx.reports.case_of(command.report)
        if case is not None and not tx.cases.get(case).is_open:
            raise TooLate(command.report)
        now = context.clock()
        tx.reports.withdraw(command.report, now)
        facts = {"report": command.report}
        done = Done(Act.WITHDRAW, command.by.user, report.customer, facts, changed=(command.report,))
        conclude(tx, context, done, now)
        tx.notices.refresh(NoticeKind.REPORT, command.report, command.by.user, now, urgent=True)
        return report_file(tx, context, command.report)
