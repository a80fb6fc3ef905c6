"""How reps are asked how they are: a day and a week after a report, and what they may answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

FIRST_AFTER: Final = timedelta(days=1)
SECOND_AFTER: Final = timedelta(days=7)


class Answer(StrEnum):
    """What a rep answers. A rep who declines is not asked again, after no report."""

    FINE = "fine"
    TALK = "talk"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A rep is asked how they are, the first or the second time after a report.

    `answer`: fine or declined; who would like someone to talk to may say so before or after it, at `care_at`.
    """

    report: int
    rep: str
    round: int
    asked_at: datetime
    answer: Answer | None = None
    care_at: datetime | None = None


def round_due(reported_at: datetime, now: datetime) -> int:
    """Which time it is: 1, or 2 from a week on, also where the first was missed."""
    return 2 if now >= reported_at + SECOND_AFTER else 1
