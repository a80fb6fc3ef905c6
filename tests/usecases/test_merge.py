"""Two records of one customer become one, and two again: nothing is lost, no chain breaks, no two cases stay open."""

from dataclasses import replace
from functools import partial
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.rules.audit_chain import Chain, verify_chain
from bot.rules.cases import Outcome
from bot.rules.customer_cards import CustomerFile
from bot.rules.customers import Standing
from bot.rules.policy.verdicts import History, Rung, Severity
from bot.rules.refusals import Denial, MergedSince, NotEntitled, Unknown, Wrong
from bot.rules.reports import PickedCustomer
from bot.rules.warnings import Delivery
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.context import Context
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.customers.look_up import look_up, open_customer, timeline
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.shared.verdicts import history_of
from bot.usecases.warnings.warn import IssueWarning, MarkDelivered, issue_warning, mark_delivered
from storage.database import Database
from storage.tables.cases import matter
from storage.tables.customers import merger
from tests.builders import (
    TEAM,
    FrozenClock,
    at_once,
    audit_problems,
    before_a_decision,
    denied,
    dropped,
    kept,
    opened,
    read_from_slack,
    reported,
    someone,
    warned,
    wrong,
)

_examples = count(1)
MINOR = {"category": "unreasonable_demands", "severity": Severity.MINOR}


def merged(context: Context, duplicate: int, into: int, by: str = "U0PRIYA") -> CustomerFile:
    return merge(context, Merge(someone(by), duplicate, into))


def undone(context: Context, number: int = 1, by: str = "U0PRIYA") -> CustomerFile:
    return undo_merge(context, UndoMerge(someone(by), number))


def two(context: Context, **changes: object) -> tuple[int, int]:
    """Two records of one customer, each with a report by another rep."""
    first = reported(context, "U0ANA", "Zenith Corp", **changes).customer.number
    return first, reported(context, "U0JOE", "Zenit Corporatoin", **changes).customer.number


def history(context: Context, customer: int) -> History:
    with context.read(TEAM) as tx:
        return history_of(tx, customer, context.clock())[0]


def open_cases(database: Database) -> dict[int, int]:
    query = select(matter.c.customer, func.count()).where(matter.c.closed_at.is_(None)).group_by(matter.c.customer)
    with database.engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def assert_every_chain_is_whole(database: Database) -> None:
    with database.read(TEAM) as tx:
        for customer, end in tx.audit.chain_ends().items():
            whose, entries = Chain(TEAM, customer, end.salt), list(tx.audit.chain(customer))
            assert verify_chain(whose, entries, (end.n, end.hash)) is None


def acts(database: Database, customer: int) -> list[str]:
    with database.read(TEAM) as tx:
        return [entry.act for entry, _ in tx.audit.chain(customer)]


def test_two_small_records_make_a_case_together(context: Context, database: Database) -> None:
    zenith, zenit = two(context, category="verbal_abuse", severity=Severity.MINOR)
    assert open_cases(database) == {}
    file = merged(context, zenit, zenith)
    assert file.open_case is not None
    assert file.open_case.rung is Rung.WARN
    assert file.managers is not None
    assert (file.managers.reports, file.managers.reporters) == (2, 2)
    with context.read(TEAM) as tx:
        assert {r.incident.reporter for r in tx.reports.of_case(file.open_case.number)} == {"U0ANA", "U0JOE"}
    assert_every_chain_is_whole(database)


def test_of_two_open_cases_one_goes_on_with_the_reports_of_both_and_the_earlier_deadline(
    context: Context, database: Database, clock: FrozenClock
) -> None:
    first = reported(context, "U0ANA", "Zenith Corp").case
    clock.forward(days=3)
    read_from_slack(context)
    second = reported(context, "U0JOE", "Zenit Corporatoin").case
    assert first is not None
    assert second is not None
    file = merged(context, 1, 2)
    assert file.open_case is not None
    assert (file.open_case.number, file.open_case.due_at) == (first.number, first.due_at)
    assert open_cases(database) == {2: 1}
    with context.read(TEAM) as tx:
        assert {each.incident.reporter for each in tx.reports.of_case(first.number)} == {"U0ANA", "U0JOE"}
        ended = tx.cases.get(second.number)
        assert (ended.outcome, ended.customer) == (Outcome.MERGED, 2)


