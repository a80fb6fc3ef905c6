"""The published digest holds after the chains have grown, and after no other change."""

import random
import zlib

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.published_digest import ChainEnds, PublishedDigest

hashes = st.text("0123456789abcdef", min_size=8, max_size=8)
chains = st.lists(st.lists(hashes, max_size=5, unique=True), max_size=8)


def ends(chains_: list[list[str]]) -> ChainEnds:
    return ChainEnds((customer, len(chain), chain[-1] if chain else "") for customer, chain in enumerate(chains_, 1))


def holds(chain_ends: ChainEnds, chains_: list[list[str]]) -> bool:
    then = PublishedDigest(chain_ends.digest, chain_ends.lengths())
    for customer, chain in enumerate(chains_, 1):
        then.add(customer, chain)
    return then.holds


@given(chains, st.lists(st.lists(hashes, max_size=3), max_size=10))
def test_the_digest_holds_after_chains_have_grown(before: list[list[str]], added: list[list[str]]) -> None:
    chain_ends = ends(before)
    longest = max(len(before), len(added))
    grown = [(before[n] if n < len(before) else []) + (added[n] if n < len(added) else []) for n in range(longest)]
    assert holds(chain_ends, grown)
    assert chain_ends.chains == sum(1 for chain in before if chain)


@given(chains.filter(any), st.randoms(use_true_random=False))
def test_the_digest_does_not_hold_after_a_chain_was_rewritten_cut_off_or_removed(
    before: list[list[str]], chance: random.Random
) -> None:
    chain_ends = ends(before)
    customer = chance.choice([n for n, chain in enumerate(before) if chain])
    rewritten = [*before[customer][:-1], "rewritten"]
    for instead in (rewritten, before[customer][:-1], []):
        assert not holds(chain_ends, [*before[:customer], instead, *before[customer + 1 :]])


def test_the_digest_does_not_hold_with_other_lengths() -> None:
    chain_ends = ends([["a"], ["b", "c"]])
    for instead in (b"", b"nonsense", ChainEnds([(1, 1, "a")]).lengths()):
        then = PublishedDigest(chain_ends.digest, instead)
        then.add(1, ["a"])
        then.add(2, ["b", "c"])
        assert not then.holds


def test_the_lengths_of_a_hundred_thousand_chains_take_little_space() -> None:
    chain_ends = ChainEnds((customer, customer % 40, "f" * 64) for customer in range(1, 100_001))
    assert chain_ends.chains == 97_500
    assert len(chain_ends.lengths()) < 5_000


def test_the_lengths_are_stored_with_the_least_byte_first_and_a_0_for_each_empty_chain() -> None:
    lengths = ChainEnds([(2, 3, "f"), (3, 0, ""), (4, 256, "f")]).lengths()
    assert zlib.decompress(lengths) == bytes([0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0])
