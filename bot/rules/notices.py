"""Which messages Slack shows, and should."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """What a message in Slack shows. The values stand in every database, so they never change."""

    CASE = "case"
    REPORT = "report"  # to the rep who made it
    CARE = "care"  # to the care contact
    CHECK_IN = "checkin"
    RAISED = "raised"  # to a director
    REMINDER = "remind"
    OVERDUE = "overdue"
    HEARING = "hearing"  # to whoever was asked to take it
    DISPUTE = "dispute"
    REVIEW = "review"
    APPEAL = "appeal"
    LESSON = "followup"
    HOME = "home"  # published to its target instead of posted; urgent while somebody looks at it
    SUMMARY = "summary"
    TABLE = "table"  # a week as a CSV file


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that Slack shows, or should: `wanted` is the version to show, `shown` the one that stands there.

    `kind` is a NoticeKind, or one that a later release knows. `subject` is the number of the record it shows;
    `target` the channel or user it goes to; `round` counts messages
    that are sent again, as a daily reminder is. `tag` is an opaque key by which it is found again, `lane` the rate
    limit that the next call falls under.
    `in_doubt`: an earlier attempt may have posted it. `urgent`: it goes first, since it is, or somebody waits for it.
    `digest`: of the message that stands there; None where nobody can be sure of it.
    """

    team: str
    kind: str
    subject: int
    target: str
    round: int
    channel: str | None
    ts: str | None
    tag: str
    lane: str
    wanted: int
    attempt: int
    failures: int
    in_doubt: bool
    created_at: datetime
    urgent: bool = False
    digest: str | None = None


NOT_REACHED = ("channel_not_found", "user_not_found", "user_disabled", "user_not_visible", "is_archived")
"""What Slack says of a person who cannot be reached, as somebody who left the firm."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A message that Slack refuses to show, and the name it gives the reason."""

    kind: str
    subject: int
    target: str
    error: str