@pytest.mark.parametrize("duplicate", [1, 2])
def test_a_case_that_was_urgent_stays_so_when_it_becomes_one_with_another(context: Context, duplicate: int) -> None:
    opened(context, "U0ANA", "Zenith Corp")
    threat = reported(context, "U0JOE", "Zenith Corp", category="threat").report
    withdraw(context, Withdraw(someone("U0JOE"), threat))  # its case stays urgent
    opened(context, "U0MIA", "Zenit Corporatoin")
    case = merged(context, duplicate, 3 - duplicate).open_case
    assert case is not None
    assert (case.number, case.urgent) == (1, True)


def test_a_written_warning_is_not_lost_with_its_case(context: Context) -> None:
    two(context)
    issue_warning(context, IssueWarning(someone("U0PRIYA"), 2, "Please stop."))
    file = merged(context, 2, 1)
    assert file.open_case is not None
    assert file.open_case.number == 2
    delivered = MarkDelivered(someone("U0PRIYA"), 2, Delivery.EMAIL, context.clock())
    assert mark_delivered(context, delivered).customer.standing is Standing.WARNED


def test_a_warning_of_one_and_a_report_of_the_other_lead_to_a_decision(context: Context, clock: FrozenClock) -> None:
    two(context)
    warned(context, 1)
    clock.forward(hours=1)
    read_from_slack(context)
    reported(context, "U0MIA", "Zenit Corporatoin")
    file = merged(context, 2, 1)
    assert file.open_case is not None
    assert file.open_case.rung is Rung.DECIDE
    assert file.customer.standing is Standing.UNDER_REVIEW


def test_the_old_name_is_still_found(context: Context) -> None:
    zenith, zenit = two(context)
    merged(context, zenit, zenith)
    assert reported(context, "U0MIA", "zenit corporatoin").customer.number == zenith
    assert reported(context, "U0MIA", PickedCustomer(zenit)).customer.number == zenith
    found = look_up(context, someone("U0ANA"), "Zenit Corporatoin")
    assert isinstance(found, CustomerFile)
    assert found.customer.number == zenith
    assert found.former == ("Zenit Corporatoin",)
    with context.read(TEAM) as tx:
        assert [(each.number, each.known_as) for each in tx.customers.likely("corporatoin", 9)] == [
            (zenith, "Zenit Corporatoin")
        ]
        assert [each.number for each in tx.customers.likely("zen", 9)] == [zenith]


def test_the_merger_stands_in_both_chains_and_neither_breaks(context: Context, database: Database) -> None:
    zenith, zenit = two(context)
    merged(context, zenit, zenith)
    assert acts(database, zenit) == ["report", "merged into"]
    assert acts(database, zenith) == ["report", "merge"]
    reported(context, "U0MIA", "Zenit Corporatoin")
    assert acts(database, zenit) == ["report", "merged into"]
    undone(context)
    assert acts(database, zenit)[-1] == acts(database, zenith)[-1] == "undo merger"
    assert_every_chain_is_whole(database)


def test_a_manager_sees_what_happened_under_both_names(context: Context) -> None:
    zenith, zenit = two(context)
    merged(context, zenit, zenith)
    page = timeline(context, someone("U0PRIYA"), zenit, 1).page
    assert [(entry.customer, entry.act) for entry in page.items] == [
        (zenith, "merge"),
        (zenith, "report"),
        (zenit, "merged into"),
        (zenit, "report"),
    ]
    with pytest.raises(NotEntitled):
        timeline(context, someone("U0ANA"), zenith, 1)


def test_the_same_merge_several_times_at_the_same_time_happens_once(context: Context, database: Database) -> None:
    two(context)
    ways = [(2, 1), (2, 1), (1, 2), (1, 2)]
    at_once(*(partial(merged, context, *way) for way in ways))
    with database.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(merger)).scalar_one() == 1
    assert_every_chain_is_whole(database)


def test_reports_that_come_during_a_merger_end_up_with_the_one_customer(context: Context, database: Database) -> None:
    two(context)
    reports = [partial(reported, context, f"U0REP{i}", PickedCustomer(1 + i % 2), **MINOR) for i in range(6)]
    at_once(*reports[:3], partial(merged, context, 2, 1), *reports[3:])
    assert len(history(context, 1).incidents) == 8
    assert history(context, 2).incidents == ()
    assert open_cases(database) == {1: 1}
    assert_every_chain_is_whole(database)


