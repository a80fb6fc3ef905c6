"""The example data of the sandbox: twelve weeks of a small service team, played through the sandbox's own interface.

Every step is a message, a command, a form or a button, so the bot itself makes everything that the page shows. The
story ends now, with a decision that waits for whoever opens the page. What happens is written in `story.txt`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.sandbox.story_people import MANAGEMENT, SUMMARY_AT, WEEK, Step, Story
from bot.sandbox.story_tour import tour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEXT = Path(__file__).parent / "story.txt"
WEEKS = 12
A_MOMENT = timedelta(seconds=30)  # after a week's summary was due, so that the first one is about a week of the story
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def first_moment(now: datetime) -> datetime:
    """When the story begins that ends now: twelve full weeks before the newest Monday whose summary is posted."""
    day = (now.astimezone(UTC) - SUMMARY_AT).date()
    return _midnight(day - timedelta(days=day.weekday())) - WEEKS * WEEK + SUMMARY_AT + A_MOMENT


def play_story(
    url: str,
    say: Callable[[str], None],
    patience: float = 20.0,
    end: datetime | None = None,
    all_sent: Callable[[], bool] = lambda: False,
) -> list[str]:
    """Play the weeks before now, or before this end. The sandbox's clock must start at its `first_moment`.

    `patience`, `all_sent`: see `Story`. Returns what could not be done, for instance as the policy knows no such kind
    of conduct.
    """
    say("Telling the story of the last twelve weeks, so that there is something to see …")
    story = Story(url, patience, end, all_sent)
    monday, week, left_out = _midnight(story.now.date()), -1, []
    for step in steps(monday, story.ends_at):
        if week != (week := min((step.at - monday) // WEEK, WEEKS - 1)):
            story.clock.post("tour", **tour(f"Telling the last twelve weeks: week {week + 1} of {WEEKS} …"))
        left_out += [why] if (why := story.live(step)) else []
    story.end()
    case = story.newest("priya", MANAGEMENT, "Zenith Corp")
    rep_message = story.newest("ana", story.people["ana"].dm, "Zenith Corp")
    story.clock.post("tour", **tour("", case, rep_message))
    say("Ready: the page opens on Priya, a manager. A decision about Zenith Corp waits for her.")
    return left_out


def steps(monday: datetime, end: datetime) -> Iterator[Step]:
    """The steps of `story.txt`, in order: full weeks from this Monday on, then the days until the end."""
    week = 0
    for line in TEXT.read_text(encoding="utf-8").splitlines():
        if line.startswith("week "):
            week = int(line.removeprefix("week ")) - 1
        elif " | " in line:
            when, who, does, what, choices, words = line.split(" | ")
            at = end - _ago(when) if when.endswith(" ago") else monday + week * WEEK + _time(when)
            yield Step(at, who, does, what, tuple(choices.split("; ")), words)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _ago(when: str) -> timedelta:
    number, unit, _ = when.split()
    return timedelta(**{unit: int(number)})


def _time(when: str) -> timedelta:
    day, clock = when.split()
    hours, minutes = clock.split(":")
    return timedelta(days=WEEKDAYS.index(day), hours=int(hours), minutes=int(minutes))
