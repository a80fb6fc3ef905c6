"""Runs scheduled tasks when they are due: each once, in a transaction of its own, also after downtime."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.rules.refusals import NotRecorded
from bot.rules.scheduled_tasks import ScheduledTask, TaskKind
from bot.usecases.backup.clock import ask_for_report, ask_more, call_over, nobody_came
from bot.usecases.cases.deadlines import check_who_is_left, deadline_passed, remind, still_overdue
from bot.usecases.cases.expiry import points_ended, warning_ended
from bot.usecases.cases.letters import ask_for_letter
from bot.usecases.clock import plan_again
from bot.usecases.context import Context
from bot.usecases.customers.retention import erase_what_is_due
from bot.usecases.customers.safeguards import safeguard_ended
from bot.usecases.decisions.lessons import ask_for_lesson
from bot.usecases.objections.record import check_who_answers, objection_due
from bot.usecases.reports.check_ins import send_check_in
from bot.usecases.shared.decisions_in_force import effect_begins, review_due
from bot.usecases.weekly.summaries import summary_due, week_begins
from storage.database import Database
from storage.transaction import Transaction

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(minutes=5)  # after the first failure; twice as long after each further one
LONGEST_RETRY = timedelta(hours=1)

TaskRun = Callable[[Transaction, Context, int], None]
"""Runs a task about the record of this number (`ScheduledTask.subject`)."""


def _see_who_is_left(tx: Transaction, context: Context, case: int) -> None:
    check_who_is_left(tx, context, case)
    check_who_answers(tx, context, case)


TASKS: Mapping[str, TaskRun] = {
    TaskKind.REMINDER: remind,
    TaskKind.DEADLINE: deadline_passed,
    TaskKind.OVERDUE: still_overdue,
    TaskKind.WHO_IS_LEFT: _see_who_is_left,
    TaskKind.CHECK_IN: send_check_in,
    TaskKind.SAFEGUARD_END: safeguard_ended,
    TaskKind.WARNING_EXPIRY: warning_ended,
    TaskKind.POINTS_EXPIRY: points_ended,
    TaskKind.SUMMARY: summary_due,
    TaskKind.REVIEW: review_due,
    TaskKind.OBJECTION_DUE: objection_due,
    TaskKind.LESSON: ask_for_lesson,
    TaskKind.EFFECT: effect_begins,
    TaskKind.NEW_WEEK: week_begins,
    TaskKind.RETENTION: erase_what_is_due,
    TaskKind.PLAN_AGAIN: plan_again,
    TaskKind.BACKUP_WIDER: ask_more,
    TaskKind.BACKUP_ALONE: nobody_came,
    TaskKind.BACKUP_OVER: call_over,
    TaskKind.BACKUP_REPORT: ask_for_report,
    TaskKind.LETTER: ask_for_letter,
}
"""What each kind of task does. `tx.scheduled_tasks.set(kind, subject, at)` schedules one."""


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Runs the tasks that are due."""

    context: Context
    database: Database

    def tick(self) -> bool:
        """Run the first task that is due. Returns whether there was one."""
        due_at = self.database.next_task_at()
        if due_at is None or due_at > self.context.clock():
            return False
        task: ScheduledTask | None = None
        try:
            with self.database.next_task(self.context.clock()) as due:
                if due is not None:
                    task, tx = due
                    TASKS[task.kind](tx, self.context, task.subject)
        except NotRecorded:
            raise
        except Exception as error:  # an error in one task must not stop all the others
            if task is None:
                raise
            ids = {"kind": task.kind, "subject": task.subject, "failures": task.failures + 1}
            log.exception("a step broke; it is tried again later", extra={"ids": ids})
            with self.context.begin(task.team) as tx:
                tx.scheduled_tasks.broke(task, type(error).__name__, self.context.clock() + _wait(task.failures))
        return task is not None


def _wait(failures: int) -> timedelta:
    """How long to wait before a task that has broken so many times before is tried again."""
    factor = 1 << min(failures, 10)  # a time has a largest value, too
    return min(RETRY_AFTER * factor, LONGEST_RETRY)