def test_undoing_a_merger_restores_both_records(context: Context, database: Database) -> None:
    zenith, zenit = two(context)
    before = {customer: history(context, customer) for customer in (zenith, zenit)}
    merged(context, zenit, zenith)
    file = undone(context)
    assert file.customer.number == zenith
    assert {customer: history(context, customer) for customer in (zenith, zenit)} == before
    assert open_cases(database) == {zenith: 1, zenit: 1}
    with context.read(TEAM) as tx:
        for case, reporter in ((1, "U0ANA"), (2, "U0JOE")):
            assert {each.incident.reporter for each in tx.reports.of_case(case)} == {reporter}
    assert undone(context).customer == file.customer
    assert open_customer(context, someone("U0ANA"), zenit).customer.name == "Zenit Corporatoin"


def test_what_came_since_stays_when_a_merger_is_undone(context: Context, database: Database) -> None:
    zenith, zenit = two(context, **MINOR)
    merged(context, zenit, zenith)
    reported(context, "U0MIA", "Zenit Corporatoin")
    undone(context)
    assert {i.reporter for i in history(context, zenith).incidents} == {"U0ANA", "U0MIA"}
    assert {i.reporter for i in history(context, zenit).incidents} == {"U0JOE"}
    assert open_cases(database) == {zenith: 1}


def test_a_decision_goes_back_with_its_case_when_a_merger_is_undone(
    context: Context, database: Database, clock: FrozenClock
) -> None:
    case = before_a_decision(context, clock, "Zenit Corporatoin")
    reported(context, "U0ANA", "Zenith Corp", **MINOR)
    merged(context, 1, 2)
    dropped(context, case)
    with context.read(TEAM) as tx:
        assert tx.customers.get(2).standing is Standing.DROPPED
    undone(context)
    with context.read(TEAM) as tx:
        assert tx.customers.get(1).standing is Standing.DROPPED
        assert tx.customers.get(2).standing is Standing.CLEAR
    assert_every_chain_is_whole(database)


def test_where_the_other_case_was_decided_meanwhile_the_ended_one_is_asked_again(
    context: Context, database: Database, clock: FrozenClock
) -> None:
    case = before_a_decision(context, clock, "Zenith Corp")
    other = opened(context, "U0JOE", "Zenit Corporatoin")
    merged(context, 2, 1)
    kept(context, case)
    undone(context)
    with context.read(TEAM) as tx:
        again = tx.cases.get(other.number)
        assert again.is_open
        assert again.due_at >= clock()
        assert {each.incident.reporter for each in tx.reports.of_case(other.number)} == {"U0JOE"}
        assert tx.customers.get(1).standing is Standing.RESTRICTED
    assert open_cases(database) == {2: 1}


def test_of_two_mergers_in_a_row_the_last_is_undone_first(context: Context) -> None:
    two(context, **MINOR)
    reported(context, "U0MIA", "Acme", **MINOR)
    merged(context, 2, 1)
    merged(context, 1, 3)
    assert len(history(context, 3).incidents) == 3
    assert reported(context, "U0ANA", "Zenit Corporatoin", **MINOR).customer.name == "Acme"
    with pytest.raises(MergedSince):
        undone(context, 1)
    undone(context, 2)
    undone(context, 1)
    assert [len(history(context, customer).incidents) for customer in (1, 2, 3)] == [1, 1, 2]


@pytest.mark.parametrize(
    ("by", "denial"),
    [("U0ANA", Denial.NOT_A_MANAGER), ("U0GUS", Denial.GUEST), ("U0RUTH", Denial.NOT_YET), ("U0BRAD", Denial.OWNER)],
)
def test_whoever_may_not_act_on_the_case_merges_nothing(context: Context, by: str, denial: Denial) -> None:
    two(context)
    described(context, 2, owner="U0BRAD")
    with denied(denial):
        merged(context, 2, 1, by)
    assert len(history(context, 2).incidents) == 1


def test_a_record_is_not_merged_with_itself_or_an_unknown_one(context: Context) -> None:
    two(context)
    with pytest.raises(Wrong):
        merged(context, 1, 1)
    with pytest.raises(Unknown):
        merged(context, 77, 1)


