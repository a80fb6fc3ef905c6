"""What happens by itself when its time has come: each step once, after any downtime, in one transaction."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.desk.aftermath import APPEAL, FOLLOW_UP, REVIEW, review_due
from bot.desk.appeal import appeal_due
from bot.desk.checkin import ask_how_they_are
from bot.desk.deadlines import deadline_passed, look_who_is_left, remind, still_overdue
from bot.desk.desk import Desk
from bot.desk.disputes import dispute_waits
from bot.desk.expiry import points_ended, warning_ended
from bot.desk.lessons import ask_what_was_learnt
from bot.desk.planning import (
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
from bot.desk.ports import Agenda, Record, Step
from bot.desk.refusals import NotRecorded
from bot.desk.safeguards import safeguard_ended
from bot.desk.summarise import SUMMARY, summary_due

log = logging.getLogger(__name__)

AGAIN_IN = timedelta(minutes=5)

StepDone = Callable[[Record, Desk, int], None]
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
