"""Verifying a chain finds the first entry that was changed, removed, inserted or cut off."""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.audit import Act, AuditEntry, salted_digest
from bot.rules.audit_chain import NO_HASH, BrokenChain, Chain, StoredEntry, canonical, counted_in, verify_chain

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
CHAIN = Chain("T0FIRM", 7, "pepper")
CHANGES = {
    "at": AT + timedelta(days=9),
    "actor": "U0EVE",
    "act": "keep",
    "facts": {"points": 99},
}


def entry(n: int) -> AuditEntry:
    return AuditEntry(
        n, AT + timedelta(minutes=n), "U0ANA", "report", {"report": n, "doubted": False, "points": [n, None]}
    )


def chained(entries: Sequence[AuditEntry]) -> list[StoredEntry]:
    rows: list[StoredEntry] = []
    for one in entries:
        rows.append((one, CHAIN.hash(rows[-1][1] if rows else NO_HASH, one)))
    return rows


def renumbered(rows: Sequence[StoredEntry]) -> list[StoredEntry]:
    return [(replace(row[0], n=n), row[1]) for n, row in enumerate(rows, 1)]


def end_of(rows: Sequence[StoredEntry]) -> tuple[int, str]:
    return (len(rows), rows[-1][1]) if rows else (0, NO_HASH)


def check(rows: Sequence[StoredEntry], end: tuple[int, str] | None) -> BrokenChain | None:
    return verify_chain(CHAIN, rows, end)


lengths = st.integers(1, 8)
chains = st.integers(1, 8).map(lambda n: chained([entry(n) for n in range(1, n + 1)]))
chains_and_places = chains.flatmap(lambda rows: st.tuples(st.just(rows), st.integers(1, len(rows))))


@given(chains)
def test_an_untouched_chain_is_whole(rows: list[StoredEntry]) -> None:
    assert check(rows, end_of(rows)) is None
    assert check(rows, None) is None


def test_an_empty_chain_is_whole() -> None:
    assert check([], None) is None
    assert check([], (0, NO_HASH)) is None


@given(chains_and_places, st.sampled_from(sorted(CHANGES)))
def test_a_changed_entry_is_named(chain_and_place: tuple[list[StoredEntry], int], field: str) -> None:
    rows, n = chain_and_place
    changed = [*rows]
    changed[n - 1] = (replace(rows[n - 1][0], **{field: CHANGES[field]}), rows[n - 1][1])
    assert check(changed, end_of(rows)) == BrokenChain(n, "changed")


@given(chains_and_places)
def test_a_changed_hash_is_named(chain_and_place: tuple[list[StoredEntry], int]) -> None:
    rows, n = chain_and_place
    changed = [*rows]
    changed[n - 1] = (rows[n - 1][0], "f" * 64)
    assert check(changed, end_of(rows)) == BrokenChain(n, "changed")


@given(chains_and_places, st.booleans())
def test_a_removed_entry_is_named_even_if_the_later_ones_are_renumbered(
    chain_and_place: tuple[list[StoredEntry], int],
    renumber: bool,  # noqa: FBT001 - given by hypothesis
) -> None:
    rows, n = chain_and_place
    left = [*rows[: n - 1], *rows[n:]]
    what = "cut off" if n == len(rows) else "removed"
    assert check(renumbered(left) if renumber else left, end_of(rows)) == BrokenChain(n, what)


@given(chains_and_places, st.booleans())
def test_an_inserted_entry_is_named_even_if_its_hash_is_right(
    chain_and_place: tuple[list[StoredEntry], int],
    right: bool,  # noqa: FBT001 - given by hypothesis
) -> None:
    rows, n = chain_and_place
    forged = AuditEntry(n, AT, "U0EVE", "keep", {})
    before = rows[n - 2][1] if n > 1 else NO_HASH
    row = (forged, CHAIN.hash(before, forged) if right else "f" * 64)
    assert check(renumbered([*rows[: n - 1], row, *rows[n - 1 :]]), end_of(rows)) == BrokenChain(n, "put in")


@given(chains_and_places)
def test_an_entry_inserted_under_a_number_in_use_is_named(chain_and_place: tuple[list[StoredEntry], int]) -> None:
    rows, n = chain_and_place
    assert check([*rows[:n], rows[n - 1], *rows[n:]], end_of(rows)) == BrokenChain(n, "put in")


