"""How processes on one PostgreSQL hear of each other's work, so that none has to ask for it every second.

Each transaction that writes says so, and whoever listens is told once it is committed. Nothing depends on that: the
session that listens may be lost, and a pooler on the way may pass nothing on. So each look at the record calls out to
ourselves as well, and others are taken to be heard only while our own calls are.
"""

import secrets
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from sqlalchemy import Connection, Engine

from bot.rules.refusals import NotRecorded

CHANNEL = "backstop"
PATIENCE = 0.25  # seconds after which the listener looks whether it is to end
AGAIN_IN = 1.0  # seconds after which a lost session is made anew


class Listening:
    """Listens from `start` to `stop`. `plainly` turns whatever keeps the database from taking part into NotRecorded."""

    def __init__(self, engine: Engine, plainly: Callable[[], AbstractContextManager[None]]) -> None:
        self._engine = engine
        self._plainly = plainly
        self._heard: Callable[[], None] = lambda: None
        self._me = secrets.token_hex(8)
        self._called, self._answered = 0, 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="listener", daemon=True)

    def start(self, heard: Callable[[], None]) -> None:
        """Begin: `heard` is called when another process has written.

        Also whenever a session begins or ends, since what was written meanwhile is to be looked for.
        """
        self._heard = heard
        self._thread.start()

    def stop(self) -> None:
        """Leave no session behind."""
        self._stopping.set()
        if self._thread.ident:
            self._thread.join()

    def hears(self) -> bool:
        """Whether all that we called out came back, and something did."""
        return self._answered == self._called > 0

    def tell(self, connection: Connection) -> None:
        """Have the others told of this transaction when it is committed."""
        self._say(connection, self._me)

    def call(self, connection: Connection) -> None:
        """Find out whether we hear: see `hears` a moment after this transaction."""
        self._called += 1
        self._say(connection, f"{self._me} {self._called}")

    def _say(self, connection: Connection, words: str) -> None:
        connection.exec_driver_sql(f"NOTIFY {CHANNEL}, '{words}'")

    def _go_on(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._plainly():
                    self._listen()
            except NotRecorded:  # the loop says so; here it is only tried again
                self._stopping.wait(AGAIN_IN)

    def _listen(self) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            driver: Any = connection.connection.driver_connection
            connection.detach()  # from the pool, which is for transactions
            connection.exec_driver_sql(f"LISTEN {CHANNEL}")
            self._heard()
            try:
                self._follow(driver)
            finally:
                self._answered = -1
                self._heard()

    def _follow(self, driver: Any) -> None:  # noqa: ANN401 - psycopg's connection
        with DefaultSelector() as quiet:  # psycopg's own waiting takes a look ten times a second
            quiet.register(driver, EVENT_READ)
            while not self._stopping.is_set():
                if quiet.select(PATIENCE):
                    for told in driver.notifies(timeout=0):
                        self._take(told.payload)

    def _take(self, words: str) -> None:
        who, _, call = words.partition(" ")
        if who == self._me and call:
            self._answered = int(call)
        elif who != self._me and not call:
            self._heard()
