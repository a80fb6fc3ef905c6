"""Read models: what a message or form shows, read from the record."""

from collections.abc import Sequence
from dataclasses import replace

from bot.rules.case_files import (
    NO_HISTORY,
    CaseFile,
    CaseInFull,
    Closing,
    DecisionHistory,
    Excluded,
    Receipt,
    RecordedCase,
    ReportFile,
)
from bot.rules.cases import Case, Left, Outcome
from bot.rules.customers import Customer, patience
from bot.rules.decisions import Approval, Decision
from bot.rules.home import page_of
from bot.rules.objections import may_object_until
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.precedents import Precedent, most_similar
from bot.rules.refusals import Denial
from bot.rules.reports import Report
from bot.usecases.context import Context
from bot.usecases.permissions.colleagues import care_contact
from bot.usecases.permissions.permissions import Available, profile_denial, valid_approvals
from bot.usecases.permissions.uninvolved import directors_notified, who_answers
from bot.usecases.shared.contacts import contacts_gone
from bot.usecases.shared.letters_to_send import letters_about, senders_of, who_owes_letter
from bot.usecases.shared.verdicts import Assessment, history_of
from storage.transaction import Transaction

A_PAGE = 5  # reports in full: a view takes 250,000 bytes, and the longest report has about 40,000
MOST_MENTIONED = 5  # users and groups that a notice mentions


def case_file(tx: Transaction, context: Context, number: int) -> CaseFile:
    """Everything management sees about one case. Raises Unknown."""
    case = tx.cases.get(number)
    customer = tx.customers.get(case.customer)
    reports, warnings = tx.reports.of_case(number), tx.warnings.about(case.customer)
    all_reports, reporters = tx.reports.count(case.customer)
    decision, overdue = tx.cases.decision(number), case.is_open and context.clock() >= case.due_at
    available = Available(tx, context, case)
    return CaseFile(
        case=case,
        customer=customer,
        verdict=tx.verdicts.newest(case.customer),
        reports=reports,
        all_reports=all_reports,
        reporters=reporters,
        warnings=warnings,
        decision=decision,
        closing=_closing(tx, case),
        past=tx.cases.past(case.customer, besides=number),
        safeguards=tx.safeguards.about(case.customer, context.clock()),
        hearings=tx.hearings.of_case(number),
        objections=tx.objections.to_warnings(case.customer),
        decision_history=_history(tx, context, case, decision),
        similar=_similar(tx, case),
        approvals=_approved_before(tx, decision) if decision else valid_approvals(tx, context, case),
        excluded=_excluded(tx, case, available),
        overdue=overdue,
        directors_notified=directors_notified(tx, context, case),
        read_since=_read_since(tx, reports),
        at=context.clock(),
        asked=_asked(context, case, available, overdue=overdue),
        protections=tx.protections.of_case(number),
        gone=contacts_gone(tx, decision),
    )


def _approved_before(tx: Transaction, made: Decision) -> tuple[Approval, ...]:
    """What those had approved who are named in the decision beside whoever made it."""
    return tuple(each for each in tx.approvals.of_case(made.case) if each.by in made.approved_by)


def case_in_full(tx: Transaction, context: Context, number: int, page: int) -> CaseInFull:
    """A case, and a page of every report about its customer. Raises Unknown."""
    file = case_file(tx, context, number)
    total = tx.reports.count_with_case(file.case)
    reports = page_of(page, A_PAGE, total, lambda most, skip: tx.reports.with_case(file.case, most, skip))
    return CaseInFull(replace(file, read_since=_read_since(tx, reports.items)), reports)


def _read_since(tx: Transaction, reports: Sequence[Report]) -> dict[str, Denial | None]:
    """See `CaseFile.read_since`."""
    unknown = tuple({report.incident.reporter for report in reports if not report.reporter_known})
    profiles = tx.people.profiles(unknown) if unknown else {}
    return {user: profile_denial(profile) for user, profile in profiles.items()}


def recorded_case(tx: Transaction, context: Context, by: Person, number: int) -> RecordedCase:
    """What confirms to this person that something about the case is on record. Raises Unknown."""
    case, decision = tx.cases.get(number), tx.cases.decision(number)
    approvers = [each.by for each in valid_approvals(tx, context, case)] if case.is_open else []
    return RecordedCase(
        case=case,
        customer=tx.customers.get(case.customer),
        decision=decision,
        warning=tx.warnings.of_case(number),
        objection=tx.objections.of_case(number),
        still_to_approve=context.policy.approvals_to_drop - len(approvers) if by.user in approvers else 0,
    )


def report_file(tx: Transaction, context: Context, number: int) -> ReportFile:
    """What a rep sees of their own report. Raises Unknown."""
    report, case_number = tx.reports.get(number), tx.reports.case_of(number)
    case = None if case_number is None else tx.cases.get(case_number)
    decision = (tx.cases.decision(case.number) if case else None) or tx.cases.in_force(report.customer)
    return ReportFile(
        report=report,
        customer=tx.customers.get(report.customer),
        verdict=tx.verdicts.of_report(number),
        case=case,
        decision=decision,
        warning=tx.warnings.of_case(case.number) if case else None,
        objection=tx.objections.of_case(case.number) if case and case.outcome is Outcome.WARNED else None,
        closing=_closing(tx, case) if case else None,
        discounted=tx.hearings.get(report.discounted_in) if report.discounted_in else None,
        patience=patience(tx.safeguards.about(report.customer, context.clock())),
        decision_history=_history(tx, context, tx.cases.get(decision.case), decision) if decision else NO_HISTORY,
        overdue=case is not None and case.is_open and context.clock() >= case.due_at,
        directors_notified=directors_notified(tx, context, case),
        expired=_expired(context, report),
        letter_owed_by=who_owes_letter(tx, context, decision),
        gone=contacts_gone(tx, decision),
        protection=tx.protections.in_force(report.customer),
        at=context.clock(),
    )


