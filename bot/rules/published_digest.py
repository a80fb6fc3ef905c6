"""What a weekly summary witnesses: one digest over the ends of all audit chains, as they were at that moment.

It stands in the record and in Slack. Beside it the record keeps how long each chain was, so that it can be derived
again from chains that have grown since: whoever writes the past anew would have to change what people read in Slack.
"""

import hashlib
import sys
import zlib
from array import array
from collections.abc import Iterable
from typing import Final

_NUMBERS: Final = "I"  # four bytes for each customer; kept little-endian and compressed


class Heads:
    """The ends of all chains, taken in the order of their customers."""

    def __init__(self, ends: Iterable[tuple[int, int, str]] = ()) -> None:
        """`ends`: for each customer its number, how long its chain is, and the hash of the last entry."""
        self._lengths = array(_NUMBERS)
        self._digest = hashlib.sha256()
        self.add(ends)

    def add(self, ends: Iterable[tuple[int, int, str]]) -> None:
        """The next customers' chains. An empty one leaves no trace."""
        lengths, lines = self._lengths, []
        for customer, n, last in ends:
            if n:
                if customer > len(lengths) + 1:
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
        """How many chains there are."""
        return sum(1 for n in self._lengths if n)

    def lengths(self) -> bytes:
        """How long each chain is, to be kept beside the digest."""
        return zlib.compress(_little(array(_NUMBERS, self._lengths)).tobytes())


class Recalled:
    """A digest that was posted, derived again from the chains as they are now: to be shown each one, in order."""

    def __init__(self, digest: str, lengths: bytes) -> None:
        self.posted = digest
        self._lengths = _read(lengths)
        self._digest = hashlib.sha256()

    def see(self, customer: int, hashes: list[str]) -> None:
        """The hashes of a customer's entries, oldest first. A chain that is too short by now leaves no trace."""
        n = self._lengths[customer - 1] if customer <= len(self._lengths) else 0
        if 0 < n <= len(hashes):
            self._digest.update(_line(customer, n, hashes[n - 1]).encode())

    @property
    def holds(self) -> bool:
        """Whether the chains still are, up to where they were then, what was witnessed."""
        return self._digest.hexdigest() == self.posted


def _read(lengths: bytes) -> "array[int]":
    """What `Heads.lengths` kept; nothing where it was tampered with, so that no digest holds."""
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
