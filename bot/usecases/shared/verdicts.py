"""The policy is asked anew after everything that changes what it rests on."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.rules.audit_acts import Act
from bot.rules.business_time import due
from bot.rules.cases import Case, Outcome
from bot.rules.customers import Customer, Safeguard, Standing
from bot.rules.decisions import Choice, Decision
from bot.rules.hearings import Finding, Hearing, rung_after
from bot.rules.notices import NoticeKind
from bot.rules.policy.policy import assess
from bot.rules.policy.standing import standing
from bot.rules.policy.verdicts import DeliveredWarning, History, Rung, Verdict
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from bot.usecases.shared.schedule import plan, plan_expiry
from bot.usecases.shared.stale_messages import show_customer
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Judged:
    """What the policy says now, the case that follows from it (None: nothing before management), and from what.

    `safeguards`: those in force.
    """

    verdict: Verdict
    case: Case | None
    history: History
    safeguards: tuple[Safeguard, ...]


def judge(
    tx: Transaction,
    context: Context,
    customer: Customer,
    now: datetime,
    *,
    ends_as: Outcome | None = None,
    news: bool = True,
) -> Judged:
    """Ask the policy about the customer and let the case follow.

    A new matter opens a case; a standing case moves to the rung that holds now, and its deadline never moves away
    unless something else is asked. With `ends_as`, an open case for which nothing is left to do ends so; without it a
    case stays open, since only people and withdrawals end one.
    A dropped customer gets no new case for what is not urgent: it has been decided.
    Without `news` of the customer's conduct no case opens, and no deadline moves: there is no snooze.
    """
    history, safeguards = history_of(tx, customer.number, now)
    verdict = assess(history, context.policy, now)
    counted_until = max((i.happened_at for i in history.incidents if not i.void), default=now)
    plan_expiry(tx, TaskKind.POINTS_EXPIRY, customer.number, [counted_until + context.policy.points_expire_after], now)
    case = tx.cases.open_about(customer.number)
    if case is None:
        opened = _opened(tx, context, customer, verdict, now) if news else None
        return Judged(verdict, opened, history, safeguards)
    if verdict.rung is not Rung.RECORD:
        moved = _moved(tx, context, case, verdict, safeguards, now, news=news)
        plan(tx, context, case, moved, now)
        return Judged(verdict, moved, history, safeguards)
    if ends_as is None:
        tx.cases.touch(case.number)
    else:
        tx.cases.close(case.number, ends_as, now, None, None)
        overtake(tx, tx.hearings.newest(case.number), now)
    return Judged(verdict, tx.cases.get(case.number), history, safeguards)


def history_of(tx: Transaction, customer: int, now: datetime) -> tuple[History, tuple[Safeguard, ...]]:
    """All that a verdict about the customer rests on, and the safeguards in force."""
    safeguards = tx.safeguards.about(customer, now)
    incidents, warnings = tx.reports.incidents(customer), tx.warnings.delivered(customer)
    return History(incidents, warnings, safeguarded=bool(safeguards)), safeguards


@dataclass(frozen=True, slots=True)
class Settled:
    """How a customer stands, and the decision in force that it comes from."""

    standing: Standing
    decision: Decision | None


def settle(tx: Transaction, customer: int, now: datetime) -> None:
    """Note how the customer stands, from the open case, the decision in force and the warnings that count."""
    warnings = tx.warnings.delivered(customer)
    plan_expiry(tx, TaskKind.WARNING_EXPIRY, customer, [warning.expires_at for warning in warnings], now)
    settle_with(tx, customer, tx.cases.open_about(customer), warnings, now)


def settle_with(
    tx: Transaction, customer: int, case: Case | None, warnings: tuple[DeliveredWarning, ...], now: datetime
) -> Settled:
    """The same where the open case and the delivered warnings are at hand, and no warning has changed."""
    decision = tx.cases.in_force(customer)
    warned = any(warning.counts_at(now) for warning in warnings)
    stands = standing(
        case.rung if case else None,
        dropped=decision is not None and decision.choice is Choice.DROP,
        restricted=decision is not None and bool(decision.conditions),
        warned=warned,
    )
    tx.customers.stand(customer, stands)
    return Settled(stands, decision)


def due_at(context: Context, rung: Rung, now: datetime, *, urgent: bool) -> datetime:
    """When management has to have acted."""
    return due(now, context.policy.deadline(rung, urgent=urgent), context.policy.hours)


def _opened(tx: Transaction, context: Context, customer: Customer, verdict: Verdict, now: datetime) -> Case | None:
    if verdict.rung is Rung.RECORD:
        return None
    decision = tx.cases.in_force(customer.number)
    if decision and decision.choice is Choice.DROP and not verdict.urgent:
        return None
    due_ = due_at(context, verdict.rung, now, urgent=verdict.urgent)
    case = tx.cases.open(customer.number, verdict.rung, now, due_, urgent=verdict.urgent)
    tx.reports.join(case, now - context.policy.points_expire_after)
    plan(tx, context, None, case, now)
    return case


def _moved(
    tx: Transaction,
    context: Context,
    case: Case,
    verdict: Verdict,
    safeguards: tuple[Safeguard, ...],
    now: datetime,
    *,
    news: bool,
) -> Case:
    hearing = tx.hearings.newest(case.number)
    rung = rung_after(verdict, case, hearing, safeguarded_since=_safeguarded_since(hearing, safeguards))
    if rung is not Rung.HEAR:
        overtake(tx, hearing, now)
    if verdict.urgent <= case.urgent and (rung is case.rung or not news or _back_to_decide(rung, hearing)):
        return tx.cases.move(case, rung, case.due_at, urgent=case.urgent)
    urgent = verdict.urgent or case.urgent
    asked_anew = due_at(context, rung, now, urgent=verdict.urgent)
    return tx.cases.move(case, rung, min(case.due_at, asked_anew) if urgent else asked_anew, urgent=urgent)


def _back_to_decide(rung: Rung, hearing: Hearing | None) -> bool:
    """Whether a hearing that was asked for before this decision is over: its extension was all the time there is."""
    return rung is Rung.DECIDE and hearing is not None and hearing.judged and hearing.asked_by is not None


def overtake(tx: Transaction, hearing: Hearing | None, now: datetime) -> None:
    """A hearing that is under way ends without an outcome, since the matter has moved on."""
    if hearing and hearing.under_way:
        end_hearing(tx, replace(hearing, ended_at=now, finding=Finding.OVERTAKEN), now)


def end_hearing(tx: Transaction, ended: Hearing, now: datetime) -> None:
    """Note how a hearing ended; whoever was asked to take it is told that it is over."""
    tx.hearings.end(ended)
    tx.notices.want_again(NoticeKind.HEARING, ended.number, now)


def _safeguarded_since(hearing: Hearing | None, safeguards: tuple[Safeguard, ...]) -> bool:
    ended_at = hearing.ended_at if hearing else None
    return ended_at is not None and any(safeguard.set_at > ended_at for safeguard in safeguards)


def judge_anew(
    tx: Transaction, context: Context, customer: int, actor: str, act: Act, facts: dict[str, object]
) -> None:
    """Ask the policy anew and write it down as `act`: an open case follows, none is opened, no deadline moves."""
    now = context.clock()
    judged = judge(tx, context, tx.customers.get(customer), now, news=False)
    n = tx.audit.append(customer, actor, act, verdict_facts(judged) | facts, now)
    note_verdict(tx, context, judged, customer, n, now)
    settle(tx, customer, now)
    show_customer(tx, context, customer, judged.case, now)
    tx.notices.want_reports_about(customer, now)


def note_verdict(
    tx: Transaction, context: Context, judged: Judged, customer: int, n: int, now: datetime, report: int | None = None
) -> None:
    """Keep the verdict with its reasons and its policy, beside audit entry `n`."""
    tx.verdicts.keep_policy(context.policy, now)
    tx.verdicts.add(judged.verdict, customer, n, report, judged.case.number if judged.case else None, now)
    if judged.case:
        tx.precedents.note(judged.case.number, customer, judged.verdict)


def verdict_facts(judged: Judged) -> dict[str, object]:
    """The verdict and the case, as the audit log keeps them."""
    return {
        "rung": judged.verdict.rung.value,
        "points": judged.verdict.points,
        "policy": judged.verdict.policy_digest,
        "case": judged.case.number if judged.case else None,
    }
