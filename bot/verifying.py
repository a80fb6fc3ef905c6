"""`audit verify`: every chain against itself and its head, and the record against the chains."""

from collections.abc import Iterator
from typing import Any

from bot.rules.chain import Row, verify
from bot.rules.policy_body import read
from storage.database import Database
from storage.ledger import Ledger

Kept = dict[str, tuple[str, int]]
"""By a row's name: its digest as the log last told of it, and in which entry."""


def broken_chains(database: Database) -> Iterator[str]:
    """One line for each thing that is not as it was written.

    Of each chain the first entry that was changed, removed, put in or cut off; of the record every row that bears
    witness (`storage.witness`) and was changed, removed or put in behind the log's back. Texts that were erased
    together with their salt are no such thing. Of the weekly summaries each whose record digest, which stands in Slack
    as well, is not what the chains were then.
    """
    for team in database.teams():
        with database.read(team) as ledger:
            yield from (f"{team}, {words}" for words in _broken(ledger, team))


def _broken(ledger: Ledger, team: str) -> Iterator[str]:
    known, heads = ledger.inspection.known(), ledger.audit.heads()
    summaries = [*ledger.summaries.recalled()]
    for customer in ledger.inspection.told_of():
        problems = [*_customer(is_known=customer in known, has_head=customer in heads)]
        try:
            chain = list(ledger.audit.chain(customer))
            for summary in summaries:
                summary.then.see(customer, [digest for _, digest in chain])
            broken = verify(team, customer, chain, heads.get(customer))
            problems += [f"entry {broken.n} was {broken.what}"] if broken else []
            problems += _rows(ledger, customer, _kept(chain))
        except (TypeError, ValueError, AttributeError):
            problems.append("what stands there was never written by Backstop, and cannot be read")
        yield from (f"customer {customer}: {problem}." for problem in problems)
    yield from _policies(ledger)
    yield from (str(summary) for summary in summaries if not summary.then.holds)


def _customer(*, is_known: bool, has_head: bool) -> Iterator[str]:
    if not is_known:
        yield "the customer was removed"
    if not has_head:
        yield "the end of the audit log was removed"


def _kept(chain: list[Row]) -> Kept:
    return {name: (digest, entry.n) for entry, _ in chain for name, digest in entry.rows.items()}


def _rows(ledger: Ledger, customer: int, kept: Kept) -> Iterator[str]:
    missing = dict(kept)
    for kind, name, row in ledger.inspection.rows(customer):
        digest, n = missing.pop(name, ("", 0))
        if not digest:
            yield f"{name} was put in, and no entry tells of it"
        elif not kind.holds(row, digest):
            yield f"{name} was changed after entry {n} told of it"
    for name, (_, n) in missing.items():
        if not ledger.inspection.is_anywhere(name):  # what was moved to another customer's record is looked at there
            yield f"{name} was removed, of which entry {n} tells"


def _policies(ledger: Ledger) -> Iterator[str]:
    kept = ledger.inspection.policies()
    yield from (f"policy {digest} was changed." for digest, body in kept.items() if _digest(body) != digest)
    yield from (f"policy {digest} was removed." for digest in sorted(ledger.inspection.policies_used() - set(kept)))


def _digest(body: dict[str, Any]) -> str | None:
    try:
        return read(body).digest
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
