"""How statements reach PostgreSQL: several at once. `storage/db/driver.py` says what each method promises.

A wait for PostgreSQL takes two switches between processes, and gives Python's interpreter to another thread, which may
keep it for milliseconds. So a statement whose result nobody reads is not sent until something has to be read, or until
the commit, and then all go in one message. This speaks to libpq by `psycopg.pq`, since psycopg's cursors take longer
for a statement than PostgreSQL does.
"""

import select
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any, TypeAlias

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, PipelineStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

Found: TypeAlias = tuple[list[tuple[Any, ...]], int]
"""What a statement gives: its rows, and how many rows it changed or found."""
Take = Callable[[Found], None]
Parameters = Sequence[Any] | None

PREPARED_FROM = 5  # executions on a connection from which a statement is prepared there, as psycopg does
MOST_PREPARED = 250  # statements on a connection: the server keeps a plan of each
MOST_QUEUED = 1000  # statements, so that an import does not gather everything in memory
# Seconds without a byte of an answer: as long as the kernel takes to notice that nobody is there. It does not notice
# that a server is stopped.
SILENT_AFTER = 30.0
DONE = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
LOST = 3  # empty results in a row; there is one after each statement's


def execute(connection: "psycopg.Connection[Any]", command: bytes, silent_after: float = SILENT_AFTER) -> bool:
    """Execute what gives no rows, several statements too; whether it was done.

    A server that says nothing for `silent_after` seconds is given up, and the connection closed: psycopg would wait.
    """
    pg, done = connection.pgconn, False
    pg.send_query(command)
    try:
        while result := _next_result(pg, silent_after):
            done = result.status == ExecStatus.COMMAND_OK
    except psycopg.OperationalError:
        connection.close()
        raise
    return done


def _next_result(pg: PGconn, silent_after: float) -> PGresult | None:
    """The next result, or None behind the last of a statement. Sends first what is not sent yet."""
    sending = pg.flush()
    while sending or pg.is_busy():
        poll = select.poll()
        poll.register(pg.socket, select.POLLIN | select.POLLOUT if sending else select.POLLIN)
        if not poll.poll(silent_after * 1000):
            raise psycopg.OperationalError("timeout expired")
        pg.consume_input()
        sending = sending and pg.flush()
    return pg.get_result()


class Pipeline:
    """PostgreSQL's statements on one connection, from one transaction to the next.

    It begins a transaction with the first statement if none is open. Between its calls the connection is psycopg's.
    A server that says nothing for `silent_after` seconds is given up, and the connection closed.
    """

    def __init__(
        self, connection: "psycopg.Connection[Any]", *, prepares: bool = True, silent_after: float = SILENT_AFTER
    ) -> None:
        self._connection = connection
        self._prepares, self._silent_after = prepares, silent_after
        self._pg = connection.pgconn
        self._adapt = Transformer(connection)
        self._queue: list[tuple[str, Parameters, Take | None]] = []
        self._uses: Counter[str] = Counter()
        self._names: dict[str, bytes] = {}
        self._numbers = count()
        self._cursors = count()

    def forget(self) -> None:
        """Drop what a failed transaction put off, and let the next one have the names of the cursors again."""
        self._queue.clear()
        self._cursors = count()

    def give(self, text: str, parameters: Sequence[Any]) -> Found:
        """See `Driver`."""
        found: list[Found] = []
        self._queue.append((text, self._dumped(parameters), found.append))
        self.flush()
        return found[0]

    def put_off(self, text: str, parameters: Sequence[Any] = (), take: Take | None = None) -> None:
        """See `Driver`."""
        self._queue.append((text, self._dumped(parameters), take))
        if len(self._queue) >= MOST_QUEUED:
            self.flush()

    def put_off_all(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        """See `Driver`."""
        for row in rows:
            self.put_off(text, row)

    def stream(self, text: str, parameters: Sequence[Any], at_once: int) -> Iterator[tuple[Any, ...]]:
        """See `Driver`. Several that begin together have their first rows in one message."""
        cursor, batches = f"c{next(self._cursors)}", deque[list[tuple[Any, ...]]]()
        self.put_off(f"DECLARE {cursor} NO SCROLL CURSOR FOR {text}", parameters)

        def fetch() -> None:
            self.put_off(f"FETCH {at_once} FROM {cursor}", (), lambda found: batches.append(found[0]))

        def rows() -> Iterator[tuple[Any, ...]]:
            while True:
                self.settle()
                batch = batches.popleft()
                yield from batch
                if len(batch) < at_once:
                    return
                fetch()

        fetch()
        return rows()

    def commit(self) -> None:
        """See `Driver`."""
        if self._queue or self._pg.transaction_status != TransactionStatus.IDLE:
            self._queue.append(("COMMIT", None, None))
            self.flush()

    def settle(self) -> None:
        """See `Driver`."""
        if any(take for _, _, take in self._queue):
            self.flush()

    def flush(self) -> None:
        """See `Driver`."""
        if not self._queue:
            return
        queue, self._queue = self._queue, []
        if self._pg.transaction_status == TransactionStatus.IDLE:
            queue.insert(0, ("BEGIN", None, None))
        try:
            self._exchange(queue)
        finally:
            if self._pg.pipeline_status != PipelineStatus.OFF:  # it was interrupted, and nobody knows where
                self._connection.close()

    def _exchange(self, queue: Sequence[tuple[str, Parameters, Take | None]]) -> None:
        """Send all, receive all. Raises the first error, after which PostgreSQL has executed nothing more."""
        sent: list[tuple[Take | None, str]] = []
        self._pg.enter_pipeline_mode()
        for text, parameters, take in queue:
            if self._send(text, parameters):
                sent.append((None, text))
            sent.append((take, ""))
        self._pg.pipeline_sync()
        results = list(self._results())
        self._pg.exit_pipeline_mode()
        failed = [result for result in results if result.status not in DONE]
        for (_, prepared), result in zip(sent, results, strict=True):
            if failed and prepared and result.status not in DONE:
                del self._names[prepared]
        if failed:
            raise error_from_result(failed[0], self._connection.info.encoding)
        for (take, _), result in zip(sent, results, strict=True):
            if take:
                take(self._found(result))

    def _send(self, text: str, parameters: Parameters) -> bool:
        """Send the statement, prepared if it is frequent; whether this prepares it."""
        name, prepares = self._names.get(text), False
        if name is None:
            self._uses[text] += 1
            if not self._prepares or self._uses[text] < PREPARED_FROM or len(self._names) >= MOST_PREPARED:
                self._pg.send_query_params(text.encode(), parameters)
                return False
            name, prepares = f"s{next(self._numbers)}".encode(), True
            self._names[text] = name
            self._pg.send_prepare(name, text.encode())
        self._pg.send_query_prepared(name, parameters)
        return prepares

    def _results(self) -> Iterator[PGresult]:
        """The result of each statement sent, in their order."""
        empty = 0
        while empty < LOST:
            result = _next_result(self._pg, self._silent_after)
            if result is None:
                empty += 1
                continue
            empty = 0
            if result.status == ExecStatus.PIPELINE_SYNC:
                return
            yield result
        raise psycopg.OperationalError("the connection is lost")

    def _dumped(self, parameters: Sequence[Any]) -> Parameters:
        return self._adapt.dump_sequence(parameters, [PyFormat.TEXT] * len(parameters)) if parameters else None

    def _found(self, result: PGresult) -> Found:
        if result.status != ExecStatus.TUPLES_OK:
            return [], result.command_tuples or 0
        self._adapt.set_pgresult(result)
        return self._adapt.load_rows(0, result.ntuples, tuple), result.ntuples
