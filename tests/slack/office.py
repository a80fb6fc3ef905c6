"""A delivery against the sandbox's Slack, with a clock that the test moves."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.rules.notices import NoticeKind
from bot.sandbox.person import Person
from bot.usecases.delivery.delivery import Delivery
from bot.usecases.transport import Message
from bot.worker import LONGEST_SLEEP
from handlers.client.answers import CountingClient, SlackAnswers
from handlers.client.transport import SlackTransport
from tests.builders import PATIENCE, TEAM, FrozenClock
from tests.slack.calling import get_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_sdk import WebClient

    from bot.rules.notices import Notice
    from bot.sandbox.server import Sandbox
    from storage.database import Database
    from storage.transaction import Transaction

HERE = "C0MANAGE"
SHORTEST_SLEEP = timedelta(seconds=0.01)


def real_clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the sandbox dates messages and checks signatures by the real time


def patient_client(sandbox: Sandbox, token: str) -> WebClient:
    return CountingClient(
        SlackAnswers(), token=token, base_url=sandbox.api_url, timeout=int(PATIENCE), retry_handlers=[]
    )


@contextmanager
def impatient(client: WebClient, *, seconds: float = 0.3) -> Iterator[None]:
    """For so long it waits for each answer in the block."""
    client.timeout, before = seconds, client.timeout  # it takes fractions as well
    yield
    client.timeout = before


@dataclass
class Office:
    """`words` is what the record says; `work` delivers until nothing is left to do now."""

    database: Database
    slack: SlackTransport
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(real_clock()))
    words: str = "Version 1"

    def want(self, subject: int = 1, target: str = HERE, kind: NoticeKind = NoticeKind.CASE) -> None:
        with self.database.begin(TEAM) as tx:
            tx.notices.refresh(kind, subject, target, self.clock())

    def delivery(self, **changes: Any) -> Delivery:  # noqa: ANN401 - any field of a delivery
        parts: dict[str, Any] = {"slack": self.slack, "clock": self.clock, "render": self.render}
        return Delivery(**{"open": self.database.outbox, "read": self.database.read, **parts, **changes})

    def render(self, _: Transaction, notice: Notice) -> Message:
        text = f"Case {notice.subject}: {self.words}"
        return Message(text, [{"type": "section", "text": {"type": "plain_text", "text": text}}])

    def work(self) -> int:
        """Deliver what may be sent now; how many attempts that took."""
        delivery, attempts = self.delivery(), 0
        while job := delivery.claim():
            delivery.deliver(job)
            attempts += 1
        return attempts

    def attempts_within(self, *, seconds: float) -> list[float]:
        """At which seconds from now something was tried. In between the worker sleeps as long as it would."""
        tried: list[float] = []
        start, delivery = self.clock(), self.delivery()
        end = start + timedelta(seconds=seconds)
        while self.clock() <= end:
            tried += [(self.clock() - start).total_seconds()] * self.work()
            moment = delivery.next_moment() or end
            self.clock.time += min(max(moment - self.clock(), SHORTEST_SLEEP), timedelta(seconds=LONGEST_SLEEP))
        self.clock.time = end
        return tried

    def refused(self) -> list[tuple[str, str]]:
        with self.database.outbox() as outbox:
            return [(message.target, message.error) for message in outbox.refused()]

    def behind(self) -> int:
        with self.database.outbox() as outbox:
            return outbox.behind()[0]


def office(database: Database, sandbox: Sandbox, token: str) -> Office:
    """Slack counts its rate limits by the clock of this office, which only the test moves."""
    here = Office(database, SlackTransport(patient_client(sandbox, token)))
    sandbox._web_api._rates._ticks = lambda: here.clock().timestamp()
    return here


def shown(sandbox: Sandbox, channel: str = HERE, reader: str = "U0PRIYA") -> list[str]:
    """What people read there."""
    return [message.text for message in Person(sandbox.url, reader).channel(channel)]


def counts(sandbox: Sandbox) -> dict[str, int]:
    return dict(get_json(f"{sandbox.url}sandbox/calls")["counts"])
