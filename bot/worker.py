"""The loop: brings Slack in step with the record, and reads from Slack who may act."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

from bot.language import _
from bot.rules.people import Person
from bot.rules.refusals import NotRecorded
from bot.usecases.delivery.delivery import Delivery, Job
from bot.usecases.roster import Roster
from bot.usecases.scheduler import Scheduler
from bot.usecases.transport import RateLimited, Refused, Unanswered

log = logging.getLogger(__name__)

WORKERS = 8  # messages under way at once; one slow channel holds up one of them
GLANCE = 1.0  # seconds between two looks at a quiet record: another process may have written to it
SELDOM = timedelta(seconds=10)  # the same, while the database tells what other processes write
UNTOLD = 30.0  # seconds that the delivery sleeps at most: the clock's looks and every commit wake it
ROSTER_GLANCE = timedelta(seconds=10)  # between two looks at how old the roster is
ROSTER_RETRY = 5.0  # seconds after which Slack is asked again: it takes twenty questions about groups a minute
WATCH_GLANCE = 30.0  # seconds between two looks at how the bot does; none at the start, before all has been read
CLOCK_GLANCE = 0.25  # seconds between two looks at the clock, which somebody may have turned
POLITE = 0.2  # seconds that a turn waits at most while somebody waits for an answer: they share one interpreter
A_BREATH = 0.02  # seconds after a commit before the delivery looks, so that several in a row are looked at once
A_MOMENT = 0.005  # seconds between two looks whether they still do
NOT_READ = _("The list of managers has not been read from Slack yet.")
UNREADABLE = _("The list of managers cannot be read from Slack: {why}.")
PAUSED = _("The list of managers cannot be read from Slack: it asks for a pause.")
BROKE = {
    # Translators: {error} is the name of an error.
    "delivery": _("The loop that keeps the delivery going broke: {error}."),
    "roster": _("The loop that keeps the roster going broke: {error}."),
    "clock": _("The loop that keeps the clock going broke: {error}."),
    "watch": _("The loop that keeps the watch going broke: {error}."),
}

Turn = Callable[[], float]
"""Does what is to be done now; for how many seconds to rest then."""


class Worker:
    """Threads around `Delivery`, `Roster` and `Scheduler`, from `start` to `stop`.

    `wake` is to be called after each commit, so that nothing waits for a look. `asked` tells whether somebody waits for
    an answer, who goes first; `watch` is called now and then, to look at how the bot does.
    """

    def __init__(self, delivery: Delivery, roster: Roster, scheduler: Scheduler, find_team: Callable[[], str]) -> None:
        self.delivery = delivery
        self.roster = roster
        self.scheduler = scheduler
        self.find_team = find_team
        self.asked: Callable[[], bool] = lambda: False
        self.watch: Callable[[], None] = lambda: None
        self._team = ""
        self._awake = threading.Event()
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._looked_at: datetime | None = None
        self._next: tuple[datetime | None, datetime | None] = (None, None)
        self._ask_about: SimpleQueue[Person | None] = SimpleQueue()
        self._free = threading.Semaphore(WORKERS)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="delivery")
        self._troubles = {"roster": NOT_READ}
        self._threads = [
            self._thread("delivery", self._hand_out, self._until_awake),
            self._thread("roster", self._keep_roster, self._stopping.wait),
            self._thread("clock", self._keep_time, self._stopping.wait),
            self._thread("watch", self._keep_watch, self._stopping.wait),
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
        self._pool.shutdown()

    def wake(self) -> None:
        """Look at once: the record has changed."""
        self._changed.set()
        self._awake.set()

    def ask_about(self, person: Person) -> None:
        """Read this person from Slack soon."""
        self._ask_about.put(person)

    def troubles(self) -> list[str]:
        """What keeps the loop from its work right now, one sentence each."""
        return list(self._troubles.values())

    def _thread(self, name: str, turn: Turn, rest: Callable[[float], object]) -> threading.Thread:
        return threading.Thread(target=self._go_on, args=(name, turn, rest), name=name, daemon=True)

    def _go_on(self, name: str, turn: Turn, rest: Callable[[float], object]) -> None:
        """Turn after turn until stopped, whatever happens: the database may be away, or a mistake of ours break one."""
        away = False
        while not self._stopping.is_set():
            try:
                pause = turn()
                away = False
            except NotRecorded:
                if not away:
                    log.warning("the database cannot be used; trying again", extra={"ids": {"thread": name}})
                away, pause = True, GLANCE
            except Exception as broke:  # without this the bot would go on without one of its parts, and say nothing
                log.exception("a turn of the loop broke; it goes on", extra={"ids": {"thread": name}})
                self._troubles[name] = BROKE[name].format(error=type(broke).__name__)
                pause = GLANCE
            if not self._stopping.is_set():  # a turn may have missed that it was woken to stop
                rest(pause)

    def _give_way(self) -> None:
        until = time.monotonic() + POLITE
        while self.asked() and time.monotonic() < until and not self._stopping.is_set():
            time.sleep(A_MOMENT)

    def _until_awake(self, pause: float) -> None:
        if self._awake.wait(pause):
            self._stopping.wait(A_BREATH)

    def _hand_out(self) -> float:
        """Hand the next message to a worker, as soon as one is free."""
        self._give_way()
        self._awake.clear()
        self._free.acquire()
        job = None
        try:
            job = self.delivery.claim()
        finally:
            if job is None:
                self._free.release()
        self._troubles.pop("delivery", None)
        if job is None:
            return self._pause()
        self._pool.submit(self._carry_out, job)
        return 0

    def _carry_out(self, job: Job) -> None:
        ids = {"kind": job.notice.kind, "subject": job.notice.subject}
        try:
            self.delivery.deliver(job)
        except NotRecorded:
            log.warning("what came of a message could not be noted; it is looked for again", extra={"ids": ids})
        except Exception as broke:  # it must not be lost in a worker: it is noted beside the message, and in the log
            log.exception("a delivery broke", extra={"ids": ids})
            self.delivery.broke(job, broke)
        finally:
            self._free.release()
            self.wake()

    def _pause(self) -> float:
        moment = self.delivery.next_moment()
        if moment is None:
            return UNTOLD
        return min(max((moment - self.delivery.clock()).total_seconds(), 0.01), UNTOLD)

    def _keep_time(self) -> float:
        """Carry out what is due: by the clock, which somebody may have turned, and by what was last seen on record."""
        self._give_way()
        if self._may_have_news():
            self._look()
        _, step_at = self._next
        done = step_at is not None and step_at <= self.scheduler.context.clock() and self.scheduler.tick()
        self._troubles.pop("clock", None)
        return 0 if done else GLANCE

    def _may_have_news(self) -> bool:
        now = self.scheduler.context.clock()
        if self._looked_at is None or self._changed.is_set() or not self.scheduler.agenda.hears_others():
            return True
        due = any(moment is not None and moment <= now for moment in self._next)
        return due or not timedelta() <= now - self._looked_at < SELDOM

    def _look(self) -> None:
        """One transaction for all that may be due: messages, which are left to the delivery, and steps."""
        self._looked_at = None  # until it has succeeded
        self._changed.clear()
        now = self.scheduler.context.clock()
        self._next = message_at, _ = self.scheduler.agenda.next_moments()
        self._looked_at = now
        if message_at is not None:
            self._awake.set()

    def _keep_watch(self) -> float:
        if not self._stopping.wait(WATCH_GLANCE):
            self.watch()
            self._troubles.pop("watch", None)
        return 0

    def _keep_roster(self) -> float:
        try:
            self._team = self._team or self.find_team()
            looked_at = self.roster.context.clock()
            self.roster.renew(self._team)
            self._troubles.pop("roster", None)
            self._answer_questions(looked_at)
        except (RateLimited, Refused, Unanswered) as failure:
            paused, why = isinstance(failure, RateLimited), str(failure)
            self._troubles["roster"] = PAUSED if paused else UNREADABLE.format(why=why)
            log.warning(
                "the roster was not renewed", extra={"ids": {"error": "it asks for a pause" if paused else why}}
            )
            return failure.seconds if isinstance(failure, RateLimited) else ROSTER_RETRY
        return 0

    def _answer_questions(self, looked_at: datetime) -> None:
        """Read whom somebody asked about, until the roster is to be looked at again or the clock has been turned."""
        while timedelta() <= self.roster.context.clock() - looked_at < ROSTER_GLANCE and not self._stopping.is_set():
            try:
                person = self._ask_about.get(timeout=CLOCK_GLANCE)
            except Empty:
                continue
            if person:
                self.roster.learn(person.team, person.user)


class Watch:
    """Looks at the bot's health; `tell` is called where it is not what it was at the last look that could be told.

    At the first look it is told whatever it is: Homes may still show what kept an earlier run from its work.
    """

    def __init__(self, health: Callable[[], Sequence[str]], tell: Callable[[], None]) -> None:
        self.health = health
        self.tell = tell
        self._told: tuple[str, ...] | None = None

    def look(self) -> None:
        """Look now. Raises NotRecorded where it could not be told, which a later look makes up for."""
        found = tuple(self.health())
        if found != self._told:
            self.tell()
            self._told = found
