"""What happens by itself when its time has come: each step once, after any downtime, in one transaction."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.rules.refusals import NotRecorded
from bot.rules.scheduled_tasks import ScheduledTask, TaskKind
from bot.usecases.cases.deadlines import deadline_passed, look_who_is_left, remind, still_overdue
from bot.usecases.cases.expiry import points_ended, warning_ended
from bot.usecases.context import Context
from bot.usecases.customers.safeguards import safeguard_ended
from bot.usecases.decisions.lessons import ask_what_was_learnt
from bot.usecases.objections.appeals import appeal_due
from bot.usecases.objections.disputes import dispute_waits
from bot.usecases.reports.check_ins import ask_how_they_are
from bot.usecases.shared.decisions_in_force import review_due
from bot.usecases.weekly.summaries import summary_due
from storage.database import Database as Agenda
from storage.transaction import Transaction

log = logging.getLogger(__name__)

AGAIN_IN = timedelta(minutes=5)

TaskRun = Callable[[Transaction, Context, int], None]
"""Carries a step out: the record, the desk, and the number of what it is about."""

DOES: Mapping[str, TaskRun] = {
    TaskKind.REMINDER: remind,
    TaskKind.DEADLINE: deadline_passed,
    TaskKind.OVERDUE: still_overdue,
    TaskKind.WHO_IS_LEFT: look_who_is_left,
    TaskKind.CHECK_IN: ask_how_they_are,
    TaskKind.SAFEGUARD_END: safeguard_ended,
    TaskKind.DISPUTE_DUE: dispute_waits,
    TaskKind.WARNING_EXPIRY: warning_ended,
    TaskKind.POINTS_EXPIRY: points_ended,
    TaskKind.SUMMARY: summary_due,
    TaskKind.REVIEW: review_due,
    TaskKind.APPEAL_DUE: appeal_due,
    TaskKind.LESSON: ask_what_was_learnt,
}
"""What each kind of step does. A kind is planned with `record.steps.set(kind, subject, at)`."""


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Carries out what is due."""

    context: Context
    agenda: Agenda

    def tick(self) -> bool:
        """Carry out the first step that is due; whether there was one."""
        due_at = self.agenda.next_step_at()
        if due_at is None or due_at > self.context.clock():
            return False
        step: ScheduledTask | None = None
        try:
            with self.agenda.step(self.context.clock()) as due:
                if due is not None:
                    step, tx = due
                    DOES[step.kind](tx, self.context, step.subject)
        except NotRecorded:
            raise
        except Exception:  # whatever it is, a mistake of ours in one step must not keep the clock from all the others
            if step is None:
                raise
            ids = {"kind": step.kind, "subject": step.subject}
            log.exception("a step broke; it is tried again later", extra={"ids": ids})
            self._postpone(step)
        return step is not None

    def _postpone(self, step: ScheduledTask) -> None:
        with self.context.begin(step.team) as tx:
            tx.scheduled_tasks.postpone(step, self.context.clock() + AGAIN_IN)
