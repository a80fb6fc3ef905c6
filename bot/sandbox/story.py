"""The firm's story, lived by its people through the sandbox's own interface: seven weeks of a small service team.

A script, not a fixture: every step is a command, a form or a button, so whatever the page shows was done by the bot.
It ends today, with a decision waiting for whoever opens the page.
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

LASTS = timedelta(days=49)
PATIENCE = 20.0  # seconds that a step may wait for the bot
PAUSE = 0.3
Fields = Mapping[str, object]

KIND, HOW_BAD, WHAT, ALSO = "What kind of conduct?", "How serious?", "What happened?", "Anything else?"
DOUBTED = "It may have been a misunderstanding"
CARE = "I need a break or someone to talk to"


class Story:
    """The people of the firm, and the clock of the sandbox at `url`."""

    def __init__(self, url: str) -> None:
        names = ("U0ANA", "U0JOE", "U0MIA", "U0PRIYA", "U0BRAD")
        self.ana, self.joe, self.mia, self.priya, self.brad = (Person(url, name, PATIENCE) for name in names)
        self._day = 0.0

    def day(self, day: float) -> None:
        """Go on to this day of the story; the last is `LASTS`. Where a Monday lies on the way, a week is summed up."""
        then = self.ana.forward(days=0)
        now = self.ana.forward(days=day - self._day)
        self._day = day
        week = _summed_up(now)
        if week != _summed_up(then):
            self.priya.message("C0MANAGE", f"Week {week}, ")

    def report(self, rep: Person, customer: str, kind: str, what: str, *also: str, asks: str = "") -> None:
        """A rep reports a customer. `kind`: the conduct and how serious it was; `also`: boxes that they tick.

        Returns once the rep has their message, and management its notice that says `asks`.
        """
        conduct, how_bad = kind.split(", ")
        form = rep.command("/report-abuse", customer)
        form.fill({KIND: conduct, HOW_BAD: how_bad, WHAT: what, ALSO: list(also)})
        form.submit()
        form.cancel()
        rep.direct_message("Your report on")
        if asks:
            self.priya.message("C0MANAGE", asks)

    def act(self, manager: Person, case: str, button: str, fields: Fields, leads_to: str) -> None:
        """A manager presses a button under a case's notice and sends its form, as drafted but for `fields`.

        Returns once the notice says `leads_to`. Right after the clock was turned the bot may not know the managers
        yet, and says so: then they press again.
        """
        end = time.monotonic() + PATIENCE
        form = _pressed(manager, manager.message("C0MANAGE", case), button)
        while not form.labels and time.monotonic() < end:
            form.cancel()
            time.sleep(PAUSE)
            form = _pressed(manager, manager.message("C0MANAGE", case), button)
        form.fill(fields)
        form.submit()
        form.cancel()
        manager.message("C0MANAGE", leads_to)

    def warn(self, customer: str, delivered_on: float) -> None:
        """Priya writes the warning at once, and it reaches the customer on that day of the story."""
        by_mail = {"How did it reach the customer?": "E-mail"}
        self.act(self.priya, f"Warn: {customer}", "Issue warning", {}, f"Deliver the warning: {customer}")
        self.day(delivered_on)
        self.act(self.priya, f"Deliver the warning: {customer}", "Mark delivered", by_mail, f"Warned: {customer}")


def tell(url: str, say: Callable[[str], None]) -> None:
    """Live through the seven weeks before today. The sandbox's clock must have been started `LASTS` ago."""
    story = Story(url)
    say("Telling the story of the last seven weeks, so that there is something to see …")
    for chapter in (_zenith_is_warned, _others_come_along, _it_goes_on):
        chapter(story)
    story.day(LASTS.days)
    say("Ready: open the page as Priya, a manager. A decision about Zenith Corp is waiting for her.")


def _summed_up(now: datetime) -> int:
    """The number of the week that was summed up last: the one before, from Monday at nine on."""
    return (now - timedelta(days=7, hours=9)).isocalendar().week


def _zenith_is_warned(story: Story) -> None:
    story.report(
        story.mia,
        "Zenith Corp",
        "Verbal abuse, Serious",
        "He shouted from the first sentence because the March invoice was still open on his side. I asked him twice "
        "to lower his voice. He called me a useless parrot, so I ended the call.",
        asks="Warn: Zenith Corp",
    )
    story.warn("Zenith Corp", delivered_on=3)


def _others_come_along(story: Story) -> None:
    story.day(12)
    story.report(
        story.joe,
        "Borealis Foods",
        "Threat of violence, Severe",
        "He said he knows where our office is and that somebody will be sorry on Monday. I passed the call to Priya.",
        CARE,
        asks="Decide: Borealis Foods",
    )
    why = "Their director apologised in writing the same day and took the man off our account."
    conditions = {"Why?": why, "Conditions": ["Written contact only"]}
    story.act(story.brad, "Decide: Borealis Foods", "Keep customer", conditions, "Kept: Borealis Foods")
    story.day(20)
    story.report(story.ana, "Acme Ltd", "Payment withheld, Minor", "They pay at the second reminder, as always.")
    story.report(
        story.joe,
        "Northwind Travel",
        "Verbal abuse, Severe",
        "She insulted me for the whole call and went on by e-mail until the evening. Her boss was in copy.",
        asks="Warn: Northwind Travel",
    )
    story.warn("Northwind Travel", delivered_on=22)
    story.day(30)
    story.report(
        story.joe,
        "Zenith Corp",
        "Payment withheld, Minor",
        "Third month in a row that they hold the payment back until somebody warns them.",
    )


def _it_goes_on(story: Story) -> None:
    story.day(LASTS.days - 1.1)
    story.report(
        story.mia,
        "Larkspur Hotels",
        "Verbal abuse, Serious",
        "The night manager was very loud. There was a party behind him, and English is not his first language; I am "
        "not sure that it was meant for me.",
        DOUBTED,
        asks="Larkspur Hotels",
    )
    story.day(LASTS.days - 0.9)
    story.report(
        story.joe,
        "Acme Ltd",
        "Unreasonable demands, Severe",
        "Wanted me to cancel another customer's slot, rang eleven times, then asked for my private number.",
        asks="Warn: Acme Ltd",
    )
    story.day(LASTS.days - 0.1)
    story.report(
        story.ana,
        "zenith corp.",
        "Verbal abuse, Severe",
        "Screamed until I hung up, then called back twice to tell me what happens to people like me. My hands were "
        "shaking. I could not take the next call.",
        CARE,
        asks="Decide: Zenith Corp",
    )


def _pressed(manager: Person, notice: Message, button: str) -> Form:
    form = manager.press(notice, button)
    if form is None:
        raise LookupError(f"{button!r} opened no form")
    return form
