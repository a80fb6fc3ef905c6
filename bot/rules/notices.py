"""Notices: messages that Slack shows and that are kept in step with the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple


class NoticeKind(StrEnum):
    """What a notice shows. The values are stored in every database, so they never change."""

    CASE = "case"
    REPORT = "report"  # to the rep who made it
    CARE = "care"  # to the care contact
    CHECK_IN = "checkin"
    ESCALATION = "raised"  # to a director
    ASKED = "asked"  # to somebody who may act: on an urgent case, before a deadline and at its end
    OVERDUE = "overdue"
    HEARING = "hearing"  # to the manager who was asked to take it
    REVIEW = "review"
    OBJECTION = "objection"
    LESSON = "followup"
    LETTER = "letter"  # to who is asked to send one
    MANY_REPORTS = "many_reports"  # by one rep within an hour
    BACKUP = "backup"  # a call for backup, to who is asked
    BACKUP_REP = "backup_rep"  # to the rep who called; the round says what it tells
    GREETING = "greeting"  # to the management channel, once
    HELP = "help"  # to who wrote to the bot; the round is the minute of what they wrote
    HOME = "home"  # published to its target, not posted; urgent while somebody has it open
    SUMMARY = "summary"
    DIGEST = "digest"  # of the audit log, in the thread of a summary: posted once and never edited
    TABLE = "table"  # a week as a CSV file
    FILE = "file"  # of a report: what a rep uploaded
    PACK = "pack"  # a case's evidence pack, as a ZIP file
    LETTER_FILE = "letter_file"  # a letter, as a text file


SENT_AGAIN: Final = frozenset({NoticeKind.ESCALATION, NoticeKind.OVERDUE})
"""Messages that come again on a later day: the earlier ones say so, and nothing else."""
EARLY: Final = 1_000
"""Added to the round of a review that is asked for before its time: at its time it is asked for by another message."""
FILES: Final = frozenset({NoticeKind.TABLE, NoticeKind.FILE, NoticeKind.PACK, NoticeKind.LETTER_FILE})
"""Messages that are a file: they are final, and drawn again only where something in them was erased."""
TO_MANAGERS: Final = frozenset(
    {NoticeKind.ASKED, NoticeKind.ESCALATION, NoticeKind.HEARING, NoticeKind.OBJECTION, NoticeKind.LETTER}
)
"""Messages of which some go to a manager or director directly, as long as they are one."""
TO_REPORTER: Final = frozenset({NoticeKind.REPORT, NoticeKind.CHECK_IN})
"""Messages to whoever reported, as long as they are known as a colleague."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that Slack shows or is to show. `wanted`: the version that it is to show.

    `kind`: a NoticeKind, or one that only a later release knows. `subject`: the number of the record that it shows.
    `target`: the channel or user to whom it goes. `round`: tells notices apart that are sent repeatedly; a count, or a
    time in minutes. `tag`: an opaque key in the message's metadata, by which it is found again. `rate_limit`: the one
    that applies to the next call. `in_doubt`: an earlier attempt may have posted it. `urgent`: it is sent first.
    `digest`: of the message that Slack shows; None if that is not known for sure.
    """

    team: str
    kind: str
    subject: int
    target: str
    round: int
    channel: str | None
    ts: str | None
    tag: str
    rate_limit: str
    wanted: int
    attempt: int
    failures: int
    in_doubt: bool
    created_at: datetime
    urgent: bool = False
    digest: str | None = None


class Mark(NamedTuple):
    """What Slack keeps with a message and shows nobody: the notice's tag, and the key of the record that it is from.

    `numbers`: the last number of each kind that had been given when it was posted.
    """

    tag: str
    record: str = ""
    numbers: Mapping[str, int] = MappingProxyType({})


FOR_BACKUP = (NoticeKind.BACKUP, NoticeKind.BACKUP_REP)
"""A rep needs somebody now."""

AT_ONCE = (NoticeKind.CASE, *FOR_BACKUP)
"""What waits behind no other message: deadlines depend on it, or a rep who needs somebody."""


def log_ids(kind: str, subject: int) -> dict[str, object]:
    """What a log line may say of a message. Of one to the care contact it does not say which rep it is about."""
    return {"kind": kind} if kind == NoticeKind.CARE else {"kind": kind, "subject": subject}


NOT_REACHED = (
    "channel_not_found", "user_not_found", "user_disabled", "user_not_visible", "is_archived", "account_inactive",
    "cannot_dm_bot",
)  # fmt: skip
"""Slack's error codes for a person who cannot be reached, for example because they left the firm."""


@dataclass(frozen=True, slots=True)
class RefusedMessage:
    """A message that Slack refuses to show, with Slack's error code."""

    kind: str
    subject: int
    target: str
    error: str
