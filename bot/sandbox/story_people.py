"""The people of the sandbox's firm, and what they do in its story: each act through the sandbox's own interface."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bot.sandbox.client import Client, NotPossible
from bot.sandbox.form import FormErrors, filled_in
from bot.sandbox.person import Message, NoForm, NotSeen, Person

if TYPE_CHECKING:
    from bot.sandbox.form import Form

CHANNELS = {"#support": "C0SUPPORT", "#general": "C0GENERAL", "#management": "C0MANAGE"}
MANAGEMENT = CHANNELS["#management"]
PEOPLE = ("ana", "joe", "mia", "priya", "brad", "ruth", "cora", "olek")
WEEK = timedelta(days=7)
SUMMARY_AT = timedelta(hours=9)  # on Mondays, UTC
PAUSE, SHORT_PAUSE, LONGEST_PAUSE, PRESS_AGAIN = 0.02, 0.05, 2.0, 0.05  # seconds
A_POST = timedelta(seconds=1.1)  # Slack takes one post a second in a channel
MOST_FORMS = 4  # that follow one another after one button
PATIENCE = 60.0  # seconds that a step waits for what the bot does under any policy
FILE, STAND_DOWN, STORY = "Report what happened", "No longer needed", "What happened?"
CALLING = "I am calling somebody"  # what the bot answers
LEFT_OUT = (NotPossible, NotSeen, NoForm, FormErrors)


Wanted = Callable[[Message], bool]


class Step(NamedTuple):
    """When somebody does something: where or about whom, with which choices, and in which words."""

    at: datetime
    who: str
    does: str
    what: str
    choices: tuple[str, ...]
    words: str


class Story:
    """The people, who use the sandbox at `url`. They wait `patience` seconds for a case: not every policy asks.

    `all_sent`: whether the bot has nothing more to send. Then nobody waits for a case.
    """

    def __init__(self, url: str, patience: float, end: datetime | None, all_sent: Callable[[], bool]) -> None:
        self.people = {name: Person(url, f"U0{name.upper()}", patience) for name in PEOPLE}
        self.clock = Client(url, "U0PRIYA")
        clock = self.clock.get("state")["clock"]
        self.now = datetime.fromisoformat(clock["now"])
        self._ends_now = end is None
        self.ends_at = end or self.now - timedelta(seconds=clock["offset_seconds"])
        self._patience, self._all_sent = patience, all_sent
        self._threads: dict[str, str] = {}  # by channel: the newest message that is not a reply
        self._acts: dict[str, Callable[[Step], None]] = {
            "says": self._say,
            "replies": self._say,
            "reports": self._report,
            "raises": self._report,
            "files": self._report,
            "calls": self._call,
            "answers": self._answer,
            "presses": self._press,
            "reads": self._read,
        }

    def live(self, step: Step) -> str:
        """Live through a step. Returns why it could not be done; "" if it was done."""
        try:
            if step.does not in ("says", "replies"):  # what people write does not concern the bot
                self.go_to(step.at)
            self._acts[step.does](step)
        except LEFT_OUT as why:
            self._close_forms()
            return f"{step.who} {step.does} {step.what}: {why}"
        return ""

    def go_to(self, moment: datetime) -> None:
        """Move the clock to this moment, and stop at each Monday until the week's summary is posted."""
        while (summary := _summary_after(self.now)) <= moment:
            self._forward(summary)
            for words in ("Week ", "Digest "):
                self._seen(self.people["priya"], MANAGEMENT, summary, partial(_contains, words))
        self._forward(moment)

    def end(self) -> None:
        """Move the clock on to the end, which is the real time unless another was given."""
        self.go_to(self.ends_at)
        if not self._ends_now:
            return
        behind = -self.clock.get("state")["clock"]["offset_seconds"]
        self.clock.post("clock", forward_seconds=max(behind, 0))

    def newest(self, who: str, channel: str, customer: str) -> str:
        """The ts of the newest message about a customer; "" if there is none."""
        found = [each.ts for each in self.people[who].channel(channel, self.now - WEEK) if customer in each.text]
        return found[-1] if found else ""

    def _say(self, step: Step) -> None:
        """Write in a channel; a reply goes into the thread of what was written there last."""
        channel, is_reply = CHANNELS[step.what], step.does == "replies"
        message = self.people[step.who].say(channel, step.words, self._threads[channel] if is_reply else None, step.at)
        if not is_reply:
            self._threads[channel] = message.ts

    def _report(self, step: Step) -> None:
        """Report a customer, and wait for the message about it; if it raises a case, for the case's notice too.

        Whoever files it begins with what is known of their call for backup.
        """
        person, begun = self.people[step.who], self.now
        form = self._begun(step) if step.does == "files" else self._report_form(person, step.what)
        _send(form, step)
        self._seen(person, person.dm, begun, partial(_contains, step.what))
        if step.does != "reports":
            self._seen(self.people["priya"], MANAGEMENT, begun, partial(_contains, step.what), perhaps=True)

    def _begun(self, step: Step) -> Form:
        """The form that follows a call for backup. It begins with who came, and the rep writes before that."""
        person = self.people[step.who]
        over = self._seen(person, person.dm, self.now - WEEK, lambda each: FILE in each.buttons)
        form = person.press(over, FILE)
        if form is None or STORY not in form.labels:
            raise NotPossible(f"{FILE} does not open the form")
        return form.fill({STORY: f"{step.words} {form.value(STORY)['value']}"})

    def _call(self, step: Step) -> None:
        """Call for backup, again where the bot was too slow to answer, and wait for the message about it."""
        person, end, answer = self.people[step.who], time.monotonic() + PATIENCE, ""
        while CALLING not in answer:
            if time.monotonic() > end:
                raise NotSeen(answer)
            try:
                person.command("/backup", f"{step.what}, {step.words}").cancel()
            except NoForm as said:  # as it opens none
                answer = str(said)
        self._seen(person, person.dm, step.at, partial(_offers, STAND_DOWN))

    def _answer(self, step: Step) -> None:
        """Press a button of a call for backup, again where the bot could not confirm, until the other reads of it."""
        person, (button, *_), end = self.people[step.who], step.choices, time.monotonic() + PATIENCE
        asked = self._seen(person, person.dm, self.now - WEEK, partial(_offers, button))
        while refused := person.press(asked, button):
            refused.cancel()
            if time.monotonic() > end:
                raise NotSeen(refused.text())
            time.sleep(PRESS_AGAIN)
        other = self.people[step.what]
        self._seen(other, other.dm, self.now - WEEK, partial(_contains, step.words))
        self._seen(person, person.dm, self.now - WEEK, partial(_is_done, asked.ts, button))

    def _report_form(self, person: Person, customer: str) -> Form:
        """On a busy machine the bot may take longer than Slack waits for it: who reads that types the command again."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return person.command("/report-abuse", customer)
            except NoForm:
                self._close_forms()
                if time.monotonic() > end:
                    raise

    def _press(self, step: Step) -> None:
        """Press a button of a customer's case as soon as it is there, and fill in the forms that it opens.

        Right after the clock was moved the bot may not know the managers yet and says so; then it is pressed again.
        """
        person, (button, *_) = self.people[step.who], step.choices
        case, form = self._opened(person, step.what, button)
        if form:
            _send(form, step)
        self._seen(person, MANAGEMENT, self.now - WEEK, lambda each: each.ts == case.ts and button not in each.buttons)

    def _opened(self, person: Person, customer: str, button: str) -> tuple[Message, Form | None]:
        end = time.monotonic() + self._patience
        while True:
            wanted: Wanted = lambda each: customer in each.text and button in each.buttons  # noqa: E731
            case = self._seen(person, MANAGEMENT, self.now - WEEK, wanted, perhaps=True)
            form = person.press(case, button)
            if form is None or form.labels:
                return case, form
            form.cancel()
            if time.monotonic() > end:
                raise NotSeen(form.text())
            time.sleep(PRESS_AGAIN)

    def _read(self, _: Step) -> None:
        """Everybody looks at everything, so that nobody has weeks to catch up on."""
        for person in self.people.values():
            person.read()

    def _forward(self, moment: datetime) -> None:
        seconds = max((moment - self.now).total_seconds(), 0)
        self.now = datetime.fromisoformat(self.clock.post("clock", forward_seconds=seconds)["now"])

    def _seen(self, person: Person, channel: str, since: datetime, wanted: Wanted, *, perhaps: bool = False) -> Message:
        """The newest message that is wanted. While it is not there, time passes: a channel takes one post a second."""
        end, pause, is_over = time.monotonic() + (self._patience if perhaps else PATIENCE), PAUSE, False
        while not (found := [each for each in person.channel(channel, since) if wanted(each)]):
            if is_over or time.monotonic() > end:
                raise NotSeen("the bot wrote nothing of the kind")
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            if pause > SHORT_PAUSE:
                self._forward(self.now + A_POST)
            is_over = perhaps and self._all_sent()  # what was sent by now is seen by the next look
        return found[-1]

    def _close_forms(self) -> None:
        for person in self.people.values():
            while form := person.form():
                form.cancel()


def _contains(words: str, message: Message) -> bool:
    return words in message.text


def _offers(button: str, message: Message) -> bool:
    return button in (*message.buttons, *message.menu)


def _is_done(ts: str, button: str, message: Message) -> bool:
    return message.ts == ts and not _offers(button, message)


def _summary_after(now: datetime) -> datetime:
    monday = now.date() - timedelta(days=now.weekday())
    due = datetime.combine(monday, datetime.min.time(), UTC) + SUMMARY_AT
    return due if due > now else due + WEEK


def _send(form: Form, step: Step) -> None:
    for _ in range(MOST_FORMS):
        if form.closed or not form.labels:
            break
        form.fill(filled_in(form.view, step.words, step.choices))
        form.submit()
    if not form.closed:
        form.cancel()
