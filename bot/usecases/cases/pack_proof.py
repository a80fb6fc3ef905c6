"""What proves an evidence pack: how its chains stood in each digest that was published."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from bot.rules.audit_chain import NO_HASH
from bot.rules.publications import Published, Tree, leaf, path_to_root
from storage.transaction import Transaction

Json = dict[str, Any]
End = tuple[int, int, str]
"""A customer, the length of the chain then, and the hash of its last entry."""


def publications_about(tx: Transaction, customers: Sequence[int]) -> list[Json]:
    """Every publication from the first one on that vouches for one of these customers' chains, with the proof of each.

    See `bot.rules.evidence_pack.published` for what it consists of.
    """
    published = list(tx.publications.all_published())
    grown = [[each.growth.at(index) for index in range(len(each.growth))] for each in published]
    first = next((n for n, ends in enumerate(grown) if any(customer in customers for customer, _ in ends)), len(grown))
    hashes = tx.audit.hashes_at({end for ends in grown[first:] for end in ends})
    before = [NO_HASH, *(each.digest for each in published)]
    return [
        _publication(published[n], before[n], [(*end, hashes.get(end, "")) for end in grown[n]], customers)
        for n in range(first, len(published))
    ]


def _publication(published: Published, before: str, ends: Sequence[End], customers: Sequence[int]) -> Json:
    said, leaves = published.publication, [leaf(*end) for end in ends]
    tree = Tree()
    for each in leaves:
        tree.add(each)
    return {
        "number": said.number,
        "week": said.week,
        "channel": said.channel,
        "at": said.at.astimezone(UTC).isoformat(),
        "leaves": len(leaves),
        "root": tree.root,
        "before": before,
        "chains": {str(customer): list(_shown(customer, ends, leaves)) for customer in customers},
    }


def _shown(customer: int, ends: Sequence[End], leaves: Sequence[bytes]) -> Iterator[Json]:
    """The chain's leaf; where it had not grown, those between which it would be."""
    at = bisect_left(ends, (customer, 0, ""))
    grew = at < len(ends) and ends[at][0] == customer
    for index in [at] if grew else [index for index in (at - 1, at) if 0 <= index < len(ends)]:
        whose, n, last = ends[index]
        path = [beside for _, beside in path_to_root(leaves, index)]
        yield {"customer": whose, "n": n, "hash": last, "index": index, "path": path}
