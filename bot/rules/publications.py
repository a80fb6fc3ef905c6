"""The digest of the audit log that is published each week, and its check later.

A publication vouches for the chains that have grown since the one before, and for that one. The record keeps how long
each of these chains was, so that the digest can be derived again after they have grown further. So nobody can rewrite
the past in the record without contradicting what Slack shows. docs/decisions/audit-format.md has the format.
"""

import hashlib
import heapq
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.rules.audit_chain import canonical

_NUMBERS: Final = "I"  # four bytes for each number, stored little-endian and compressed
_LEAF, _NODE = b"\x00", b"\x01"


@dataclass(frozen=True, slots=True)
class Publication:
    """The `number`th publication of a workspace, counted from 1: of which week, in which channel, and when."""

    team: str
    number: int
    week: str
    channel: str
    at: datetime

    def digest(self, previous: str, leaves: int, root: str) -> str:
        """What is published. `previous`: the digest of the publication before, or `NO_HASH`."""
        at = self.at.astimezone(UTC).isoformat()
        said = ["publication 1", previous, self.team, self.number, self.week, self.channel, at, leaves, root]
        return hashlib.sha256(canonical(said).encode()).hexdigest()


def leaf(customer: int, n: int, last: str) -> bytes:
    """A leaf: the customer's chain had `n` entries, of which the last had this hash."""
    return hashlib.sha256(_LEAF + f"{customer}:{n}:{last}".encode()).digest()


class Tree:
    """The tree of leaves that are added one after the other. It keeps one node for each power of two."""

    def __init__(self) -> None:
        self.leaves = 0
        self._complete: list[bytes] = []

    def add(self, new: bytes) -> None:
        """Add the next leaf."""
        self.leaves += 1
        self._complete.append(new)
        trailing = self.leaves
        while trailing % 2 == 0:
            right, left = self._complete.pop(), self._complete.pop()
            self._complete.append(_node(left, right))
            trailing //= 2

    @property
    def root(self) -> str:
        """The root, in hex."""
        if not self._complete:
            return hashlib.sha256().hexdigest()
        found, *others = reversed(self._complete)
        for left in others:
            found = _node(left, found)
        return found.hex()


def path_to_root(leaves: Sequence[bytes], at: int) -> list[tuple[str, str]]:
    """The nodes beside the way from the leaf at this index to the root: each "left" or "right" of it, and its hex."""
    if len(leaves) <= 1:
        return []
    first = 1 << (len(leaves) - 1).bit_length() - 1  # the largest power of two below their number
    if at < first:
        return [*path_to_root(leaves[:first], at), ("right", _root(leaves[first:]))]
    return [*path_to_root(leaves[first:], at - first), ("left", _root(leaves[:first]))]


class Growth:
    """How long each chain was that had grown when a digest was published, in the order of customers."""

    def __init__(self, grown: Iterable[tuple[int, int]] = ()) -> None:
        """`grown`: the number of each customer, and the length of the chain."""
        self._numbers = array(_NUMBERS, (number for pair in grown for number in pair))

    @classmethod
    def read(cls, stored: bytes) -> "Growth":
        """What `stored` gave; nothing if it was tampered with, so that no digest holds."""
        growth = cls()
        try:
            growth._numbers = _little(array(_NUMBERS, zlib.decompress(stored)))
        except (zlib.error, ValueError):
            return cls()
        return growth if growth.stored() == stored else cls()

    def stored(self) -> bytes:
        """As the record keeps it."""
        return zlib.compress(_little(array(_NUMBERS, self._numbers)).tobytes())

    def __len__(self) -> int:
        return len(self._numbers) // 2

    def at(self, index: int) -> tuple[int, int]:
        """The number of the customer at this index, and the length of the chain."""
        return self._numbers[2 * index], self._numbers[2 * index + 1]


class Derived:
    """Derives what was published again from the chains as they are now, which are added in the order of customers.

    `trees`: of each publication; `entries`: how many entries each vouched for that those before did not.
    """

    def __init__(self, growths: Sequence[Growth]) -> None:
        self.trees = [Tree() for _ in growths]
        self.entries = [0] * len(growths)
        grown = (_numbered(growth, which) for which, growth in enumerate(growths))
        self._leaves = heapq.merge(*grown)
        self._next = next(self._leaves, None)

    def add(self, customer: int, hashes: Sequence[str]) -> None:
        """Add the hashes of a customer's entries, oldest first. A chain that is now too short is left out."""
        before = 0
        while self._next is not None and self._next[0] <= customer:
            whose, n, which = self._next
            self._next = next(self._leaves, None)
            if whose == customer and 0 < n <= len(hashes):
                self.trees[which].add(leaf(customer, n, hashes[n - 1]))
                self.entries[which] += n - before
                before = n


@dataclass(frozen=True, slots=True)
class Published:
    """A publication as the record keeps it: the digest that Slack shows, and what it vouched for."""

    publication: Publication
    digest: str
    growth: Growth


def _numbered(growth: Growth, which: int) -> Iterator[tuple[int, int, int]]:
    return ((*growth.at(index), which) for index in range(len(growth)))


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def _root(leaves: Sequence[bytes]) -> str:
    tree = Tree()
    for each in leaves:
        tree.add(each)
    return tree.root


def _little(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
