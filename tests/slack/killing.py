"""`python -m bot serve`, killed at random moments while people work; and what is counted afterwards.

`make soak` runs it long.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slack_sdk import WebClient

from bot.sandbox import FIRM, Sandbox, start
from bot.sandbox.client import NotPossible
from bot.sandbox.person import Form, FormErrors, NoForm, Person
from bot.settings import load
from storage.database import Database
from tests.slack.calling import order
from tests.slack.counting import Findings, count_messages, count_reports, settled
from tests.slack.deciding import MANAGERS, Manager, count_decisions
from tests.slack.office import real_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
SECRET, TOKEN = "shhh", "xoxb-test"
REPS = ("U0ANA", "U0JOE", "U0MIA", "U0CORA", "U0RUTH")
KINDS = (("Something else", "Minor"), ("Verbal abuse", "Serious"), ("Threat of violence", "Severe"))
PATIENCE = 600.0  # seconds for which a rep sends the same form again and again
NOT_NOW = (NoForm, FormErrors, NotPossible, OSError)


class Bot:
    """The bot as a process, always at the same port."""

    def __init__(self, sandbox: Sandbox, folder: Path, url: str) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self.settings = {
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": sandbox.api_url,
            "DATABASE_URL": url,
            "PORT": str(self.port),
            "MANAGEMENT_CHANNEL": "C0MANAGE",
            "MANAGERS": "S0MANAGERS",
            "DIRECTORS": "U0BRAD",
        }
        self._folder = folder
        self._sandbox = sandbox
        self.take_over()
        self._process = self.start()

    @property
    def environment(self) -> dict[str, str]:
        """What any command of this bot runs in."""
        return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **self.settings}

    def start(self) -> subprocess.Popen[str]:
        """Start it; returns once it listens."""
        with (self._folder / "log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"],
                cwd=self._folder,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert process.stdout
        assert process.stdout.readline(), (self._folder / "log").read_text()[-2000:]
        self._process = process
        return process

    def take_over(self) -> None:
        """From now on Slack's requests come here."""
        self._sandbox.bot_url = f"http://127.0.0.1:{self.port}/slack/events"

    def freeze(self) -> None:
        """SIGSTOP: it holds what it holds, and does nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: it goes on where it was, as if no time had passed."""
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """kill -9, at whatever it is."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        return self._end(signal.SIGTERM)

    def end(self) -> None:
        """However it is by now, it is no more."""
        if self._process.poll() is None:
            self.kill()

    def _end(self, number: int) -> int:
        self._process.send_signal(number)
        code = self._process.wait(60)
        assert self._process.stdout
        self._process.stdout.close()
        return code


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
        form: Form = self._until_done(lambda: self.person.command("/report-abuse", self._customer()))
        self.stories.append(story)
        kind, how = self._dice.choices(KINDS, (6, 3, 1))[0]
        form.fill({"What kind of conduct?": kind, "How serious?": how, "What happened?": story})
        self._until_done(lambda: form.submit(twice=self._dice.random() < 0.2))
        self.acked[story] = int(form.text().partition("Recorded as report ")[2].split()[0].rstrip(",."))
        with suppress(*NOT_NOW):
            form.cancel()

    def take_back(self) -> None:
        """A click on the newest message that can be withdrawn; whether it was taken is seen in the record."""
        with suppress(*NOT_NOW):
            able = [seen for seen in self.person.direct_messages() if "Withdraw" in seen.buttons]
            if able:
                said = self.person.press(able[-1], "Withdraw")
                if said is None:
                    number = able[-1].text.partition("Report ")[2].split()[0]
                    self.withdrawn.add(int(number))

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


class Crowd:
    """Five reps and two managers at work, from `start` to `stop`; and what came of it.

    `reports`: by each rep, at most. `rest`: the longest between two, in seconds.
    """

    def __init__(self, sandbox: Sandbox, seed: int, reports: int = 8, rest: float = 0.6) -> None:
        dice = random.Random(seed)
        self.reps = [Rep(sandbox.url, user, random.Random(dice.random()), reports, rest) for user in REPS]
        self.managers = [Manager(sandbox.url, user, random.Random(dice.random())) for user in MANAGERS]
        self._sandbox, self._over = sandbox, threading.Event()
        people = (*self.reps, *self.managers)
        self._workers = [threading.Thread(target=each.work, args=(self._over,)) for each in people]

    def start(self) -> None:
        """Let them begin."""
        for worker in self._workers:
            worker.start()

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


def torment(
    folder: Path,
    url: str,
    *,
    kills: int,
    seed: int,
    reports: int = 8,
    rest: float = 0.6,
    seconds: float = float("inf"),
) -> Findings:
    """Kill the bot again and again while a `Crowd` works; then let it settle, stop it, and count.

    There are fewer kills where they would take longer than these seconds.
    """
    found, end = Findings(), time.monotonic() + seconds
    dice = random.Random(seed)
    with sandboxed() as sandbox:
        for kind, times in (("drop_after", 2), ("500", 2), ("drop_before", 2), ("slow", 10**6)):
            order(sandbox, "chat.postMessage", kind, times, seconds=0.2)  # so that a kill often hits one under way
        bot, crowd = Bot(sandbox, folder, url), Crowd(sandbox, seed, reports, rest)
        crowd.start()
        while found.kills < kills and time.monotonic() < end:
            time.sleep(dice.uniform(0.05, 1.2))
            bot.kill()
            found.kills += 1
            bot.start()
        crowd.stop()
        with closing(Database(url)) as database:
            found.still_behind = settled(database)
            found.exit_code = bot.stop()
            crowd.count(database, bot, found)
    return found


@contextmanager
def sandboxed() -> Iterator[Sandbox]:
    """A Slack that outlives the bot."""
    sandbox = start(FIRM, signing_secret=SECRET, token=TOKEN, now=real_now)
    try:
        yield sandbox
    finally:
        sandbox.stop()
