"""What people are shown, gathered from the record."""

from bot.rules.case_files import NOTHING_YET, Aftermath, CaseFile, Closing, DisputeFile, Excluded, Receipt, ReportFile
from bot.rules.cases import Case, Left
from bot.rules.customers import Customer, Safeguard
from bot.rules.decisions import Decision
from bot.rules.policy.verdicts import Rung
from bot.rules.precedents import Precedent, most_alike
from bot.rules.refusals import Bar
from bot.rules.reports import Report
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import excluded, standing_approvals
from bot.usecases.permissions.uninvolved import uninvolved, who_answers
from bot.usecases.shared.verdicts import Judged, history_of
from storage.transaction import Transaction


def case_file(tx: Transaction, context: Context, number: int) -> CaseFile:
    """Everything management sees about one case. Raises `Unknown` where there is none."""
    case = tx.cases.get(number)
    customer = tx.customers.get(case.customer)
    reports = tx.reports.of_case(number)
    warnings = tx.warnings.about(case.customer)
    told, reporters = tx.reports.tally(case.customer)
    standing_reports = sum(1 for r in reports if not r.withdrawn_at)
    return CaseFile(
        case=case,
        customer=customer,
        verdict=tx.verdicts.newest(case.customer),
        reports=reports,
        older=told - standing_reports,
        reporters=reporters,
        warnings=warnings,
        decision=tx.cases.decision(number),
        closing=_closing(tx, case),
        past=tx.cases.past(case.customer, besides=number),
        safeguards=tx.safeguards.about(case.customer, context.clock()),
        hearings=tx.hearings.of_case(number),
        disputes=tuple(filter(None, (tx.disputes.about(warning.number) for warning in warnings))),
        aftermath=_aftermath(tx, context, tx.cases.decision(number)),
        similar=_similar(tx, case),
        approvals=standing_approvals(tx, context, case),
        excluded=_excluded(tx, context, case),
        overdue=case.is_open and context.clock() >= case.due_at,
    )


def report_file(tx: Transaction, context: Context, number: int) -> ReportFile:
    """What a rep sees of their own report. Raises `Unknown` where there is none."""
    report = tx.reports.get(number)
    case_number = tx.reports.case_of(number)
    case = None if case_number is None else tx.cases.get(case_number)
    decision = (tx.cases.decision(case.number) if case else None) or tx.cases.in_force(report.customer)
    return ReportFile(
        report=report,
        customer=tx.customers.get(report.customer),
        verdict=tx.verdicts.of_report(number),
        case=case,
        decision=decision,
        warning=tx.warnings.of_case(case.number) if case else None,
        closing=_closing(tx, case) if case else None,
        discounted=tx.hearings.get(report.discounted_in) if report.discounted_in else None,
        patience=patience(tx.safeguards.about(report.customer, context.clock())),
        aftermath=_aftermath(tx, context, decision),
    )


def dispute_file(tx: Transaction, context: Context, number: int) -> DisputeFile:
    """What whoever looks at a disputed warning sees. Raises `Unknown` where there is none."""
    dispute = tx.disputes.get(number)
    case, warning = tx.cases.get(dispute.case), tx.warnings.get(dispute.warning)
    left = uninvolved(tx, context, case, {warning.issued_by: Bar.ISSUER})
    return DisputeFile(dispute, tx.customers.get(case.customer), warning, others=bool(left))


def receipt(tx: Transaction, context: Context, number: int) -> Receipt:
    """What a rep was told at once after sending: the same again."""
    told, number_of_case = tx.reports.get(number), tx.reports.case_of(number)
    case = None if number_of_case is None else tx.cases.get(number_of_case)
    judged = Judged(tx.verdicts.of_report(number), case, *history_of(tx, told.customer, context.clock()))
    customer, decision = tx.customers.get(told.customer), tx.cases.in_force(told.customer)
    return receipt_of(context, told, customer, judged, decision)


def receipt_of(
    context: Context,
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
        care_contact=context.firm.care_contact if told.wants_support else None,
        patience=patience(judged.safeguards),
    )


def patience(safeguards: tuple[Safeguard, ...]) -> tuple[str, ...]:
    """What reps are told of a customer's safeguards: the words that are meant for them, and nothing else."""
    return tuple(dict.fromkeys(each.words for each in safeguards))


def _excluded(tx: Transaction, context: Context, case: Case) -> tuple[Excluded, ...]:
    said = {recusal.by: recusal.reason for recusal in tx.recusals.of_case(case.number)}
    bars = excluded(tx, context, case)
    return tuple(Excluded(user, bar, said.get(user, "") if bar is Bar.RECUSED else "") for user, bar in bars.items())


def _aftermath(tx: Transaction, context: Context, decision: Decision | None) -> Aftermath:
    if decision is None or not decision.binds:
        return NOTHING_YET
    case, now = tx.cases.get(decision.case), context.clock()
    appeal, reviews = tx.appeals.of_case(case.number), tx.reviews.of_case(case.number)
    in_time = decision.in_force and decision.appeal_until is not None and now < decision.appeal_until
    since = max((review.at for review in reviews), default=decision.at)
    incidents = tx.reports.incidents(case.customer)
    return Aftermath(
        reviews=reviews,
        since=sum(1 for incident in incidents if incident.happened_at > since and not incident.void),
        appeal=appeal,
        may_appeal=appeal is None and in_time,
        left=who_answers(tx, context, case, appeal, decision, now) if appeal and appeal.is_open else Left.MANAGERS,
        overdue=appeal is not None and appeal.is_open and now >= appeal.due_at,
        lesson=tx.lessons.of_case(case.number),
    )


def _similar(tx: Transaction, case: Case) -> tuple[Precedent, ...]:
    """Past cases to compare with, where management is to decide: as they were when the policy last spoke here, or
    every decision and report would make the notices of others show an old state.
    """
    asked = tx.precedents.of_case(case.number) if case.is_open and case.rung is Rung.DECIDE else None
    if asked is None:
        return ()
    as_of = tx.verdicts.newest_at(case.customer)
    alike = most_alike(asked, tx.precedents.candidates(asked, case.customer, as_of))
    return tuple(tx.precedents.followed(each, as_of) for each in alike)


def _closing(tx: Transaction, case: Case) -> Closing | None:
    if case.closed_at is None:
        return None
    by, rationale = tx.cases.closing(case.number)
    return Closing(by, case.closed_at, rationale)
