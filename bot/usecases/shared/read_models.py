"""What people are shown, gathered from the record."""

from bot.rules.case_files import NOTHING_YET, Aftermath, CaseFile, Closing, DisputeFile, Excluded, Receipt, ReportFile
from bot.rules.cases import Case, Left
from bot.rules.customers import Customer, Safeguard
from bot.rules.decisions import Decision
from bot.rules.policy.verdicts import Rung
from bot.rules.precedents import Precedent, most_alike
from bot.rules.refusals import Bar
from bot.rules.reports import Report
from bot.usecases.context import Desk
from bot.usecases.permissions.permissions import excluded, standing_approvals
from bot.usecases.permissions.uninvolved import uninvolved, who_answers
from bot.usecases.shared.verdicts import Judged, history_of
from storage.transaction import Transaction


def case_file(record: Transaction, desk: Desk, number: int) -> CaseFile:
    """Everything management sees about one case. Raises `Unknown` where there is none."""
    case = record.cases.get(number)
    customer = record.customers.get(case.customer)
    reports = record.reports.of_case(number)
    warnings = record.warnings.about(case.customer)
    told, reporters = record.reports.tally(case.customer)
    standing_reports = sum(1 for r in reports if not r.withdrawn_at)
    return CaseFile(
        case=case,
        customer=customer,
        verdict=record.verdicts.newest(case.customer),
        reports=reports,
        older=told - standing_reports,
        reporters=reporters,
        warnings=warnings,
        decision=record.cases.decision(number),
        closing=_closing(record, case),
        past=record.cases.past(case.customer, besides=number),
        safeguards=record.safeguards.about(case.customer, desk.clock()),
        hearings=record.hearings.of_case(number),
        disputes=tuple(filter(None, (record.disputes.about(warning.number) for warning in warnings))),
        aftermath=_aftermath(record, desk, record.cases.decision(number)),
        similar=_similar(record, case),
        approvals=standing_approvals(record, desk, case),
        excluded=_excluded(record, desk, case),
        overdue=case.is_open and desk.clock() >= case.due_at,
    )


def report_file(record: Transaction, desk: Desk, number: int) -> ReportFile:
    """What a rep sees of their own report. Raises `Unknown` where there is none."""
    report = record.reports.get(number)
    case_number = record.reports.case_of(number)
    case = None if case_number is None else record.cases.get(case_number)
    decision = (record.cases.decision(case.number) if case else None) or record.cases.in_force(report.customer)
    return ReportFile(
        report=report,
        customer=record.customers.get(report.customer),
        verdict=record.verdicts.of_report(number),
        case=case,
        decision=decision,
        warning=record.warnings.of_case(case.number) if case else None,
        closing=_closing(record, case) if case else None,
        discounted=record.hearings.get(report.discounted_in) if report.discounted_in else None,
        patience=patience(record.safeguards.about(report.customer, desk.clock())),
        aftermath=_aftermath(record, desk, decision),
    )


def dispute_file(record: Transaction, desk: Desk, number: int) -> DisputeFile:
    """What whoever looks at a disputed warning sees. Raises `Unknown` where there is none."""
    dispute = record.disputes.get(number)
    case, warning = record.cases.get(dispute.case), record.warnings.get(dispute.warning)
    left = uninvolved(record, desk, case, {warning.issued_by: Bar.ISSUER})
    return DisputeFile(dispute, record.customers.get(case.customer), warning, others=bool(left))


def receipt(record: Transaction, desk: Desk, number: int) -> Receipt:
    """What a rep was told at once after sending: the same again."""
    told, number_of_case = record.reports.get(number), record.reports.case_of(number)
    case = None if number_of_case is None else record.cases.get(number_of_case)
    judged = Judged(record.verdicts.of_report(number), case, *history_of(record, told.customer, desk.clock()))
    customer, decision = record.customers.get(told.customer), record.cases.in_force(told.customer)
    return receipt_of(desk, told, customer, judged, decision)


def receipt_of(
    desk: Desk,
    told: Report,
    customer: Customer,
    judged: Judged,
    decision: Decision | None,
) -> Receipt:
    """What a rep is told at once after sending this report."""
    reporters = {incident.reporter for incident in judged.history.incidents if not incident.void}
    return Receipt(
        report=told.incident.number,
        customer=customer,
        verdict=judged.verdict,
        others=len(reporters - {told.incident.reporter}),
        case=judged.case,
        decision=decision,
        warned_at=max((warning.delivered_at for warning in judged.history.warnings), default=None),
        care_contact=desk.firm.care_contact if told.wants_support else None,
        patience=patience(judged.safeguards),
    )


def patience(safeguards: tuple[Safeguard, ...]) -> tuple[str, ...]:
    """What reps are told of a customer's safeguards: the words that are meant for them, and nothing else."""
    return tuple(dict.fromkeys(each.words for each in safeguards))


def _excluded(record: Transaction, desk: Desk, case: Case) -> tuple[Excluded, ...]:
    said = {recusal.by: recusal.reason for recusal in record.recusals.of_case(case.number)}
    bars = excluded(record, desk, case)
    return tuple(Excluded(user, bar, said.get(user, "") if bar is Bar.RECUSED else "") for user, bar in bars.items())


def _aftermath(record: Transaction, desk: Desk, decision: Decision | None) -> Aftermath:
    if decision is None or not decision.binds:
        return NOTHING_YET
    case, now = record.cases.get(decision.case), desk.clock()
    appeal, reviews = record.appeals.of_case(case.number), record.reviews.of_case(case.number)
    in_time = decision.in_force and decision.appeal_until is not None and now < decision.appeal_until
    since = max((review.at for review in reviews), default=decision.at)
    incidents = record.reports.incidents(case.customer)
    return Aftermath(
        reviews=reviews,
        since=sum(1 for incident in incidents if incident.happened_at > since and not incident.void),
        appeal=appeal,
        may_appeal=appeal is None and in_time,
        left=who_answers(record, desk, case, appeal, decision, now) if appeal and appeal.is_open else Left.MANAGERS,
        overdue=appeal is not None and appeal.is_open and now >= appeal.due_at,
        lesson=record.lessons.of_case(case.number),
    )


def _similar(record: Transaction, case: Case) -> tuple[Precedent, ...]:
    """Past cases to compare with, where management is to decide: as they were when the policy last spoke here, or
    every decision and report would make the notices of others show an old state.
    """
    asked = record.precedents.of_case(case.number) if case.is_open and case.rung is Rung.DECIDE else None
    if asked is None:
        return ()
    as_of = record.verdicts.newest_at(case.customer)
    alike = most_alike(asked, record.precedents.candidates(asked, case.customer, as_of))
    return tuple(record.precedents.followed(each, as_of) for each in alike)


def _closing(record: Transaction, case: Case) -> Closing | None:
    if case.closed_at is None:
        return None
    by, rationale = record.cases.closing(case.number)
    return Closing(by, case.closed_at, rationale)
