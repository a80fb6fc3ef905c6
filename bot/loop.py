"""The loop: brings Slack in step with the record, and reads from Slack who may act."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

from bot.desk.clockwork import Clockwork
from bot.desk.deliver import Delivery, InDoubt, RateLimited, Refused
from bot.desk.people import Person
from bot.desk.refusals import NotRecorded
from bot.desk.roster import Roster

log = logging.getLogger(__name__)

WORKERS = 8  # messages under way at once; one slow channel holds up one of them
GLANCE = 1.0  # seconds between two looks at a quiet record: another process may have written to it
ROSTER_GLANCE = timedelta(seconds=10)  # between two looks at how old the roster is
CLOCK_GLANCE = 0.25  # seconds between two looks at the clock, which somebody may have turned
EXPECTED = (RateLimited, Refused, InDoubt, NotRecorded)  # Slack or the database is away: tried again at the next look


class Loop:
    """Threads around `Delivery`, `Roster` and `Clockwork`, from `start` to `stop`.

    `wake` is to be called after each commit, so that nothing waits for a glance. `trouble` says in a sentence what
    keeps the roster from being read, or is empty.
    """

    def __init__(self, delivery: Delivery, roster: Roster, clockwork: Clockwork, find_team: Callable[[], str]) -> None:
        self.delivery = delivery
        self.roster = roster
        self.clockwork = clockwork
        self.find_team = find_team
        self.trouble = "The list of managers has not been read from Slack yet."
        self._awake = threading.Event()
        self._stopping = threading.Event()
        self._ask_about: SimpleQueue[Person | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._deliver, name="delivery", daemon=True),
            threading.Thread(target=self._keep_roster, name="roster", daemon=True),
            threading.Thread(target=self._keep_time, name="clock", daemon=True),
        ]

    def start(self) -> None:
        """Begin; what was left over from an earlier run is found in the record."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is under way and return. What is not sent yet stays in the record for the next start."""
        self._stopping.set()
        self._awake.set()
        self._ask_about.put(None)
        for thread in self._threads:
            thread.join()

    def wake(self) -> None:
        """Look at once."""
        self._awake.set()

    def ask_about(self, person: Person) -> None:
        """Read this person from Slack soon."""
        self._ask_about.put(person)

    def _deliver(self) -> None:
        free = threading.Semaphore(WORKERS)
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="delivery") as pool:
            while not self._stopping.is_set():
                self._awake.clear()
                free.acquire()
                if not self._hand_out(pool, free):
                    free.release()
                    self._awake.wait(self._pause())

    def _hand_out(self, pool: ThreadPoolExecutor, free: threading.Semaphore) -> bool:
        try:
            job = self.delivery.claim()
        except NotRecorded:
            log.warning("the outbox cannot be read; trying again")
            return False
        if job is None:
            return False
        pool.submit(self.delivery.deliver, job).add_done_callback(lambda done: self._note(done, free))
        return True

    def _note(self, done: Future[None], free: threading.Semaphore) -> None:
        """A delivery that broke is found again when its lease ends; the log says how it broke."""
        free.release()
        self._awake.set()
        broke = done.exception()
        if broke is not None:
            log.error("a delivery broke", exc_info=broke)

    def _pause(self) -> float:
        try:
            moment = self.delivery.next_moment()
        except NotRecorded:
            return GLANCE
        if moment is None:
            return GLANCE
        return min(max((moment - self._now()).total_seconds(), 0.01), GLANCE)

    def _now(self) -> datetime:
        return self.delivery.clock()

    def _keep_time(self) -> None:
        """What is due is looked for at every glance: somebody may have turned the clock, or another process planned."""
        while not self._stopping.is_set():
            try:
                if not self.clockwork.tick():
                    self._stopping.wait(GLANCE)
            except NotRecorded:
                log.warning("a step could not be carried out; trying again")
                self._stopping.wait(GLANCE)

    def _keep_roster(self) -> None:
        team = ""
        while not self._stopping.is_set():
            try:
                team = team or self.find_team()
                looked_at = self.roster.desk.clock()
                self.roster.renew(team)
                self.trouble = ""
                self._answer_questions(looked_at)
            except EXPECTED as failure:
                self.trouble = f"The list of managers cannot be read from Slack: {failure or type(failure).__name__}."
                log.warning("the roster was not renewed", extra={"ids": {"error": str(failure)}})
                self._stopping.wait(1)

    def _answer_questions(self, looked_at: datetime) -> None:
        """Read whom somebody asked about, until the roster is to be looked at again or the clock has been turned."""
        while timedelta() <= self.roster.desk.clock() - looked_at < ROSTER_GLANCE and not self._stopping.is_set():
            try:
                person = self._ask_about.get(timeout=CLOCK_GLANCE)
            except Empty:
                continue
            if person:
                self.roster.learn(person.team, person.user)
