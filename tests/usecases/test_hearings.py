"""Hearings: taken, taken over, asked for before a decision, and their outcomes."""

from datetime import timedelta
from functools import partial

import pytest

from bot.rules.business_time import due
from bot.rules.case_files import CaseFile
from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.hearings import Finding
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.refusals import AlreadyClosed, Denial, HeardAlready, HearingTaken, NotWarned, Wrong, WrongRung
from bot.usecases.context import Context
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.customers.safeguards import SetSafeguard, set_safeguard
from bot.usecases.decisions.decide import check_drop
from bot.usecases.hearings.hear import HearBothSides, TakeHearing, TakeOver, hear_both_sides, take_hearing, take_over
from bot.usecases.hearings.outcome import RecordOutcome, record_outcome
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.shared.case_access import for_form
from bot.usecases.shared.read_models import case_file, report_file
from handlers.cases.notice import case_notice
from handlers.hearings.hearing import hearing_notice
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.outbox import notice
from tests.builders import (
    TEAM,
    FrozenClock,
    a_drop,
    at_once,
    before_a_decision,
    denied,
    dropped,
    kept,
    opened,
    read_case,
    read_from_slack,
    reported,
    rows,
    someone,
    warned,
    wrong,
)


def a_hearing(context: Context) -> int:
    """One report of four points that its reporter doubts: the case is to be heard."""
    case = opened(context, "U0ANA", doubted=True)
    assert case.rung is Rung.HEAR
    return case.number


def one_reporter_alone(context: Context, clock: FrozenClock) -> int:
    """Ana alone reported, the customer was warned, and Ana reports again."""
    warned(context, opened(context, "U0ANA").number)
    clock.forward(hours=1)
    read_from_slack(context)
    again = opened(context, "U0ANA")
    assert again.rung is Rung.HEAR
    return again.number


def taken(context: Context, case: int, by: str = "U0PRIYA") -> CaseFile:
    take_hearing(context, TakeHearing(someone(by), case))
    return read_case(context, case)


def upheld(context: Context, case: int, by: str = "U0PRIYA") -> CaseFile:
    record_outcome(
        context, RecordOutcome(someone(by), case, Finding.UPHELD, "He screamed at me.", "I was under pressure.")
    )
    return read_case(context, case)


def misunderstood(context: Context, case: int, *reports: int, by: str = "U0PRIYA") -> CaseFile:
    why = "They are hard of hearing and speak loudly."
    record_outcome(context, RecordOutcome(someone(by), case, Finding.MISUNDERSTANDING, "", "", reports, why))
    return read_case(context, case)


def asked_for(context: Context, case: int, by: str = "U0PRIYA", taker: str = "U0BRAD") -> CaseFile:
    hear_both_sides(context, HearBothSides(someone(by), case, taker, "Was it the same person on both calls?"))
    return read_case(context, case)


def test_taking_a_hearing_is_idempotent(context: Context, database: Database) -> None:
    case = a_hearing(context)
    file = taken(context, case)
    assert [(h.taken_by, h.under_way) for h in file.hearings] == [("U0PRIYA", True)]
    assert taken(context, case) == file
    assert [row.act for row in rows(database, audit)] == ["report", "take hearing"]


def test_after_a_hearing_the_notice_says_why_it_goes_on_and_no_doubt_that_was_cleared_up(context: Context) -> None:
    case = a_hearing(context)
    set_safeguard(context, SetSafeguard(someone("U0PRIYA"), case, "health", "A stroke in May."))
    taken(context, case)
    file = upheld(context, case)
    assert (file.case.rung, file.verdict.rung) == (Rung.WARN, Rung.HEAR)
    said = case_notice(file, context.policy).text
    assert "1 report by 1 rep · 4 points (a warning is due from 4 on)" in said
    assert "Both sides heard by <@U0PRIYA>" in said
    assert "no longer asks" not in said
    assert "misunderstanding" not in said


def test_a_hearing_that_a_manager_asked_for_says_why_a_decision_is_due(context: Context, clock: FrozenClock) -> None:
    case = before_a_decision(context, clock)
    file = asked_for(context, case)
    assert (file.case.rung, file.verdict.rung) == (Rung.HEAR, Rung.DECIDE)
    said = case_notice(file, context.policy).text
    assert " · again after the warning of" in said
    assert "no longer asks" not in said


def test_a_hearing_that_somebody_has_taken_cannot_be_taken_by_another(context: Context) -> None:
    case = a_hearing(context)
    taken(context, case)
    with pytest.raises(HearingTaken) as refusal:
        taken(context, case, "U0BRAD")
    assert refusal.value.by == "U0PRIYA"


