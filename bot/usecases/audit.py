"""`audit verify`: compares the chains of the audit log with their ends, and the record with the chains."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rules.audit import Act, StoredEntry, verify_chain
from bot.rules.policy.policy import policy_from_body
from storage.database import Database
from storage.transaction import Transaction
from storage.weekly.summaries import Sealed


def audit_problems(database: Database) -> Iterator[str]:
    """One line for each thing that is not as it was written.

    Of each chain: the first entry that was changed, removed, put in or cut off. Of the record: each row with a digest
    in the log (`storage.db.row_digests`) that was changed, removed, put in or erased without an entry about it. Of the
    weekly summaries: each whose record digest, which people can also read in Slack, does not match the chains.
    """
    for team in database.teams():
        with database.read(team) as tx:
            yield from (f"{team}, {problem}" for problem in _problems(tx))


def audit_problems_about(tx: Transaction, customers: Sequence[int]) -> list[str]:
    """As `audit_problems`, of some customers only, without policies and weekly summaries."""
    check = _Check.of(tx)
    return [problem for customer in customers for problem in check.problems(customer)]


def _problems(tx: Transaction) -> Iterator[str]:
    check = _Check.of(tx, *tx.summaries.sealed())
    for customer in tx.inspection.customers():
        yield from check.problems(customer)
    yield from _policies(tx)
    yield from (str(summary) for summary in check.summaries if not summary.then.holds)


@dataclass(frozen=True, slots=True)
class _Check:
    """Compares one customer after another. Holds what is read once for all of them."""

    tx: Transaction
    known: frozenset[int]
    chain_ends: dict[int, tuple[int, str]]
    erased: frozenset[str]
    summaries: tuple[Sealed, ...]

    @classmethod
    def of(cls, tx: Transaction, *summaries: Sealed) -> "_Check":
        return cls(tx, tx.inspection.known_customers(), tx.audit.chain_ends(), _erased(tx), summaries)

    def problems(self, customer: int) -> Iterator[str]:
        found = [] if customer in self.known else ["the customer was removed"]
        found += [] if customer in self.chain_ends else ["the end of the audit log was removed"]
        try:
            chain = list(self.tx.audit.chain(customer))
            for summary in self.summaries:
                summary.then.add(customer, [digest for _, digest in chain])
            broken = verify_chain(self.tx.audit.team, customer, chain, self.chain_ends.get(customer))
            found += [f"entry {broken.n} was {broken.what}"] if broken else []
            found += _rows(self.tx, customer, chain, self.erased)
        except (TypeError, ValueError, AttributeError):
            found.append("what stands there was never written by Backstop, and cannot be read")
        return (f"customer {customer}: {problem}." for problem in found)


def _erased(tx: Transaction) -> frozenset[str]:
    """The rows that were erased according to the log."""
    try:
        return tx.audit.rows_named_by(Act.ERASE)
    except (TypeError, ValueError):  # an entry cannot be read: `problems` names its customer
        return frozenset()


def _rows(tx: Transaction, customer: int, chain: list[StoredEntry], erased: frozenset[str]) -> Iterator[str]:
    logged = {name: (digest, entry.n) for entry, _ in chain for name, digest in entry.rows.items()}
    for kind, name, row in tx.inspection.rows(customer):
        digest, n = logged.pop(name, ("", 0))
        if not digest:
            yield f"{name} was put in, and no entry tells of it"
        elif kind.digest(row) != digest:
            yield f"{name} was changed after entry {n} told of it"
        elif kind.is_erased(row) and name not in erased:
            yield f"{name} was erased, and no entry says that it was"
    for name, (_, n) in logged.items():
        if not tx.inspection.has_row(name):  # a row that was moved to another customer is compared there
            yield f"{name} was removed, of which entry {n} tells"


def _policies(tx: Transaction) -> Iterator[str]:
    kept = tx.inspection.policies()
    yield from (f"policy {digest} was changed." for digest, body in kept.items() if _digest(body) != digest)
    yield from (f"policy {digest} was removed." for digest in sorted(tx.inspection.policies_used() - set(kept)))


def _digest(body: dict[str, Any]) -> str | None:
    try:
        return policy_from_body(body).digest
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
