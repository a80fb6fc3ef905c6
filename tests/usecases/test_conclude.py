"""What follows from an act is the same whatever the act: no message stays behind, and nothing is judged by reflex."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.rules.audit import Act
from bot.rules.customer_import import ImportLine
from bot.rules.customers import seen_as
from bot.rules.objections import Answer
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.refusals import AlreadyDecided, CustomerChanged, Denial
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.context import Context
from bot.usecases.customers.edit import EditCustomer, edit_customer, lift_customer_safeguard, set_customer_safeguard
from bot.usecases.customers.import_list import import_customers
from bot.usecases.customers.look_up import open_customer
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.customers.safeguards import LiftCustomerSafeguard, SetCustomerSafeguard
from bot.usecases.decisions.decide import drop, keep
from bot.usecases.home.home import awaiting_me
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.shared.effects import EFFECTS
from bot.usecases.warnings.warn import IssueWarning, issue_warning
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.cases import matter
from storage.tables.outbox import notice, step
from tests.builders import (
    FIRM,
    TEAM,
    FrozenClock,
    a_context,
    a_drop,
    a_keep,
    before_a_decision,
    denied,
    opened,
    read_case,
    read_from_slack,
    reported,
    rows,
    run_due_tasks,
    someone,
    warned,
)
from tests.later import ENDS, MONDAY, Later
from tests.usecases.test_hearings import asked_for, one_reporter_alone

USE_CASES = Path(__file__).parents[2] / "bot" / "usecases"


def test_every_act_has_its_row_in_the_table() -> None:
    assert set(EFFECTS) == set(Act)


def test_only_conclude_writes_entries_of_the_audit_log_besides_imports_and_what_only_reads() -> None:
    writers = {path.stem for path in USE_CASES.rglob("*.py") if "audit.append(" in path.read_text()}
    assert writers == {"conclude", "import_list", "access"}


def wanted(database: Database) -> dict[tuple[str, int, str, int], int]:
    return {(row.kind, row.subject, row.target, row.round): row.wanted for row in rows(database, notice)}


def test_a_new_name_reaches_every_message_that_shows_the_customer(later: Later, database: Database) -> None:
    context = later.context
    case = later.dropped()
    later.objects(case)
    later.answer(case, Answer.STANDS)
    reported(context, "U0ANA", category="threat")
    later.go_to(ENDS)
    shown = {row.kind for row in rows(database, notice) if row.customer == 1}
    assert shown == {
        "case",
        "report",
        "asked",
        "raised",
        "overdue",
        "review",
        "objection",
        "checkin",
        "followup",
        "letter",
    }
    reported(context, "U0ANA", "Acme")
    before = wanted(database)
    read_from_slack(context)
    edit_customer(context, EditCustomer(someone("U0BRAD"), 1, "Zenith Group", None, "", ""))
    after = wanted(database)
    for row in rows(database, notice):
        key = (row.kind, row.subject, row.target, row.round)
        may_name_them = row.customer == 1 or row.kind == "case"  # which says whose name its customer's looks like
        assert (after[key] > before[key]) is may_name_them, key


def test_whoever_is_to_hear_both_sides_reads_the_new_name(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    asked_for(context, before_a_decision(context, clock))
    before = wanted(database)
    edit_customer(context, EditCustomer(someone("U0PRIYA"), 1, "Zenith Group", None, "", ""))
    hearing = ("hearing", 1, "U0BRAD", 0)
    assert wanted(database)[hearing] > before[hearing]


@pytest.mark.parametrize("undo", [False, True])
def test_a_recusal_outlives_a_merger_and_its_undoing(context: Context, database: Database, *, undo: bool) -> None:
    first = opened(context, "U0ANA", "Zenith Corp")
    second = opened(context, "U0JOE", "Zenit Corporatoin")
    for case in (first, second):
        recuse(context, Recuse(someone("U0PRIYA"), case.number, "They are my neighbour."))
    survivor = 1 if first.due_at <= second.due_at else 2
    other = 3 - survivor
    recuse(context, Recuse(someone("U0CARLA"), other, "They are my brother."))
    merge(context, Merge(someone("U0BRAD"), other, survivor))
    open_case = next(row.number for row in rows(database, matter) if row.closed_at is None)
    assert {each.user for each in read_case(context, open_case).excluded} >= {"U0PRIYA", "U0CARLA"}
    assert awaiting_me(context, someone("U0CARLA"), 1).items == ()
    if undo:
        undo_merge(context, UndoMerge(someone("U0BRAD"), 1))
        assert [row.outcome for row in rows(database, matter)] == [None, None]
    for case in (row.number for row in rows(database, matter) if row.closed_at is None):
        with denied(Denial.RECUSED):
            asked_to_warn(context, case, "U0PRIYA")
    with denied(Denial.RECUSED):
        asked_to_warn(context, other if undo else open_case, "U0CARLA")


def asked_to_warn(context: Context, case: int, by: str) -> object:
    return issue_warning(context, IssueWarning(someone(by), case, "Please stop."))


def test_a_merger_with_an_overdue_case_goes_through_and_nobody_is_reminded_of_the_past(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    first = opened(context, "U0ANA", "Zenith Corp")
    clock.forward(days=10)
    run_due_tasks(context, database)
    read_from_slack(context)
    asked_to_warn(context, opened(context, "U0JOE", "Zenit Corporatoin").number, "U0BRAD")  # so this case goes on
    merge(context, Merge(someone("U0BRAD"), 1, 2))
    (case,) = (row for row in rows(database, matter) if row.closed_at is None)
    assert case.due_at == first.due_at
    before = {row.round for row in rows(database, notice) if row.kind == "asked"}
    run_due_tasks(context, database)
    assert {row.round for row in rows(database, notice) if row.kind == "asked"} == before
    clock.forward(days=2)  # the director has heard of the other case on the day of the merger
    run_due_tasks(context, database)
    assert "raised" in {row.kind for row in rows(database, notice) if row.subject == case.number}


def test_a_warning_expires_for_whoever_has_it_after_a_merger_and_its_undoing(context: Context) -> None:
    warned(context, opened(context, "U0ANA", "Zenit Corporatoin").number)
    reported(context, "U0JOE", "Zenith Corp", category="unreasonable_demands")
    assert warnings_expire(context) == {1}
    merge(context, Merge(someone("U0BRAD"), 1, 2))
    assert warnings_expire(context) == {2}
    undo_merge(context, UndoMerge(someone("U0BRAD"), 1))
    assert warnings_expire(context) == {1}


def warnings_expire(context: Context) -> set[int]:
    """The customers of whom a warning expires a year from now."""
    a_year = context.clock() + context.policy.warnings_expire_after
    with context.read(TEAM) as tx:
        return {n for n in (1, 2) if tx.scheduled_tasks.scheduled_at(TaskKind.WARNING_EXPIRY, n) == a_year}


def edited(context: Context) -> object:
    return edit_customer(context, EditCustomer(someone("U0PRIYA"), 1, "Zenith Corp", "U0PRIYA", "", ""))


def imported(context: Context) -> object:
    return import_customers(context, TEAM, [ImportLine(2, "Zenith Corp", owner="U0PRIYA")])


@pytest.mark.parametrize("becomes_owner", [edited, imported])
def test_the_directors_are_informed_at_once_when_the_only_manager_becomes_the_owner(
    database: Database, clock: FrozenClock, becomes_owner: Callable[[Context], object]
) -> None:
    context = a_context(database, clock, replace(FIRM, managers=("U0PRIYA",)))
    opened(context, "U0ANA")
    run_due_tasks(context, database)
    assert "raised" not in {row.kind for row in rows(database, notice)}
    becomes_owner(context)
    run_due_tasks(context, database)
    assert "raised" in {row.kind for row in rows(database, notice)}


def test_a_withdrawal_opens_no_case(later: Later, database: Database) -> None:
    """Reports about a dropped customer belong to no case. Once the drop has ended they count, and one is withdrawn."""
    context = later.context
    later.dropped()
    later.go_to(ENDS - timedelta(days=2))
    numbers = [
        reported(context, rep, category="verbal_abuse", severity=Severity.SEVERE).report for rep in ("U0ANA", "U0JOE")
    ]
    later.go_to(ENDS + timedelta(days=1))
    before = len(rows(database, matter))
    withdraw(context, Withdraw(someone("U0ANA"), numbers[0]))
    assert len(rows(database, matter)) == before


def test_a_withdrawal_postpones_no_deadline(context: Context, clock: FrozenClock) -> None:
    case = one_reporter_alone(context, clock)
    clock.forward(hours=1)
    second = reported(context, "U0JOE").report
    decided_by = read_case(context, case).case
    assert decided_by.rung is Rung.DECIDE
    clock.forward(days=3)
    withdraw(context, Withdraw(someone("U0JOE"), second))
    heard_by = read_case(context, case).case
    assert (heard_by.rung, heard_by.due_at) == (Rung.HEAR, decided_by.due_at)


def with_form(user: str, form: str) -> Person:
    return replace(someone(user), form=form)


def test_the_same_form_sent_twice_is_recorded_once_and_the_next_form_on_the_same_view_as_well(
    context: Context, database: Database
) -> None:
    """A customer's card and the form behind *Edit* are one view, whose hash changes with each."""
    reported(context, "U0ANA")
    for form, worth in (("V1 1.a", "£1"), ("V1 1.a", "£1"), ("V1 2.b", "£2")):
        edit_customer(context, EditCustomer(with_form("U0PRIYA", form), 1, "Zenith Corp", None, worth, ""))
    entries = [row.form for row in rows(database, audit) if row.act == "describe"]
    assert entries == ["V1 1.a", "V1 2.b"]


