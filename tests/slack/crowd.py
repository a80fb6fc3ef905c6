"""People who work while the bot is killed, frozen, or without its database, and the counts after it."""

from __future__ import annotations

import random
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from slack_sdk import WebClient

from bot.sandbox.client import NotPossible
from bot.sandbox.form import Form, FormErrors
from bot.sandbox.person import NoForm, Person
from bot.settings.load import load
from tests.slack.conftest import TOKEN
from tests.slack.counting import Findings, count_messages, count_reports
from tests.slack.deciding import MANAGERS, Manager, count_decisions

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.seen import Message
    from bot.sandbox.server import Sandbox
    from storage.database import Database
    from tests.slack.killing import Bot

REPS = ("U0ANA", "U0JOE", "U0MIA", "U0CORA", "U0RUTH")
KINDS = (("Something else", "Minor"), ("Verbal abuse", "Serious"), ("Threat of violence", "Severe"))
PATIENCE = 600.0  # seconds for which a rep sends the same form again and again
NOT_NOW = (NoForm, FormErrors, NotPossible, OSError)


class Rep:
    """Reports, sends the same form again until it is taken, and now and then takes one back."""

    def __init__(self, url: str, user: str, dice: random.Random, most: int, rest: float) -> None:
        self.person = Person(url, user, deadline=2)
        self.stories: list[str] = []
        self.acked: dict[str, int] = {}
        self.withdrawn: set[int] = set()
        self._dice, self._most, self._rest = dice, most, rest

    def work(self, over: threading.Event) -> None:
        """Until it is over: then what has been sent once is sent until it is taken."""
        while not over.is_set() and len(self.stories) < self._most:
            self.report()
            if self._dice.random() < 0.3:
                self.take_back()
            over.wait(self._dice.uniform(0.1, self._rest))

    def report(self) -> None:
        """One form, which ends up taken."""
        story = f"{self.person.user_id} tells story {len(self.stories) + 1}"
        form: Form = self._until_done(self._form)
        self.stories.append(story)
        kind, how = self._dice.choices(KINDS, (6, 3, 1))[0]
        form.fill({"What kind of conduct?": kind, "How serious?": how, "What happened?": story})
        self._until_done(lambda: form.submit(twice=self._dice.random() < 0.2))
        self.acked[story] = int(form.text().partition("Recorded as report ")[2].split()[0].rstrip(",."))
        with suppress(*NOT_NOW):
            form.cancel()

    def _form(self) -> Form:
        form = self.person.command("/report-abuse", self._customer())
        if not form.labels:  # the record cannot be read, which is said instead
            form.cancel()
            raise NotPossible(form.text())
        return form

    def take_back(self) -> None:
        """A click on the newest message that can be withdrawn.

        It was refused where a form opens, or, if none can be opened just then, where a private message says so.
        """
        with suppress(*NOT_NOW):
            seen = self.person.direct_messages()
            able = [message for message in seen if "Withdraw" in message.buttons]
            if able and self.person.press(able[-1], "Withdraw") is None and _private(seen) == self._private_now():
                number = str(able[-1].raw).partition("Withdraw report ")[2].partition("?")[0]
                self.withdrawn.add(int(number))

    def _private_now(self) -> int:
        return _private(self.person.direct_messages())

    def _customer(self) -> str:
        return f"Customer {self._dice.randrange(5) if self._dice.random() < 0.3 else self._dice.randrange(10**6)}"

    def _until_done(self, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it gives
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return act()
            except NOT_NOW:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)


def _private(seen: list[Message]) -> int:
    """How many of them only this person sees."""
    return sum(message.ephemeral for message in seen)


class Crowd:
    """Five reps and two managers at work, from `start` to `stop`; and what came of it.

    `reports`: by each rep, at most. `rest`: the longest between two, in seconds.
    """

    def __init__(self, sandbox: Sandbox, seed: int, reports: int = 8, rest: float = 0.6) -> None:
        dice = random.Random(seed)
        self.reps = [Rep(sandbox.url, user, random.Random(dice.random()), reports, rest) for user in REPS]
        self.managers = [Manager(sandbox.url, user, random.Random(dice.random())) for user in MANAGERS]
        self._sandbox, self._over = sandbox, threading.Event()
        people: tuple[Rep | Manager, ...] = (*self.reps, *self.managers)
        self._workers = [threading.Thread(target=each.work, args=(self._over,)) for each in people]

    def start(self) -> None:
        """Let them begin."""
        for worker in self._workers:
            worker.start()

    def has_reported(self, reports: int) -> None:
        """Return once so many reports have been acked."""
        while sum(len(rep.acked) for rep in self.reps) < reports:
            time.sleep(0.02)

    def finish(self) -> None:
        """Let every rep report all that they have to tell."""
        for worker in self._workers[: len(self.reps)]:
            worker.join()
        self.stop()

    def stop(self) -> None:
        """Let each finish what is begun: a form that was sent is sent until it is taken."""
        self._over.set()
        for worker in self._workers:
            worker.join()

    def count(self, database: Database, bot: Bot, found: Findings) -> None:
        """What is on record and in Slack, once nothing is on its way any more."""
        count_reports(database, self.reps, found)
        count_decisions(database, self.managers, found)
        slack = WebClient(TOKEN, base_url=self._sandbox.api_url)
        count_messages(database, load(bot.settings, None), slack, found)
