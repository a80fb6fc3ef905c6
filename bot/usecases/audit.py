"""`audit verify`: every chain against itself and its head, and the record against the chains."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rules.audit_acts import Act
from bot.rules.audit_chain import Row, verify
from bot.rules.policy.stored import read
from storage.database import Database
from storage.transaction import Transaction
from storage.weekly.summaries import Sealed

Kept = dict[str, tuple[str, int]]
"""By a row's name: its digest as the log last told of it, and in which entry."""


def broken_chains(database: Database) -> Iterator[str]:
    """One line for each thing that is not as it was written.

    Of each chain the first entry that was changed, removed, put in or cut off; of the record every row that bears
    witness (`storage.witness`) and was changed, removed or put in behind the log's back, or whose texts were erased
    without an entry that says so. Of the weekly summaries each whose record digest, which stands in Slack
    as well, is not what the chains were then.
    """
    for team in database.teams():
        with database.read(team) as ledger:
            yield from (f"{team}, {words}" for words in _broken(ledger))


def broken_about(ledger: Transaction, customers: Sequence[int]) -> list[str]:
    """The same of some customers only, the weekly summaries aside."""
    looked_at = _Looked.at(ledger)
    return [words for customer in customers for words in looked_at.problems(customer)]


def _broken(ledger: Transaction) -> Iterator[str]:
    looked_at = _Looked.at(ledger, *ledger.summaries.recalled())
    for customer in ledger.inspection.told_of():
        yield from looked_at.problems(customer)
    yield from _policies(ledger)
    yield from (str(summary) for summary in looked_at.summaries if not summary.then.holds)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What is looked at once for all customers."""

    ledger: Transaction
    known: frozenset[int]
    heads: dict[int, tuple[int, str]]
    erased: frozenset[str]
    summaries: tuple[Sealed, ...]

    @classmethod
    def at(cls, ledger: Transaction, *summaries: Sealed) -> "_Looked":
        return cls(ledger, ledger.inspection.known(), ledger.audit.heads(), _erased(ledger), summaries)

    def problems(self, customer: int) -> Iterator[str]:
        found = [*_customer(is_known=customer in self.known, has_head=customer in self.heads)]
        try:
            chain = list(self.ledger.audit.chain(customer))
            for summary in self.summaries:
                summary.then.see(customer, [digest for _, digest in chain])
            broken = verify(self.ledger.audit.team, customer, chain, self.heads.get(customer))
            found += [f"entry {broken.n} was {broken.what}"] if broken else []
            found += _rows(self.ledger, customer, _kept(chain), self.erased)
        except (TypeError, ValueError, AttributeError):
            found.append("what stands there was never written by Backstop, and cannot be read")
        return (f"customer {customer}: {problem}." for problem in found)


def _erased(ledger: Transaction) -> frozenset[str]:
    """The rows of which an entry says that they were erased."""
    try:
        return ledger.audit.told_by(Act.ERASE)
    except (TypeError, ValueError):  # an entry that cannot be read says nothing; it is named with its customer
        return frozenset()


def _customer(*, is_known: bool, has_head: bool) -> Iterator[str]:
    if not is_known:
        yield "the customer was removed"
    if not has_head:
        yield "the end of the audit log was removed"


def _kept(chain: list[Row]) -> Kept:
    return {name: (digest, entry.n) for entry, _ in chain for name, digest in entry.rows.items()}


def _rows(ledger: Transaction, customer: int, kept: Kept, erased: frozenset[str]) -> Iterator[str]:
    missing = dict(kept)
    for kind, name, row in ledger.inspection.rows(customer):
        digest, n = missing.pop(name, ("", 0))
        if not digest:
            yield f"{name} was put in, and no entry tells of it"
        elif kind.digest(row) != digest:
            yield f"{name} was changed after entry {n} told of it"
        elif kind.is_erased(row) and name not in erased:
            yield f"{name} was erased, and no entry says that it was"
    for name, (_, n) in missing.items():
        if not ledger.inspection.is_anywhere(name):  # what was moved to another customer's record is looked at there
            yield f"{name} was removed, of which entry {n} tells"


def _policies(ledger: Transaction) -> Iterator[str]:
    kept = ledger.inspection.policies()
    yield from (f"policy {digest} was changed." for digest, body in kept.items() if _digest(body) != digest)
    yield from (f"policy {digest} was removed." for digest in sorted(ledger.inspection.policies_used() - set(kept)))


def _digest(body: dict[str, Any]) -> str | None:
    try:
        return read(body).digest
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
