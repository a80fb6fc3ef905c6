"""What people are shown, gathered from the record."""

from datetime import datetime

from bot.desk.desk import Desk
from bot.desk.ports import Record
from bot.rules.files import CaseFile, Closing, Excluded, Receipt, ReportFile
from bot.rules.values import Case, IssuedWarning


def case_file(record: Record, desk: Desk, number: int) -> CaseFile:
    """Everything management sees about one case. Raises `Unknown` where there is none."""
    case = record.cases.get(number)
    customer = record.customers.get(case.customer)
    reports = record.reports.of_case(number)
    told, reporters = record.reports.tally(case.customer)
    standing_reports = sum(1 for r in reports if not r.withdrawn_at)
    owner = (Excluded(customer.owner, "owner"),) if customer.owner else ()
    return CaseFile(
        case=case,
        customer=customer,
        verdict=record.verdicts.newest(case.customer),
        reports=reports,
        older=told - standing_reports,
        reporters=reporters,
        warnings=record.warnings.about(case.customer),
        decision=record.cases.decision(number),
        closing=_closing(record, case),
        past=record.cases.past(case.customer, besides=number),
        safeguards=record.safeguards.about(case.customer, desk.clock()),
        excluded=owner + tuple(Excluded(u, "reporter") for u in sorted(record.reports.reporters(number))),
    )


def report_file(record: Record, desk: Desk, number: int) -> ReportFile:
    """What a rep sees of their own report. Raises `Unknown` where there is none."""
    del desk
    report = record.reports.get(number)
    case_number = record.reports.case_of(number)
    case = None if case_number is None else record.cases.get(case_number)
    return ReportFile(
        report=report,
        customer=record.customers.get(report.customer),
        verdict=record.verdicts.of_report(number),
        case=case,
        decision=record.cases.decision(case.number) if case else record.cases.in_force(report.customer),
        warning=record.warnings.of_case(case.number) if case else None,
    )


def receipt(record: Record, desk: Desk, number: int) -> Receipt:
    """What a rep is told at once after sending."""
    report = record.reports.get(number)
    case = record.reports.case_of(number)
    history = record.reports.history(report.customer, desk.clock())
    others = {i.reporter for i in history.incidents if not i.void} - {report.incident.reporter}
    return Receipt(
        report=number,
        customer=record.customers.get(report.customer),
        verdict=record.verdicts.of_report(number),
        others=len(others),
        case=None if case is None else record.cases.get(case),
        decision=record.cases.in_force(report.customer),
        warned_at=_last_delivery(record.warnings.about(report.customer)),
        care_contact=desk.firm.care_contact if report.wants_support else None,
    )


def _last_delivery(warnings: tuple[IssuedWarning, ...]) -> datetime | None:
    return max((w.delivered_at for w in warnings if w.delivered_at), default=None)


def _closing(record: Record, case: Case) -> Closing | None:
    if case.closed_at is None:
        return None
    by, rationale = record.cases.closing(case.number)
    return Closing(by, case.closed_at, rationale)
