"""An entry of the audit log names only rows that its act changes, and none is earlier than the one before it.

And what the log contradicts: numbers that were left out, and an approval that counts in spite of a later report.
"""

from collections.abc import Mapping
from datetime import timedelta, timezone
from typing import Any

import pytest

from bot.rules.audit import Act, AuditEntry
from bot.rules.vouching import CLOCKS_DIFFER, numbers_left_out, overtaken, unfit_entries
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
        (Act.LAPSE, "one:ended:seal"),
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
    assert unfit((Act.MERGE, {"stake 3/U0ADA/before the merger": "1:facts"})) == []


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


def test_which_numbers_were_left_out_is_read_from_the_entries_that_say_so_and_from_nothing_else() -> None:
    said: tuple[tuple[str, dict[str, object]], ...] = (
        (Act.SKIP_NUMBERS, {"report": [3, 5], "case": [1, 1]}),
        (Act.SUM_UP, {"report": [6, 7]}),
        (Act.SKIP_NUMBERS, {"report": [8, 9], "case": [0, 4], "customer": [5, 4], "warning": "3, 5", "file": [1]}),
        (Act.SKIP_NUMBERS, {"file": ["1", 2], "hearing": [1, 2, 3]}),
    )
    entries = [AuditEntry(n, FRIDAY, "clock", act, facts) for n, (act, facts) in enumerate(said, 1)]
    assert numbers_left_out(entries) == {"report": [(3, 5), (8, 9)], "case": [(1, 1)]}
    assert numbers_left_out([]) == {}


APPROVED = AuditEntry(5, FRIDAY, "U0PRIYA", Act.APPROVE_DROP, {"case": 1, "version": 4})
OVERTAKEN = ["in case 1 a report that came after an approval is said to have come before it"]


def approval(**changes: object) -> tuple[str, Mapping[str, Any]]:
    return "approval", {"case": 1, "by": "U0PRIYA", "version": 4, "taken_back_at": None} | changes


def a_report(number: int, since_version: int | None, case: int = 1) -> tuple[str, Mapping[str, Any]]:
    return "report", {"number": number, "case": case, "since_version": since_version}


def changed(n: int, report: int, act: str = Act.REPORT) -> AuditEntry:
    return AuditEntry(n, FRIDAY, "U0ANA", act, {"report": report})


@pytest.mark.parametrize(
    ("outcome", "entries", "rows", "found"),
    [
        (None, [changed(4, 1)], [a_report(1, 4)], []),  # it came before
        (None, [changed(6, 1)], [a_report(1, 5)], []),  # it came after, so that the approval does not count
        (None, [changed(6, 1)], [a_report(1, 4)], OVERTAKEN),
        (None, [changed(6, 1)], [a_report(1, 3)], OVERTAKEN),
        (None, [changed(6, 1)], [a_report(1, None)], OVERTAKEN),
        (None, [changed(6, 1, Act.WITHDRAW)], [a_report(1, 4)], OVERTAKEN),
        (None, [changed(6, 1, Act.READ)], [a_report(1, 4)], []),
        (None, [changed(4, 1), changed(6, 1)], [a_report(1, 4)], OVERTAKEN),  # what changed it last counts
        (None, [changed(6, 1), changed(7, 2)], [a_report(1, 4), a_report(2, 6)], OVERTAKEN),
        (None, [changed(6, 1), changed(7, 2)], [a_report(1, 5), a_report(2, 6)], []),
        (None, [changed(6, 2)], [a_report(2, 4, case=2)], []),  # of another case
        (None, [], [a_report(1, 4)], []),
        ("dropped", [changed(6, 1)], [a_report(1, 4)], OVERTAKEN),
        ("kept", [changed(6, 1)], [a_report(1, 4)], []),  # no approval counted
    ],
)
def test_an_approval_does_not_count_with_a_report_after_it(
    outcome: str | None, entries: list[AuditEntry], rows: list[tuple[str, Mapping[str, Any]]], found: list[str]
) -> None:
    case = ("matter", {"number": 1, "outcome": outcome})
    record = [*rows, case, ("customer", {"number": 1})]
    assert list(overtaken([APPROVED, *entries], [approval(), *record])) == found
    assert list(overtaken([APPROVED, *entries], [approval(taken_back_at=FRIDAY), *record])) == []
    for other in ({"by": "U0BRAD"}, {"version": 5}):  # the log says nothing of such an approval
        assert list(overtaken([APPROVED, *entries], [approval(**other), *record])) == []
    another = approval(taken_back_at=FRIDAY, by="U0BRAD")
    assert list(overtaken([APPROVED, *entries], [another, approval(), *record])) == found


def test_each_case_with_such_an_approval_is_named() -> None:
    entries = [APPROVED, AuditEntry(6, FRIDAY, "U0BRAD", Act.APPROVE_DROP, {"case": 2, "version": 7})]
    rows = [approval(), approval(case=2, by="U0BRAD", version=7), a_report(1, 4), a_report(2, 7, case=2)]
    found = list(overtaken([*entries, changed(7, 1), changed(8, 2)], rows))
    assert found == [*OVERTAKEN, OVERTAKEN[0].replace("case 1", "case 2")]
