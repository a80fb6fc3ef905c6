"""An entry of the audit log names only rows that its act changes, and is not earlier than the one before it."""

from datetime import timedelta, timezone

import pytest

from bot.rules.audit import Act, AuditEntry
from bot.rules.vouching import CLOCKS_DIFFER, unfit_entries
from tests.builders import FRIDAY

DECIDED = (Act.DECIDE, {"decision 3": "1:facts:seal"})


def unfit(*entries: tuple[str, dict[str, str]]) -> list[str]:
    return list(
        unfit_entries(AuditEntry(n, FRIDAY, "U0ADA", act, {}, rows) for n, (act, rows) in enumerate(entries, 1))
    )


@pytest.mark.parametrize(
    "later",
    [
        (Act.LAPSE, "1:ended:seal"),
        (Act.ANSWER_OBJECTION, "1:other terms:seal"),
        (Act.LAPSE, "2:ended:seal:a new text's"),
        (Act.ERASE, "1:facts:none"),
        (Act.ERASE, "2:facts of more columns:none"),
    ],
)
def test_what_an_act_changes_it_may_name(later: tuple[str, str]) -> None:
    assert unfit(DECIDED, (later[0], {"decision 3": later[1]})) == []


@pytest.mark.parametrize(
    "later",
    [
        (Act.DECIDE, "1:ended:seal"),  # a decision is made once
        (Act.READ, "1:facts:seal"),
        ("an act of nobody", "1:facts:seal"),
        (Act.LAPSE, "1:ended:other"),  # only erasing changes what a decision says
        (Act.LAPSE, "1:ended"),
        (Act.LAPSE, "2:ended"),
        (Act.LAPSE, "gibberish"),
        (Act.LAPSE, "0:ended:seal"),
        (Act.ERASE, "1:others:none"),  # and it changes nothing else
    ],
)
def test_what_an_act_does_not_change_it_may_not_name(later: tuple[str, str]) -> None:
    act, digest = later
    said = f"entry 2 tells of decision 3, which the act “{act}” does not change so"
    assert unfit(DECIDED, (act, {"decision 3": digest})) == [said]


def test_a_row_that_was_another_customers_meanwhile_may_be_another_when_it_comes_back() -> None:
    merged = (Act.MERGED_INTO, {"decision 3": "1:facts:seal"})
    assert unfit(DECIDED, merged, (Act.UNDO_MERGER, {"decision 3": "1:ended:other"})) == []
    assert len(unfit(DECIDED, merged, (Act.LAPSE, {"decision 3": "1:ended:other"}))) == 1


def test_a_row_is_named_first_by_the_act_that_makes_it() -> None:
    assert len(unfit((Act.LAPSE, {"decision 3": "1:facts:seal"}))) == 1


def test_a_time_goes_back_by_what_clocks_differ_and_no_further() -> None:
    times = (FRIDAY, FRIDAY - CLOCKS_DIFFER, FRIDAY - 2 * CLOCKS_DIFFER - timedelta(seconds=1), FRIDAY)
    entries = [AuditEntry(n, at, "U0ADA", Act.READ, {}, {}) for n, at in enumerate(times, 1)]
    assert list(unfit_entries(entries)) == ["entry 3 has an earlier time than the entry before it"]


def test_only_an_entry_that_says_from_when_the_clock_was_put_back_may_be_earlier() -> None:
    back, there = FRIDAY - timedelta(days=1), FRIDAY.astimezone(timezone(timedelta(hours=2)))

    def unfit_after(act: str, facts: dict[str, str]) -> int:
        entries = (AuditEntry(1, there, "U0ADA", Act.READ, {}, {}), AuditEntry(2, back, "clock", act, facts, {}))
        return len(list(unfit_entries(entries)))

    assert unfit_after(Act.CLOCK_PUT_BACK, {"before": FRIDAY.isoformat()}) == 0
    assert unfit_after(Act.CLOCK_PUT_BACK, {"before": back.isoformat()}) == 1
    assert unfit_after(Act.CLOCK_PUT_BACK, {}) == 1
    assert unfit_after(Act.READ, {"before": FRIDAY.isoformat()}) == 1
