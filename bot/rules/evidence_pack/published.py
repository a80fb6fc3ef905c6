"""What published digests vouch for: how the pack's chains stood at that time. Part of `verify.py`.

docs/decisions/audit-format.md has the format. A publication has a leaf for each chain that grew since the one before.
So for each the pack proves either the chain's leaf, or that there is none: then the two leaves between which it would
be stand side by side. Otherwise the newest entries could be left out unnoticed.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.rules.evidence_pack.proof import canonical, entry_hashes, sha256
from bot.rules.evidence_pack.record import Record

Publication = Mapping[str, Any]
"""The values that its digest is made from, and `chains`: by customer, the leaf of the chain, or the two around it."""
NOTHING: Final = hashlib.sha256().hexdigest()
BESIDE: Final = 2  # leaves between which another one would stand
LINE: Final = ("number", "week", "channel", "at", "leaves", "root")


def publication_digest(workspace: str, publication: Publication) -> str:
    """The digest that was published."""
    number, *others = (publication[name] for name in LINE)
    return sha256(canonical(["publication 1", publication["before"], workspace, number, *others]))


def root_of(leaf: str, index: int, leaves: int, path: Sequence[str]) -> str:
    """The root of the tree in which these hashes stand beside the way up from the leaf; empty where they cannot.

    RFC 9162, 2.1.3.2.
    """
    found, at, last = hashlib.sha256(b"\0" + leaf.encode()).digest(), index, leaves - 1
    for beside in map(bytes.fromhex, path):
        if last == 0:
            return ""
        if at & 1 or at == last:
            found = hashlib.sha256(b"\1" + beside + found).digest()
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\1" + found + beside).digest()
        at, last = at >> 1, last >> 1
    return found.hex() if last == 0 and index < leaves else ""


def publication_problems(record: Record, publications: Sequence[Publication], digest: str) -> Iterator[str]:
    """What contradicts the publications, and whether the reader's digest is none of them."""
    hashes = {customer: entry_hashes(record, customer) for customer in record.customers}
    for before, each in zip([None, *publications], publications, strict=False):
        week = each["week"]
        follows = (publication_digest(record.workspace, before), before["number"] + 1) if before else None
        if follows and (each["before"], each["number"]) != follows:
            yield f"The digest of week {week} does not follow the one before."
        if set(each["chains"]) != set(map(str, record.customers)):
            yield f"The digest of week {week} is not about the customers of this pack."
        for customer, found in each["chains"].items():
            if not _is_proven(int(customer), found, each, hashes.get(int(customer), [])):
                yield f"The digest of week {week} vouches for other entries about record {customer}."
    if position_of(record, publications, digest) is None:
        yield f"{digest} is none of the {len(publications)} digests that this pack has a proof for."


def _is_proven(customer: int, found: Sequence[Mapping[str, Any]], where: Publication, hashes: Sequence[str]) -> bool:
    """Whether these leaves are in the publication, and show how the chain stood, or that it had not grown."""
    leaves = where["leaves"]
    if any(root_of(_text(each), each["index"], leaves, each["path"]) != where["root"] for each in found):
        return False
    if [each["customer"] for each in found] == [customer]:
        n = found[0]["n"]
        return bool(0 < n <= len(hashes) and hashes[n - 1] == found[0]["hash"])
    return _is_between(customer, [(each["index"], each["customer"]) for each in found], leaves, where["root"])


def _text(leaf: Mapping[str, Any]) -> str:
    return f"{leaf['customer']}:{leaf['n']}:{leaf['hash']}"


def _is_between(customer: int, found: list[tuple[int, int]], leaves: int, root: str) -> bool:
    """Whether the leaf of the customer would stand between these, which are side by side."""
    if not found:
        return leaves == 0 and root == NOTHING
    (first, before), (last, after) = found[0], found[-1]
    if len(found) == 1:
        return (first == 0 and customer < after) or (last == leaves - 1 and before < customer)
    return len(found) == BESIDE and last == first + 1 and before < customer < after


def vouched_for(record: Record, publications: Sequence[Publication], digest: str) -> dict[int, int]:
    """By customer, the last entry that the reader's digest vouches for; 0 for none."""
    position = position_of(record, publications, digest)
    until = publications[: 0 if position is None else position + 1]
    leaves = [leaf for each in until for found in each["chains"].values() for leaf in found]
    return {c: max((leaf["n"] for leaf in leaves if leaf["customer"] == c), default=0) for c in record.customers}


def published_last(record: Record, publications: Sequence[Publication]) -> dict[int, int]:
    """By customer, the last entry that the newest digest of the pack vouches for; 0 for none."""
    newest = publication_digest(record.workspace, publications[-1]) if publications else ""
    return vouched_for(record, publications, newest)


def position_of(record: Record, publications: Sequence[Publication], digest: str) -> int | None:
    """Where the publication of this digest stands among these; None where it is none of them."""
    digests = [publication_digest(record.workspace, each) for each in publications]
    return digests.index(digest) if digest in digests else None
