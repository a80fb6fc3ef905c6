"""Scheduled tasks: what Backstop does by itself at a certain time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TaskKind(StrEnum):
    """What is to be done. The values are stored in every database, so they never change."""

    REMINDER = "remind"
    DEADLINE = "due"
    OVERDUE = "overdue"
    WHO_IS_LEFT = "left"
    CHECK_IN = "checkin"
    WARNING_EXPIRY = "warning_ends"
    POINTS_EXPIRY = "points_end"
    SAFEGUARD_END = "safeguard"
    SUMMARY = "summary"
    REVIEW = "review"
    OBJECTION_DUE = "objection"
    LESSON = "followup"
    EFFECT = "effect"
    NEW_WEEK = "week"
    RETENTION = "retention"
    PLAN_AGAIN = "plan"
    BACKUP_WIDER = "backup_wider"
    BACKUP_ALONE = "backup_alone"
    BACKUP_OVER = "backup_over"
    BACKUP_REPORT = "backup_report"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class ScheduledTask:
    """A task whose time has come. `subject`: the number of the record that it is about.

    It was due `at`, and has broken `failures` times so far.
    """

    team: str
    kind: str  # a TaskKind, or one that only a later release knows
    subject: int
    at: datetime
    failures: int


@dataclass(frozen=True, slots=True)
class BrokenTask:
    """A task that breaks again and again. `error`: the class of the error that it last broke with."""

    kind: str
    subject: int
    failures: int
    error: str
