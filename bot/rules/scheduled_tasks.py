"""What happens by itself when its time has come."""

from dataclasses import dataclass
from enum import StrEnum


class TaskKind(StrEnum):
    """What is to be done. The values stand in every database, so they never change."""

    REMINDER = "remind"
    DEADLINE = "due"
    OVERDUE = "overdue"
    WHO_IS_LEFT = "left"
    CHECK_IN = "checkin"
    WARNING_EXPIRY = "warning_ends"
    POINTS_EXPIRY = "points_end"
    SAFEGUARD_END = "safeguard"
    DISPUTE_DUE = "dispute"
    SUMMARY = "summary"
    REVIEW = "review"
    APPEAL_DUE = "appeal"
    LESSON = "followup"


@dataclass(frozen=True, slots=True)
class ScheduledTask:
    """Something that is to be done, and the workspace and the number of the record that it is about."""

    team: str
    kind: str  # a TaskKind, or one that a later release knows
    subject: int