def test_details_known_only_of_the_duplicate_are_copied_and_given_back(context: Context) -> None:
    two(context, **MINOR)
    described(context, 1, owner="U0CARLA")
    described(context, 2, owner="U0BRAD", worth="£18,000 a year", crm_reference="CRM-77")
    file = merged(context, 2, 1)
    assert known(file) == ("U0CARLA", "£18,000 a year", "CRM-77")
    assert known(undone(context)) == ("U0CARLA", None, None)
    assert known(open_customer(context, someone("U0PRIYA"), 2)) == ("U0BRAD", "£18,000 a year", "CRM-77")


def known(file: CustomerFile) -> tuple[str | None, str | None, str | None]:
    return file.customer.owner, file.customer.worth, file.customer.crm_reference


def described(context: Context, customer: int, by: str = "U0PRIYA", **changes: str | None) -> CustomerFile:
    now = open_customer(context, someone(by), customer).customer
    form = EditCustomer(someone(by), customer, now.name, now.owner, now.worth or "", now.crm_reference or "")
    return edit_customer(context, replace(form, **changes))


def test_the_audit_log_covers_what_came_to_a_case_during_a_merger(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    """Recusals, hearings, reviews, lessons … say whom they are about by their case alone."""
    case = before_a_decision(context, clock)
    other = reported(context, customer="Zenit Corporatoin").customer.number
    merged(context, 1, other, by="U0BRAD")
    recuse(context, Recuse(someone("U0PRIYA"), case, "He is my cousin."))
    assert list(audit_problems(database)) == []
    undone(context, by="U0BRAD")
    assert list(audit_problems(database)) == []


def test_a_renamed_customer_is_found_by_both_names(context: Context) -> None:
    reported(context, customer="Zenith Corp")
    described(context, 1, name="Apex Holdings")
    for typed in ("Apex", "zenith corp", "Zenith"):
        found = look_up(context, someone("U0ANA"), typed)
        assert isinstance(found, CustomerFile)
        assert (found.customer.name, found.former) == ("Apex Holdings", ("Zenith Corp",))
    assert reported(context, customer="Zenith Corp").customer.number == 1
    assert described(context, 1, name="Zenith Corp").former == ("Apex Holdings",)


def test_a_name_that_is_another_customers_is_not_given_twice(context: Context) -> None:
    two(context)
    with wrong({"name"}):
        described(context, 1, name="ZENIT corporatoin")
    merged(context, 2, 1)
    with pytest.raises(Wrong):
        described(context, 1, name="Zenit Corporatoin")


def test_a_reference_that_is_another_customers_is_not_given_twice(context: Context) -> None:
    two(context)
    described(context, 2, crm_reference="CRM-77")
    with pytest.raises(Wrong) as refusal:
        described(context, 1, crm_reference="CRM-77")
    assert refusal.value.fields == {"crm_reference": "Zenit Corporatoin already has this reference."}


def test_an_owner_does_not_take_themselves_off_an_open_case(context: Context) -> None:
    two(context)
    described(context, 1, owner="U0BRAD")
    with denied(Denial.OWNER):
        described(context, 1, by="U0BRAD", owner=None)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(reports=st.lists(st.tuples(st.sampled_from(["U0ANA", "U0JOE", "U0MIA"]), st.booleans()), max_size=6))
def test_two_merged_records_get_the_same_verdict_as_one(context: Context, reports: list[tuple[str, bool]]) -> None:
    """The same reports, made about one customer or about two that are then merged."""
    n = next(_examples)
    one, first, second = f"One {n}", f"First {n}", f"Second {n}"
    alone = [reported(context, by, one).customer.number for by, _ in [("U0ANA", True), *reports]]
    begun = reported(context, "U0ANA", first).customer.number
    other = None
    for by, here in reports:
        number = reported(context, by, first if here else second).customer.number
        other = other if here else number
    if other:
        merged(context, other, begun)
    with context.read(TEAM) as tx:
        together, apart = tx.verdicts.newest(alone[0]), tx.verdicts.newest(begun)
        assert (together.rung, together.points, together.reporters) == (apart.rung, apart.points, apart.reporters)
        case = tx.cases.open_about(begun)
        assert case is not None
        assert case.rung is together.rung
