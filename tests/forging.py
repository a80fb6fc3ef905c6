"""Somebody who has the database and knows how: after a change they compute every digest again."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.rules.audit import WORKSPACE, AuditEntry
from bot.rules.audit_chain import NO_HASH, Chain, counted_in
from bot.rules.publications import Derived, Growth, Publication
from bot.rules.weeks import Week
from storage.database import Database
from storage.db.digested_tables import DIGESTED
from storage.tables.audit import audit, audit_head
from storage.tables.customers import counter
from storage.tables.outbox import publication
from tests.builders import TEAM


def recompute(database: Database) -> None:
    """Make every digest in the record fit the record as it is now."""
    with database.engine.begin() as connection:
        chains = {head.customer: _chain(connection, head) for head in _rows(connection, audit_head, "customer")}
        digest = counted_in(None, [hashes[0] for customer, hashes in chains.items() if customer != WORKSPACE])
        connection.execute(update(counter).where(counter.c.name == "customer").values(digest=digest))
        _publications(connection, chains)


def append(database: Database, act: str, name: str, at: datetime | None = None) -> None:
    """Add an entry with the right hash to the chain of customer 1: it tells of a row as this is now."""
    with database.engine.begin() as connection:
        head = next(row for row in _rows(connection, audit_head) if row.customer == 1)
        last = next(row for row in _rows(connection, audit) if (row.customer, row.n) == (1, head.n))
        chain = Chain(TEAM, 1, head.salt)
        rows = {name: _digest(connection, name, chain)}
        said = last._asdict() | {"n": head.n + 1, "at": at or last.at, "act": act, "rows": rows, "form": None}
        entry = AuditEntry(*(said[each] for each in ("n", "at", "actor", "act", "facts", "rows")))
        end = {"n": entry.n, "hash": chain.hash(head.hash, entry)}
        connection.execute(insert(audit).values(said | end | {"once": None}))
        connection.execute(update(audit_head).where(audit_head.c.customer == 1).values(end | {"at": entry.at}))


def _rows(connection: Connection, table: Any, *order: str) -> list[Row[Any]]:  # noqa: ANN401 - any table
    return list(connection.execute(select(table).order_by(*(table.c[name] for name in order))).all())


def _chain(connection: Connection, head: Row[Any]) -> list[str]:
    chain, hashes = Chain(TEAM, head.customer, head.salt), [NO_HASH]
    for row in _rows(connection, audit, "n"):
        if row.customer == head.customer:
            digests = {name: _digest(connection, name, chain) or digest for name, digest in row.rows.items()}
            hashes.append(chain.hash(hashes[-1], AuditEntry(row.n, row.at, row.actor, row.act, row.facts, digests)))
            this = (audit.c.customer == row.customer) & (audit.c.n == row.n)
            connection.execute(update(audit).where(this).values(rows=digests, hash=hashes[-1]))
    end = {"n": len(hashes) - 1, "hash": hashes[-1]}
    connection.execute(update(audit_head).where(audit_head.c.customer == head.customer).values(end))
    return hashes[1:]


def _digest(connection: Connection, name: str, chain: Chain) -> str | None:
    kind = DIGESTED[name.partition(" ")[0]]
    for row in connection.execute(select(kind.table)).all():
        if kind.name(tuple(row._mapping[column] for column in kind.key)) == name:
            return kind.digest(row._mapping, chain)
    return None


def _publications(connection: Connection, chains: dict[int, list[str]]) -> None:
    stored = _rows(connection, publication, "number")
    derived, before = Derived([Growth.read(row.growth) for row in stored]), NO_HASH
    for customer, hashes in sorted(chains.items()):
        derived.add(customer, hashes)
    for row, tree in zip(stored, derived.trees, strict=True):
        said = Publication(TEAM, row.number, str(Week.of_key(row.week)), row.channel, row.at)
        before = said.digest(before, tree.leaves, tree.root)
        this = publication.c.number == row.number
        connection.execute(update(publication).where(this).values(digest=before))
