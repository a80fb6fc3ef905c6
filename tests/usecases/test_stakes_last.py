"""A stake is in the customer, and no sequence of allowed steps takes it away: whom it excludes, and for how long."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.health import left_to_nobody
from bot.problems import nobody_left
from bot.rules.customer_cards import CustomerFile
from bot.rules.customer_import import ImportLine
from bot.rules.decisions import Choice
from bot.rules.hearings import Finding
from bot.rules.objections import Answer
from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import Denial
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.context import Context
from bot.usecases.customers.edit import EditCustomer, edit_customer, set_customer_safeguard
from bot.usecases.customers.import_list import import_customers
from bot.usecases.customers.look_up import look_up, open_customer, timeline
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.customers.safeguards import SetCustomerSafeguard
from bot.usecases.hearings.hear import TakeHearing, take_hearing
from bot.usecases.hearings.outcome import RecordOutcome, record_outcome
from bot.usecases.home.home import awaiting_me
from bot.usecases.objections.record import RecordObjection, record_objection
from bot.usecases.permissions.permissions import stakes_in
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.shared.case_access import check_reader, for_form
from bot.usecases.shared.read_models import case_file
from storage.database import Database
from storage.tables.customers import stake
from tests.builders import (
    FIRM,
    TEAM,
    FrozenClock,
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
)
from tests.later import MONDAY, Later

YEAR = timedelta(days=365)
REPORTER, OWNER, FORMER, RECUSED = Denial.REPORTER, Denial.OWNER, Denial.FORMER_OWNER, Denial.RECUSED


def stakes(context: Context, customer: int = 1) -> Mapping[str, Denial]:
    with context.read(TEAM) as tx:
        return stakes_in(tx, context, customer, context.clock())


def edited(context: Context, owner: str | None, by: str = "U0CARLA", customer: int = 1) -> None:
    with context.read(TEAM) as tx:
        name = tx.customers.get(customer).name
    edit_customer(context, EditCustomer(someone(by), customer, name, owner, "", ""))


def merged(context: Context, duplicate: int, into: int, by: str = "U0CARLA") -> None:
    merge(context, Merge(someone(by), duplicate, into))


def undone(context: Context, merger: int = 1, by: str = "U0CARLA") -> None:
    undo_merge(context, UndoMerge(someone(by), merger))


def passed(context: Context, clock: FrozenClock, span: timedelta) -> None:
    clock.time += span
    read_from_slack(context)


def test_the_owner_of_an_account_cannot_free_themselves_to_answer_their_own_clients_objection(
    later: Later, objected: int
) -> None:
    edited(later.context, "U0BRAD")
    with denied(OWNER):
        edited(later.context, None, by="U0BRAD")
    edited(later.context, None)
    with denied(FORMER):
        later.answer(objected, Answer.CANCELLED, by="U0BRAD")
    with denied(FORMER):
        edited(later.context, "U0BRAD", by="U0BRAD")


def test_the_owner_of_an_account_cannot_merge_it_into_one_with_another_owner(context: Context) -> None:
    opened(context, "U0ANA", "Acme", category="threat")
    reported(context, "U0ANA", "Zebra", severity=Severity.MINOR)
    edited(context, "U0BRAD")
    edited(context, "U0JOE", customer=2)
    for duplicate, into in ((1, 2), (2, 1)):
        with denied(OWNER):
            merged(context, duplicate, into, by="U0BRAD")
    merged(context, 1, 2)
    assert stakes(context, 2)["U0BRAD"] is OWNER
    with denied(OWNER):
        undone(context, by="U0BRAD")


def names_on_record(context: Context, *names: str) -> None:
    import_customers(context, TEAM, [ImportLine(line, name) for line, name in enumerate(names, start=2)])


def test_who_owns_a_record_owns_what_it_was_merged_into_until_that_is_undone_and_owned_it_then(
    context: Context, clock: FrozenClock
) -> None:
    names_on_record(context, "Acme", "Zebra", "Yak")
    edited(context, "U0BRAD", customer=1)
    edited(context, "U0MIA", customer=3)
    merged(context, 1, 2)
    edited(context, None, customer=2)
    merged(context, 2, 3)
    passed(context, clock, timedelta(hours=1))
    case = opened(context, "U0ANA", "Acme", category="threat").number
    assert stakes(context, 3) == {"U0ANA": REPORTER, "U0BRAD": OWNER, "U0MIA": OWNER}
    with denied(OWNER):
        dropped(context, case, "U0BRAD")
    assert not awaiting_me(context, someone("U0BRAD"), 1).items
    assert awaiting_me(context, someone("U0CARLA"), 1).items
    undone(context, merger=2)
    assert stakes(context, 3) == {"U0ANA": REPORTER, "U0BRAD": FORMER, "U0MIA": OWNER}
    assert stakes(context, 2) == {"U0ANA": REPORTER, "U0BRAD": OWNER, "U0MIA": FORMER}
    undone(context, merger=1)
    assert stakes(context, 1) == {"U0ANA": REPORTER, "U0BRAD": OWNER, "U0MIA": FORMER}
    assert stakes(context, 2) == {"U0ANA": REPORTER, "U0BRAD": FORMER, "U0MIA": FORMER}


def test_undoing_a_merger_leaves_the_owner_of_another_record_in_it_a_former_owner_of_both(
    context: Context, clock: FrozenClock
) -> None:
    names_on_record(context, "Acme", "Zebra", "Yak")
    edited(context, "U0BRAD", customer=1)
    merged(context, 1, 3)
    edited(context, "U0MIA", customer=3)
    merged(context, 2, 3)
    passed(context, clock, timedelta(hours=1))
    opened(context, "U0ANA", "Yak", category="threat")
    undone(context, merger=2)
    assert stakes(context, 2) == {"U0ANA": REPORTER, "U0BRAD": FORMER, "U0MIA": FORMER}
    assert stakes(context, 3) == {"U0ANA": REPORTER, "U0BRAD": OWNER, "U0MIA": OWNER}


def test_a_recusal_holds_for_every_case_of_the_customer_and_of_the_record_that_theirs_is_merged_into(
    context: Context, clock: FrozenClock
) -> None:
    case = before_a_decision(context, clock, "Acme")
    recuse(context, Recuse(someone("U0BRAD"), case, "He is my cousin."))
    kept(context, case)
    again = opened(context, "U0JOE", "Acme", category="threat").number
    with denied(RECUSED):
        dropped(context, again, "U0BRAD")
    reported(context, "U0ANA", "Zebra", severity=Severity.MINOR)
    merged(context, 1, 2)
    with denied(RECUSED):
        dropped(context, again, "U0BRAD")
    undone(context)
    assert stakes(context, 1)["U0BRAD"] is stakes(context, 2)["U0BRAD"] is RECUSED


def test_whose_report_led_to_the_warning_does_not_drop_the_customer(context: Context, clock: FrozenClock) -> None:
    case = opened(context, "U0BRAD", "Acme", severity=Severity.SEVERE)
    warned(context, case.number)
    passed(context, clock, timedelta(hours=1))
    to_decide = opened(context, "U0JOE", "Acme").number
    with denied(REPORTER):
        dropped(context, to_decide, "U0BRAD")
    assert dropped(context, to_decide, "U0CARLA").decision


def test_a_withdrawn_report_is_a_stake_for_a_year_and_a_discounted_one_is_none(
    context: Context, clock: FrozenClock
) -> None:
    report = reported(context, "U0BRAD", "Acme").report
    withdraw(context, Withdraw(someone("U0BRAD"), report))
    assert stakes(context) == {"U0BRAD": REPORTER}
    passed(context, clock, YEAR - timedelta(minutes=1))
    assert stakes(context) == {"U0BRAD": REPORTER}
    passed(context, clock, timedelta(minutes=2))
    assert stakes(context) == {}
    case = opened(context, "U0BRAD", "Acme", severity=Severity.SEVERE, doubted=True).number
    take_hearing(context, TakeHearing(someone("U0CARLA"), case))
    found = RecordOutcome(someone("U0CARLA"), case, Finding.MISUNDERSTANDING, "", "", (2,), "He was deaf.")
    record_outcome(context, found)
    assert stakes(context) == {}


def test_a_report_in_an_open_case_is_a_stake_however_long_the_case_takes(context: Context, clock: FrozenClock) -> None:
    case = opened(context, "U0BRAD", "Acme", happened_at=clock() - YEAR + timedelta(days=1), category="threat").number
    passed(context, clock, YEAR + timedelta(days=3))
    assert stakes(context) == {"U0BRAD": REPORTER}
    dropped(context, case)
    assert stakes(context) == {}


def test_a_stake_lasts_a_year_from_the_report_where_that_came_long_after_the_incident(
    context: Context, clock: FrozenClock
) -> None:
    happened = clock() - YEAR + timedelta(hours=1)
    reported(context, "U0BRAD", "Acme", severity=Severity.MINOR, happened_at=happened)
    passed(context, clock, timedelta(hours=2))
    with denied(REPORTER):
        edited(context, "U0JOE", by="U0BRAD")
    passed(context, clock, YEAR - timedelta(hours=3))
    assert stakes(context) == {"U0BRAD": REPORTER}
    passed(context, clock, timedelta(hours=1))
    assert stakes(context) == {}


def test_what_was_reported_late_while_two_records_were_one_counts_for_both_as_long(
    context: Context, clock: FrozenClock
) -> None:
    names_on_record(context, "Acme", "Zebra")
    edited(context, "U0BRAD", customer=2)
    merged(context, 1, 2)
    happened = clock() - timedelta(days=300)
    passed(context, clock, timedelta(days=10))
    edited(context, None, customer=2)
    passed(context, clock, timedelta(days=10))
    reported(context, "U0ANA", "Zebra", severity=Severity.MINOR, happened_at=happened)
    undone(context)
    both = {"U0ANA": REPORTER, "U0BRAD": FORMER}
    assert stakes(context, 1) == stakes(context, 2) == both
    passed(context, clock, YEAR - timedelta(hours=1))
    assert stakes(context, 1) == stakes(context, 2) == both
    passed(context, clock, timedelta(hours=1))
    assert stakes(context, 1) == stakes(context, 2) == {}


@pytest.mark.parametrize("change", ["edit", "import"])
def test_whoever_owned_the_account_when_an_incident_happened_has_a_stake_for_as_long_as_that_incident(
    context: Context, clock: FrozenClock, change: str
) -> None:
    reported(context, "U0ANA", "Acme", category="other", severity=Severity.MINOR)
    edited(context, "U0BRAD")
    passed(context, clock, timedelta(days=10))
    if change == "edit":
        edited(context, "U0JOE")
    else:
        import_customers(context, TEAM, [ImportLine(2, "Acme", owner="U0JOE")])
    passed(context, clock, timedelta(days=10))
    reported(context, "U0ANA", "Acme", category="other", severity=Severity.MINOR)
    assert stakes(context) == {"U0ANA": REPORTER, "U0JOE": OWNER, "U0BRAD": FORMER}
    passed(context, clock, YEAR - timedelta(hours=1))
    assert stakes(context) == {"U0ANA": REPORTER, "U0JOE": OWNER, "U0BRAD": FORMER}
    passed(context, clock, timedelta(hours=1))
    assert stakes(context) == {"U0JOE": OWNER}


def test_who_gave_the_account_away_has_a_stake_in_what_happens_within_a_year(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    """An owner was cleared an hour before the incident that everybody saw coming, and decided about it."""
    import_customers(context, TEAM, [ImportLine(2, "Acme", owner="U0BRAD")])
    edited(context, "U0JOE")
    assert len(rows(database, stake)) == 1
    assert stakes(context) == {"U0JOE": OWNER}  # nothing has happened
    passed(context, clock, YEAR - timedelta(seconds=1))
    first = reported(context, "U0ANA", "Acme", category="other", severity=Severity.MINOR)
    assert stakes(context) == {"U0ANA": REPORTER, "U0JOE": OWNER, "U0BRAD": FORMER}
    passed(context, clock, timedelta(seconds=1))
    withdraw(context, Withdraw(someone("U0ANA"), first.report))
    assert "U0BRAD" in stakes(context)
    passed(context, clock, YEAR)
    reported(context, "U0ANA", "Acme")
    assert stakes(context) == {"U0ANA": REPORTER, "U0JOE": OWNER}


def test_a_stake_does_not_end_before_the_case_that_was_opened_within_its_year(
    context: Context, clock: FrozenClock
) -> None:
    """A report led to the warning that the case rests on; the case waited until a year after that report."""
    case = opened(context, "U0BRAD", "Acme").number
    warned(context, case, "U0CARLA")
    passed(context, clock, YEAR - timedelta(days=1))
    again = opened(context, "U0ANA", "Acme", category="threat").number
    passed(context, clock, timedelta(days=30))
    assert stakes(context) == {"U0BRAD": REPORTER, "U0ANA": REPORTER}
    with denied(REPORTER):
        kept(context, again, "U0BRAD")
    kept(context, again, "U0CARLA")
    assert stakes(context) == {"U0ANA": REPORTER}


def test_a_stake_does_not_end_before_the_objection_to_a_case_that_was_opened_within_its_year(
    context: Context, later: Later, clock: FrozenClock
) -> None:
    reported(context, "U0BRAD", "Acme", category="other", severity=Severity.MINOR)
    passed(context, clock, YEAR - timedelta(days=1))
    case = opened(context, "U0ANA", "Acme", category="threat").number
    kept(context, case, "U0CARLA")
    passed(context, clock, timedelta(hours=1))
    later.objects(case, by="U0PRIYA")
    passed(context, clock, timedelta(days=2))
    with denied(REPORTER):
        later.answer(case, Answer.CANCELLED, by="U0BRAD")
    later.answer(case, Answer.STANDS, by="U0PRIYA")
    assert stakes(context) == {"U0ANA": REPORTER}


def test_what_was_said_while_two_records_were_one_counts_for_both_afterwards(
    context: Context, clock: FrozenClock
) -> None:
    opened(context, "U0ANA", "Acme", category="threat")
    reported(context, "U0JOE", "Zebra", severity=Severity.MINOR)
    edited(context, "U0BRAD", customer=2)
    passed(context, clock, timedelta(hours=1))
    merged(context, 1, 2)
    assert stakes(context, 2) == {"U0ANA": REPORTER, "U0JOE": REPORTER, "U0BRAD": OWNER}
    passed(context, clock, timedelta(hours=1))
    reported(context, "U0MIA", "Acme", severity=Severity.MINOR)
    recuse(context, Recuse(someone("U0RUTH"), 1, ""))
    undone(context)
    both = {"U0MIA": REPORTER, "U0RUTH": RECUSED}
    assert stakes(context, 1) == both | {"U0ANA": REPORTER, "U0BRAD": FORMER}
    assert stakes(context, 2) == both | {"U0JOE": REPORTER, "U0BRAD": OWNER}


def test_who_reported_something_in_a_case_keeps_away_from_it_though_the_record_was_split(
    later: Later,
) -> None:
    context = later.context
    case = opened(context, "U0ANA", "Zebra", category="threat").number
    opened(context, "U0BRAD", "Acme", category="threat")
    merged(context, 2, 1)
    dropped(context, case)
    undone(context)
    later.go_to(MONDAY)
    later.objects(case)
    with denied(REPORTER):
        later.answer(case, Answer.CANCELLED, by="U0BRAD")
    assert later.answer(case, Answer.STANDS, by="U0CARLA").decision
    assert later.decision(case).choice is Choice.DROP


@pytest.mark.parametrize("who", ["U0BRAD", "U0RUTH"])
def test_without_an_open_case_too_nobody_with_a_stake_changes_the_customer(context: Context, who: str) -> None:
    reported(context, who, "Acme", severity=Severity.MINOR)
    reported(context, "U0ANA", "Zebra", severity=Severity.MINOR)
    kind = next(iter(context.policy.safeguards))
    with denied(REPORTER):
        edited(context, None, by=who)
    for duplicate, into in ((1, 2), (2, 1)):
        with denied(REPORTER):
            merged(context, duplicate, into, by=who)
    with denied(REPORTER):
        set_customer_safeguard(context, SetCustomerSafeguard(someone(who), 1, kind, "He is ill."))


@pytest.mark.parametrize("denial", [REPORTER, OWNER, RECUSED])
def test_who_has_a_stake_does_not_read_who_reported_what(context: Context, clock: FrozenClock, denial: Denial) -> None:
    case = before_a_decision(context, clock, "Acme")
    by = someone("U0BRAD")
    assert for_form(context, by, case, check_reader, case_file).reports
    assert timeline(context, by, 1, 1).page.items
    assert open_customer(context, by, 1).managers
    if denial is REPORTER:
        reported(context, "U0BRAD", "Acme")
    elif denial is OWNER:
        edited(context, "U0BRAD")
    else:
        recuse(context, Recuse(by, case, ""))
    with denied(denial):
        for_form(context, by, case, check_reader, case_file)
    with denied(denial):
        timeline(context, by, 1, 1)
    for card in (open_customer(context, by, 1), look_up(context, by, "Acme")):
        assert isinstance(card, CustomerFile)
        assert card.managers is None


def test_who_names_themselves_the_owner_sees_the_card_as_reps_do_from_then_on(context: Context) -> None:
    reported(context, "U0ANA", "Acme")
    assert edit_customer(context, EditCustomer(someone("U0BRAD"), 1, "Acme", "U0BRAD", "", "")).managers is None


def test_every_list_of_what_awaits_somebody_leaves_out_what_they_have_a_stake_in(
    context: Context, clock: FrozenClock
) -> None:
    numbers = [before_a_decision(context, clock, name) for name in ("Acme", "Zebra", "Yak", "Xenon", "Wolf")]
    edited(context, "U0BRAD", customer=1)
    edited(context, "U0BRAD", customer=2)
    edited(context, None, customer=2)
    recuse(context, Recuse(someone("U0BRAD"), numbers[2], ""))
    reported(context, "U0BRAD", "Xenon", severity=Severity.MINOR)
    assert [item.case for item in awaiting_me(context, someone("U0BRAD"), 1).items] == [numbers[4]]
    assert len(awaiting_me(context, someone("U0CARLA"), 1).items) == 5


def everybody_steps_aside(context: Context, customer: str) -> None:
    """From everything about the customer: from a case that is about something else."""
    case = opened(context, "U0ANA", customer, category="threat").number
    for user in ("U0BRAD", "U0CARLA", "U0RUTH", "U0PRIYA"):
        recuse(context, Recuse(someone(user), case, ""))


def test_operators_are_informed_of_an_objection_that_nobody_may_answer(later: Later) -> None:
    case = later.dropped()
    later.objects(case)
    everybody_steps_aside(later.context, "Zenith Corp")
    assert nobody_left(case) not in left_to_nobody(later.database)
    later.go_to(later.objection_of(case).due_at)
    assert nobody_left(case) in left_to_nobody(later.database)


def test_operators_are_informed_of_an_objection_to_a_warning_until_somebody_may_answer(
    later: Later,
) -> None:
    case = opened(later.context, "U0ANA", "Acme").number
    warned(later.context, case)
    record_objection(later.context, RecordObjection(someone("U0PRIYA"), case, "By phone", "My son was on that call."))
    everybody_steps_aside(later.context, "Acme")
    later.go_to(MONDAY + timedelta(days=3))
    assert nobody_left(case) in left_to_nobody(later.database)
    more = replace(later.context, firm=replace(FIRM, directors=("U0RUTH", "U0DAN")))
    Later(more, later.clock, later.database).go_to(MONDAY + timedelta(days=4))
    assert nobody_left(case) not in left_to_nobody(later.database)


def test_a_notice_mentions_who_is_listed_but_for_reasons_that_it_says_and_never_by_who_reported(
    context: Context,
) -> None:
    ours = replace(context, firm=replace(FIRM, managers=("U0PRIYA", "U0BRAD", "U0CARLA")))
    case = opened(ours, "U0ANA", category="threat").number
    assert read_case(ours, case).asked == ("U0PRIYA", "U0BRAD", "U0CARLA")
    edited(ours, "U0BRAD")
    assert read_case(ours, case).asked == ("U0PRIYA", "U0CARLA")
    reported(ours, "U0PRIYA")
    assert read_case(ours, case).asked == ("U0PRIYA", "U0CARLA")


def test_groups_are_mentioned_as_such_and_of_an_overdue_case_the_directors_too(
    context: Context, clock: FrozenClock
) -> None:
    case = opened(context, "U0ANA", category="threat").number
    assert read_case(context, case).asked == ("S0MANAGERS", "U0CARLA")
    clock.forward(days=1)
    assert read_case(context, case).asked == ("S0MANAGERS", "U0CARLA", "U0RUTH")
