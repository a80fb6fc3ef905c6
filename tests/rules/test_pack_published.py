"""A pack proves how a chain stood in each publication, also where it had not grown; nothing else passes for it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.evidence_pack.proof import entry_hashes
from bot.rules.evidence_pack.published import publication_digest, publication_problems, root_of, vouched_for
from bot.rules.evidence_pack.record import Record
from tests.packs import path, root

LEAVES = st.lists(st.integers(1, 99), min_size=1, max_size=20, unique=True).map(sorted)


def a_record(entries: int = 3) -> Record:
    log = [
        {"customer": 50, "n": n, "at": "2026-11-20T10:00:00+00:00", "actor": "clock", "act": "remind"}
        | {"facts": {}, "rows": {}}
        for n in range(1, entries + 1)
    ]
    case = {"format": "", "workspace": "T0", "case": 1, "customers": [50], "log": log, "rows": {}, "policies": {}}
    return Record(case | {"zone": {"name": "UTC", "offsets": []}})


def a_publication(customers: list[int], n: int, before: dict[str, Any] | None, record: Record) -> dict[str, Any]:
    """A publication in which these customers' chains had grown, that of customer 50 to `n` entries."""
    hashes = ["", *entry_hashes(record, 50)]
    ends = [(customer, n, hashes[n]) if customer == 50 else (customer, 7, "e" * 64) for customer in customers]
    texts = [":".join(map(str, end)) for end in ends]
    at = [i for i, customer in enumerate(customers) if customer == 50]
    after = next((i for i, customer in enumerate(customers) if customer > 50), len(customers))
    shown = at or [i for i in (after - 1, after) if 0 <= i < len(customers)]
    leaves = [
        {"customer": ends[i][0], "n": ends[i][1], "hash": ends[i][2], "index": i, "path": path(i, texts)} for i in shown
    ]
    line = {"number": before["number"] + 1 if before else 1, "week": "2026-W47", "channel": "C0", "at": "2026"}
    digest = publication_digest("T0", before) if before else "0" * 64
    return line | {"before": digest, "leaves": len(texts), "root": root(texts).hex(), "chains": {"50": leaves}}


def problems_of(record: Record, publications: list[dict[str, Any]], digest: str = "") -> list[str]:
    return list(publication_problems(record, publications, digest or publication_digest("T0", publications[-1])))


@given(LEAVES, st.data())
def test_the_path_of_a_leaf_leads_to_the_root_and_that_of_another_place_or_size_does_not(
    leaves: list[int], data: st.DataObject
) -> None:
    texts, index = [str(each) for each in leaves], data.draw(st.integers(0, len(leaves) - 1))
    found = root(texts).hex()
    assert root_of(texts[index], index, len(texts), path(index, texts)) == found
    assert root_of("x", index, len(texts), path(index, texts)) != found
    if len(texts) > 1:
        assert root_of(texts[index], index ^ 1, len(texts), path(index, texts)) != found
        assert root_of(texts[index], index, len(texts), path(index, texts)[:-1]) != found
    assert root_of(texts[index], len(texts), len(texts), path(index, texts)) != found


@given(LEAVES, LEAVES)
def test_it_is_proven_how_far_the_chain_went_whether_or_not_it_had_grown(first: list[int], second: list[int]) -> None:
    record = a_record()
    one = a_publication(sorted({*first, 50}), 2, None, record)
    two = a_publication(second, 3, one, record)
    assert problems_of(record, [one, two]) == []
    assert vouched_for(record, [one, two], publication_digest("T0", two)) == {50: 3 if 50 in second else 2}
    assert vouched_for(record, [one, two], publication_digest("T0", one)) == {50: 2}


@given(LEAVES)
def test_the_newest_entries_cannot_be_left_out(others: list[int]) -> None:
    """Whoever leaves out entry 3 has to say that the chain had not grown, and has no two leaves side by side."""
    record, customers = a_record(), sorted({*others, 50})
    one = a_publication([50], 2, None, record)
    two = a_publication(customers, 3, one, record)
    index = customers.index(50)
    texts = [f"{c}:{3 if c == 50 else 7}:{entry_hashes(record, 50)[2] if c == 50 else 'e' * 64}" for c in customers]
    beside = [
        {"customer": customers[i], "n": 7, "hash": "e" * 64, "index": i, "path": path(i, texts)}
        for i in (index - 1, index + 1)
        if 0 <= i < len(customers)
    ]
    shorter = a_record(2)
    for leaves in (beside, beside[:1], beside[1:], [], two["chains"]["50"]):
        forged = two | {"chains": {"50": leaves}}
        assert "vouches for other entries" in problems_of(shorter, [one, forged])[0]


def test_a_digest_that_is_none_of_these_and_a_gap_between_two_are_found() -> None:
    record = a_record()
    one = a_publication([50], 1, None, record)
    two = a_publication([7], 0, one, record)
    three = a_publication([], 0, two, record)
    assert problems_of(record, [one, two, three]) == []
    assert "is none of the 3 digests" in problems_of(record, [one, two, three], "f" * 64)[0]
    assert problems_of(record, [one, three]) == ["The digest of week 2026-W47 does not follow the one before."]
    about_nobody = two | {"chains": {}}
    assert "is not about the customers" in problems_of(record, [one, about_nobody])[0]