def receipt(tx: Transaction, context: Context, number: int) -> Receipt:
    """The answer to a report that was recorded before, with the customer and the case as they are now."""
    report, case_number = tx.reports.get(number), tx.reports.case_of(number)
    case = None if case_number is None else tx.cases.get(case_number)
    assessment = Assessment(tx.verdicts.of_report(number), case, *history_of(tx, report.customer, context.clock()))
    customer, decision = tx.customers.get(report.customer), tx.cases.in_force(report.customer)
    contact = care_contact(tx, context, report.incident.reporter) if report.wants_support else None
    n = tx.verdicts.entry_of_report(number)
    return receipt_of(tx, context, report, customer, assessment, decision, contact, n)


def receipt_of(
    tx: Transaction,
    context: Context,
    report: Report,
    customer: Customer,
    assessment: Assessment,
    decision: Decision | None,
    contact: str | None,
    n: int,
) -> Receipt:
    """What the rep reads at once after sending this report. `contact`: who was asked to get in touch with them.

    `n`: of its entry in the customer's audit chain.
    """
    reporters = {incident.reporter for incident in assessment.history.incidents if not incident.void}
    return Receipt(
        report=report.incident.number,
        customer=customer,
        verdict=assessment.verdict,
        others=len(reporters - {report.incident.reporter}),
        case=assessment.case,
        decision=decision,
        warned_at=max((warning.delivered_at for warning in assessment.history.warnings), default=None),
        care_contact=contact,
        wants_support=report.wants_support,
        patience=patience(assessment.safeguards),
        is_new=n == 1,
        conduct=report.incident.category,
        severity=report.incident.severity,
        expired=_expired(context, report),
        letter_owed_by=who_owes_letter(tx, context, decision),
        gone=contacts_gone(tx, decision),
        ended_within=report.ended_within,
        protection=tx.protections.in_force(customer.number) if assessment.case else None,
        at=context.clock(),
    )


def _expired(context: Context, report: Report) -> bool:
    return report.incident.happened_at + context.policy.points_expire_after <= context.clock()


def _asked(context: Context, case: Case, available: Available, *, overdue: bool) -> tuple[str, ...]:
    """See `CaseFile.asked`. It depends on nobody's report: a list that changed with one would tell who reported."""
    if not case.is_open:
        return ()
    firm = context.firm
    listed = firm.management if overdue or case.left is not Left.MANAGERS else firm.managers
    out = {user for user, denial in available.excluded.items() if denial is not Denial.REPORTER}
    return tuple(entry for entry in listed if entry not in out)[:MOST_MENTIONED]


def _excluded(tx: Transaction, case: Case, available: Available) -> tuple[Excluded, ...]:
    reasons = {recusal.by: recusal.reason for recusal in tx.recusals.about(case.customer)}
    return tuple(
        Excluded(user, denial, reasons.get(user, "") if denial is Denial.RECUSED else "", available.names.get(user, ""))
        for user, denial in available.excluded.items()
    )


def _history(tx: Transaction, context: Context, case: Case, decision: Decision | None) -> DecisionHistory:
    """What has happened since the case ended. `decision`: the case's."""
    if case.is_open:
        return NO_HISTORY
    objection, now = tx.objections.of_case(case.number), context.clock()
    until = None if objection else may_object_until(decision, tx.warnings.of_case(case.number), now)
    letters = letters_about(tx, case)
    history = DecisionHistory(
        objection=objection,
        letters=letters,
        senders=senders_of(tx, context, case, letters),
        may_object_until=until if until and now < until else None,
        left=who_answers(tx, context, case, objection, now) if objection and objection.is_open else Left.MANAGERS,
        overdue=objection is not None and objection.is_open and now >= objection.due_at,
    )
    if decision is None or not decision.binds:
        return history
    reviews, incidents = tx.reviews.of_case(case.number), tx.reports.incidents(case.customer)
    since = max((review.at for review in reviews), default=decision.at)
    n = sum(1 for incident in incidents if incident.happened_at > since and not incident.void)
    return replace(history, reviews=reviews, since=n, lesson=tx.lessons.of_case(case.number))


def _similar(tx: Transaction, case: Case) -> tuple[Precedent, ...]:
    """Past cases to compare with, if management is to decide.

    They are read as of the case's newest verdict. Otherwise every decision and report about one customer would leave
    the notices of other customers' cases on an old state.
    """
    asked = tx.precedents.of_case(case.number) if case.is_open and case.rung is Rung.DECIDE else None
    if asked is None:
        return ()
    as_of = tx.verdicts.newest_at(case.customer)
    alike = most_similar(asked, tx.precedents.candidates(asked, case.customer, as_of))
    return tuple(tx.precedents.with_reports_since(each, as_of) for each in alike)


def _closing(tx: Transaction, case: Case) -> Closing | None:
    if case.closed_at is None:
        return None
    by, rationale = tx.cases.closing(case.number)
    return Closing(by, case.closed_at, rationale)
