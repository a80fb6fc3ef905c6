"""How the entries of the audit log are hashed: one chain for each customer, so that a changed past shows.

Nothing here may ever change, or old chains would look broken; a new way needs a new first word in what is hashed.
docs/decisions/audit-format.md has what a program without Backstop needs to check a chain.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from bot.rules.audit import OPERATORS, REPS_OWN, AuditEntry, salted_digest

NO_HASH: Final = "0" * 64
"""Stands for the previous hash of a chain's first entry."""
SEALED: Final = "sealed"
SHORT: Final = 32  # hex digits of a digest within another one: 128 bits
StoredEntry = tuple[AuditEntry, str]
"""An entry and the hash that is stored with it."""

_USER_ID: Final = re.compile('(?<=["/ ])[UW][A-Z0-9]{2,31}(?=["/ ])')
_MASKED_KEY: Final = re.compile('~[0-9a-f]{32}[^"]*":')


@dataclass(frozen=True, slots=True)
class Chain:
    """Whose chain it is. `salt`: hides who people are from whoever has the chain without it; it is never erased."""

    team: str
    customer: int
    salt: str

    def masked(self, value: object) -> str:
        """The value as `canonical` JSON with a digest in place of each Slack user ID.

        An ID counts where it is a whole string, or a whole part of one between slashes and spaces.
        """
        plain = canonical(value)
        masked = _USER_ID.sub(lambda found: self.reference(found[0]), plain)
        return canonical(json.loads(masked)) if _MASKED_KEY.search(masked) else masked  # their order may be another

    @property
    def people_salt(self) -> str:
        """The salt of the references. Whoever gets the names is given it, and can guess nothing else by it."""
        return _people_salt(self.salt)

    def reference(self, user: str) -> str:
        """What stands for somebody in this chain."""
        return _reference(self.people_salt, user)

    def people(self, value: object) -> dict[str, str]:
        """The IDs in a value, by their references."""
        return {self.reference(user): user for user in _USER_ID.findall(canonical([value]))}

    def people_of(self, entry: AuditEntry) -> dict[str, str]:
        """Likewise everybody in what an entry says."""
        operator = _operator(entry)
        return self.people(self.said(entry)) | ({self.reference(operator): operator} if operator else {})

    def row_digest(self, facts: object) -> str:
        """The digest of a row's facts."""
        return hashlib.sha256(self.masked(facts).encode()).hexdigest()[:SHORT]

    def said(self, entry: AuditEntry) -> list[object]:
        """What an entry says, as it is hashed once IDs are masked. Times are in UTC, whatever zone they are read in.

        What reps say of themselves is sealed under a salt of its own, so that the rest can be shown without it.
        """
        at, actor, facts = entry.at.astimezone(UTC).isoformat(), entry.actor, dict(entry.facts)
        if entry.act in REPS_OWN:
            salt = salted_digest(self.salt, f"entry {entry.n}")
            actor, facts = SEALED, {SEALED: salted_digest(salt, canonical([actor, facts]))}
        elif operator := _operator(entry):
            facts["by"] = self.reference(operator)
        return ["entry 1", self.team, self.customer, entry.n, at, actor, entry.act, facts, dict(entry.rows)]

    def content(self, entry: AuditEntry) -> str:
        """The digest of what an entry says."""
        return hashlib.sha256(self.masked(self.said(entry)).encode()).hexdigest()

    def hash(self, previous: str, entry: AuditEntry) -> str:
        """The entry's hash. `previous`: that of the entry before, or `NO_HASH`."""
        return hashlib.sha256(f"{previous}{self.content(entry)}".encode()).hexdigest()


def _operator(entry: AuditEntry) -> str:
    """The operating system's user who ran the command; empty for any other act."""
    return str(entry.facts.get("by", "")) if entry.act in OPERATORS else ""


@lru_cache(maxsize=1024)
def _people_salt(salt: str) -> str:
    return salted_digest(salt, "people")


@lru_cache(maxsize=4096)
def _reference(people_salt: str, user: str) -> str:
    return "~" + salted_digest(people_salt, user)[:SHORT]


def counted_in(digest: str | None, first: Iterable[str]) -> str:
    """The digest of all customers, from that of the earlier ones and the hash of each later one's first entry."""
    found = digest or NO_HASH
    for each in first:
        found = hashlib.sha256(f"{found}{each}".encode()).hexdigest()
    return found


def _as_iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value))


canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False, default=_as_iso).encode
"""JSON of which there is only one for each value: keys sorted, no spaces, ASCII, times in UTC."""


@dataclass(frozen=True, slots=True)
class BrokenChain:
    """The first entry that is not as it was written. `what`: "changed", "removed", "put in" or "cut off"."""

    n: int
    what: str


def verify_chain(whose: Chain, entries: Sequence[StoredEntry], end: tuple[int, str] | None) -> BrokenChain | None:
    """The first entry that was changed, removed, put in or cut off, or None if the chain is whole.

    `entries`: all of the customer's, in the order of `n`. `end`: the number and the hash of the last entry as they are
    stored apart from the chain (0 and `NO_HASH` for an empty chain). Without `end`, this cannot detect entries that
    were cut off or added at the end, nor a chain that was rewritten as a whole. With it, a chain that was rewritten as
    a whole is reported as a change of its last entry.
    """
    chain = _Entries(whose, entries)
    for n, (entry, stored) in enumerate(entries, 1):
        if entry.n != n:
            return BrokenChain(n, "removed") if entry.n > n else BrokenChain(entry.n, "put in")
        if whose.hash(chain.hash_before(n), entry) != stored:
            return chain.diagnosis(n, end)
    return _broken_end(entries, end)


@dataclass(frozen=True, slots=True)
class _Entries:
    whose: Chain
    entries: Sequence[StoredEntry]

    def hash_before(self, n: int) -> str:
        return self.entries[n - 2][1] if n > 1 else NO_HASH

    def follows(self, previous: str, n: int, *, numbered: int) -> bool:
        """Whether entry `n` was written after the hash `previous`, with the number `numbered`."""
        if n > len(self.entries):
            return False
        entry, stored = self.entries[n - 1]
        return self.whose.hash(previous, replace(entry, n=numbered)) == stored

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
