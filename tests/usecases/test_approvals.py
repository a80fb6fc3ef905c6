"""Several approvals to drop: by different people, of the case as it is; one is enough to keep, and no case is stuck."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.rules.cases import Left, Outcome
from bot.rules.decisions import Choice
from bot.rules.hearings import Finding
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.refusals import AlreadyDecided, Denial, NotEntitled, Outdated, WrongRung
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.context import Context
from bot.usecases.customers.edit import set_customer_safeguard
from bot.usecases.customers.merge import Merge, merge
from bot.usecases.customers.safeguards import (
    LiftSafeguard,
    SetCustomerSafeguard,
    SetSafeguard,
    lift_safeguard,
    set_safeguard,
)
from bot.usecases.decisions.approvals import TakeApprovalBack, take_approval_back
from bot.usecases.decisions.decide import draft_for_drop, drop, keep
from bot.usecases.hearings.hear import HearBothSides, hear_both_sides
from bot.usecases.hearings.outcome import RecordOutcome, record_outcome
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.warnings.warn import IssueWarning, NotNow, issue_warning, not_now
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.cases import approval
from storage.tables.decisions import decision
from storage.tables.reports import report as report_table
from tests.builders import (
    FrozenClock,
    a_drop,
    a_keep,
    audit_problems,
    before_a_decision,
    denied,
    dropped,
    kept,
    opened,
    read_case,
    read_from_slack,
    refusals_of,
    reported,
    rows,
    run_due_tasks,
    someone,
)


@pytest.fixture
def two(context: Context) -> Context:
    """A policy that asks for two approvals of a drop."""
    return replace(context, policy=replace(context.policy, approvals_to_drop=2))


@pytest.fixture
def case(context: Context, clock: FrozenClock) -> int:
    return before_a_decision(context, clock)


def approved(context: Context, case: int) -> list[str]:
    return [given.by for given in read_case(context, case).approvals]


def acts(database: Database) -> list[tuple[str, str]]:
    return [(row.actor, row.act) for row in rows(database, audit) if row.act not in ("report", "issue warning")]


def test_the_first_approval_waits_and_that_of_another_manager_decides(
    two: Context, database: Database, case: int
) -> None:
    first = dropped(two, case, "U0PRIYA")
    assert first.case.is_open
    assert approved(two, case) == ["U0PRIYA"]
    second = dropped(two, case, "U0BRAD", rationale="I agree.")
    assert second.case.outcome is Outcome.DROPPED
    assert second.decision
    assert (second.decision.by, second.decision.approved_by) == ("U0BRAD", ("U0PRIYA",))
    assert acts(database)[-2:] == [("U0PRIYA", "approve drop"), ("U0BRAD", "decide")]


@pytest.mark.usefixtures("tamper")
@pytest.mark.parametrize("version", [None, 1])
def test_audit_verify_finds_that_a_report_is_said_to_have_come_before_an_approval(
    two: Context, clock: FrozenClock, database: Database, case: int, version: int | None
) -> None:
    """It came after it, so that the approval does not count: somebody has made it count in the database."""
    dropped(two, case, "U0PRIYA")
    clock.forward(minutes=1)
    number = reported(two, "U0ANA", category="other").report
    assert approved(two, case) == []
    assert list(audit_problems(database)) == []
    with database.engine.begin() as connection:
        connection.execute(report_table.update().where(report_table.c.number == number).values(since_version=version))
    assert approved(two, case) == ["U0PRIYA"]
    said = f"T0FIRM, customer 1: in case {case} a report that came after an approval is said to have come before it."
    assert list(audit_problems(database)) == [said]


def test_the_same_manager_twice_is_one_approval(two: Context, database: Database, case: int) -> None:
    sent = a_drop(two, case, "U0PRIYA")
    assert drop(two, sent) == drop(two, sent)
    dropped(two, case, "U0PRIYA")
    assert read_case(two, case).case.is_open
    assert len(rows(database, approval)) == 1
    assert acts(database).count(("U0PRIYA", "approve drop")) == 1


def test_whoever_approved_first_is_answered_the_same_after_the_decision(two: Context, case: int) -> None:
    sent = a_drop(two, case, "U0PRIYA")
    drop(two, sent)
    dropped(two, case, "U0BRAD")
    assert drop(two, sent).case.outcome is Outcome.DROPPED
    with pytest.raises(AlreadyDecided) as refusal:
        dropped(two, case, "U0CARLA")
    assert (refusal.value.by, refusal.value.decision.choice) == ("U0BRAD", Choice.DROP)


@pytest.mark.parametrize("by", ["U0PRIYA", "U0BRAD"])
def test_one_manager_is_enough_to_keep_even_one_who_approved_a_drop(two: Context, case: int, by: str) -> None:
    dropped(two, case, "U0PRIYA")
    file = kept(two, case, by)
    assert file.case.outcome is Outcome.KEPT
    assert file.decision
    assert file.decision.approved_by == ()


def test_an_approval_can_be_withdrawn_and_given_again(two: Context, database: Database, case: int) -> None:
    dropped(two, case, "U0PRIYA")
    take_approval_back(two, TakeApprovalBack(someone("U0PRIYA"), case))
    take_approval_back(two, TakeApprovalBack(someone("U0PRIYA"), case))
    assert approved(two, case) == []
    assert acts(database).count(("U0PRIYA", "take approval back")) == 1
    assert dropped(two, case, "U0BRAD").case.is_open
    assert dropped(two, case, "U0PRIYA").case.outcome is Outcome.DROPPED


def test_nobody_can_withdraw_the_approval_of_another(two: Context, case: int) -> None:
    dropped(two, case, "U0PRIYA")
    take_approval_back(two, TakeApprovalBack(someone("U0BRAD"), case))
    assert approved(two, case) == ["U0PRIYA"]
    with pytest.raises(NotEntitled):
        take_approval_back(two, TakeApprovalBack(someone("U0ANA"), case))


def test_a_new_report_voids_what_was_approved_without_it(two: Context, case: int) -> None:
    dropped(two, case, "U0PRIYA")
    reported(two, "U0ANA")
    assert approved(two, case) == []
    assert dropped(two, case, "U0BRAD").case.is_open
    assert approved(two, case) == ["U0BRAD"]
    assert dropped(two, case, "U0PRIYA").case.outcome is Outcome.DROPPED


def test_a_report_that_is_withdrawn_voids_what_was_approved_with_it(two: Context, case: int) -> None:
    number = reported(two, "U0ANA").report
    dropped(two, case, "U0PRIYA")
    withdraw(two, Withdraw(someone("U0ANA"), number))
    assert approved(two, case) == []


def test_an_approval_ends_with_a_hearing_even_where_no_report_has_changed(two: Context, case: int) -> None:
    dropped(two, case, "U0PRIYA")
    hear_both_sides(two, HearBothSides(someone("U0BRAD"), case, "U0BRAD", "What led to the call?"))
    outcome = RecordOutcome(someone("U0BRAD"), case, Finding.UPHELD, "He screamed.", "We had promised him a refund.")
    assert record_outcome(two, outcome).case.rung is Rung.DECIDE
    assert approved(two, case) == []
    assert dropped(two, case, "U0CARLA").case.is_open
    assert dropped(two, case, "U0PRIYA").case.outcome is Outcome.DROPPED


def test_a_new_version_without_news_of_the_customer_voids_no_approval(two: Context, case: int) -> None:
    dropped(two, case, "U0PRIYA")
    version = read_case(two, case).case.version
    set_safeguard(two, SetSafeguard(someone("U0CARLA"), case, "health", "Their daughter told us.", None))
    lift_safeguard(two, LiftSafeguard(someone("U0CARLA"), case, 1, "They have moved."))
    assert read_case(two, case).case.version > version
    assert approved(two, case) == ["U0PRIYA"]
    assert drop(two, a_drop(two, case, "U0BRAD", version=version)).case.outcome is Outcome.DROPPED


@pytest.mark.parametrize("duplicate", [True, False])
def test_a_safeguard_that_comes_with_a_merger_voids_what_was_approved_without_it(
    two: Context, database: Database, *, duplicate: bool
) -> None:
    opened(two, "U0ANA", "Zenit", category="verbal_abuse", severity=Severity.SEVERE)
    not_now(two, NotNow(someone("U0CARLA"), 1, read_case(two, 1).case.version, "Not yet."))
    set_customer_safeguard(two, SetCustomerSafeguard(someone("U0CARLA"), 1, "health", "Their daughter told us."))
    case = opened(two, "U0JOE", "Zenith Corp", category="threat").number
    dropped(two, case, "U0PRIYA")
    assert approved(two, case) == ["U0PRIYA"]
    merge(two, Merge(someone("U0CARLA"), 1, 2) if duplicate else Merge(someone("U0CARLA"), 2, 1))
    assert read_case(two, case).case.rung is Rung.DECIDE
    assert approved(two, case) == []
    assert list(audit_problems(database)) == []


def test_a_clock_that_is_put_back_between_two_approvals_voids_neither(context: Context, clock: FrozenClock) -> None:
    three = replace(context, policy=replace(context.policy, approvals_to_drop=3))
    case = before_a_decision(three, clock)
    dropped(three, case, "U0PRIYA")
    clock.forward(minutes=-10)
    read_from_slack(three)
    dropped(three, case, "U0BRAD")
    assert approved(three, case) == ["U0PRIYA", "U0BRAD"]


@pytest.mark.parametrize("approvals", [1, 2])
@pytest.mark.parametrize("choice", [Choice.DROP, Choice.KEEP])
def test_a_form_that_was_opened_before_the_newest_report_is_refused_with_what_is_new(
    context: Context, database: Database, case: int, approvals: int, choice: Choice
) -> None:
    context = replace(context, policy=replace(context.policy, approvals_to_drop=approvals))
    drop_form, keep_form = a_drop(context, case), a_keep(context, case)
    receipt = reported(context, "U0ANA", narrative="He waited at the door.")
    with pytest.raises(Outdated) as refusal:
        drop(context, drop_form) if choice is Choice.DROP else keep(context, keep_form)
    (new,) = refusal.value.news
    assert (new.incident.number, new.narrative) == (receipt.report, "He waited at the door.")
    assert rows(database, decision) == rows(database, approval) == []
    again = refusal.value.version
    file = (
        drop(context, replace(drop_form, version=again))
        if choice is Choice.DROP
        else keep(context, replace(keep_form, version=again))
    )
    assert file.case.is_open is (approvals == 2 and choice is Choice.DROP)


def test_who_approved_and_then_got_a_stake_does_not_count(two: Context, case: int) -> None:
    dropped(two, case, "U0PRIYA")
    recuse(two, Recuse(someone("U0PRIYA"), case, ""))
    assert approved(two, case) == []
    assert dropped(two, case, "U0BRAD").case.is_open


def test_of_several_approvals_at_the_same_time_one_waits_and_the_others_hear_of_it(
    two: Context, database: Database, case: int
) -> None:
    forms = [a_drop(two, case, user) for user in ("U0PRIYA", "U0BRAD", "U0CARLA")]
    late = refusals_of(*(partial(drop, two, form) for form in forms))
    (waits,) = approved(two, case)
    assert rows(database, decision) == []
    assert [type(each) for each in late] == [Outdated, Outdated]
    again = next(form for form in forms if form.by.user != waits)
    drop(two, replace(again, version=read_case(two, case).case.version))
    (made,) = rows(database, decision)
    assert {made.by, *made.approved_by} == {waits, again.by.user}


@pytest.mark.parametrize("step", ["terms", "letter", "keep"])
def test_a_form_that_was_open_when_another_approved_is_refused_with_that_approval(
    two: Context, database: Database, case: int, step: str
) -> None:
    form, instead = a_drop(two, case, "U0BRAD", letter="Letter B."), a_keep(two, case, "U0BRAD")
    dropped(two, case, "U0PRIYA", letter="Letter A.")
    send = {
        "terms": lambda: draft_for_drop(two, form),
        "letter": lambda: drop(two, form),
        "keep": lambda: keep(two, instead),
    }
    with pytest.raises(Outdated) as refusal:
        send[step]()
    (given,) = refusal.value.approvals
    assert (given.by, given.drop.letter) == ("U0PRIYA", "Letter A.")
    assert rows(database, decision) == []
    assert approved(two, case) == ["U0PRIYA"]
    letter = drop(two, replace(form, version=refusal.value.version)).decision
    assert letter
    assert (letter.by, letter.letter, letter.approved_by) == ("U0BRAD", "Letter B.", ("U0PRIYA",))


def test_other_terms_are_not_approved_by_whoever_approved_the_first_ones(two: Context, case: int) -> None:
    dropped(two, case, "U0PRIYA")
    later = two.clock().date() + timedelta(days=30)
    assert dropped(two, case, "U0BRAD", effective_on=later).case.is_open
    assert approved(two, case) == ["U0BRAD"]
    made = dropped(two, case, "U0PRIYA", effective_on=later).decision
    assert made
    assert (made.effective_on, made.by, made.approved_by) == (later, "U0PRIYA", ("U0BRAD",))


def test_whoever_approves_other_terms_from_a_second_window_has_approved_these(
    two: Context, database: Database, case: int
) -> None:
    first, second = a_drop(two, case, "U0PRIYA"), a_drop(two, case, "U0PRIYA", letter="Better words.")
    drop(two, first)
    drop(two, second)
    (given,) = read_case(two, case).approvals
    assert given.drop.letter == "Better words."
    assert acts(database).count(("U0PRIYA", "approve drop")) == 2


def test_directors_give_the_second_approval_where_too_few_managers_are_left(
    two: Context, database: Database, case: int
) -> None:
    for user in ("U0BRAD", "U0CARLA"):
        recuse(two, Recuse(someone(user), case, ""))
    run_due_tasks(two, database)
    assert read_case(two, case).case.left is Left.DIRECTORS
    assert dropped(two, case, "U0PRIYA").case.is_open
    assert dropped(two, case, "U0RUTH").case.outcome is Outcome.DROPPED


def test_where_too_few_are_left_even_with_the_directors_keeping_stays_possible(
    two: Context, database: Database, case: int
) -> None:
    for user in ("U0BRAD", "U0CARLA", "U0RUTH"):
        recuse(two, Recuse(someone(user), case, ""))
    run_due_tasks(two, database)
    assert read_case(two, case).case.left is Left.NOBODY
    assert database.cases_left_to_nobody() == (case,)
    assert dropped(two, case, "U0PRIYA").case.is_open
    assert kept(two, case, "U0PRIYA").case.outcome is Outcome.KEPT
    assert database.cases_left_to_nobody() == ()


def test_three_approvals_wait_for_each_other_and_each_form_opens_with_the_newest_letter(
    context: Context, case: int
) -> None:
    three = replace(context, policy=replace(context.policy, approvals_to_drop=3))
    first = drop(three, a_drop(three, case, "U0PRIYA", letter="Letter A."))
    assert (first.case.is_open, first.still_to_approve) == (True, 2)
    second = drop(three, a_drop(three, case, "U0BRAD", letter="Letter B."))
    assert (second.case.is_open, second.still_to_approve) == (True, 1)
    assert approved(three, case) == ["U0PRIYA", "U0BRAD"]
    assert draft_for_drop(three, a_drop(three, case, "U0CARLA")).letter == "Letter B."
    made = dropped(three, case, "U0CARLA").decision
    assert made
    assert (made.by, made.approved_by) == ("U0CARLA", ("U0PRIYA", "U0BRAD"))


def test_where_three_are_asked_for_the_directors_make_up_for_a_manager_and_too_few_are_informed(
    context: Context, database: Database, case: int
) -> None:
    three = replace(context, policy=replace(context.policy, approvals_to_drop=3))
    recuse(three, Recuse(someone("U0BRAD"), case, ""))
    run_due_tasks(three, database)
    assert read_case(three, case).case.left is Left.DIRECTORS
    dropped(three, case, "U0PRIYA")
    dropped(three, case, "U0RUTH")
    assert len(approved(three, case)) == 2
    recuse(three, Recuse(someone("U0CARLA"), case, ""))
    run_due_tasks(three, database)
    file = read_case(three, case)
    assert file.case.left is Left.NOBODY
    assert kept(three, case, "U0PRIYA").case.outcome is Outcome.KEPT


def test_the_deadline_still_passes_while_an_approval_waits(two: Context, case: int, clock: FrozenClock) -> None:
    dropped(two, case, "U0PRIYA")
    (given,) = read_case(two, case).approvals
    clock.forward(days=5)
    read_from_slack(two)
    as_approved = {"effective_on": given.drop.effective_on, "review_on": given.drop.review_on}
    assert dropped(two, case, "U0RUTH", **as_approved).case.outcome is Outcome.DROPPED


def test_a_director_may_not_approve_before_the_case_comes_to_them(two: Context, case: int) -> None:
    dropped(two, case, "U0PRIYA")
    with denied(Denial.NOT_YET):
        dropped(two, case, "U0RUTH")


def test_a_letter_of_a_warning_is_not_issued_without_the_newest_report(context: Context) -> None:
    case = opened(context)
    form = IssueWarning(someone("U0PRIYA"), case.number, "You screamed at Ana.", case.version)
    reported(context, "U0JOE", narrative="He cried.")
    with pytest.raises(Outdated) as refusal:
        issue_warning(context, form)
    assert [report.narrative for report in refusal.value.news] == ["He cried."]
    issued = issue_warning(context, replace(form, version=refusal.value.version))
    assert issued == issue_warning(context, form)  # sent again: answered the same
    with pytest.raises(WrongRung):
        issue_warning(context, replace(form, by=someone("U0BRAD")))


def test_a_hearing_does_not_end_without_the_newest_report(context: Context, case: int) -> None:
    hear_both_sides(context, HearBothSides(someone("U0BRAD"), case, "U0BRAD", "What led to the call?"))
    form = RecordOutcome(someone("U0BRAD"), case, Finding.MISUNDERSTANDING, "", "", (3,), "He is deaf.")
    form = replace(form, version=read_case(context, case).case.version)
    new = reported(context, "U0ANA", narrative="He waited at the door.").report
    with pytest.raises(Outdated) as refusal:
        record_outcome(context, form)
    assert [report.incident.number for report in refusal.value.news] == [new]
    assert record_outcome(context, replace(form, version=refusal.value.version)).case.rung is Rung.DECIDE


def test_a_warning_is_not_declined_without_the_newest_report(context: Context) -> None:
    case = opened(context)
    form = NotNow(someone("U0PRIYA"), case.number, case.version, "One bad day.")
    reported(context, "U0JOE")
    with pytest.raises(Outdated):
        not_now(context, form)
    assert (
        not_now(context, replace(form, version=read_case(context, case.number).case.version)).case.outcome
        is Outcome.NOT_NOW
    )
