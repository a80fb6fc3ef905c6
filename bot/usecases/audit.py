"""`audit verify`: compares the chains of the audit log with their ends, and the record with the chains."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.rules.audit import Act
from bot.rules.audit_chain import NO_HASH, Chain, StoredEntry, counted_in, verify_chain
from bot.rules.policy.policy import text_digest
from storage.database import Database
from storage.db.row_digests import ChainEnd
from storage.transaction import Transaction
from storage.weekly.summaries import Sealed


def audit_problems(database: Database) -> Iterator[str]:
    """One line for each thing that is not as it was written.

    Of each chain: the first entry that was changed, removed, put in or cut off. Of the record: each row with a digest
    in the log (see `digested_tables`) that was changed, removed, put in or erased without an entry about it. Of the
    weekly summaries: each whose record digest, which people can also read in Slack, does not match the chains.
    """
    for team in database.teams():
        with database.read(team) as tx:
            yield from (f"{team}, {problem}" for problem in _problems(tx))


def audit_problems_about(tx: Transaction, customers: Sequence[int]) -> list[str]:
    """As `audit_problems`, of some customers only, without policies and weekly summaries."""
    check = _Check.of(tx)
    return [problem for customer in customers for problem in check.problems(customer, [])]


def _problems(tx: Transaction) -> Iterator[str]:
    check = _Check.of(tx, *tx.summaries.sealed())
    first: list[str] = []
    for customer in tx.inspection.customers():
        yield from check.problems(customer, first)
    yield from _counted(tx, first)
    yield from _policies(tx)
    yield from (str(summary) for summary in check.summaries if not summary.then.holds)


@dataclass(frozen=True, slots=True)
class _Check:
    """Compares one customer after another. Holds what is read once for all of them."""

    tx: Transaction
    known: frozenset[int]
    chain_ends: dict[int, ChainEnd]
    erased: frozenset[str]
    summaries: tuple[Sealed, ...]

    @classmethod
    def of(cls, tx: Transaction, *summaries: Sealed) -> "_Check":
        return cls(tx, tx.inspection.known_customers(), tx.audit.chain_ends(), _erased(tx), summaries)

    def problems(self, customer: int, first: list[str]) -> Iterator[str]:
        found = [] if customer in self.known else ["the customer was removed"]
        found += [] if customer in self.chain_ends else ["the end of the audit log was removed"]
        try:
            chain = list(self.tx.audit.chain(customer))
            first += [digest for _, digest in chain[:1]]
            for summary in self.summaries:
                summary.then.add(customer, [digest for _, digest in chain])
            end = self.chain_ends.get(customer)
            if end:
                whose = Chain(self.tx.audit.team, customer, end.salt)
                broken = verify_chain(whose, chain, (end.n, end.hash))
                found += [f"entry {broken.n} was {broken.what}"] if broken else []
                found += _rows(self.tx, whose, chain, self.erased)
        except (TypeError, ValueError, AttributeError):
            found.append("what stands there was never written by Backstop, and cannot be read")
        return (f"customer {customer}: {problem}." for problem in found)


def _erased(tx: Transaction) -> frozenset[str]:
    """The rows that were erased according to the log."""
    try:
        return tx.audit.rows_named_by(Act.ERASE)
    except (TypeError, ValueError):  # an entry cannot be read: `problems` names its customer
        return frozenset()


def _rows(tx: Transaction, whose: Chain, chain: list[StoredEntry], erased: frozenset[str]) -> Iterator[str]:
    logged = {name: (digest, entry.n) for entry, _ in chain for name, digest in entry.rows.items()}
    for kind, name, row in tx.inspection.rows(whose.customer):
        digest, n = logged.pop(name, ("", 0))
        if not digest:
            yield f"{name} was put in, and no entry tells of it"
        elif not kind.holds(digest, row, whose):
            yield f"{name} was changed after entry {n} told of it"
        elif kind.is_erased(row) and name not in erased:
            yield f"{name} was erased, and no entry says that it was"
    for name, (_, n) in logged.items():
        if not tx.inspection.has_row(name):  # a row that was moved to another customer is compared there
            yield f"{name} was removed, of which entry {n} tells"


def _counted(tx: Transaction, first: list[str]) -> Iterator[str]:
    """`first`: the hash of each customer's first entry."""
    if tx.audit.customers_counted() != (len(first), counted_in(NO_HASH, first)):
        yield "customers were put in or removed: the counter vouches for others."


def _policies(tx: Transaction) -> Iterator[str]:
    kept = tx.inspection.policies()
    yield from (f"policy {digest} was changed." for digest, text in kept.items() if text_digest(text) != digest)
    yield from (f"policy {digest} was removed." for digest in sorted(tx.inspection.policies_used() - set(kept)))