def test_a_decision_sent_twice_is_answered_the_same_and_from_a_second_window_how_it_was_decided(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    case = before_a_decision(context, clock)
    form = replace(a_keep(context, case, conditions=()), by=with_form("U0PRIYA", "V1"))
    first = keep(context, form)
    assert keep(context, form) == first
    with pytest.raises(AlreadyDecided) as refusal:
        keep(context, replace(form, by=with_form("U0PRIYA", "V2"), conditions=("written_only",), letter="In writing."))
    assert refusal.value.decision == first.decision
    assert [row.act for row in rows(database, audit)].count("decide") == 1


def test_a_form_sent_again_does_not_undo_what_somebody_else_has_done_since(
    context: Context, database: Database
) -> None:
    for name in ("Zenith Corp", "Zenit Corporatoin"):
        reported(context, "U0ANA", name, category="unreasonable_demands")
    edit = EditCustomer(with_form("U0PRIYA", "V1"), 1, "Zenith Corp", None, "£1", "")
    safeguard = SetCustomerSafeguard(with_form("U0PRIYA", "V2"), 1, "health", "Their daughter told us.")
    joined = Merge(with_form("U0PRIYA", "V3"), 2, 1)
    edit_customer(context, edit)
    edit_customer(context, replace(edit, by=someone("U0BRAD"), worth="£2"))
    set_customer_safeguard(context, safeguard)
    lift_customer_safeguard(context, LiftCustomerSafeguard(someone("U0BRAD"), 1, 1, "It was another customer."))
    merge(context, joined)
    undo_merge(context, UndoMerge(someone("U0BRAD"), 1))
    before = rows(database, audit)
    edit_customer(context, edit)
    set_customer_safeguard(context, safeguard)
    merge(context, joined)
    assert rows(database, audit) == before
    file = open_customer(context, someone("U0BRAD"), 1)
    assert (file.customer.worth, file.patience, file.managers and file.managers.mergers) == ("£2", (), ())


def test_a_safeguard_that_is_sent_again_is_answered_the_same_though_the_customer_was_renamed_since(
    context: Context,
) -> None:
    reported(context, "U0ANA", category="unreasonable_demands")
    seen = seen_as(open_customer(context, someone("U0PRIYA"), 1).customer)
    setting = SetCustomerSafeguard(with_form("U0PRIYA", "V1"), 1, "health", "Their daughter told us.", seen=seen)
    lifting = LiftCustomerSafeguard(with_form("U0PRIYA", "V2"), 1, 1, "It was another customer.", seen)
    set_customer_safeguard(context, setting)
    lift_customer_safeguard(context, lifting)
    edit_customer(context, EditCustomer(someone("U0BRAD"), 1, "Zenith Group", None, "", ""))
    for file in (set_customer_safeguard(context, setting), lift_customer_safeguard(context, lifting)):
        assert file.customer.name == "Zenith Group"
    with pytest.raises(CustomerChanged):
        set_customer_safeguard(context, replace(setting, by=someone("U0PRIYA")))  # from a second window


def test_where_no_report_counts_nothing_expires(context: Context, database: Database) -> None:
    withdraw(context, Withdraw(someone("U0ANA"), reported(context, "U0ANA", category="unreasonable_demands").report))
    assert [row.kind for row in rows(database, step) if row.kind == "points_end"] == []


def test_a_directors_message_says_when_the_time_to_object_is_over(later: Later) -> None:
    reported(later.context, "U0ANA", category="threat")
    later.go_to(MONDAY + timedelta(days=1))
    case = next(row.number for row in later.rows(matter) if row.closed_at is None)
    read_from_slack(later.context)
    drop(later.context, a_drop(later.context, case, "U0RUTH"))
    before = later.wanted("raised")
    later.go_to(later.decision(case).objection_until or MONDAY)
    assert all(times > before[key] for key, times in later.wanted("raised").items())
    assert before