@given(chains)
def test_an_entry_added_at_the_end_is_named(rows: list[StoredEntry]) -> None:
    longer = chained([*(one for one, _ in rows), entry(len(rows) + 1)])
    assert check(longer, end_of(rows)) == BrokenChain(len(rows) + 1, "put in")


@given(chains.filter(lambda rows: len(rows) > 1), st.data())
def test_of_two_swapped_entries_the_first_is_named(rows: list[StoredEntry], data: st.DataObject) -> None:
    a = data.draw(st.integers(1, len(rows) - 1))
    b = data.draw(st.integers(a + 1, len(rows)))
    swapped = [*rows]
    swapped[a - 1], swapped[b - 1] = rows[b - 1], rows[a - 1]
    broken = check(renumbered(swapped), end_of(rows))
    assert broken is not None
    assert broken.n == a


@given(chains_and_places)
def test_a_cut_end_is_named_if_the_end_is_known(chain_and_place: tuple[list[StoredEntry], int]) -> None:
    rows, n = chain_and_place
    assert check(rows[: n - 1], end_of(rows)) == BrokenChain(n, "cut off")
    assert check(rows[: n - 1], None) is None


@given(chains_and_places)
def test_a_rewritten_chain_does_not_have_the_known_end(chain_and_place: tuple[list[StoredEntry], int]) -> None:
    rows, n = chain_and_place
    rewritten = chained([replace(one, actor="U0EVE") if one.n == n else one for one, _ in rows])
    assert check(rewritten, end_of(rows)) == BrokenChain(len(rows), "changed")


@pytest.mark.parametrize("other", [{"team": "T0OTHER"}, {"customer": 8}, {"salt": "paprika"}])
def test_a_chain_belongs_to_its_team_and_customer_and_has_its_own_salt(other: dict[str, Any]) -> None:
    rows = chained([entry(1)])
    assert verify_chain(replace(CHAIN, **other), rows, end_of(rows)) == BrokenChain(1, "changed")


def test_the_zone_in_which_a_time_is_read_does_not_matter() -> None:
    rows = chained([entry(1), entry(2)])
    east = timezone(timedelta(hours=9))
    assert check([(replace(one, at=one.at.astimezone(east)), digest) for one, digest in rows], end_of(rows)) is None


def test_an_entrys_hash_is_the_sha256_of_a_known_text() -> None:
    people = hmac.digest(b"pepper", b"people", "sha256").hex()
    ana = "~" + hmac.digest(people.encode(), b"U0ANA", "sha256").hex()[:32]
    said = (
        f'["entry 1","T0FIRM",7,1,"2026-11-20T12:01:00+00:00","{ana}","report",'
        '{"doubted":false,"points":[1,null],"report":1},{"report 1":"1:ab"}]'
    )
    first = replace(entry(1), rows={"report 1": "1:ab"})
    content = hashlib.sha256(said.encode()).hexdigest()
    assert CHAIN.content(first) == content
    assert CHAIN.hash(NO_HASH, first) == hashlib.sha256(f"{NO_HASH}{content}".encode()).hexdigest()


def test_whoever_has_the_entries_without_the_salt_can_check_them_and_does_not_learn_who_is_who() -> None:
    people = {"owner": "U0BRAD", "excluded": {"W0ZOE": "owner", "U0BRAD": "reporter"}, "approved_by": ["U0ADA"]}
    known = replace(entry(1), facts=people, rows={"recusal 2/U0ADA": "1:ab", "report 12": "1:cd"})
    masked = json.loads(CHAIN.masked([known.actor, dict(known.facts), dict(known.rows)]))
    hidden = AuditEntry(known.n, known.at, masked[0], known.act, masked[1], masked[2])
    assert not re.search("[UW]0[A-Z]", str(hidden))
    assert masked[1]["owner"] == next(name for name, why in masked[1]["excluded"].items() if why == "reporter")
    for salt in ("pepper", "unknown"):
        assert replace(CHAIN, salt=salt).hash(NO_HASH, hidden) == CHAIN.hash(NO_HASH, known)