def test_of_many_who_take_a_hearing_at_once_one_gets_it(context: Context) -> None:
    case, had, refused = a_hearing(context), [], []

    def take(user: str) -> None:
        try:
            had.append(taken(context, case, user).hearings[-1].taken_by)
        except HearingTaken as refusal:
            refused.append(refusal.by)

    at_once(*(partial(take, user) for user in ("U0PRIYA", "U0BRAD", "U0CARLA")))
    assert len(had) == 1
    assert refused == had * 2


def test_a_hearing_is_taken_over_with_a_reason_and_only_its_taker_records_the_outcome(
    context: Context, database: Database
) -> None:
    case = a_hearing(context)
    taken(context, case)
    with pytest.raises(Wrong):
        take_over(context, TakeOver(someone("U0BRAD"), case, "  "))
    command = TakeOver(someone("U0BRAD"), case, "Priya is away until Monday.")
    take_over(context, command)
    file = read_case(context, case)
    assert [(h.taken_by, h.finding) for h in file.hearings] == [
        ("U0PRIYA", Finding.HANDED_OVER),
        ("U0BRAD", None),
    ]
    take_over(context, command)
    assert read_case(context, case) == file
    with pytest.raises(HearingTaken):
        upheld(context, case)
    assert upheld(context, case, "U0BRAD").case.rung is Rung.WARN
    entry = next(row for row in rows(database, audit) if row.act == "take over hearing")
    assert entry.actor == "U0BRAD"
    assert "Monday" not in str(entry.facts)


def test_whoever_had_a_hearing_is_informed_who_took_it_over_and_why(context: Context, database: Database) -> None:
    case = a_hearing(context)
    taken(context, case)
    (seen,) = read_case(context, case).hearings
    command = TakeOver(someone("U0BRAD"), case, "Priya is away until Monday.", seen.number)
    assert [take_over(context, command).taken_from for _ in range(2)] == ["U0PRIYA", "U0PRIYA"]
    notices = [(row.target, row.subject, row.round) for row in rows(database, notice) if row.kind == "hearing"]
    assert notices == [("U0PRIYA", seen.number, 1)]
    file = read_case(context, case)
    said = hearing_notice(file, file.hearings[0]).text
    assert "U0BRAD" in said
    assert "Priya is away until Monday." in said


def test_nobody_takes_a_hearing_from_somebody_whom_the_form_did_not_name(context: Context) -> None:
    case = a_hearing(context)
    taken(context, case)
    (seen,) = read_case(context, case).hearings
    take_over(context, TakeOver(someone("U0BRAD"), case, "Priya is away.", seen.number))
    with pytest.raises(HearingTaken) as refusal:
        take_over(context, TakeOver(someone("U0CARLA"), case, "Priya is away.", seen.number))
    assert refusal.value.by == "U0BRAD"


@pytest.mark.parametrize(
    ("user", "denial"), [("U0ANA", Denial.NOT_A_MANAGER), ("U0GUS", Denial.GUEST), ("U0NOBODY", Denial.NOT_A_MANAGER)]
)
def test_who_may_not_act_on_the_case_takes_no_hearing(context: Context, user: str, denial: Denial) -> None:
    case = a_hearing(context)
    with denied(denial):
        taken(context, case, user)


def test_a_manager_who_reported_takes_no_hearing(context: Context) -> None:
    case = opened(context, "U0PRIYA", doubted=True)
    with denied(Denial.REPORTER):
        taken(context, case.number)


def test_a_misunderstanding_ends_the_case_and_the_reporter_is_informed_why(
    context: Context, database: Database
) -> None:
    case = a_hearing(context)
    taken(context, case)
    file = misunderstood(context, case, 1)
    assert file.case.outcome is Outcome.MISUNDERSTANDING
    assert file.closing is not None
    assert (file.closing.by, file.closing.rationale) == ("U0PRIYA", "They are hard of hearing and speak loudly.")
    assert file.customer.standing is Standing.CLEAR
    with context.read(TEAM) as tx:
        file_of_rep = report_file(tx, context, 1)
    assert file_of_rep.report.discounted_at == context.clock()
    assert file_of_rep.discounted is not None
    assert file_of_rep.discounted.why == "They are hard of hearing and speak loudly."
    messages = {(row.kind, row.subject): row.wanted for row in rows(database, notice)}
    assert messages["report", 1] > 1


