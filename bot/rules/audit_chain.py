"""The audit log's hash chain: one per customer, so that a changed past shows."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

FIRST: Final = "0" * 64
Row = tuple["Entry", str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One act on record: the `n`th about its customer, counted from 1, by `actor`, with facts that JSON can hold.

    `rows`: by name, a digest of each row of the record that it changed, as it stood then.
    """

    n: int
    at: datetime
    actor: str
    act: str
    facts: Mapping[str, object]
    rows: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that is not as it was written. `what`: "changed", "removed", "put in" or "cut off"."""

    n: int
    what: str


def link(previous: str, team: str, customer: int, entry: Entry) -> str:
    """The entry's hash: SHA-256 in hex over canonical JSON of itself, whom it is about and the hash before it.

    `previous` is `FIRST` for the first entry. Times are hashed in UTC, so the zone they are read in does not matter.
    """
    at = entry.at.astimezone(UTC).isoformat()
    hashed = [previous, team, customer, entry.n, at, entry.actor, entry.act, dict(entry.facts), dict(entry.rows)]
    return hashlib.sha256(_canonical(hashed).encode()).hexdigest()


def seal(salt: str, text: str) -> str:
    """A digest that stands for free text in the chain. Without its salt it tells nothing of the text."""
    return hmac.digest(salt.encode(), text.encode(), "sha256").hex()


def verify(team: str, customer: int, rows: Iterable[Row], head: tuple[int, str] | None) -> Broken | None:
    """The first entry that was changed, removed, put in or cut off, or None where the chain is whole.

    `rows`: every entry with its stored hash, in the order of `n`. `head`: the last entry's number and hash as kept
    apart from them (0 and `FIRST` for an empty chain). Without one, an end that was cut off or put on does not show,
    and neither does a chain that was written anew; where it was, the last entry is named.
    """
    chain = _Chain(team, customer, list(rows))
    for n, (entry, stored) in enumerate(chain.rows, 1):
        if entry.n != n:
            return Broken(n, "removed") if entry.n > n else Broken(entry.n, "put in")
        if link(chain.before(n), team, customer, entry) != stored:
            return chain.diagnosis(n, head)
    return _at_the_end(chain.rows, head)


@dataclass(frozen=True, slots=True)
class _Chain:
    team: str
    customer: int
    rows: Sequence[Row]

    def before(self, n: int) -> str:
        return self.rows[n - 2][1] if n > 1 else FIRST

    def follows(self, previous: str, n: int, *, numbered: int) -> bool:
        """Whether row `n` was written after `previous`, under another number."""
        if n > len(self.rows):
            return False
        entry, stored = self.rows[n - 1]
        return link(previous, self.team, self.customer, replace(entry, n=numbered)) == stored

    def diagnosis(self, n: int, head: tuple[int, str] | None) -> Broken:
        """What happened where row `n` no longer follows: entries after a gap or an intruder were given new numbers."""
        if n > 1 and self.follows(self.before(n - 1), n, numbered=n - 1):
            return Broken(n - 1, "put in")
        if self.follows(self.before(n), n + 1, numbered=n):
            return Broken(n, "put in")
        stored = self.rows[n - 1][1]
        moved_up = self.follows(stored, n + 1, numbered=n + 2) or head == (n + 1, stored)
        return Broken(n, "removed" if moved_up else "changed")


def _at_the_end(rows: Sequence[Row], head: tuple[int, str] | None) -> Broken | None:
    if head is None:
        return None
    n, digest = head
    if n > len(rows):
        return Broken(len(rows) + 1, "cut off")
    if n < len(rows):
        return Broken(n + 1, "put in")
    return Broken(n, "changed") if rows and rows[-1][1] != digest else None


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode
