"""A chain in which anything was changed, removed, put in or cut off says so, and where."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.audit_chain import FIRST, Broken, Entry, Row, link, seal, verify

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
TEAM, CUSTOMER = "T0FIRM", 7
CHANGES = {
    "at": AT + timedelta(days=9),
    "actor": "U0EVE",
    "act": "keep",
    "facts": {"points": 99},
}


def entry(n: int) -> Entry:
    return Entry(n, AT + timedelta(minutes=n), "U0ANA", "report", {"report": n, "doubted": False, "points": [n, None]})


def chained(entries: Sequence[Entry]) -> list[Row]:
    rows: list[Row] = []
    for one in entries:
        rows.append((one, link(rows[-1][1] if rows else FIRST, TEAM, CUSTOMER, one)))
    return rows


def renumbered(rows: Sequence[Row]) -> list[Row]:
    return [(replace(row[0], n=n), row[1]) for n, row in enumerate(rows, 1)]


def head_of(rows: Sequence[Row]) -> tuple[int, str]:
    return (len(rows), rows[-1][1]) if rows else (0, FIRST)


def check(rows: Sequence[Row], head: tuple[int, str] | None) -> Broken | None:
    return verify(TEAM, CUSTOMER, rows, head)


lengths = st.integers(1, 8)
chains = st.integers(1, 8).map(lambda n: chained([entry(n) for n in range(1, n + 1)]))
chains_and_places = chains.flatmap(lambda rows: st.tuples(st.just(rows), st.integers(1, len(rows))))


@given(chains)
def test_an_untouched_chain_is_whole(rows: list[Row]) -> None:
    assert check(rows, head_of(rows)) is None
    assert check(rows, None) is None


def test_an_empty_chain_is_whole() -> None:
    assert check([], None) is None
    assert check([], (0, FIRST)) is None


@given(chains_and_places, st.sampled_from(sorted(CHANGES)))
def test_a_changed_entry_is_named(found: tuple[list[Row], int], field: str) -> None:
    rows, n = found
    changed = [*rows]
    changed[n - 1] = (replace(rows[n - 1][0], **{field: CHANGES[field]}), rows[n - 1][1])
    assert check(changed, head_of(rows)) == Broken(n, "changed")


@given(chains_and_places)
def test_a_changed_hash_is_named(found: tuple[list[Row], int]) -> None:
    rows, n = found
    changed = [*rows]
    changed[n - 1] = (rows[n - 1][0], "f" * 64)
    assert check(changed, head_of(rows)) == Broken(n, "changed")


@given(chains_and_places, st.booleans())
def test_a_removed_entry_is_named_also_when_the_later_ones_got_new_numbers(
    found: tuple[list[Row], int],
    renumber: bool,  # noqa: FBT001 - given by hypothesis
) -> None:
    rows, n = found
    left = [*rows[: n - 1], *rows[n:]]
    what = "cut off" if n == len(rows) else "removed"
    assert check(renumbered(left) if renumber else left, head_of(rows)) == Broken(n, what)


@given(chains_and_places, st.booleans())
def test_an_entry_that_was_put_in_is_named_also_when_its_hash_is_right(
    found: tuple[list[Row], int],
    right: bool,  # noqa: FBT001 - given by hypothesis
) -> None:
    rows, n = found
    forged = Entry(n, AT, "U0EVE", "keep", {})
    before = rows[n - 2][1] if n > 1 else FIRST
    row = (forged, link(before, TEAM, CUSTOMER, forged) if right else "f" * 64)
    assert check(renumbered([*rows[: n - 1], row, *rows[n - 1 :]]), head_of(rows)) == Broken(n, "put in")


@given(chains_and_places)
def test_an_entry_put_in_under_a_number_that_is_taken_is_named(found: tuple[list[Row], int]) -> None:
    rows, n = found
    assert check([*rows[:n], rows[n - 1], *rows[n:]], head_of(rows)) == Broken(n, "put in")


@given(chains)
def test_an_entry_put_on_at_the_end_is_named(rows: list[Row]) -> None:
    longer = chained([*(one for one, _ in rows), entry(len(rows) + 1)])
    assert check(longer, head_of(rows)) == Broken(len(rows) + 1, "put in")


@given(chains.filter(lambda rows: len(rows) > 1), st.data())
def test_of_two_swapped_entries_the_first_is_named(rows: list[Row], data: st.DataObject) -> None:
    a = data.draw(st.integers(1, len(rows) - 1))
    b = data.draw(st.integers(a + 1, len(rows)))
    swapped = [*rows]
    swapped[a - 1], swapped[b - 1] = rows[b - 1], rows[a - 1]
    broken = check(renumbered(swapped), head_of(rows))
    assert broken is not None
    assert broken.n == a


@given(chains_and_places)
def test_a_cut_end_is_named_where_the_head_is_known(found: tuple[list[Row], int]) -> None:
    rows, n = found
    assert check(rows[: n - 1], head_of(rows)) == Broken(n, "cut off")
    assert check(rows[: n - 1], None) is None


@given(chains_and_places)
def test_a_chain_written_anew_does_not_end_in_the_head(found: tuple[list[Row], int]) -> None:
    rows, n = found
    anew = chained([replace(one, actor="U0EVE") if one.n == n else one for one, _ in rows])
    assert check(anew, head_of(rows)) == Broken(len(rows), "changed")


@pytest.mark.parametrize(("team", "customer"), [("T0OTHER", CUSTOMER), (TEAM, CUSTOMER + 1)])
def test_a_chain_belongs_to_its_team_and_customer(team: str, customer: int) -> None:
    rows = chained([entry(1)])
    assert verify(team, customer, rows, head_of(rows)) == Broken(1, "changed")


def test_the_zone_in_which_a_time_is_read_back_does_not_matter() -> None:
    rows = chained([entry(1), entry(2)])
    east = timezone(timedelta(hours=9))
    assert check([(replace(one, at=one.at.astimezone(east)), digest) for one, digest in rows], head_of(rows)) is None


def test_a_link_is_the_digest_of_a_text_that_anybody_can_write_down() -> None:
    text = (
        f'["{FIRST}","T0FIRM",7,1,"2026-11-20T12:01:00+00:00","U0ANA","report",'
        '{"doubted":false,"points":[1,null],"report":1},{"report 1":"ab"}]'
    )
    told = replace(entry(1), rows={"report 1": "ab"})
    assert link(FIRST, TEAM, CUSTOMER, told) == hashlib.sha256(text.encode()).hexdigest()


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        link(FIRST, TEAM, CUSTOMER, replace(entry(1), facts={"worth": float("nan")}))


def test_a_seal_depends_on_the_text_and_the_salt() -> None:
    assert seal("salt", "He shouted.") == seal("salt", "He shouted.")
    assert len({seal("salt", "He shouted."), seal("salt", "He shouted!"), seal("other", "He shouted.")}) == 3
    assert len(seal("salt", "")) == 64
