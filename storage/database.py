"""A database: what can be asked of it, one transaction each. `storage/db/connections.py` has the connections."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.rules.refusals import NotRecorded
from bot.rules.scheduled_tasks import BrokenTask, ScheduledTask
from storage import scheduled_tasks
from storage.audit.inspection import KNOWN_BY
from storage.db.connections import Connections
from storage.db.executor import Executor
from storage.db.notify import Listener
from storage.db.write_probe import FILES_LIMITED, probe_room, probe_write
from storage.gauges import Gauges, gauges, left_to_nobody
from storage.outbox.outbox import Outbox
from storage.processes import LAST_START
from storage.transaction import Transaction

WAIT_OF_A_TASK = 200  # milliseconds for a lock; much less than the second after which PostgreSQL looks for a deadlock


class Database:
    """One database. `begin` gives a transaction for one workspace, `read` a view that changes nothing.

    `changed` is called after each commit, so that the worker looks at once; `listen` does the same for other processes.
    `refused` is called where a transaction that may write cannot be.
    """

    def __init__(self, url: str, changed: Callable[[], None] = lambda: None) -> None:
        self.connections = Connections(url)
        self.engine = self.connections.engine
        self.changed = changed
        self.refused: Callable[[NotRecorded], None] = lambda _: None
        self._listener = None if self.connections.is_sqlite else Listener(self.engine)

    @contextmanager
    def begin(self, team: str) -> Iterator[Transaction]:
        """One transaction: everything in the block, or nothing. Raises NotRecorded: nothing was written."""
        with self._writing() as db:
            tx = Transaction(db, team)
            yield tx
            self._finish(db, tx)
        self.changed()

    @contextmanager
    def read(self, team: str) -> Iterator[Transaction]:
        """One snapshot of the record, as of the first statement: what is committed meanwhile is not seen.

        It locks nothing and waits for nobody.

        Raises:
            NotRecorded: the database cannot be read.
            WrittenWhileReading: something was written in the block.
        """
        with self.connections.reading() as db:
            yield Transaction(db, team)

    @contextmanager
    def outbox(self) -> Iterator[Outbox]:
        """One transaction on the outbox of all workspaces. Raises as `begin`."""
        with self._writing() as db:
            yield Outbox(db)

    @contextmanager
    def read_outbox(self) -> Iterator[Outbox]:
        """The outbox of all workspaces, to look at only. Raises as `read`."""
        with self.connections.reading() as db:
            yield Outbox(db)

    @contextmanager
    def next_task(self, now: datetime) -> Iterator[tuple[ScheduledTask, Transaction] | None]:
        """The first task that is due, removed, and its workspace's record: one transaction with what the block does.

        Requests go first: where one holds a lock that the task needs, the task fails soon and is tried again later.
        Raises as `begin`.
        """
        with self._writing() as db:
            if not self.connections.is_sqlite:
                db.command(f"SET LOCAL lock_timeout = {WAIT_OF_A_TASK}")
            due = scheduled_tasks.take(db, now)
            if due is None:
                yield None
                return
            tx = Transaction(db, due.team)
            yield due, tx
            self._finish(db, tx)
        self.changed()

    def next_task_at(self) -> datetime | None:
        """When the next task is due; None where there is none. Raises NotRecorded."""
        with self.connections.reading() as db:
            return scheduled_tasks.next_moment(db)

    def broken_tasks(self) -> tuple[BrokenTask, ...]:
        """The first 20 tasks that break again and again. Raises NotRecorded."""
        with self.connections.reading() as db:
            return scheduled_tasks.broken(db)

    def next_moments(self) -> tuple[datetime | None, datetime | None]:
        """When the next message may be sent, and when the next task is due. Raises NotRecorded."""
        with self.connections.reading() as db:
            if self._listener:
                self._listener.notify_self(db)
            return Outbox(db).next_moment(), scheduled_tasks.next_moment(db)

    def listen(self) -> None:
        """Call `changed` for the commits of other processes as well, until `close`. On SQLite it does nothing."""
        if self._listener:
            self._listener.start(self.changed)

    def hears_others(self) -> bool:
        """Whether other processes' commits are heard, as tested by the last `next_moments`; if not, poll for them."""
        return self._listener is not None and self._listener.hears()

    def cases_left_to_nobody(self) -> tuple[int, ...]:
        """The first 20 cases on which, or on an objection in which, not even a director may act. Raises NotRecorded."""
        with self.connections.reading() as db:
            return left_to_nobody(db.connection)

    def gauges(self, now: datetime) -> Gauges:
        """Figures over all workspaces. Raises NotRecorded."""
        with self.connections.reading() as db:
            return gauges(db.connection, now)

    @contextmanager
    def read_all(self) -> Iterator[list[Transaction]]:
        """One snapshot of every workspace's record that has anything on record. Raises as `read`."""
        with self.connections.reading() as db:
            yield [Transaction(db, team) for team in sorted(db.connection.scalars(KNOWN_BY))]

    def teams(self) -> tuple[str, ...]:
        """Every workspace that has anything on record. Raises NotRecorded."""
        with self.read_all() as workspaces:
            return tuple(tx.audit.team for tx in workspaces)

    def last_start(self) -> tuple[datetime, bool] | None:
        """When the process that started last did so, and whether a request of Slack's has come to it. Raises as `read`.

        Of whichever workspace: none is known before something is on record of it.
        """
        with self.connections.reading() as db:
            row = db.connection.execute(LAST_START).first()
            return None if row is None else (row.started_at, row.asked)

    def try_to_write(self) -> None:
        """Write about as much as a report, and remove it in the same transaction. Raises NotRecorded."""
        with self.connections.writing() as db:
            probe_write(db)
        if self.connections.is_sqlite:
            return
        try:
            with self.connections.writing() as db:
                probe_room(db)
        except NotRecorded as failure:
            if failure.code != FILES_LIMITED:
                raise

    def place(self) -> str:
        """Where the database is, which a copy of it is not; empty where nobody can tell. Raises NotRecorded."""
        return self.connections.place()

    def vacuum(self) -> None:
        """Remove from the database's files what was deleted. Raises NotRecorded while others use them."""
        self.connections.vacuum()

    def close(self) -> None:
        """Close every connection."""
        if self._listener:
            self._listener.stop()
        self.connections.close()

    def _finish(self, db: Executor, tx: Transaction) -> None:
        tx.audit.seal()
        if self._listener:
            self._listener.notify_others(db)

    @contextmanager
    def _writing(self) -> Iterator[Executor]:
        """One transaction that may change the record."""
        try:
            with self.connections.writing() as db:
                yield db
        except NotRecorded as failure:
            self.refused(failure)
            raise
