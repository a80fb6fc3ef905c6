"""Interim protection: from a report that asks something of management until its answer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.rules.audit import Act
from bot.rules.evidence_pack.archive import unzipped
from bot.rules.evidence_pack.contents import REPORT
from bot.rules.evidence_pack.pack import evidence_pack
from bot.rules.hearings import Finding
from bot.rules.policy.interim_rules import InterimRules, ProtectionKind
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.protection import ProtectionUnchanged
from bot.rules.refusals import AlreadyClosed, AlreadyDecided, Denial, NotEntitled, Outdated
from bot.usecases.cases.evidence_pack import pack_contents
from bot.usecases.cases.protection import (
    LiftProtection,
    SetProtection,
    check_lift_protection,
    lift_protection,
    set_protection,
)
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.customers.erase import EraseCustomer, erase_customer
from bot.usecases.customers.look_up import open_customer
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.hearings.hear import HearBothSides, TakeHearing, TakeOver, hear_both_sides, take_hearing, take_over
from bot.usecases.hearings.outcome import RecordOutcome, record_outcome
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.shared.read_models import case_file, report_file
from bot.usecases.warnings.warn import NotNow, not_now
from storage.tables.audit import audit
from storage.tables.cases import matter, protection
from storage.tables.reports import report, verdict
from tests.builders import (
    TEAM,
    at_once,
    before_a_decision,
    denied,
    dropped,
    kept,
    opened,
    read_from_slack,
    refusals_of,
    reported,
    rows,
    run_due_tasks,
    someone,
    version_of,
    warned,
    wrong,
)

if TYPE_CHECKING:
    from bot.usecases.context import Context
    from storage.database import Database
    from tests.builders import FrozenClock

WRITTEN, NOT_ALONE = ProtectionKind.WRITTEN_ONLY, ProtectionKind.NOT_ALONE
WHY = "He only writes, and politely."


def holds(context: Context, customer: int = 1) -> ProtectionKind | None:
    """What the card says; the messages of all who reported the customer, and the open case, say the same."""
    card = open_customer(context, someone("U0MIA"), customer).protection
    with context.read(TEAM) as tx:
        numbers = [each.number for each in tx.reports.incidents(customer)]
        said = {report_file(tx, context, number).protection for number in numbers}
        case = tx.cases.open_about(customer)
        last = case_file(tx, context, case.number).protection if case else None
    assert said <= {card}
    assert (last if last and last.kind else None) == card
    return card.kind if card else None


def lifted(context: Context, case: int, by: str = "U0PRIYA", version: int | None = None) -> None:
    lift_protection(context, LiftProtection(someone(by), case, version or version_of(context, case), WHY))


def put(context: Context, case: int, by: str = "U0PRIYA", version: int | None = None) -> None:
    set_protection(context, SetProtection(someone(by), case, version or version_of(context, case), WHY))


def severe(context: Context, user: str = "U0ANA", **changes: object) -> int:
    return opened(context, user, severity=Severity.SEVERE, **changes).number


def test_it_stands_at_once_from_a_report_that_asks_for_a_decision(context: Context, clock: FrozenClock) -> None:
    received = reported(context, category="threat")
    assert received.protection
    assert holds(context) is WRITTEN
    before_a_decision(context, clock, "Acme")
    assert holds(context, 2) is WRITTEN


def test_it_stands_from_any_severe_report_that_asks_something_and_from_none_that_does_not(context: Context) -> None:
    assert reported(context, customer="Record", category="other", severity=Severity.SEVERE).protection is None
    assert holds(context, 1) is None
    reported(context, "U0JOE", "Record", category="verbal_abuse")
    assert holds(context, 1) is WRITTEN  # the severe report has joined the case
    assert reported(context, customer="Warn").protection is None
    assert reported(context, "U0JOE", "Warn", severity=Severity.SEVERE).protection
    assert holds(context, 2) is WRITTEN


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (InterimRules(), (None, None, None)),
        (InterimRules(at=(Rung.WARN, Rung.HEAR), protection=NOT_ALONE), (NOT_ALONE, NOT_ALONE, None)),
        (InterimRules(severe=True), (None, None, None)),
    ],
)
def test_the_policy_says_where(
    context: Context, rules: InterimRules, expected: tuple[ProtectionKind | None, ...]
) -> None:
    context = replace(context, policy=replace(context.policy, interim=rules))
    reported(context, customer="Warn")
    reported(context, customer="Hear", doubted=True)
    reported(context, customer="Decide", category="threat")
    assert tuple(holds(context, number) for number in (1, 2, 3)) == expected


def test_an_open_case_follows_another_policy_with_its_next_verdict_and_what_holds_goes_on(context: Context) -> None:
    def under(rules: InterimRules) -> Context:
        return replace(context, policy=replace(context.policy, interim=rules))

    none, some, other = (
        under(each)
        for each in (
            InterimRules(),
            InterimRules(at=(Rung.DECIDE,)),
            InterimRules(at=(Rung.DECIDE,), protection=NOT_ALONE),
        )
    )
    opened(none, category="threat")
    assert holds(some) is None
    reported(some, "U0JOE", category="threat")
    assert holds(some) is WRITTEN
    for later in (other, none):
        reported(later, "U0MIA", category="threat")
        assert holds(later) is WRITTEN


def test_a_hearing_before_the_decision_leaves_no_gap(context: Context, clock: FrozenClock) -> None:
    case = before_a_decision(context, clock)
    hear_both_sides(context, HearBothSides(someone("U0PRIYA"), case, "U0BRAD", "Who was it?"))
    assert holds(context) is WRITTEN
    take_over(context, TakeOver(someone("U0PRIYA"), case, "Brad is away."))
    assert holds(context) is WRITTEN


def test_a_policy_that_protects_while_both_sides_are_heard_does_so_where_a_manager_asks_for_it(
    context: Context, clock: FrozenClock
) -> None:
    context = replace(context, policy=replace(context.policy, interim=InterimRules(at=(Rung.HEAR,))))
    case = before_a_decision(context, clock)
    assert holds(context) is None
    hear_both_sides(context, HearBothSides(someone("U0PRIYA"), case, "U0BRAD", "Who was it?"))
    assert holds(context) is WRITTEN


@pytest.mark.parametrize("end", ["dropped", "kept", "not now", "warned", "withdrawn", "misunderstanding"])
def test_it_ends_with_the_case_and_the_entries_stay(
    context: Context, clock: FrozenClock, database: Database, end: str
) -> None:
    if end in {"dropped", "kept"}:
        case = before_a_decision(context, clock)
        assert holds(context) is WRITTEN
        (dropped if end == "dropped" else kept)(context, case)
    elif end == "misunderstanding":
        case = severe(context, doubted=True)
        assert holds(context) is WRITTEN
        take_hearing(context, TakeHearing(someone("U0PRIYA"), case))
        outcome = RecordOutcome(
            someone("U0PRIYA"), case, Finding.MISUNDERSTANDING, "A bad line.", "Yes.", (1,), "Deaf.",
            version=version_of(context, case),
        )  # fmt: skip
        record_outcome(context, outcome)
    else:
        case = severe(context)
        assert holds(context) is WRITTEN
        if end == "not now":
            not_now(context, NotNow(someone("U0PRIYA"), case, version_of(context, case), "Not yet."))
        elif end == "warned":
            warned(context, case)
        else:
            withdraw(context, Withdraw(someone("U0ANA"), 1))
    assert holds(context) is None
    (row,) = rows(database, protection)
    assert (row.kind, row.by) == ("written_only", None)
    (closed,) = (row for row in rows(database, matter) if row.number == case)
    assert closed.closed_at is not None
    for act in (put, lifted):
        with pytest.raises((AlreadyClosed, AlreadyDecided)):
            act(context, case)


def test_it_outlives_the_points_and_the_deadline_while_the_case_is_open(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    reported(context, category="threat")
    for days in (1, 30, 400):
        clock.forward(days=days)
        run_due_tasks(context, database)
        assert holds(context) is WRITTEN
    clock.forward(days=-300)
    assert holds(context) is WRITTEN


def test_a_manager_lifts_it_with_a_reason_and_sets_it_again(context: Context, database: Database) -> None:
    case = severe(context)
    lifted(context, case)
    assert holds(context) is None
    put(context, case, "U0BRAD")
    assert holds(context) is WRITTEN
    kept_rows = [(row.n, row.by, row.kind, row.reason) for row in rows(database, protection)]
    assert kept_rows == [
        (1, None, "written_only", ""),
        (2, "U0PRIYA", None, WHY),
        (3, "U0BRAD", "written_only", WHY),
    ]
    acts = [row.act for row in rows(database, audit)][-2:]
    assert acts == [Act.LIFT_PROTECTION, Act.SET_PROTECTION]
    assert WHY not in str([row.facts for row in rows(database, audit)])


def test_it_is_no_decision(context: Context, database: Database) -> None:
    case = opened(context).number

    def decided() -> tuple[object, ...]:
        (row,) = rows(database, matter)
        card = open_customer(context, someone("U0MIA"), 1)
        return row.rung, row.due_at, row.closed_at, len(rows(database, verdict)), card.customer.standing

    before = decided()
    put(context, case)
    assert decided() == before
    lifted(context, case)
    assert decided() == before


def test_a_lift_stands_until_something_severe_is_reported_or_a_decision_is_asked_for(context: Context) -> None:
    case = severe(context)
    lifted(context, case)
    reported(context, "U0JOE", severity=Severity.MINOR)
    assert holds(context) is None
    reported(context, "U0JOE", severity=Severity.SEVERE)
    assert holds(context) is WRITTEN
    lifted(context, case)
    reported(context, "U0MIA", category="threat", severity=Severity.MINOR)
    assert holds(context) is WRITTEN
    lifted(context, case)
    reported(context, "U0MIA", category="threat", severity=Severity.MINOR)
    assert holds(context) is None


def test_who_has_a_stake_sets_and_lifts_nothing(context: Context) -> None:
    case = severe(context, "U0BRAD")
    for act in (lifted, put):
        with denied(Denial.REPORTER):
            act(context, case, "U0BRAD")
        with denied(Denial.NOT_A_MANAGER):
            act(context, case, "U0JOE")
        with denied(Denial.NOT_YET):
            act(context, case, "U0RUTH")
    recuse(context, Recuse(someone("U0PRIYA"), case, ""))
    with pytest.raises(NotEntitled), context.read(TEAM) as tx:
        check_lift_protection(tx, context, someone("U0PRIYA"), case)
    assert holds(context) is WRITTEN


def test_a_form_that_is_sent_twice_is_recorded_once(context: Context, database: Database) -> None:
    case = severe(context)
    sent = LiftProtection(someone("U0PRIYA"), case, version_of(context, case), WHY)
    for _ in range(2):
        lift_protection(context, sent)
    again = SetProtection(someone("U0PRIYA"), case, version_of(context, case), WHY)
    at_once(*([lambda: set_protection(context, again)] * 3))
    assert [row.n for row in rows(database, protection)] == [1, 2, 3]


def test_of_two_managers_who_lift_it_at_once_one_does_and_the_other_reads_who(
    context: Context, database: Database
) -> None:
    case = severe(context)
    seen = version_of(context, case)
    refused = refusals_of(*(lambda by=by: lifted(context, case, by, seen) for by in ("U0PRIYA", "U0BRAD")))
    (refusal,) = refused
    assert isinstance(refusal, ProtectionUnchanged)
    assert [row.by for row in rows(database, protection)] == [None, refusal.by]


def test_a_form_that_was_open_while_the_case_changed_is_refused_with_the_news(context: Context) -> None:
    case = severe(context)
    seen = version_of(context, case)
    reported(context, "U0JOE")
    with pytest.raises(Outdated) as refused:
        lifted(context, case, version=seen)
    assert [each.incident.number for each in refused.value.news] == [2]
    assert holds(context) is WRITTEN
    lifted(context, case)
    with pytest.raises(ProtectionUnchanged):
        lifted(context, case)


def test_a_reason_is_needed(context: Context) -> None:
    case = severe(context)
    with wrong({"reason"}):
        lift_protection(context, LiftProtection(someone("U0PRIYA"), case, version_of(context, case), " "))


def test_what_holds_in_one_of_two_cases_that_become_one_holds_in_the_other_and_comes_back_with_it(
    context: Context, database: Database
) -> None:
    stays, ends = opened(context, customer="Acme").number, opened(context, "U0JOE", "Akme").number
    put(context, ends)
    merge(context, Merge(someone("U0PRIYA"), 2, 1))
    closed = {row.number: row.closed_at for row in rows(database, matter)}
    assert [number for number in (stays, ends) if closed[number]] == [ends]
    assert holds(context) is WRITTEN
    undo_merge(context, UndoMerge(someone("U0PRIYA"), 1))
    assert holds(context, 1) is WRITTEN
    assert holds(context, 2) is WRITTEN


def test_a_lifted_protection_goes_over_to_no_other_case(context: Context) -> None:
    opened(context, customer="Acme")
    ends = opened(context, "U0JOE", "Akme").number
    put(context, ends)
    lifted(context, ends)
    merge(context, Merge(someone("U0PRIYA"), 2, 1))
    assert holds(context) is None


def test_erasing_removes_the_reason_and_what_holds_stays_with_the_case(context: Context, database: Database) -> None:
    case = severe(context)
    lifted(context, case)
    put(context, case)
    erase_customer(context, EraseCustomer(TEAM, 1, "ops", even_with_an_open_case=True))
    assert holds(context) is WRITTEN
    assert WHY not in str(rows(database, protection))
    assert [row.severity for row in rows(database, report)] == ["severe"]


def test_the_evidence_pack_says_what_was_in_force_when_who_changed_it_and_why(
    context: Context, clock: FrozenClock
) -> None:
    case = severe(context)
    clock.forward(hours=1)
    read_from_slack(context)
    lifted(context, case)
    clock.forward(hours=1)
    read_from_slack(context)
    not_now(context, NotNow(someone("U0BRAD"), case, version_of(context, case), "Not yet."))
    with context.read(TEAM) as tx:
        contents = pack_contents(tx, case)
    page = unzipped(evidence_pack(contents, {"U0PRIYA": "Priya"}))[REPORT].decode()
    said = re.sub("<[^>]*>|\\s+", " ", page.partition("Interim protection")[2].partition("<h2")[0])
    said = " ".join(said.split())
    times = [row["at"] for row in contents.case["rows"]["protection"]]
    assert len(set(times)) == 2
    assert (
        "Reps deal with the customer in writing only From 20 November 2026, 10:00 Until 20 November 2026, 11:00" in said
    )
    assert "By The policy" in said
    assert "Lifted From 20 November 2026, 11:00 Until 20 November 2026, 12:00" in said
    assert WHY in said
