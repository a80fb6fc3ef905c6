"""Asks the policy, and has the case follow its verdict."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.rules.business_time import due
from bot.rules.cases import Case, Outcome
from bot.rules.customers import Safeguard
from bot.rules.decisions import Choice
from bot.rules.hearings import Finding, Hearing, rung_after
from bot.rules.policy.assess import assess
from bot.rules.policy.verdicts import History, Incident, Rung, Verdict
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from bot.usecases.shared.effects import AskPolicy
from bot.usecases.shared.schedule import allowed, has_own_time, schedule_case, schedule_expiry, schedule_who_is_left
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
    customer: int,
    now: datetime,
    *,
    asks: AskPolicy,
    ends_as: Outcome | None,
    incidents: tuple[Incident, ...] | None = None,
) -> Assessment:
    """Ask the policy about the customer and let the case follow.

    Without an open case, a verdict above "record" opens one; for a dropped customer only if it is urgent. An open case
    moves to the rung that holds now. Its deadline moves only with the rung or when the case becomes urgent, not when it
    is back from a hearing that a manager asked for, and not to later where this rung held in it before. `ends_as`: the
    outcome with which an open case ends if the verdict is "record"; else only people and withdrawals end it.
    `asks`: without news of the customer's conduct a new rung moves no deadline, so that nobody can postpone one; a case
    opens where reports came together and one of them belongs to no case yet, and otherwise not at all. `incidents`:
    the customer's, where they are known.
    """
    tx.read_ahead(lambda: _verdict_reads(tx, context, customer, now, incidents))
    history, safeguards = history_of(tx, customer, now, incidents)
    verdict = assess(history, context.policy, now)
    ends = [max(at)] if (at := _points_end(history, context)) else []
    schedule_expiry(tx, TaskKind.POINTS_EXPIRY, customer, ends, now)
    case = tx.cases.open_about(customer)
    if case is None:
        opened = _opened(tx, context, customer, verdict, now) if _may_open(tx, context, customer, asks, now) else None
        return Assessment(verdict, opened, history, safeguards)
    if verdict.rung is not Rung.RECORD:
        moved = _moved(tx, context, case, verdict, safeguards, now, is_news=asks is AskPolicy.WITH_NEWS)
        schedule_case(tx, context, case, moved, now)
        return Assessment(verdict, moved, history, safeguards)
    if ends_as is None:
        tx.cases.touch(case.number)
        schedule_who_is_left(tx, case.number, now)
    else:
        tx.cases.close(case.number, ends_as, now, None, None)
        end_overtaken_hearing(tx, tx.hearings.newest(case.number), now)
    return Assessment(verdict, tx.cases.get(case.number), history, safeguards)


def _verdict_reads(
    tx: Transaction, context: Context, customer: int, now: datetime, incidents: tuple[Incident, ...] | None
) -> None:
    """What is read for every verdict, whatever it is."""
    history_of(tx, customer, now, incidents)
    lasting_reads(tx, context, customer)


def lasting_reads(tx: Transaction, context: Context, customer: int) -> None:
    """Of what is read for every verdict, that which does not depend on the time."""
    tx.warnings.delivered(customer)
    tx.cases.open_about(customer)
    tx.cases.in_force(customer)
    tx.verdicts.has_policy(context.policy.digest)


def history_of(
    tx: Transaction, customer: int, now: datetime, incidents: tuple[Incident, ...] | None = None
) -> tuple[History, tuple[Safeguard, ...]]:
    """What a verdict about the customer rests on, and the safeguards in force. `incidents`: where they are known."""
    safeguards = tx.safeguards.about(customer, now)
    reported = tx.reports.incidents(customer) if incidents is None else incidents
    return History(reported, tx.warnings.delivered(customer), safeguarded=bool(safeguards)), safeguards


def due_at(tx: Transaction, context: Context, customer: int, rung: Rung, now: datetime, *, urgent: bool) -> datetime:
    """When management must have acted."""
    return due(now, allowed(tx, context, customer, rung, now, urgent=urgent), context.policy.hours)


def due_as_opened(tx: Transaction, context: Context, case: Case, now: datetime) -> datetime:
    """When management must have acted on this case if it opened now."""
    return due_at(tx, context, case.customer, case.rung, now, urgent=case.urgent)


def _points_end(history: History, context: Context) -> list[datetime]:
    """When the points of each report that counts expire."""
    lasts = context.policy.points_expire_after
    return [incident.happened_at + lasts for incident in history.incidents if not incident.void]


def _may_open(tx: Transaction, context: Context, customer: int, asks: AskPolicy, now: datetime) -> bool:
    if asks is AskPolicy.JOINED:
        return tx.reports.has_waiting(customer, now - context.policy.points_expire_after)
    return asks is AskPolicy.WITH_NEWS


def _opened(tx: Transaction, context: Context, customer: int, verdict: Verdict, now: datetime) -> Case | None:
    if verdict.rung is Rung.RECORD:
        return None
    decision = tx.cases.in_force(customer)
    if decision and decision.choice is Choice.DROP and not verdict.urgent:
        return None
    due_ = due_at(tx, context, customer, verdict.rung, now, urgent=verdict.urgent)
    tx.read_ahead(lambda: tx.cases.in_force(customer))  # which the standing follows, too
    case = tx.cases.open(customer, verdict.rung, now, due_, urgent=verdict.urgent)
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
        stays = _shortened(tx, context, case, now) if is_news and rung is case.rung else case.due_at
        return tx.cases.move(case, rung, stays, urgent=case.urgent)
    urgent = verdict.urgent or case.urgent
    due_ = due_at(tx, context, case.customer, rung, now, urgent=verdict.urgent)
    no_later = urgent or tx.verdicts.has_asked(case.customer, case.number, rung)
    return tx.cases.move(case, rung, min(case.due_at, due_) if no_later else due_, urgent=urgent)


def _shortened(tx: Transaction, context: Context, case: Case, now: datetime) -> datetime:
    """The deadline of a case that stays before a decision: where kinds have times of their own, the shortest moves it.

    Not that of a case which comes back from a hearing: it has been given more time.
    """
    if case.rung is not Rung.DECIDE or case.urgent or not has_own_time(tx, context, case.customer, now):
        return case.due_at
    return min(case.due_at, due_as_opened(tx, context, case, now))


def _back_to_decide(rung: Rung, hearing: Hearing | None) -> bool:
    """Whether the case is back from a hearing that a manager asked for, which has extended the deadline already."""
    return rung is Rung.DECIDE and hearing is not None and hearing.has_outcome and hearing.asked_by is not None


def end_overtaken_hearing(tx: Transaction, hearing: Hearing | None, now: datetime) -> None:
    """End a hearing that is under way without an outcome, because the case has moved on. None: do nothing."""
    if hearing and hearing.under_way:
        tx.hearings.end(replace(hearing, ended_at=now, finding=Finding.OVERTAKEN))