def test_an_outcome_from_a_second_window_is_not_recorded(context: Context, database: Database) -> None:
    case = a_hearing(context)
    taken(context, case)
    misunderstood(context, case, 1)
    with pytest.raises(AlreadyClosed):
        misunderstood(context, case, 1)
    assert [row.act for row in rows(database, audit)].count("record outcome") == 1


def test_a_misunderstanding_ends_the_case_although_lighter_reports_stay(context: Context) -> None:
    reported(context, "U0ANA", category="unreasonable_demands")
    case = opened(context, "U0JOE", doubted=True)
    taken(context, case.number)
    assert misunderstood(context, case.number, 2).case.outcome is Outcome.MISUNDERSTANDING
    assert read_case(context, case.number).verdict.points == 2


def test_of_two_doubted_reports_one_discounted_leaves_the_other_to_be_heard(context: Context) -> None:
    case = a_hearing(context)
    reported(context, "U0JOE", doubted=True)
    taken(context, case)
    file = misunderstood(context, case, 1)
    assert (file.case.rung, file.case.is_open) == (Rung.HEAR, True)
    assert not any(hearing.under_way for hearing in file.hearings)
    taken(context, case)
    assert misunderstood(context, case, 2).case.outcome is Outcome.MISUNDERSTANDING


@pytest.mark.parametrize(
    ("outcome", "fields"),
    [
        ((Finding.MISUNDERSTANDING, "", "", (), ""), {"discounted", "why"}),
        ((Finding.MISUNDERSTANDING, "", "", (99,), "Because."), {"discounted"}),
        ((Finding.UPHELD, " ", "", (), ""), {"reps_side", "customers_side"}),
        ((Finding.UPHELD, "One side.", "The other.", (1,), ""), {"discounted"}),
    ],
)
def test_an_invalid_outcome_changes_nothing(context: Context, outcome: tuple[object, ...], fields: set[str]) -> None:
    case = a_hearing(context)
    before = taken(context, case)
    with wrong(fields):
        record_outcome(context, RecordOutcome(someone("U0PRIYA"), case, *outcome))
    assert read_case(context, case).hearings == before.hearings


def test_a_report_withdrawn_meanwhile_is_not_discounted(context: Context) -> None:
    case = a_hearing(context)
    reported(context, "U0JOE", doubted=True)
    taken(context, case)
    withdraw(context, Withdraw(someone("U0JOE"), 2))
    with wrong({"discounted"}):
        misunderstood(context, case, 1, 2)


def test_an_upheld_case_goes_on_to_a_warning_and_is_not_heard_again(context: Context) -> None:
    case = a_hearing(context)
    taken(context, case)
    file = upheld(context, case)
    assert file.case.rung is Rung.WARN
    assert (file.hearings[-1].reps_side, file.hearings[-1].customers_side) == (
        "He screamed at me.",
        "I was under pressure.",
    )
    reported(context, "U0JOE", doubted=True)
    assert read_case(context, case).case.rung is Rung.WARN
    assert warned(context, case).case.outcome is Outcome.WARNED


def test_an_upheld_case_of_a_single_reporter_after_a_warning_goes_on_to_a_decision(
    context: Context, clock: FrozenClock
) -> None:
    case = one_reporter_alone(context, clock)
    taken(context, case)
    assert upheld(context, case).case.rung is Rung.DECIDE
    reported(context, "U0ANA", doubted=True)
    assert dropped(context, case).case.outcome is Outcome.DROPPED


def test_an_undoubted_report_overtakes_a_hearing(context: Context) -> None:
    case = a_hearing(context)
    taken(context, case)
    reported(context, "U0JOE")
    file = read_case(context, case)
    assert file.case.rung is Rung.WARN
    assert [h.finding for h in file.hearings] == [Finding.OVERTAKEN]
    with pytest.raises(WrongRung):
        upheld(context, case)


def test_a_hearing_before_a_decision_is_possible_once_and_extends_the_deadline_once(
    context: Context, clock: FrozenClock
) -> None:
    case = before_a_decision(context, clock)
    before = read_case(context, case).case.due_at
    file = asked_for(context, case)
    extended = due(before, context.policy.deadlines.extension, context.policy.hours)
    assert (file.case.rung, file.case.due_at) == (Rung.HEAR, extended)
    for act in (
        lambda: asked_for(context, case),
        lambda: dropped(context, case),
        lambda: kept(context, case),
        lambda: asked_for(context, case, "U0CARLA"),
    ):
        with pytest.raises(WrongRung):
            act()
    file = upheld(context, case, "U0BRAD")
    assert (file.case.rung, file.case.due_at) == (Rung.DECIDE, extended)
    with pytest.raises(HeardAlready):
        asked_for(context, case)
    assert dropped(context, case).case.outcome is Outcome.DROPPED


