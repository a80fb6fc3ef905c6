"""A published digest holds after the chains have grown, and after no other change; a case can be proved to be in it."""

import hashlib
import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.publications import Derived, Growth, Publication, Tree, leaf, path_to_root

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
FIRST = Publication("T0FIRM", 1, "2026-W47", "C0SUMMARY", AT)
hashes = st.text("0123456789abcdef", min_size=8, max_size=8)
chains = st.lists(st.lists(hashes, max_size=4, unique=True), max_size=9)


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def root_as_written_down(leaves: list[bytes]) -> bytes:
    """The root as docs/decisions/audit-format.md defines it."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha(b"\1", root_as_written_down(leaves[:k]), root_as_written_down(leaves[k:]))


def grown(before: list[list[str]]) -> Growth:
    return Growth((customer, len(chain)) for customer, chain in enumerate(before, 1) if chain)


def derived(growth: Growth, now: list[list[str]]) -> tuple[int, str]:
    then = Derived([growth])
    for customer, chain in enumerate(now, 1):
        then.add(customer, chain)
    return then.trees[0].leaves, then.trees[0].root


@given(st.integers(0, 40))
def test_the_root_is_that_of_the_format(number: int) -> None:
    leaves, tree = [leaf(n, n + 1, f"{n:064x}") for n in range(number)], Tree()
    for each in leaves:
        tree.add(each)
    assert (tree.leaves, tree.root) == (number, root_as_written_down(leaves).hex())
    assert leaf(7, 3, "ab") == sha(b"\0", b"7:3:ab")


@pytest.mark.parametrize("number", range(1, 20))
def test_each_leaf_leads_to_the_root_by_its_path_and_no_other_does(number: int) -> None:
    leaves = [leaf(n, 1, f"{n:064x}") for n in range(number)]
    root = root_as_written_down(leaves)

    def climbed(node: bytes, at: int) -> bytes:
        for side, digest in path_to_root(leaves, at):
            other = bytes.fromhex(digest)
            node = sha(b"\1", *{"left": (other, node), "right": (node, other)}[side])
        return node

    for at in range(number):
        assert climbed(leaves[at], at) == root
        assert climbed(leaf(at, 2, f"{at:064x}"), at) != root


@given(chains, st.lists(st.lists(hashes, max_size=3), max_size=10))
def test_what_was_published_is_derived_again_after_chains_have_grown(
    before: list[list[str]], added: list[list[str]]
) -> None:
    growth = Growth.read(grown(before).stored())
    longest = max(len(before), len(added))
    now = [(before[n] if n < len(before) else []) + (added[n] if n < len(added) else []) for n in range(longest)]
    assert derived(growth, now) == derived(growth, before)
    assert len(growth) == derived(growth, now)[0] == sum(1 for chain in before if chain)


@given(chains.filter(any), st.data())
def test_it_is_not_derived_after_a_chain_was_rewritten_cut_off_or_removed(
    before: list[list[str]], data: st.DataObject
) -> None:
    growth = grown(before)
    customer = data.draw(st.sampled_from([n for n, chain in enumerate(before) if chain]))
    for instead in ([*before[customer][:-1], "rewritten"], before[customer][:-1], []):
        now = [*before[:customer], instead, *before[customer + 1 :]]
        assert derived(growth, now) != derived(growth, before)


def test_each_publication_vouches_for_the_entries_since_those_before() -> None:
    then = Derived([Growth([(1, 2), (3, 2)]), Growth([(1, 3), (2, 1)]), Growth([(1, 0), (3, 9)])])
    for customer, chain in ((1, ["a", "b", "c", "d"]), (2, ["e"]), (3, ["f", "g"])):
        then.add(customer, chain)
    assert then.entries == [2 + 2, 1 + 1, 0]  # of chains that are too short it vouches for nothing
    assert [tree.leaves for tree in then.trees] == [2, 2, 0]
    of_second = [leaf(1, 3, "c"), leaf(2, 1, "e")]
    assert then.trees[1].root == root_as_written_down(of_second).hex()


ONE = Growth([(1, 2)]).stored()


@pytest.mark.parametrize("stored", [b"", b"nonsense", zlib.compress(b"abc"), ONE[:-1], ONE + b"more"])
def test_growth_that_was_tampered_with_holds_no_chain(stored: bytes) -> None:
    assert len(Growth.read(stored)) == 0


def test_a_published_digest_is_the_sha256_of_a_known_text_that_has_the_one_before() -> None:
    said = ["publication 1", "ab", "T0FIRM", 1, "2026-W47", "C0SUMMARY", "2026-11-23T09:00:00+00:00", 3, "cd"]
    text = json.dumps(said, separators=(",", ":"))
    assert FIRST.digest("ab", 3, "cd") == hashlib.sha256(text.encode()).hexdigest()
    east = replace(FIRST, at=AT.astimezone(timezone(timedelta(hours=9))))
    assert east.digest("ab", 3, "cd") == FIRST.digest("ab", 3, "cd")


OTHERS: list[dict[str, Any]] = [
    {"team": "T0OTHER"}, {"number": 2}, {"week": "2026-W48"}, {"channel": "C0OTHER"}, {"at": AT + timedelta(seconds=1)},
]  # fmt: skip


@pytest.mark.parametrize("other", OTHERS)
def test_each_thing_said_of_a_publication_is_in_its_digest(other: dict[str, Any]) -> None:
    assert replace(FIRST, **other).digest("ab", 3, "cd") != FIRST.digest("ab", 3, "cd")


def test_the_growth_of_a_hundred_thousand_chains_takes_little_space() -> None:
    everybody = Growth((customer, customer % 40 + 1) for customer in range(1, 100_001))
    assert len(everybody) == 100_000
    assert len(everybody.stored()) < 250_000
    assert everybody.at(99_999) == (100_000, 1)


def test_lengths_are_stored_with_the_least_byte_first() -> None:
    assert zlib.decompress(Growth([(2, 256)]).stored()) == bytes([2, 0, 0, 0, 0, 1, 0, 0])
