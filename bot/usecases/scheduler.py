"""What happens by itself when its time has come: each step once, after any downtime, in one transaction."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.rules.refusals import NotRecorded
from bot.rules.scheduled_tasks import Step
from bot.usecases.cases.deadlines import deadline_passed, look_who_is_left, remind, still_overdue
from bot.usecases.cases.expiry import points_ended, warning_ended
from bot.usecases.context import Desk
from bot.usecases.customers.safeguards import safeguard_ended
from bot.usecases.decisions.lessons import ask_what_was_learnt
from bot.usecases.objections.appeals import appeal_due
from bot.usecases.objections.disputes import dispute_waits
from bot.usecases.reports.check_ins import ask_how_they_are
from bot.usecases.shared.decisions_in_force import APPEAL, FOLLOW_UP, REVIEW, review_due
from bot.usecases.shared.schedule import (
    CHECK_IN,
    DISPUTE_WAITS,
    DUE,
    LEFT,
    OVERDUE,
    POINTS_END,
    REMIND,
    SAFEGUARD_ENDS,
    WARNING_ENDS,
)
from bot.usecases.weekly.summaries import SUMMARY, summary_due
from storage.database import Database as Agenda
from storage.transaction import Transaction

log = logging.getLogger(__name__)

AGAIN_IN = timedelta(minutes=5)

StepDone = Callable[[Transaction, Desk, int], None]
"""Carries a step out: the record, the desk, and the number of what it is about."""

DOES: Mapping[str, StepDone] = {
    REMIND: remind,
    DUE: deadline_passed,
    OVERDUE: still_overdue,
    LEFT: look_who_is_left,
    CHECK_IN: ask_how_they_are,
    SAFEGUARD_ENDS: safeguard_ended,
    DISPUTE_WAITS: dispute_waits,
    WARNING_ENDS: warning_ended,
    POINTS_END: points_ended,
    SUMMARY: summary_due,
    REVIEW: review_due,
    APPEAL: appeal_due,
    FOLLOW_UP: ask_what_was_learnt,
}
"""What each kind of step does. A kind is planned with `record.steps.set(kind, subject, at)`."""


@dataclass(frozen=True, slots=True)
class Clockwork:
    """Carries out what is due."""

    desk: Desk
    agenda: Agenda

    def tick(self) -> bool:
        """Carry out the first step that is due; whether there was one."""
        due_at = self.agenda.next_step_at()
        if due_at is None or due_at > self.desk.clock():
            return False
        step: Step | None = None
        try:
            with self.agenda.step(self.desk.clock()) as due:
                if due is not None:
                    step, record = due
                    DOES[step.kind](record, self.desk, step.subject)
        except NotRecorded:
            raise
        except Exception:  # whatever it is, a mistake of ours in one step must not keep the clock from all the others
            if step is None:
                raise
            ids = {"kind": step.kind, "subject": step.subject}
            log.exception("a step broke; it is tried again later", extra={"ids": ids})
            self._postpone(step)
        return step is not None

    def _postpone(self, step: Step) -> None:
        with self.desk.begin(step.team) as record:
            record.steps.set(step.kind, step.subject, self.desk.clock() + AGAIN_IN)
