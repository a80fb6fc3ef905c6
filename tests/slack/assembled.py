"""The whole bot in the test's own process, against the sandbox's Slack, with a clock that the test moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.app import assemble
from bot.settings.load import load
from tests.builders import PATIENCE, TEAM, FrozenClock, read_from_slack, run_due_tasks
from tests.slack.office import real_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.app import Bot
    from bot.sandbox.server import Sandbox

A_WHILE = timedelta(seconds=2)


@dataclass
class Assembled:
    """One bot after another on the same record: `start` ends the one before. `settings` are those of the next.

    `greets`: it greets the management channel, as `serve` does.
    """

    sandbox: Sandbox
    settings: dict[str, str]
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(real_clock()))
    running: list[Bot] = field(default_factory=list)
    greets: bool = False

    def start(self, **changes: str) -> Bot:
        """A bot with these settings, which has taken them up. It does only what the test has it do."""
        self.stop()
        self.settings |= changes
        bot = assemble(load(self.settings, None), self.clock, greets=self.greets)
        bot.worker.delivery.slack.client.timeout = PATIENCE  # type: ignore[attr-defined]
        self.running.append(bot)
        read_from_slack(bot.context)
        bot.process.start(bot.worker.roster.find_team())
        return bot

    def stop(self) -> None:
        """End the bot, if one runs."""
        while self.running:
            bot = self.running.pop()
            bot.process.end()
            bot.database.close()

    def work(self) -> None:
        """Run what is due, and deliver everything, as far as Slack takes it. Two seconds pass with each message."""
        bot = self.running[-1]
        run_due_tasks(bot.context, bot.database)
        tried = 0
        while bot.worker.delivery.next_moment() and tried < MOST:
            self.clock.time += A_WHILE
            while job := bot.worker.delivery.claim():
                bot.worker.delivery.deliver(job)
                tried += 1
            tried += 1

    def behind(self) -> int:
        """How many messages do not show the newest state."""
        with self.running[-1].database.outbox() as outbox:
            return outbox.behind()[0]


MOST = 100


def assembled(sandbox: Sandbox, url: str) -> Assembled:
    """A bot on this database. Slack counts its limits by the same clock."""
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-test",
        "SLACK_SIGNING_SECRET": "shhh",
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": url,
        "MANAGEMENT_CHANNEL": "C0MANAGE",
        "MANAGERS": "S0MANAGERS",
        "DIRECTORS": "U0RUTH",
    }
    here = Assembled(sandbox, settings)
    sandbox._web_api._rates._ticks = lambda: here.clock().timestamp()
    return here


__all__ = ["TEAM", "Assembled", "assembled"]


@pytest.fixture
def firm(sandbox: Sandbox, database_url: str) -> Iterator[Assembled]:
    """The first bot of a record, which has started; for the tests that import it."""
    firm = assembled(sandbox, database_url)
    firm.start()
    yield firm
    firm.stop()
