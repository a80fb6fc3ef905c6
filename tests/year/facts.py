"""The rows of the record, read independently of the repositories."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from storage.database import Database
from storage.tables.audit import audit
from storage.tables.backup import backup_call
from storage.tables.cases import approval, hearing, matter, objection, recusal, warning
from storage.tables.columns import metadata
from storage.tables.customers import customer, merger, safeguard, stake
from storage.tables.decisions import decision, review, sent_letter
from storage.tables.outbox import notice, step
from storage.tables.reports import report, verdict

KEPT = (
    approval,
    backup_call,
    customer,
    decision,
    objection,
    hearing,
    matter,
    merger,
    recusal,
    report,
    review,
    safeguard,
    sent_letter,
    stake,
    step,
    warning,
)
Row = Any


@dataclass(frozen=True)
class Facts:
    """All rows of the small tables, the lengths of the chains, and the wanted version of each notice."""

    now: datetime
    rows: dict[str, list[Row]]
    chain: dict[tuple[int, int], str]
    verdicts: int
    wanted: dict[tuple[str, int, str, int], int]

    def of(self, table: Table, where: Callable[[Row], bool] = lambda _: True) -> list[Row]:
        return [row for row in self.rows[table.name] if where(row)]

    def case(self, number: int) -> Row:
        return next(row for row in self.rows["matter"] if row.number == number)

    def decision(self, case: int) -> Row | None:
        return next((row for row in self.rows["decision"] if row.case == case), None)

    def customer(self, number: int) -> Row:
        return next(row for row in self.rows["customer"] if row.number == number)

    def open_cases(self) -> list[Row]:
        return self.of(matter, lambda row: row.closed_at is None)

    def in_force(self, about: int) -> Row | None:
        """The newest decision about a customer that has not ended."""
        made = self.of(decision, lambda row: row.customer == about and row.ended_at is None)
        return max(made, key=lambda row: (row.at, row.case), default=None)

    def letter_owed(self, case: int) -> tuple[str, str] | None:
        """Which letter of the case is to be sent, and who wrote it: the last one written, while it says what holds."""
        made, about = self.decision(case), self.case(case).customer
        answer = next((row for row in self.of(objection) if row.case == case and row.answered_by and row.letter), None)
        newest = self.in_force(about)
        stands = made and made.ended_at is None and newest is not None and newest.case == case
        by = answer.answered_by if answer else made.by if made and made.letter else None
        letter = "answer" if answer else "decision"
        sent = self.of(sent_letter, lambda row: (row.case, row.letter) == (case, letter))
        holds = stands or (answer and (made is None or made.ended_how == "cancelled"))
        return (letter, by) if by and holds and not sent else None

    def scheduled_at(self, kind: str, subject: int) -> datetime | None:
        return next((row.at for row in self.rows["step"] if (row.kind, row.subject) == (kind, subject)), None)

    def is_quiet(self) -> bool:
        """Whether no scheduled task is due."""
        return all(row.at > self.now for row in self.rows["step"])


def facts(database: Database, now: datetime) -> Facts:
    """All facts, read in one transaction."""
    with database.engine.connect() as connection:
        return Facts(
            now,
            {table.name: list(connection.execute(select(table))) for table in KEPT},
            {(row.customer, row.n): row.hash for row in _chain(connection)},
            len(connection.execute(select(verdict.c.n)).all()),
            {_key(row): row.wanted for row in connection.execute(_NOTICES)},
        )


def new_entries(database: Database, before: Facts, after: Facts) -> list[Row]:
    """The entries of the audit log since `before`."""
    return _new(database, audit, set(after.chain) - set(before.chain))


def new_verdicts(database: Database, before: Facts, after: Facts) -> list[Row]:
    """The verdicts since `before`."""
    return _new(database, verdict, set(after.chain) - set(before.chain))


def digest(database: Database) -> str:
    """A digest of the whole database."""
    whole = hashlib.sha256()
    with database.engine.connect() as connection:
        for line in _lines(connection):
            whole.update(line.encode())
    return whole.hexdigest()


def _lines(connection: Connection) -> Iterator[str]:
    for table in metadata.sorted_tables:
        yield table.name
        everything = f'SELECT * FROM "{table.name}"'  # noqa: S608 - a name of ours
        yield from sorted(repr(tuple(row)) for row in connection.exec_driver_sql(everything))


def _new(database: Database, table: Table, keys: set[tuple[int, int]]) -> list[Row]:
    if not keys:
        return []
    with database.engine.connect() as connection:
        rows = connection.execute(select(table).where(table.c.customer.in_({customer for customer, _ in keys})))
        return sorted((row for row in rows if (row.customer, row.n) in keys), key=lambda row: (row.at, row.n))


def _chain(connection: Connection) -> list[Row]:
    return list(connection.execute(select(audit.c.customer, audit.c.n, audit.c.hash)))


_NOTICES = select(notice.c.kind, notice.c.subject, notice.c.target, notice.c.round, notice.c.wanted)


def _key(row: Row) -> tuple[str, int, str, int]:
    return row.kind, row.subject, row.target, row.round
