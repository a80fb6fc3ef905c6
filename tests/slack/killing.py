"""`python -m bot serve`, killed at random moments while people work, and the counts after it.

`make soak` runs it long.
"""

from __future__ import annotations

import os
import random
import signal
import time
import weakref
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.observing import Intervals
from bot.sandbox.server import Sandbox, start
from bot.sandbox.workspace import FIRM
from storage.database import Database
from tests.builders import PATIENCE
from tests.cleanup import if_killed
from tests.forked import serving
from tests.slack.calling import a_port, order
from tests.slack.counting import Findings, settled
from tests.slack.crowd import Crowd
from tests.slack.office import real_clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.context import ForkServerProcess

ROOT = Path(__file__).parents[2]
SECRET, TOKEN = "shhh", "xoxb-test"


SOON_AGAIN = Intervals(lease=timedelta(seconds=6))  # so that what a killed process had on its way is looked for soon


class Bot:
    """The bot as a process, always at the same port. `waits`: others than its own."""

    def __init__(self, sandbox: Sandbox, folder: Path, url: str, waits: Intervals | None = None) -> None:
        held = a_port()
        weakref.finalize(self, held.close)
        self.port = held.getsockname()[1]
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
        self._folder, self._waits = folder, waits
        self._sandbox = sandbox
        self.take_over()
        self._process = self.start()

    @property
    def environment(self) -> dict[str, str]:
        """What any command of this bot runs in."""
        return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **self.settings}

    def start(self) -> ForkServerProcess:
        """Start it; returns once it listens."""
        log = self._folder / "log"
        process, said = serving(self._folder, self.environment, log, self._waits)
        assert said, log.read_text()[-2000:]
        assert process.pid
        self._process, self._pid = process, process.pid
        self._if_killed = ExitStack()
        self._if_killed.enter_context(if_killed('kill -KILL "$1"', str(self._pid)))
        return process

    def take_over(self) -> None:
        """From now on Slack's requests come here."""
        self._sandbox.bot_url = f"http://127.0.0.1:{self.port}/slack/events"

    def freeze(self) -> None:
        """SIGSTOP: it keeps what it holds, and does nothing."""
        os.kill(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: it goes on where it was, as if no time had passed."""
        os.kill(self._pid, signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        return self._end(signal.SIGTERM)

    def end(self) -> None:
        """Kill it if it still runs."""
        if self._process.exitcode is None:
            self.kill()

    def _end(self, number: int) -> int:
        os.kill(self._pid, number)
        self._process.join(PATIENCE)
        self._if_killed.close()
        assert self._process.exitcode is not None
        return self._process.exitcode


def kill_repeatedly(
    folder: Path,
    url: str,
    *,
    kills: int,
    seed: int,
    reports: int = 8,
    rest: float = 0.6,
    seconds: float = float("inf"),
    min_reported: int = 0,
    waits: Intervals | None = None,
) -> Findings:
    """Kill the bot again and again while a `Crowd` works; then let it settle, stop it, and count.

    There are fewer kills where they would take longer than these seconds. Then the bot goes on until so many reports
    have been acked.
    """
    found, end = Findings(), time.monotonic() + seconds
    dice = random.Random(seed)
    with sandboxed() as sandbox:
        for kind, times in (("drop_after", 2), ("500", 2), ("drop_before", 2), ("slow", 10**6)):
            order(sandbox, "chat.postMessage", kind, times, seconds=0.2)  # so that a kill often hits one under way
        bot, crowd = Bot(sandbox, folder, url, waits), Crowd(sandbox, seed, reports, rest)
        crowd.start()
        while found.kills < kills and time.monotonic() < end:
            time.sleep(dice.uniform(0.05, 1.2))
            bot.kill()
            found.kills += 1
            bot.start()
        crowd.has_reported(min_reported)
        crowd.stop()
        with closing(Database(url)) as database:
            found.still_behind = settled(database)
            found.exit_code = bot.stop()
            crowd.count(database, bot, found)
    return found


@contextmanager
def sandboxed() -> Iterator[Sandbox]:
    """A Slack that runs on while the bot does not."""
    sandbox = start(FIRM, signing_secret=SECRET, token=TOKEN, now=real_clock)
    try:
        yield sandbox
    finally:
        sandbox.stop()
