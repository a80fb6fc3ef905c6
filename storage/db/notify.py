"""How processes on one PostgreSQL hear of each other's commits, so that none has to look every second.

Each writing transaction sends a NOTIFY, which listeners get when it is committed. Nothing depends on it: the listening
session may be lost, and a pooler on the way passes nothing on. So a process notifies itself as well, and relies on
hearing the others only while it hears its own calls. Behind a pooler nobody listens: it would be on a session that
others use.
"""

import secrets
import threading
from collections.abc import Callable
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from sqlalchemy import Engine

from bot.rules.refusals import NotRecorded
from storage.db.engine import is_pooled
from storage.db.errors import raising_not_recorded
from storage.db.executor import Executor

CHANNEL = "backstop"
PATIENCE = 0.25  # seconds after which the listener checks whether it is to end
AGAIN_IN = 1.0  # seconds after which a lost session is replaced


class Listener:
    """Listens in a thread from `start` to `stop`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._heard: Callable[[], None] = lambda: None
        self._me = secrets.token_hex(8)
        self._called, self._answered = 0, 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self, heard: Callable[[], None]) -> None:
        """Start the thread. `heard` is called when another process has written, and when a session begins or ends.

        A process may have written while there was no session, so `heard` has to look.
        """
        self._heard = heard
        self._thread.start()

    def stop(self) -> None:
        """End the session and the thread."""
        self._stopping.set()
        if self._thread.ident:
            self._thread.join()

    def hears(self) -> bool:
        """Whether every `notify_self` so far was heard, and there was one."""
        return self._answered == self._called > 0

    def notify_others(self, db: Executor) -> None:
        """Notify the other processes when this transaction is committed."""
        db.command(f"NOTIFY {CHANNEL}, '{self._me}'")

    def notify_self(self, db: Executor) -> None:
        """Notify ourselves when this transaction is committed: `hears` tells a moment later whether we heard it."""
        self._called += 1
        db.command(f"NOTIFY {CHANNEL}, '{self._me} {self._called}'")

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with raising_not_recorded(self._engine):
                    self._listen()
            except NotRecorded:  # the worker reports it; here it is only tried again
                self._stopping.wait(AGAIN_IN)

    def _listen(self) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            driver: Any = connection.connection.driver_connection
            if is_pooled(connection):
                self._stopping.set()
                return
            connection.detach()  # from the pool, which is for transactions
            connection.exec_driver_sql(f"LISTEN {CHANNEL}")
            self._heard()
            try:
                self._follow(driver)
            finally:
                self._answered = -1
                self._heard()

    def _follow(self, driver: Any) -> None:  # noqa: ANN401 - psycopg's connection
        with DefaultSelector() as selector:  # psycopg's own waiting wakes up ten times a second
            selector.register(driver, EVENT_READ)
            while not self._stopping.is_set():
                if selector.select(PATIENCE):
                    for notification in driver.notifies(timeout=0):
                        self._take(notification.payload)

    def _take(self, payload: str) -> None:
        sender, _, call = payload.partition(" ")
        if sender == self._me and call:
            self._answered = int(call)
        elif sender != self._me and not call:
            self._heard()
