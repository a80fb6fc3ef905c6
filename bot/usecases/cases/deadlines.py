"""The scheduled tasks of an open case: remind the managers, then escalate to the directors.

A task that runs too late does nothing, so that after downtime only the newest of the missed messages is sent.
"""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.rules.audit import CLOCK, Act
from bot.rules.business_time import due, next_business_day
from bot.rules.cases import Case, Left
from bot.rules.notices import SENT_AGAIN, NoticeKind
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import Available
from bot.usecases.shared.case_access import lock_case
from bot.usecases.shared.conclude import Done, conclude, conclude_left
from bot.usecases.shared.schedule import schedule_deadline
from bot.usecases.shared.verdicts import due_as_opened
from storage.transaction import Transaction

MOST_MESSAGED = 20  # managers who get a direct message about a case


def remind(tx: Transaction, context: Context, number: int) -> None:
    """The policy's share of the time has passed: remind those who may act, once for each deadline."""
    case, now = lock_case(tx, context, number)
    if not case.is_open or now >= case.due_at:
        return
    conclude(tx, context, _by_clock(Act.REMIND, case, _deadline(case)), now)
    _ask(tx, case, Available(tx, context, case).of(context.firm.managers), _minute(case), now)


def deadline_passed(tx: Transaction, context: Context, number: int) -> None:
    """The deadline has passed: escalate to the directors, and again on each business day until the case has ended."""
    case, now = lock_case(tx, context, number)
    if not case.is_open:
        return
    if now < case.due_at:
        schedule_deadline(tx, context, case, now)
        return
    _deadline_passed(tx, context, case, now, at_once=case.urgent)


def _deadline_passed(tx: Transaction, context: Context, case: Case, now: datetime, *, at_once: bool) -> None:
    available = Available(tx, context, case)
    directors = available.of(context.firm.directors)  # they get a message of their own
    managers = [user for user in available.of(context.firm.managers) if user not in directors]
    _ask(tx, case, managers, _minute(case) + 1, now)
    conclude(
        tx, context, _by_clock(Act.OVERDUE, _escalated(tx, context, case, now, at_once=at_once), _deadline(case)), now
    )
    tx.scheduled_tasks.set(TaskKind.OVERDUE, case.number, next_business_day(now, context.policy.hours))


def still_overdue(tx: Transaction, context: Context, number: int) -> None:
    """Another business day has passed: remind the managers with a short message, and escalate again.

    A director who has heard of another case on this day hears nothing new of this one, so that each gets one message a
    day, about each case in turn. Only what is urgent comes on every business day, and what no manager may decide at
    once.
    """
    case, now = lock_case(tx, context, number)
    if not case.is_open or now < case.due_at:
        deadline_passed(tx, context, number)
        return
    channel, round_ = context.firm.management_channel, case.escalations + 1
    _post(tx, case, NoticeKind.OVERDUE, channel, round_, now, urgent=True)
    _deadline_passed(tx, context, case, now, at_once=case.urgent)


def plan_case_again(tx: Transaction, context: Context, number: int) -> None:
    """The clock was put back: what was planned by it for an open case is planned by the right one.

    A deadline that is later than the policy allows was set by the wrong clock: it is set as for a case that opens now.
    """
    case, now = lock_case(tx, context, number)
    if not case.is_open:
        return
    latest = due_as_opened(tx, context, case, now)
    if case.due_at > due(latest, context.policy.deadlines.extension, context.policy.hours):
        case = tx.cases.move(case, case.rung, latest, urgent=case.urgent)
        schedule_deadline(tx, context, case, now)
        conclude(tx, context, _by_clock(Act.PLAN_AGAIN, case, _deadline(case)), now)
    elif now < case.due_at:
        schedule_deadline(tx, context, case, now)
    else:
        tx.scheduled_tasks.set(TaskKind.OVERDUE, number, next_business_day(now, context.policy.hours))


def check_who_is_left(tx: Transaction, context: Context, number: int) -> None:
    """Ask those who may act on an urgent case; escalate to the directors at once if too few managers are left.

    Of a case that has ended the messages say who answers the objection, and who sends the letter.
    """
    case, now = lock_case(tx, context, number)
    if not case.is_open:
        tx.notices.refresh_about(case.customer, now)
        return
    available = Available(tx, context, case)
    if case.urgent:
        _ask(tx, case, available.of(context.firm.managers), 0, now)
    left = available.left()
    if left is case.left:
        tx.notices.refresh_about(case.customer, now)  # the messages about the case say who may act
        return
    tx.cases.set_left(number, left)
    if left is Left.DIRECTORS or case.left is Left.MANAGERS:
        case = _escalated(tx, context, case, now, at_once=True)
    conclude_left(tx, context, case, left, available.excluded, now)


def _escalated(tx: Transaction, context: Context, case: Case, now: datetime, *, at_once: bool) -> Case:
    """Send a message to each director who may act; the case as it is then. Their earlier message loses its buttons.

    Unless `at_once`, not to whoever got such a message on this day, or has heard of another late case longer ago. One
    about what is urgent takes no other case's place.
    """
    escalated = tx.cases.escalate(case.number)
    today = datetime.combine(context.policy.hours.local_date(now), time(), ZoneInfo(context.policy.hours.zone))
    for director in Available(tx, context, case).of(context.firm.directors):
        heard = tx.sent_notices.is_escalated_since(director, today)
        if not at_once and (heard or _hears_of_another_first(tx, context, case, director, now)):
            continue
        _post(tx, case, NoticeKind.ESCALATION, director, escalated.escalations, now, urgent=True)
    return escalated


def _hears_of_another_first(tx: Transaction, context: Context, case: Case, director: str, now: datetime) -> bool:
    """Whether this director has heard of another late case on which they may act longer ago, or not at all yet."""
    late = tx.sent_notices.late_by_last_notice(director, now)
    before = late[: late.index(case.number)] if case.number in late else late
    available = (Available(tx, context, tx.cases.get(number)) for number in before)
    return any(director in each.of(context.firm.directors) for each in available)


def _ask(tx: Transaction, case: Case, managers: Sequence[str], round_: int, now: datetime) -> None:
    """Send a direct message to each of these managers, or to the first ones of very many."""
    for manager in managers[:MOST_MESSAGED]:
        _post(tx, case, NoticeKind.ASKED, manager, round_, now, urgent=True)


def _minute(case: Case) -> int:
    """The deadline in minutes since 1970, which fits an integer column: each deadline has its own messages."""
    return int(case.due_at.timestamp()) // 60


def _post(
    tx: Transaction, case: Case, kind: NoticeKind, target: str, round_: int, now: datetime, *, urgent: bool
) -> None:
    if kind in SENT_AGAIN:
        tx.sent_notices.replace_earlier(kind, case.number, target, round_, now)
    tx.notices.refresh(kind, case.number, target, now, customer=case.customer, urgent=urgent, round_=round_)


def _by_clock(act: Act, case: Case, facts: dict[str, object]) -> Done:
    return Done(act, CLOCK, case.customer, facts, case=case)


def _deadline(case: Case) -> dict[str, object]:
    return {"case": case.number, "due_at": case.due_at.isoformat()}