def test_a_merger_gives_no_second_hearing_before_a_decision(context: Context, clock: FrozenClock) -> None:
    """The case that goes on is the one that is due first: it was not heard, but the other one was."""
    heard = before_a_decision(context, clock)
    asked_for(context, heard)
    upheld(context, heard, "U0BRAD")
    other = opened(context, "U0ANA", "Acme", category="threat").number
    merge(context, Merge(someone("U0CARLA"), 2, 1))
    assert read_case(context, other).case.is_open
    with pytest.raises(HeardAlready):
        asked_for(context, other)
    undo_merge(context, UndoMerge(someone("U0CARLA"), 1))
    assert asked_for(context, other).case.rung is Rung.HEAR


def test_whoever_is_to_hear_both_sides_gets_a_message_of_their_own(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    asked_for(context, before_a_decision(context, clock))
    assert ("hearing", "U0BRAD") in {(row.kind, row.target) for row in rows(database, notice)}


@pytest.mark.parametrize("taker", ["U0ANA", "U0GUS", "U0STRANGER", "U0RUTH"])
def test_who_may_not_act_on_the_case_is_not_asked_to_hear_it(context: Context, clock: FrozenClock, taker: str) -> None:
    case = before_a_decision(context, clock)
    with wrong({"taker"}):
        asked_for(context, case, taker=taker)
    assert read_case(context, case).case.rung is Rung.DECIDE


def test_a_hearing_that_was_asked_for_stays_through_new_reports_but_not_through_a_threat(
    context: Context, clock: FrozenClock
) -> None:
    case = before_a_decision(context, clock)
    extended = asked_for(context, case).case.due_at
    reported(context, "U0ANA")
    now = read_case(context, case).case
    assert (now.rung, now.due_at) == (Rung.HEAR, extended)
    reported(context, "U0ANA", category="threat")
    file = read_case(context, case)
    now = file.case
    assert (now.rung, now.urgent, now.due_at) == (Rung.DECIDE, True, clock() + timedelta(hours=4))
    assert not any(hearing.under_way for hearing in file.hearings)


def test_an_overdue_hearing_extends_from_now_and_directors_may_hear(context: Context, clock: FrozenClock) -> None:
    case = before_a_decision(context, clock)
    clock.forward(days=10)
    read_from_slack(context)
    file = asked_for(context, case, "U0RUTH", "U0RUTH")
    assert file.case.due_at == due(clock(), context.policy.deadlines.extension, context.policy.hours)


def test_a_threat_that_was_a_misunderstanding_leads_back_to_what_the_others_ask_for(context: Context) -> None:
    reported(context, "U0ANA")
    reported(context, "U0JOE")
    case = opened(context, "U0MIA", category="threat")
    asked_for(context, case.number)
    file = misunderstood(context, case.number, 3, by="U0BRAD")
    assert file.case.rung is Rung.WARN


def test_an_urgent_flag_from_a_withdrawn_threat_is_no_zero_tolerance(context: Context, clock: FrozenClock) -> None:
    case = before_a_decision(context, clock)
    reported(context, "U0JOE", category="threat")
    withdraw(context, Withdraw(someone("U0JOE"), 4))
    for_form(context, someone("U0PRIYA"), case, check_drop, case_file)  # the warning is valid
    clock.forward(days=366)
    read_from_slack(context)
    with pytest.raises(NotWarned):
        for_form(context, someone("U0RUTH"), case, check_drop, case_file)
    with pytest.raises(NotWarned):
        dropped(context, case, by="U0RUTH")
    assert a_drop(context, case).case == case


def test_a_minor_report_needs_no_hearing(context: Context) -> None:
    assert reported(context, category="other", severity=Severity.MINOR, doubted=True).case is None


def test_an_upheld_urgent_case_is_due_no_later_although_its_points_expire_meanwhile(
    context: Context, clock: FrozenClock
) -> None:
    almost_a_year = context.policy.points_expire_after - timedelta(hours=6)
    case = opened(context, "U0ANA", category="threat", happened_at=clock() - almost_a_year)
    before = asked_for(context, case.number).case
    assert before.urgent
    clock.forward(days=3)
    read_from_slack(context)
    after = upheld(context, case.number, "U0BRAD").case
    assert after.rung is not Rung.HEAR
    assert (after.urgent, after.due_at) == (True, before.due_at)
