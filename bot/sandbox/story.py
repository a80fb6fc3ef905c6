"""The example data of the sandbox: seven weeks of a small service team, played through the sandbox's own interface.

Every step is a command, a form or a button, so the bot itself makes everything that the page shows.
The story ends today, with a decision that waits for whoever opens the page.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.sandbox.person import Person

if TYPE_CHECKING:
    from bot.sandbox.form import Form
    from bot.sandbox.person import Message

STORY_LENGTH = timedelta(days=49)
TIMEOUT = 20.0  # seconds that a step may wait for the bot
PAUSE = 0.3
LETTER = "The letter to the customer"
Fields = Mapping[str, object]

KIND, HOW_BAD, WHAT, ALSO = "What kind of conduct?", "How serious?", "What happened?", "Anything else?"
DOUBTED = "It may have been a misunderstanding"
CARE = "I need a break or someone to talk to"


class Story:
    """The people of the firm, who use the sandbox at `url`."""

    def __init__(self, url: str) -> None:
        names = ("U0ANA", "U0JOE", "U0MIA", "U0PRIYA", "U0BRAD")
        self.ana, self.joe, self.mia, self.priya, self.brad = (Person(url, name, TIMEOUT) for name in names)
        self._day = 0.0

    def day(self, day: float) -> None:
        """Move the clock to this day of the story. If a Monday is passed, wait for the weekly summary."""
        then = self.ana.forward(days=0)
        now = self.ana.forward(days=day - self._day)
        self._day = day
        week = _last_summarised_week(now)
        if week != _last_summarised_week(then):
            self.priya.message("C0MANAGE", f"Week {week}, ")

    def report(self, rep: Person, customer: str, kind: str, what: str, *also: str, expected_notice: str = "") -> None:
        """A rep reports a customer: `kind` is "conduct, severity", `also` are the boxes that they tick.

        Returns once the rep has their message and, if given, management a notice that contains `expected_notice`.
        """
        conduct, how_bad = kind.split(", ")
        form = rep.command("/report-abuse", customer)
        form.fill({KIND: conduct, HOW_BAD: how_bad, WHAT: what, ALSO: list(also)})
        form.submit()
        form.cancel()
        rep.direct_message("Your report on")
        if expected_notice:
            self.priya.message("C0MANAGE", expected_notice)

    def use_button(self, manager: Person, case: str, button: str, fields: Fields, expected_notice: str) -> None:
        """A manager presses a button of a case's notice and sends its form, with `fields` filled in, and its letter.

        Returns once a notice contains `expected_notice`. Right after the clock was moved the bot may not know the
        managers yet and says so; then the button is pressed again.
        """
        end = time.monotonic() + TIMEOUT
        form = _open_form(manager, manager.message("C0MANAGE", case), button)
        while not form.labels and time.monotonic() < end:
            form.cancel()
            time.sleep(PAUSE)
            form = _open_form(manager, manager.message("C0MANAGE", case), button)
        form.fill(fields)
        form.submit()
        if LETTER in form.labels and form.title == "The letter":  # drafted from what was filled in
            form.submit()
        form.cancel()
        manager.message("C0MANAGE", expected_notice)

    def warn(self, customer: str, delivered_on: float) -> None:
        """Priya issues the warning at once, and marks it as delivered on that day of the story."""
        by_mail = {"How did it reach the customer?": "E-mail"}
        self.use_button(self.priya, f"Warn: {customer}", "Issue warning", {}, f"Deliver the warning: {customer}")
        self.day(delivered_on)
        self.use_button(
            self.priya, f"Deliver the warning: {customer}", "Mark delivered", by_mail, f"Warned: {customer}"
        )


def play_story(url: str, say: Callable[[str], None]) -> None:
    """Play the seven weeks before today. The sandbox's clock must start `STORY_LENGTH` behind."""
    story = Story(url)
    say("Telling the story of the last seven weeks, so that there is something to see …")
    for chapter in (_first_days, _middle_weeks, _last_days):
        chapter(story)
    story.day(STORY_LENGTH.days)
    say("Ready: open the page as Priya, a manager. A decision about Zenith Corp is waiting for her.")


def _last_summarised_week(now: datetime) -> int:
    """The week that the last summary was about: the one before this, from Monday 9:00 on."""
    return (now - timedelta(days=7, hours=9)).isocalendar().week


def _first_days(story: Story) -> None:
    story.report(
        story.mia,
        "Zenith Corp",
        "Verbal abuse, Serious",
        "He shouted from the first sentence because the March invoice was still open on his side. I asked him twice "
        "to lower his voice. He called me a useless parrot, so I ended the call.",
        expected_notice="Warn: Zenith Corp",
    )
    story.warn("Zenith Corp", delivered_on=3)


def _middle_weeks(story: Story) -> None:
    story.day(12)
    story.report(
        story.joe,
        "Borealis Foods",
        "Threat of violence, Severe",
        "He said he knows where our office is and that somebody will be sorry on Monday. I passed the call to Priya.",
        CARE,
        expected_notice="Decide: Borealis Foods",
    )
    why = "Their director apologised in writing the same day and took the man off our account."
    conditions = {"Why?": why, "Conditions": ["Written contact only"]}
    story.use_button(story.brad, "Decide: Borealis Foods", "Keep customer", conditions, "Kept: Borealis Foods")
    story.day(20)
    story.report(story.ana, "Acme Ltd", "Payment withheld, Minor", "They pay at the second reminder, as always.")
    story.report(
        story.joe,
        "Northwind Travel",
        "Verbal abuse, Severe",
        "She insulted me for the whole call and went on by e-mail until the evening. Her boss was in copy.",
        expected_notice="Warn: Northwind Travel",
    )
    story.warn("Northwind Travel", delivered_on=22)
    story.day(30)
    story.report(
        story.joe,
        "Zenith Corp",
        "Payment withheld, Minor",
        "Third month in a row that they hold the payment back until somebody warns them.",
    )


def _last_days(story: Story) -> None:
    story.day(STORY_LENGTH.days - 1.1)
    story.report(
        story.mia,
        "Larkspur Hotels",
        "Verbal abuse, Serious",
        "The night manager was very loud. There was a party behind him, and English is not his first language; I am "
        "not sure that it was meant for me.",
        DOUBTED,
        expected_notice="Larkspur Hotels",
    )
    story.day(STORY_LENGTH.days - 0.9)
    story.report(
        story.joe,
        "Acme Ltd",
        "Unreasonable demands, Severe",
        "Wanted me to cancel another customer's slot, rang eleven times, then asked for my private number.",
        expected_notice="Warn: Acme Ltd",
    )
    story.day(STORY_LENGTH.days - 0.1)
    story.report(
        story.ana,
        "zenith corp.",
        "Verbal abuse, Severe",
        "Screamed until I hung up, then called back twice to tell me what happens to people like me. My hands were "
        "shaking. I could not take the next call.",
        CARE,
        expected_notice="Decide: Zenith Corp",
    )


def _open_form(manager: Person, notice: Message, button: str) -> Form:
    form = manager.press(notice, button)
    if form is None:
        raise LookupError(f"{button!r} opened no form")
    return form
