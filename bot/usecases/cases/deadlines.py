"""What the clock does about an open case: remind the managers, then take it up to the directors.

A step that comes too late does nothing, so that after a downtime only the newest of what was missed is said.
"""

from datetime import datetime

from bot.rules.audit_acts import Act
from bot.rules.business_time import next_business_day
from bot.rules.cases import Case, Left
from bot.rules.notices import NoticeKind
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import excluded, free, who_is_left
from bot.usecases.shared.schedule import CLOCK, plan_deadline
from bot.usecases.shared.stale_messages import show_case
from storage.transaction import Transaction


def remind(tx: Transaction, context: Context, number: int) -> None:
    """Half of the time has passed: one message in the management channel."""
    case, now = _locked(tx, number), context.clock()
    if not case.is_open or now >= case.due_at:
        return
    tx.audit.append(case.customer, CLOCK, Act.REMIND, _deadline(case), now)
    tx.notices.want(
        NoticeKind.REMINDER,
        number,
        context.firm.management_channel,
        now,
        urgent=case.urgent,
        round_=_round(case.due_at),
    )


def deadline_passed(tx: Transaction, context: Context, number: int) -> None:
    """The time is up: the case goes up to the directors, and again on each business day until it has ended."""
    case, now = _locked(tx, number), context.clock()
    if not case.is_open:
        return
    if now < case.due_at:
        plan_deadline(tx, context, case, now)
        return
    tx.audit.append(case.customer, CLOCK, Act.OVERDUE, _deadline(case), now)
    go_up(tx, context, case, now)
    tx.scheduled_tasks.set(TaskKind.OVERDUE, number, next_business_day(now, context.policy.hours))


def still_overdue(tx: Transaction, context: Context, number: int) -> None:
    """A business day more has passed: the directors are told again, and the managers with a short message."""
    case, now = _locked(tx, number), context.clock()
    if case.is_open and now >= case.due_at:
        tx.notices.want(
            NoticeKind.OVERDUE, number, context.firm.management_channel, now, urgent=True, round_=case.raised + 1
        )
    deadline_passed(tx, context, number)


def look_who_is_left(tx: Transaction, context: Context, number: int) -> None:
    """Where too few managers are left who may act, the case goes up to the directors at once."""
    case, now = _locked(tx, number), context.clock()
    left = who_is_left(tx, context, case)
    if not case.is_open or left is case.left:
        return
    tx.cases.leave_to(number, left)
    out = {user: bar.value for user, bar in excluded(tx, context, case).items()}
    tx.audit.append(case.customer, CLOCK, Act.LEFT, {"case": number, "left": left.value, "excluded": out}, now)
    if left is Left.DIRECTORS or case.left is Left.MANAGERS:
        go_up(tx, context, case, now)
    else:
        show_case(tx, context, case, now)


def go_up(tx: Transaction, context: Context, case: Case, now: datetime) -> None:
    """A message of their own to each director who may act, and management's shows where the case is now."""
    tx.notices.want_newest((NoticeKind.RAISED,), case.number, now)  # it gives its buttons up to the one that follows
    raised = tx.cases.go_up(case.number)
    for director in free(tx, context, case, context.firm.directors):
        tx.notices.want(NoticeKind.RAISED, case.number, director, now, urgent=True, round_=raised.raised)
    show_case(tx, context, raised, now)


def _locked(tx: Transaction, number: int) -> Case:
    tx.customers.lock(tx.cases.get(number).customer)
    return tx.cases.get(number)


def _deadline(case: Case) -> dict[str, object]:
    return {"case": case.number, "due_at": case.due_at.isoformat()}


def _round(due_at: datetime) -> int:
    """One reminder for each deadline that a case ever had: minutes since 1970, which every integer column holds."""
    return int(due_at.timestamp()) // 60
