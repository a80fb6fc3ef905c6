"""What follows where the clock was ahead and is put right: what was scheduled by it is scheduled again."""

from datetime import datetime

from bot.rules.business_time import next_business_day
from bot.rules.reports import FIRST_CHECK_IN_AFTER, SECOND_CHECK_IN_AFTER
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.backup import clock as backup_clock
from bot.usecases.cases.deadlines import plan_case_again
from bot.usecases.context import Context
from bot.usecases.objections.record import plan_objection_again
from bot.usecases.weekly.summaries import plan_summary
from storage.transaction import Transaction


def clock_put_back(tx: Transaction, context: Context, now: datetime) -> None:
    """Plan again what would otherwise wait until the right clock shows the time that the wrong one did.

    What follows from dates on record stays, such as a review and the end of a warning. A summary of a week that is not
    over counts as summed up now: once the week is over, it is posted.
    """
    tasks = tx.scheduled_tasks
    tx.summaries.set_back(now)
    tx.sent_notices.set_back(now)
    plan_summary(tx, context, now)
    for kind in (TaskKind.RETENTION, TaskKind.WHO_IS_LEFT):
        tasks.bring_forward(kind, now, now)
    tasks.bring_forward(TaskKind.CHECK_IN, now + SECOND_CHECK_IN_AFTER, now + FIRST_CHECK_IN_AFTER)
    closing = next_business_day(now, context.policy.hours)
    tasks.bring_forward(TaskKind.LETTER, closing, closing)
    backup_clock.clock_put_back(tx, context, now)
    tasks.set_for_all(TaskKind.PLAN_AGAIN, now)


def plan_again(tx: Transaction, context: Context, case: int) -> None:
    """Scheduled for each case that waits for somebody, once the clock was put back."""
    plan_case_again(tx, context, case)
    plan_objection_again(tx, context, case)
