"""The audit log: which acts it records, and one hash chain for each customer, so that a changed past shows."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final


class Act(StrEnum):
    """What a person or the clock did. The values are stored in every database, so they never change."""

    REPORT = "report"
    WITHDRAW = "withdraw"
    CHECK_IN = "check in"
    ANSWER_CHECK_IN = "answer check-in"
    REMIND = "remind"
    OVERDUE = "overdue"
    LEFT = "left"
    EXPIRE = "expire"
    RECUSE = "recuse"
    ISSUE_WARNING = "issue warning"
    DELIVER_WARNING = "deliver warning"
    NOT_NOW = "not now"
    TAKE_HEARING = "take hearing"
    TAKE_OVER_HEARING = "take over hearing"
    HEAR_BOTH_SIDES = "hear both sides"
    RECORD_OUTCOME = "record outcome"
    APPROVE_DROP = "approve drop"
    TAKE_APPROVAL_BACK = "take approval back"
    DECIDE = "decide"
    RENEW = "renew"
    LET_LAPSE = "let lapse"
    LAPSE = "lapse"
    ASK_WHAT_WAS_LEARNT = "ask what was learnt"
    LEARN = "learn"
    RECORD_DISPUTE = "record dispute"
    SETTLE_DISPUTE = "settle dispute"
    ASK_FOR_REVIEW = "ask for review"
    APPEAL_OVERDUE = "appeal overdue"
    ANSWER_APPEAL = "answer appeal"
    DESCRIBE = "describe"
    IMPORT = "import"
    MERGE = "merge"
    MERGED_INTO = "merged into"
    UNDO_MERGER = "undo merger"
    SET_SAFEGUARD = "set safeguard"
    LIFT_SAFEGUARD = "lift safeguard"
    SAFEGUARD_LAPSES = "safeguard lapses"
    ERASE = "erase"


NO_HASH: Final = "0" * 64
"""Stands for the previous hash of a chain's first entry."""
StoredEntry = tuple["AuditEntry", str]
"""An entry and the hash that is stored with it."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act on record: the `n`th about its customer, counted from 1. JSON can hold its `facts`.

    `rows`: digests of the rows that the act changed, as they were after it, by the name of the row.
    """

    n: int
    at: datetime
    actor: str
    act: str
    facts: Mapping[str, object]
    rows: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BrokenChain:
    """The first entry that is not as it was written. `what`: "changed", "removed", "put in" or "cut off"."""

    n: int
    what: str


def entry_hash(previous: str, team: str, customer: int, entry: AuditEntry) -> str:
    """SHA-256 in hex over canonical JSON of the previous hash, the team, the customer and the entry.

    `previous` is `NO_HASH` for the first entry. Times are hashed in UTC, so the zone they are read in does not matter.
    """
    at = entry.at.astimezone(UTC).isoformat()
    hashed = [previous, team, customer, entry.n, at, entry.actor, entry.act, dict(entry.facts), dict(entry.rows)]
    return hashlib.sha256(_canonical(hashed).encode()).hexdigest()


def salted_digest(salt: str, text: str) -> str:
    """A digest that stands for free text in the chain. Without the salt it gives nothing away about the text."""
    return hmac.digest(salt.encode(), text.encode(), "sha256").hex()


def verify_chain(
    team: str, customer: int, entries: Iterable[StoredEntry], end: tuple[int, str] | None
) -> BrokenChain | None:
    """The first entry that was changed, removed, put in or cut off, or None if the chain is whole.

    `entries`: all of the customer's, in the order of `n`. `end`: the number and the hash of the last entry as they are
    stored apart from the chain (0 and `NO_HASH` for an empty chain). Without `end`, this cannot detect entries that
    were cut off or added at the end, nor a chain that was rewritten as a whole. With it, a chain that was rewritten as
    a whole is reported as a change of its last entry.
    """
    chain = _Chain(team, customer, list(entries))
    for n, (entry, stored) in enumerate(chain.entries, 1):
        if entry.n != n:
            return BrokenChain(n, "removed") if entry.n > n else BrokenChain(entry.n, "put in")
        if entry_hash(chain.hash_before(n), team, customer, entry) != stored:
            return chain.diagnosis(n, end)
    return _broken_end(chain.entries, end)


@dataclass(frozen=True, slots=True)
class _Chain:
    team: str
    customer: int
    entries: Sequence[StoredEntry]

    def hash_before(self, n: int) -> str:
        return self.entries[n - 2][1] if n > 1 else NO_HASH

    def follows(self, previous: str, n: int, *, numbered: int) -> bool:
        """Whether entry `n` was written after the hash `previous`, with the number `numbered`."""
        if n > len(self.entries):
            return False
        entry, stored = self.entries[n - 1]
        return entry_hash(previous, self.team, self.customer, replace(entry, n=numbered)) == stored

    def diagnosis(self, n: int, end: tuple[int, str] | None) -> BrokenChain:
        """What happened where entry `n` does not follow: the entries behind may have been renumbered to hide it."""
        if n > 1 and self.follows(self.hash_before(n - 1), n, numbered=n - 1):
            return BrokenChain(n - 1, "put in")
        if self.follows(self.hash_before(n), n + 1, numbered=n):
            return BrokenChain(n, "put in")
        stored = self.entries[n - 1][1]
        moved_up = self.follows(stored, n + 1, numbered=n + 2) or end == (n + 1, stored)
        return BrokenChain(n, "removed" if moved_up else "changed")


def _broken_end(entries: Sequence[StoredEntry], end: tuple[int, str] | None) -> BrokenChain | None:
    if end is None:
        return None
    n, digest = end
    if n > len(entries):
        return BrokenChain(len(entries) + 1, "cut off")
    if n < len(entries):
        return BrokenChain(n + 1, "put in")
    return BrokenChain(n, "changed") if entries and entries[-1][1] != digest else None


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode
