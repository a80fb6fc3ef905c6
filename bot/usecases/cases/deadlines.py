"""What the clock does about an open case: remind the managers, then take it up to the directors.

A step that comes too late does nothing, so that after a downtime only the newest of what was missed is said.
"""

from datetime import datetime

from bot.rules.business_time import next_business_day
from bot.rules.cases import Case, Left
from bot.usecases.context import Desk
from bot.usecases.permissions.permissions import excluded, free, who_is_left
from bot.usecases.shared.schedule import CLOCK, OVERDUE, REMIND, plan_deadline
from bot.usecases.shared.stale_messages import show_case
from storage.transaction import Transaction


def remind(record: Transaction, desk: Desk, number: int) -> None:
    """Half of the time has passed: one message in the management channel."""
    case, now = _locked(record, number), desk.clock()
    if not case.is_open or now >= case.due_at:
        return
    record.audit.append(case.customer, CLOCK, "remind", _deadline(case), now)
    record.notices.want(
        REMIND, number, desk.firm.management_channel, now, urgent=case.urgent, round_=_round(case.due_at)
    )


def deadline_passed(record: Transaction, desk: Desk, number: int) -> None:
    """The time is up: the case goes up to the directors, and again on each business day until it has ended."""
    case, now = _locked(record, number), desk.clock()
    if not case.is_open:
        return
    if now < case.due_at:
        plan_deadline(record, desk, case, now)
        return
    record.audit.append(case.customer, CLOCK, OVERDUE, _deadline(case), now)
    go_up(record, desk, case, now)
    record.steps.set(OVERDUE, number, next_business_day(now, desk.policy.hours))


def still_overdue(record: Transaction, desk: Desk, number: int) -> None:
    """A business day more has passed: the directors are told again, and the managers with a short message."""
    case, now = _locked(record, number), desk.clock()
    if case.is_open and now >= case.due_at:
        record.notices.want(OVERDUE, number, desk.firm.management_channel, now, urgent=True, round_=case.raised + 1)
    deadline_passed(record, desk, number)


def look_who_is_left(record: Transaction, desk: Desk, number: int) -> None:
    """Where too few managers are left who may act, the case goes up to the directors at once."""
    case, now = _locked(record, number), desk.clock()
    left = who_is_left(record, desk, case)
    if not case.is_open or left is case.left:
        return
    record.cases.leave_to(number, left)
    out = {user: bar.value for user, bar in excluded(record, desk, case).items()}
    record.audit.append(case.customer, CLOCK, "left", {"case": number, "left": left.value, "excluded": out}, now)
    if left is Left.DIRECTORS or case.left is Left.MANAGERS:
        go_up(record, desk, case, now)
    else:
        show_case(record, desk, case, now)


def go_up(record: Transaction, desk: Desk, case: Case, now: datetime) -> None:
    """A message of their own to each director who may act, and management's shows where the case is now."""
    record.notices.want_newest(("raised",), case.number, now)  # it gives its buttons up to the one that follows
    raised = record.cases.go_up(case.number)
    for director in free(record, desk, case, desk.firm.directors):
        record.notices.want("raised", case.number, director, now, urgent=True, round_=raised.raised)
    show_case(record, desk, raised, now)


def _locked(record: Transaction, number: int) -> Case:
    record.customers.lock(record.cases.get(number).customer)
    return record.cases.get(number)


def _deadline(case: Case) -> dict[str, object]:
    return {"case": case.number, "due_at": case.due_at.isoformat()}


def _round(due_at: datetime) -> int:
    """One reminder for each deadline that a case ever had: minutes since 1970, which every integer column holds."""
    return int(due_at.timestamp()) // 60
