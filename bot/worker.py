"""The background threads: they deliver messages, run scheduled tasks, fetch files and read from Slack who may act."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from bot.loops import RunOnce, keep_going
from bot.roster_loop import RosterLoop
from bot.rules.notices import FOR_BACKUP, log_ids
from bot.rules.refusals import NotRecorded
from bot.usecases.delivery.delivery import Delivery, Job
from bot.usecases.roster import Roster
from bot.usecases.scheduler import Scheduler

log = logging.getLogger(__name__)

DELIVERIES_AT_ONCE = 8  # a slow channel holds up one of them
POLL_SECONDS = 1.0  # between two reads of a quiet database, to which another process may have written
NOTIFIED_POLL = timedelta(seconds=10)  # the same, while the database notifies us of what other processes write
LONGEST_SLEEP = 30.0  # seconds; the delivery is also woken by each commit and by the scheduler's reads
LONGEST_YIELD = 0.2  # seconds that a thread waits at most while a request waits for its answer: they share the GIL
YIELD_STEP = 0.005  # seconds between two checks whether a request still waits
READ_GAP = 0.02  # seconds from a read of the delivery that finds nothing to send until the next, at least


class Worker:
    """The threads around `Delivery`, `Roster` (see `RosterLoop`) and `Scheduler`. They run from `start` to `stop`.

    Call `wake` after each commit. `request_waiting` says whether a request waits for its answer: requests go first.
    `fetch_file` fetches the next file of a workspace, and says for how many seconds to wait then. `ticks`: the
    monotonic clock, in seconds.
    """

    def __init__(
        self,
        delivery: Delivery,
        roster: Roster,
        scheduler: Scheduler,
        find_team: Callable[[], str],
        fetch_file: Callable[[str], float] = lambda _: LONGEST_SLEEP,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.delivery = delivery
        self.scheduler = scheduler
        self.fetch_file = fetch_file
        self._ticks = ticks
        self.request_waiting: Callable[[], bool] = lambda: False
        self._awake = threading.Event()
        self._changed = threading.Event()
        self._moved = threading.Event()
        self._stopping = threading.Event()
        self.roster = RosterLoop(roster, find_team, self._stopping)
        self._polled_at: datetime | None = None
        self._next: tuple[datetime | None, datetime | None] = (None, None)  # the next message, the next scheduled task
        self._free = threading.Semaphore(DELIVERIES_AT_ONCE)
        self._pool = ThreadPoolExecutor(DELIVERIES_AT_ONCE, thread_name_prefix="delivery")
        self._is_backup = False  # the last message, so probably the next one too
        self._broke: dict[str, str] = {}
        loops: tuple[tuple[str, RunOnce, Callable[[float], object]], ...] = (
            ("delivery", self._deliver_next, self._wait_for_wake),
            ("roster", self.roster.refresh, self._stopping.wait),
            ("clock", self._run_due_task, self._wait_for_move),
            ("files", self._fetch_file, self._stopping.wait),
        )
        self._threads = [
            threading.Thread(target=keep_going, args=(*loop, self._stopping, self._broke), name=loop[0], daemon=True)
            for loop in loops
        ]

    def start(self) -> None:
        """Start the threads. What an earlier run left undone is in the database."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is under way and return. What is not sent yet stays in the database for the next start."""
        self._stopping.set()
        self._awake.set()
        self._moved.set()
        self.roster.wake()
        for thread in self._threads:
            thread.join()
        self._pool.shutdown()

    def wake(self) -> None:
        """Read the database now: it has changed."""
        self._changed.set()
        self._awake.set()

    def clock_moved(self) -> None:
        """Do at once what is due by the clock's new time: the clock was moved, as people do in the sandbox."""
        self._moved.set()
        self.wake()

    def problems(self) -> dict[str, str]:
        """What keeps the threads from their work, one sentence each, by the name of the loop."""
        roster = {"roster": self.roster.problem} if self.roster.problem else {}
        return {**roster, **self._broke}

    def _fetch_file(self) -> float:
        team = self.roster.known_team()
        return self.fetch_file(team) if team else POLL_SECONDS

    def _yield_to_requests(self) -> None:
        until = time.monotonic() + LONGEST_YIELD
        while self.request_waiting() and time.monotonic() < until and not self._stopping.is_set():
            time.sleep(YIELD_STEP)

    def _wait_for_wake(self, pause: float) -> None:
        """Wait for a commit, `pause` seconds at most. One that comes within `READ_GAP` is looked at after the gap."""
        found_nothing_at = self._ticks()
        if pause and self._awake.wait(pause):
            self._stopping.wait(max(0.0, found_nothing_at + READ_GAP - self._ticks()))

    def _wait_for_move(self, pause: float) -> None:
        self._moved.wait(pause)
        self._moved.clear()

    def _deliver_next(self) -> float:
        """Claim the next message, and deliver it on a thread of the pool as soon as one is free."""
        if not self._is_backup:
            self._yield_to_requests()
        self._awake.clear()
        self._free.acquire()
        job = None
        try:
            job = self.delivery.claim()
        finally:
            if job is None:
                self._free.release()
        self._is_backup = job is not None and job.notice.kind in FOR_BACKUP
        if job is None:
            return self._seconds_until_next()
        self._pool.submit(self._deliver, job)
        return 0

    def _deliver(self, job: Job) -> None:
        ids = log_ids(job.notice.kind, job.notice.subject)
        try:
            self.delivery.deliver(job)
        except NotRecorded:
            log.warning("what came of a message could not be noted; it is looked for again", extra={"ids": ids})
        except Exception as error:  # the pool would swallow it
            log.exception("a delivery broke", extra={"ids": ids})
            self.delivery.crashed(job, error)
        finally:
            self._free.release()
            self.wake()

    def _seconds_until_next(self) -> float:
        moment = self.delivery.next_moment()
        seconds = (moment - self.delivery.clock()).total_seconds() if moment else LONGEST_SLEEP
        return min(max(seconds, 0.01), LONGEST_SLEEP)

    def _run_due_task(self) -> float:
        """Run a scheduled task that is due, by the clock and by what the last poll found in the database."""
        self._yield_to_requests()
        if self._should_poll():
            self._poll()
        _, task_at = self._next
        done = task_at is not None and task_at <= self.scheduler.context.clock() and self.scheduler.tick()
        return 0 if done else POLL_SECONDS

    def _should_poll(self) -> bool:
        now = self.scheduler.context.clock()
        if self._polled_at is None or self._changed.is_set() or not self.scheduler.database.hears_others():
            return True
        due = any(moment is not None and moment <= now for moment in self._next)
        return due or not timedelta() <= now - self._polled_at < NOTIFIED_POLL

    def _poll(self) -> None:
        """Read when the next message and the next task are due, in one transaction."""
        self._polled_at = None  # if the read fails, the next call polls again
        self._changed.clear()
        now = self.scheduler.context.clock()
        self._next = message_at, _ = self.scheduler.database.next_moments()
        self._polled_at = now
        if message_at is not None:
            self._awake.set()
