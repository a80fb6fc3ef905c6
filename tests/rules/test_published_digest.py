"""The digest over the ends of all chains: derived again from chains that have grown, and broken by any other change."""

import random

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.published_digest import Heads, Recalled

hashes = st.text("0123456789abcdef", min_size=8, max_size=8)
chains = st.lists(st.lists(hashes, max_size=5, unique=True), max_size=8)


def ends(chains_: list[list[str]]) -> Heads:
    return Heads((customer, len(chain), chain[-1] if chain else "") for customer, chain in enumerate(chains_, 1))


def holds(heads: Heads, chains_: list[list[str]]) -> bool:
    then = Recalled(heads.digest, heads.lengths())
    for customer, chain in enumerate(chains_, 1):
        then.see(customer, chain)
    return then.holds


@given(chains, st.lists(st.lists(hashes, max_size=3), max_size=10))
def test_it_is_derived_again_however_much_was_added_since(before: list[list[str]], added: list[list[str]]) -> None:
    heads = ends(before)
    longest = max(len(before), len(added))
    grown = [(before[n] if n < len(before) else []) + (added[n] if n < len(added) else []) for n in range(longest)]
    assert holds(heads, grown)
    assert heads.chains == sum(1 for chain in before if chain)


@given(chains.filter(any), st.randoms(use_true_random=False))
def test_a_past_that_was_written_anew_cut_off_or_removed_does_not_hold(
    before: list[list[str]], chance: random.Random
) -> None:
    heads = ends(before)
    customer = chance.choice([n for n, chain in enumerate(before) if chain])
    anew = [*before[customer][:-1], "written anew"]
    for instead in (anew, before[customer][:-1], []):
        assert not holds(heads, [*before[:customer], instead, *before[customer + 1 :]])


def test_what_was_kept_of_the_lengths_cannot_be_tampered_with() -> None:
    heads = ends([["a"], ["b", "c"]])
    for instead in (b"", b"nonsense", Heads([(1, 1, "a")]).lengths()):
        then = Recalled(heads.digest, instead)
        then.see(1, ["a"])
        then.see(2, ["b", "c"])
        assert not then.holds


def test_a_hundred_thousand_chains_take_little_room() -> None:
    heads = Heads((customer, customer % 40, "f" * 64) for customer in range(1, 100_001))
    assert heads.chains == 97_500
    assert len(heads.lengths()) < 5_000
