"""The firm's story, lived by its people through the sandbox's own interface: seven weeks of a small service team.

A script, not a fixture: every step is a command, a form or a button, so whatever the page shows was done by the bot.
It ends today, with a decision waiting for whoever opens the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.sandbox.person import Person

if TYPE_CHECKING:
    from bot.sandbox.form import Form
    from bot.sandbox.person import Message

LASTS = timedelta(days=49)
PATIENCE = 20.0  # seconds that a step may wait for the bot
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
        """Go on to this day of the story; the last is `LASTS`."""
        self.ana.forward(days=day - self._day)
        self._day = day

    def report(self, rep: Person, customer: str, kind: str, what: str, *also: str) -> None:
        """A rep reports a customer. `kind`: the conduct and how serious it was; `also`: boxes that they tick."""
        conduct, how_bad = kind.split(", ")
        form = rep.command("/report-abuse", customer)
        form.fill({KIND: conduct, HOW_BAD: how_bad, WHAT: what, ALSO: list(also)})
        form.submit()

    def act(self, manager: Person, case: str, button: str, fields: Fields | None = None) -> None:
        """A manager presses a button under a case's notice and sends its form, as drafted but for `fields`."""
        form = _pressed(manager, manager.message("C0MANAGE", case), button)
        form.fill(fields or {})
        form.submit()


def tell(url: str, say: Callable[[str], None]) -> None:
    """Live through the seven weeks before today. The sandbox's clock must have been started `LASTS` ago."""
    story = Story(url)
    say("Telling the story of the last seven weeks, so that there is something to see …")
    for chapter in (_zenith_is_warned, _others_come_along, _it_goes_on):
        chapter(story)
    story.day(LASTS.days)
    say("Ready: open the page as Priya, a manager. A decision about Zenith Corp is waiting for her.")


def _zenith_is_warned(story: Story) -> None:
    story.report(
        story.mia,
        "Zenith Corp",
        "Verbal abuse, Serious",
        "He shouted from the first sentence because the March invoice was still open on his side. I asked him twice "
        "to lower his voice. He called me a useless parrot, so I ended the call.",
    )
    story.act(story.priya, "Warn: Zenith Corp", "Issue warning")
    story.day(3)
    story.act(story.priya, "Deliver the warning: Zenith Corp", "Mark delivered", {"How did it reach the customer?": "E-mail"})


def _others_come_along(story: Story) -> None:
    story.day(12)
    story.report(
        story.joe,
        "Borealis Foods",
        "Threat of violence, Severe",
        "He said he knows where our office is and that somebody will be sorry on Monday. I passed the call to Priya.",
        CARE,
    )
    story.act(
        story.brad,
        "Decide: Borealis Foods",
        "Keep customer",
        {
            "Why?": "Their director apologised in writing the same day and took the man off our account.",
            "Conditions": ["Written contact only"],
        },
    )
    story.day(20)
    story.report(
        story.ana, "Acme Ltd", "Payment withheld, Minor", "They will pay when we send a second reminder, as always."
    )
    story.day(30)
    story.report(
        story.mia,
        "Larkspur Hotels",
        "Verbal abuse, Serious",
        "The night manager was very loud. There was a party behind him, and his English is not his first language; "
        "I am not sure that it was meant for me.",
        DOUBTED,
    )


def _it_goes_on(story: Story) -> None:
    story.day(40)
    story.report(
        story.joe,
        "Zenith Corp",
        "Payment withheld, Minor",
        "Third month in a row that they hold the payment back until somebody warns them.",
    )
    story.day(46)
    story.report(
        story.joe,
        "Acme Ltd",
        "Unreasonable demands, Severe",
        "Wanted me to cancel another customer's slot, rang eleven times, then asked for my private number.",
    )
    story.day(LASTS.days - 0.1)
    story.report(
        story.ana,
        "zenith corp.",
        "Verbal abuse, Severe",
        "Screamed until I hung up, then called back twice to tell me what happens to people like me. My hands were "
        "shaking. I could not take the next call.",
        CARE,
    )
    story.priya.message("C0MANAGE", "Decide: Zenith Corp")


def _pressed(manager: Person, notice: Message, button: str) -> Form:
    form = manager.press(notice, button)
    if form is None:
        raise LookupError(f"{button!r} opened no form")
    return form
