"""The scheduled tasks of an open case: remind the managers, then escalate to the directors.

A task that runs too late does nothing, so that after downtime only the newest of the missed messages is sent.
"""

from datetime import datetime

from bot.rules.audit import Act
from bot.rules.business_time import next_business_day
from bot.rules.cases import Case, Left
from bot.rules.notices import NoticeKind
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import excluded, who_is_left, without_stake
from bot.usecases.shared.schedule import CLOCK, schedule_deadline
from bot.usecases.shared.stale_messages import show_case
from storage.transaction import Transaction


def remind(tx: Transaction, context: Context, number: int) -> None:
    """Half of the time has passed: post one reminder in the management channel."""
    case, now = _locked(tx, number), context.clock()
    if not case.is_open or now >= case.due_at:
        return
    tx.audit.append(case.customer, CLOCK, Act.REMIND, _deadline(case), now)
    # Each deadline has its own reminder: the round is the deadline in minutes since 1970, which fits an integer column.
    round_, channel = int(case.due_at.timestamp()) // 60, context.firm.management_channel
    tx.notices.refresh(NoticeKind.REMINDER, number, channel, now, urgent=case.urgent, round_=round_)


def deadline_passed(tx: Transaction, context: Context, number: int) -> None:
    """The deadline has passed: escalate to the directors, and again on each business day until the case has ended."""
    case, now = _locked(tx, number), context.clock()
    if not case.is_open:
        return
    if now < case.due_at:
        schedule_deadline(tx, context, case, now)
        return
    tx.audit.append(case.customer, CLOCK, Act.OVERDUE, _deadline(case), now)
    escalate(tx, context, case, now)
    tx.scheduled_tasks.set(TaskKind.OVERDUE, number, next_business_day(now, context.policy.hours))


def still_overdue(tx: Transaction, context: Context, number: int) -> None:
    """Another business day has passed: remind the managers with a short message, and escalate again."""
    case, now = _locked(tx, number), context.clock()
    if case.is_open and now >= case.due_at:
        channel, round_ = context.firm.management_channel, case.escalations + 1
        tx.notices.refresh(NoticeKind.OVERDUE, number, channel, now, urgent=True, round_=round_)
    deadline_passed(tx, context, number)


def check_who_is_left(tx: Transaction, context: Context, number: int) -> None:
    """Escalate to the directors at once if too few managers are left who may act."""
    case, now = _locked(tx, number), context.clock()
    left = who_is_left(tx, context, case)
    if not case.is_open or left is case.left:
        return
    tx.cases.set_left(number, left)
    out = {user: denial.value for user, denial in excluded(tx, context, case).items()}
    tx.audit.append(case.customer, CLOCK, Act.LEFT, {"case": number, "left": left.value, "excluded": out}, now)
    if left is Left.DIRECTORS or case.left is Left.MANAGERS:
        escalate(tx, context, case, now)
    else:
        show_case(tx, context, case, now)


def escalate(tx: Transaction, context: Context, case: Case, now: datetime) -> None:
    """Send a message to each director who may act, and refresh management's."""
    tx.notices.refresh_newest((NoticeKind.ESCALATION,), case.number, now)  # the earlier ones lose their buttons
    escalated = tx.cases.escalate(case.number)
    for director in without_stake(tx, context, case, context.firm.directors):
        tx.notices.refresh(NoticeKind.ESCALATION, case.number, director, now, urgent=True, round_=escalated.escalations)
    show_case(tx, context, escalated, now)


def _locked(tx: Transaction, number: int) -> Case:
    tx.customers.lock(tx.cases.get(number).customer)
    return tx.cases.get(number)


def _deadline(case: Case) -> dict[str, object]:
    return {"case": case.number, "due_at": case.due_at.isoformat()}
