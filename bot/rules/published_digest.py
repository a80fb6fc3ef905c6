"""The digest of the audit log that a weekly summary publishes, and its check later.

It is one digest over the ends of all chains at that moment, stored in the record and shown in Slack. The record also
stores how long each chain was, so that the digest can be derived again after the chains have grown. So nobody can
rewrite the past in the record without contradicting what Slack shows.
"""

import hashlib
import sys
import zlib
from array import array
from collections.abc import Iterable
from typing import Final

_NUMBERS: Final = "I"  # four bytes for each customer, stored little-endian and compressed


class ChainEnds:
    """The ends of all chains, in the order of their customers."""

    def __init__(self, ends: Iterable[tuple[int, int, str]] = ()) -> None:
        """`ends`: for each customer its number, the length of its chain, and the hash of the last entry."""
        self._lengths = array(_NUMBERS)
        self._digest = hashlib.sha256()
        self.add(ends)

    def add(self, ends: Iterable[tuple[int, int, str]]) -> None:
        """Add the next customers' chains. Empty ones are skipped."""
        lengths, lines = self._lengths, []
        for customer, n, last in ends:
            if n:
                lengths.extend([0] * (customer - len(lengths) - 1))
                lengths.append(n)
                lines.append(_line(customer, n, last))
        self._digest.update("".join(lines).encode())

    @property
    def digest(self) -> str:
        """SHA-256 in hex."""
        return self._digest.hexdigest()

    @property
    def chains(self) -> int:
        """Number of chains that are not empty."""
        return sum(1 for n in self._lengths if n)

    def lengths(self) -> bytes:
        """The length of each chain, to be stored with the digest."""
        return zlib.compress(_little(array(_NUMBERS, self._lengths)).tobytes())


class PublishedDigest:
    """Derives a published digest again from the chains as they are now. Takes each chain, in the order of customers."""

    def __init__(self, digest: str, lengths: bytes) -> None:
        self.published = digest
        self._lengths = _read(lengths)
        self._digest = hashlib.sha256()

    def add(self, customer: int, hashes: list[str]) -> None:
        """Add the hashes of a customer's entries, oldest first. A chain that is now too short is skipped."""
        n = self._lengths[customer - 1] if customer <= len(self._lengths) else 0
        if 0 < n <= len(hashes):
            self._digest.update(_line(customer, n, hashes[n - 1]).encode())

    @property
    def holds(self) -> bool:
        """Whether the chains, up to where they were then, still give the published digest."""
        return self._digest.hexdigest() == self.published


def _read(lengths: bytes) -> "array[int]":
    """What `ChainEnds.lengths` stored; nothing if it was tampered with, so that no digest holds."""
    try:
        return _little(array(_NUMBERS, zlib.decompress(lengths)))
    except (zlib.error, ValueError):
        return array(_NUMBERS)


def _line(customer: int, n: int, last: str) -> str:
    return f"{customer}:{n}:{last}\n"


def _little(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
