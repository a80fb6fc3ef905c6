"""Asks the policy after every change of what a verdict rests on, and lets the case and the standing follow."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.rules.audit import Act
from bot.rules.business_time import due
from bot.rules.cases import Case, Outcome
from bot.rules.customers import Customer, Safeguard, Standing, standing
from bot.rules.decisions import Choice, Decision
from bot.rules.hearings import Finding, Hearing, rung_after
from bot.rules.notices import NoticeKind
from bot.rules.policy.assess import assess
from bot.rules.policy.verdicts import DeliveredWarning, History, Rung, Verdict
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from bot.usecases.shared.schedule import schedule_case, schedule_expiry
from bot.usecases.shared.stale_messages import show_customer
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Assessment:
    """The policy's verdict now, the case that follows from it, and what it rests on.

    `case`: the open case, or the one that this has just ended; None if there is neither. `safeguards`: those in force.
    """

    verdict: Verdict
    case: Case | None
    history: History
    safeguards: tuple[Safeguard, ...]


def ask_policy(
    tx: Transaction,
    context: Context,
    customer: Customer,
    now: datetime,
    *,
    ends_as: Outcome | None = None,
    is_news: bool = True,
) -> Assessment:
    """Ask the policy about the customer and let the case follow.

    Without an open case, a verdict above "record" opens one; for a dropped customer only if it is urgent. An open case
    moves to the rung that holds now. Its deadline moves only when the rung changes or the case becomes urgent, and not
    when the case comes back from a hearing that a manager asked for. `ends_as`: the outcome with which an open case
    ends if the verdict is "record". Without it the case stays open, since only people and withdrawals end a case.
    `is_news`: whether there is news of the customer's conduct. Without news no case opens, and a new rung moves no
    deadline, so that nobody can postpone a deadline in this way.
    """
    history, safeguards = history_of(tx, customer.number, now)
    verdict = assess(history, context.policy, now)
    newest = max((i.happened_at for i in history.incidents if not i.void), default=now)
    ends = [newest + context.policy.points_expire_after]
    schedule_expiry(tx, TaskKind.POINTS_EXPIRY, customer.number, ends, now)
    case = tx.cases.open_about(customer.number)
    if case is None:
        opened = _opened(tx, context, customer, verdict, now) if is_news else None
        return Assessment(verdict, opened, history, safeguards)
    if verdict.rung is not Rung.RECORD:
        moved = _moved(tx, context, case, verdict, safeguards, now, is_news=is_news)
        schedule_case(tx, context, case, moved, now)
        return Assessment(verdict, moved, history, safeguards)
    if ends_as is None:
        tx.cases.touch(case.number)
    else:
        tx.cases.close(case.number, ends_as, now, None, None)
        end_overtaken_hearing(tx, tx.hearings.newest(case.number), now)
    return Assessment(verdict, tx.cases.get(case.number), history, safeguards)


def history_of(tx: Transaction, customer: int, now: datetime) -> tuple[History, tuple[Safeguard, ...]]:
    """What a verdict about the customer rests on, and the safeguards in force."""
    safeguards = tx.safeguards.about(customer, now)
    incidents, warnings = tx.reports.incidents(customer), tx.warnings.delivered(customer)
    return History(incidents, warnings, safeguarded=bool(safeguards)), safeguards


def update_standing(tx: Transaction, customer: int, now: datetime) -> None:
    """Update the standing from open case, decision and valid warnings, and schedule when the next warning expires."""
    warnings = tx.warnings.delivered(customer)
    schedule_expiry(tx, TaskKind.WARNING_EXPIRY, customer, [warning.expires_at for warning in warnings], now)
    update_standing_from(tx, customer, tx.cases.open_about(customer), warnings, now)


def update_standing_from(
    tx: Transaction, customer: int, case: Case | None, warnings: tuple[DeliveredWarning, ...], now: datetime
) -> tuple[Standing, Decision | None]:
    """As `update_standing`, for callers that have read the open case and the warnings, and changed no warning.

    Returns the standing and the decision in force.
    """
    decision = tx.cases.in_force(customer)
    new = standing(
        case.rung if case else None,
        dropped=decision is not None and decision.choice is Choice.DROP,
        restricted=decision is not None and bool(decision.conditions),
        warned=any(warning.is_valid_at(now) for warning in warnings),
    )
    tx.customers.set_standing(customer, new)
    return new, decision


def due_at(context: Context, rung: Rung, now: datetime, *, urgent: bool) -> datetime:
    """When management must have acted."""
    return due(now, context.policy.deadline(rung, urgent=urgent), context.policy.hours)


def _opened(tx: Transaction, context: Context, customer: Customer, verdict: Verdict, now: datetime) -> Case | None:
    if verdict.rung is Rung.RECORD:
        return None
    decision = tx.cases.in_force(customer.number)
    if decision and decision.choice is Choice.DROP and not verdict.urgent:
        return None
    due_ = due_at(context, verdict.rung, now, urgent=verdict.urgent)
    case = tx.cases.open(customer.number, verdict.rung, now, due_, urgent=verdict.urgent)
    tx.reports.join_case(case, now - context.policy.points_expire_after)
    schedule_case(tx, context, None, case, now)
    return case


def _moved(
    tx: Transaction,
    context: Context,
    case: Case,
    verdict: Verdict,
    safeguards: tuple[Safeguard, ...],
    now: datetime,
    *,
    is_news: bool,
) -> Case:
    hearing = tx.hearings.newest(case.number)
    ended_at = hearing.ended_at if hearing else None
    safeguarded_since = ended_at is not None and any(safeguard.set_at > ended_at for safeguard in safeguards)
    rung = rung_after(verdict, case, hearing, safeguarded_since=safeguarded_since)
    if rung is not Rung.HEAR:
        end_overtaken_hearing(tx, hearing, now)
    if verdict.urgent <= case.urgent and (rung is case.rung or not is_news or _back_to_decide(rung, hearing)):
        return tx.cases.move(case, rung, case.due_at, urgent=case.urgent)
    urgent = verdict.urgent or case.urgent
    due_ = due_at(context, rung, now, urgent=verdict.urgent)
    return tx.cases.move(case, rung, min(case.due_at, due_) if urgent else due_, urgent=urgent)


def _back_to_decide(rung: Rung, hearing: Hearing | None) -> bool:
    """Whether the case is back from a hearing that a manager asked for, which has extended the deadline already."""
    return rung is Rung.DECIDE and hearing is not None and hearing.has_outcome and hearing.asked_by is not None


def end_overtaken_hearing(tx: Transaction, hearing: Hearing | None, now: datetime) -> None:
    """End a hearing that is under way without an outcome, because the case has moved on. None: do nothing."""
    if hearing and hearing.under_way:
        end_hearing(tx, replace(hearing, ended_at=now, finding=Finding.OVERTAKEN), now)


def end_hearing(tx: Transaction, ended: Hearing, now: datetime) -> None:
    """Record how a hearing ended, and refresh the notice of whoever was asked to take it."""
    tx.hearings.end(ended)
    tx.notices.refresh_all(NoticeKind.HEARING, ended.number, now)


def reassess(tx: Transaction, context: Context, customer: int, actor: str, act: Act, facts: dict[str, object]) -> None:
    """Ask the policy again without news of conduct, record the verdict in an audit entry `act`, refresh the
    messages.
    """
    now = context.clock()
    assessment = ask_policy(tx, context, tx.customers.get(customer), now, is_news=False)
    n = tx.audit.append(customer, actor, act, verdict_facts(assessment) | facts, now)
    record_verdict(tx, context, assessment, customer, n, now)
    update_standing(tx, customer, now)
    show_customer(tx, context, customer, assessment.case, now)
    tx.notices.refresh_reports_about(customer, now)


def record_verdict(
    tx: Transaction,
    context: Context,
    assessment: Assessment,
    customer: int,
    n: int,
    now: datetime,
    report: int | None = None,
) -> None:
    """Store the verdict with its reasons and its policy. `n`: the number of its audit entry. Also stores by what the
    case
    is compared with others.
    """
    tx.verdicts.keep_policy(context.policy, now)
    tx.verdicts.add(assessment.verdict, customer, n, report, assessment.case.number if assessment.case else None, now)
    if assessment.case:
        tx.precedents.save(assessment.case.number, customer, assessment.verdict)


def verdict_facts(assessment: Assessment) -> dict[str, object]:
    """The verdict and the case, as an audit entry states them."""
    return {
        "rung": assessment.verdict.rung.value,
        "points": assessment.verdict.points,
        "policy": assessment.verdict.policy_digest,
        "case": assessment.case.number if assessment.case else None,
    }