def test_what_a_rep_says_of_themselves_is_sealed_also_from_whoever_is_informed_who_people_are() -> None:
    answers = [
        replace(entry(1), act="answer check-in", facts={"report": 1, "answer": said}) for said in ("fine", "talk")
    ]
    said = [str(CHAIN.said(each)) for each in answers]
    assert not [each for each in said if "fine" in each or "talk" in each or "U0ANA" in each]
    assert CHAIN.content(answers[0]) != CHAIN.content(answers[1])
    assert CHAIN.content(answers[0]) != CHAIN.content(replace(answers[0], n=2))
    assert CHAIN.salt not in str(CHAIN.people(["U0ANA"])) + CHAIN.people_salt
    assert CHAIN.people(["U0ANA", {"by": "recusal 2/U0ADA"}]) == {
        CHAIN.reference(each): each for each in ("U0ANA", "U0ADA")
    }


@pytest.mark.parametrize("act", [Act.ERASE, Act.EXPORT])
def test_who_ran_a_command_is_masked_like_a_user_and_anybody_elses_name_is_not(act: Act) -> None:
    ran = replace(entry(1), actor="clock", act=act, facts={"by": "ana", "manager": "U0BRAD"})
    assert CHAIN.people_of(ran) == {CHAIN.reference(each): each for each in ("U0BRAD", "ana")}
    assert CHAIN.said(ran)[7] == {"by": CHAIN.reference("ana"), "manager": "U0BRAD"}
    decided = replace(ran, act=Act.DECIDE)
    assert CHAIN.people_of(decided) == {CHAIN.reference("U0BRAD"): "U0BRAD"}
    assert CHAIN.said(decided)[7] == decided.facts
    nobody = replace(ran, facts={})
    assert (CHAIN.people_of(nobody), CHAIN.said(nobody)[7]) == ({}, {})


def test_each_value_has_one_text_in_the_chain() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=timezone(timedelta(hours=9)))
    assert canonical({"b": noon, "a": [date(2026, 11, 20), "é"]}) == (
        '{"a":["2026-11-20","\\u00e9"],"b":"2026-11-20T03:00:00+00:00"}'
    )
    with pytest.raises(TypeError, match="complex"):
        canonical(4j)
    masked = CHAIN.masked({"by": "U0ANA", "at": noon})
    assert CHAIN.row_digest({"by": "U0ANA", "at": noon}) == hashlib.sha256(masked.encode()).hexdigest()[:32]


USERS = [f"{kind}0{letter}" for kind in "UW" for letter in "ABCDEFG"]
texts = st.text() | st.sampled_from([*USERS, "recusal 2/U0A", "U0A U0B", "XU0A", "U0a"])


@given(st.dictionaries(texts, texts | st.lists(texts), max_size=4))
def test_what_is_masked_twice_is_masked_as_once(facts: dict[str, Any]) -> None:
    once = CHAIN.masked(facts)
    assert CHAIN.masked(json.loads(once)) == once
    assert len(json.loads(once)) == len(facts)


def test_what_is_masked_is_in_the_order_of_the_masks_which_says_nothing_of_the_names() -> None:
    masked = json.loads(CHAIN.masked(dict.fromkeys(USERS, "reporter")))
    assert [*masked] == sorted(CHAIN.reference(user) for user in USERS) != [CHAIN.reference(user) for user in USERS]


def test_the_customers_count_depends_on_each_first_entry_and_their_order() -> None:
    assert counted_in(counted_in(None, ["a" * 64]), ["b" * 64]) == counted_in(NO_HASH, ["a" * 64, "b" * 64])
    assert len({counted_in(None, each) for each in ([], ["a"], ["a", "b"], ["b", "a"])}) == 4


def test_facts_that_json_cannot_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        CHAIN.hash(NO_HASH, replace(entry(1), facts={"worth": float("nan")}))


def test_a_salted_digest_depends_on_the_text_and_the_salt() -> None:
    assert salted_digest("salt", "He shouted.") == salted_digest("salt", "He shouted.")
    assert (
        len(
            {
                salted_digest("salt", "He shouted."),
                salted_digest("salt", "He shouted!"),
                salted_digest("other", "He shouted."),
            }
        )
        == 3
    )
    assert len(salted_digest("salt", "")) == 64


def test_an_entry_hashed_under_the_number_0_was_changed() -> None:
    forged = CHAIN.hash(NO_HASH, replace(entry(1), n=0))
    assert check([(entry(1), forged)], None) == BrokenChain(1, "changed")
