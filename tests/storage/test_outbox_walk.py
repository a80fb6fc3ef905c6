"""Whatever happens in whatever order, Slack's own count is not exceeded, nothing is lost, and case notices go first.

Two processes deliver at random to the counter of the sandbox's Slack, which knows nothing of ours. Calls reach it up to
six seconds late, some messages are found unchanged, and the clock may jump.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from contextlib import closing
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from bot.sandbox.api import chat, views
from bot.sandbox.errors import RateLimited
from bot.sandbox.rates import Rates
from storage.database import Database
from storage.outbox.outbox import REST
from storage.outbox.rate_limits import A_CHANNEL
from tests.builders import FrozenClock
from tests.storage.claiming import HERE, LEASE, refresh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.rules.notices import Notice

METHODS = {**chat.METHODS, **views.METHODS}
IN_FLIGHT = 8  # calls of one process
REPS = 90
MOST_BEHIND = 150
MOODS = ("report", "", "change", "home", "report", "change")
JUMPS = (-3600, 60, -200, 5, 86400, -60)


class Walk:
    """Time, work, and calls on their way to Slack."""

    def __init__(self, processes: list[Database], seed: int) -> None:
        self.processes, self.dice = processes, random.Random(seed)
        self.clock, self.seconds = FrozenClock(), 0.0
        self.rates = Rates(lambda: self.seconds)
        self.under_way: list[tuple[float, int, int, Notice, Callable[[], None]]] = []
        self.latest = 0.05  # seconds that a call takes at most
        self.order, self.subjects = count(), count(1)
        self.posted: Counter[tuple[str, int, str]] = Counter()
        self.refused: Counter[str] = Counter()
        self.asked_at: dict[int, tuple[float, int]] = {}  # of each case: when, and how many were ahead of it
        self.case_waits: list[float] = []  # until the first attempt, without the wait for those ahead

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and every call that is due by then reach Slack."""
        until = self.seconds + seconds
        while self.under_way and self.under_way[0][0] <= until:
            at, _, _, _, arrive = heapq.heappop(self.under_way)
            self._move_to(at)
            arrive()
        self._move_to(until)

    def _move_to(self, at: float) -> None:
        self.clock.forward(seconds=max(0.0, at - self.seconds))
        self.seconds = max(at, self.seconds)

    def add_work(self, kind: str) -> None:
        """Reports by some reps or by many, cases, changes of what is there, Homes, or nothing."""
        some = self.dice.choice((1, 3, 20, 60, REPS))
        if kind == "case":
            subject = next(self.subjects)
            self.asked_at[subject] = (self.seconds, len(self.asked_at))
            refresh(self.processes[0], subject, self.clock(), HERE)
        elif kind == "change":
            for key in self.dice.sample(sorted(self.posted), min(some, len(self.posted))):
                refresh(self.processes[0], key[1], self.clock(), key[2], kind=key[0])
        elif kind:
            for rep in self.dice.sample(range(REPS), some):
                subject = 0 if kind == "home" else next(self.subjects)
                refresh(self.processes[0], subject, self.clock(), f"U{rep}", kind=kind)

    def claim(self) -> bool:
        """One process looks for work; whether it found any."""
        number = self.dice.randrange(len(self.processes))
        if sum(each[2] == number for each in self.under_way) >= IN_FLIGHT:
            return False
        with self.processes[number].outbox() as outbox:
            job = outbox.claim(self.clock(), LEASE)
        if job is None:
            return False
        if job.kind == "case" and job.subject in self.asked_at:
            asked_at, ahead = self.asked_at.pop(job.subject)
            self.case_waits.append(self.seconds - asked_at - ahead * A_CHANNEL.gap.total_seconds())
        takes, begun = self.dice.uniform(0, self.latest), self.clock()

        def arrive() -> None:
            if job.ts and self.dice.random() < 0.4:
                with self.processes[number].outbox() as outbox:
                    outbox.unchanged(job, begun, self.clock())
            else:
                self._reach_slack(number, job)

        heapq.heappush(self.under_way, (self.seconds + takes, next(self.order), number, job, arrive))
        return True

    def _reach_slack(self, number: int, job: Notice) -> None:
        method = "views.publish" if job.kind == "home" else "chat.update" if job.ts else "chat.postMessage"
        with self.processes[number].outbox() as outbox:
            try:
                self._count(method, job.target)
            except RateLimited as refusal:
                until = self.clock() + timedelta(seconds=int(refusal.headers["Retry-After"]))
                outbox.paused(job, self.clock(), until, whole_limit=True)
                return
            outbox.shown(job, job.target, None if job.kind == "home" else job.ts or "1.0", self.clock(), "a digest")
        if method == "chat.postMessage":
            self.posted[job.kind, job.subject, job.target] += 1

    def _count(self, method: str, target: str) -> None:
        try:
            self.rates.count(method, METHODS[method].per_minute)
        except RateLimited:
            self.refused[method] += 1
            raise
        if method == "chat.postMessage":
            self.rates.count_post(target)

    def go(self, mood: str) -> None:
        """For more than a minute: much of one kind, or nothing, and calls that take long or not."""
        self.latest, begun = self.dice.choice((0.05, 1, REST.total_seconds())), self.seconds
        while self.seconds < begun + 70:
            if self.dice.random() < 0.4 and self._behind() < MOST_BEHIND:
                self.add_work(self.dice.choice((mood, mood, mood, "case")))
            while self.claim():
                pass
            self.pass_time(self.dice.choice((0, 0.02, 0.3, 1, 4)))

    def drain(self) -> float:
        """How long it takes until Slack shows everything."""
        begun = self.seconds
        while self._behind():
            while self.claim():
                pass
            self.pass_time(0.5)
            assert self.seconds < begun + 1500, f"{self._behind()} messages starve"
        return self.seconds - begun

    def _behind(self) -> int:
        with self.processes[0].outbox() as outbox:
            return outbox.behind()[0]


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""One kind of database is enough for the order of things; test_outbox_pace has both."""


@pytest.fixture(params=range(2))
def walk(database_url: str, request: pytest.FixtureRequest) -> Iterator[Walk]:
    """Two processes on one database, which writes nothing to the disk: nobody pulls the plug here."""
    with closing(Database(database_url)) as one, closing(Database(database_url)) as another:
        for process in (one, another):
            event.listen(process.engine, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=OFF"))
        yield Walk([one, another], request.param)


def test_slacks_own_count_is_not_exceeded_in_any_minute_and_case_notices_go_first(walk: Walk) -> None:
    for mood in MOODS:
        walk.go(mood)
    walk.drain()
    assert walk.refused == {}
    assert set(walk.posted.values()) == {1}
    assert len(walk.posted) > 300
    assert max(walk.case_waits) <= 10  # for a process that is free, and a refusal by the channel


def test_a_clock_that_jumps_costs_a_few_refusals_and_no_message(walk: Walk) -> None:
    for mood, jump in zip(MOODS, JUMPS, strict=True):
        walk.go(mood)
        walk.clock.forward(seconds=jump)
    walk.drain()
    assert set(walk.posted.values()) == {1}
    assert sum(walk.refused.values()) <= len(JUMPS) * IN_FLIGHT
