"""A report becomes an incident, a verdict, a case and messages: all or nothing, and once."""

from datetime import timedelta
from functools import partial

import pytest

from bot.rules.customers import Standing
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.refusals import Denial, MeantAnother, Unknown
from bot.rules.reports import PickedCustomer, TypedCustomer
from bot.usecases.context import Context
from bot.usecases.reports.report import report
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.customers import customer
from storage.tables.outbox import notice
from storage.tables.reports import report as report_table
from storage.tables.reports import verdict
from tests.builders import (
    TEAM,
    FrozenClock,
    a_report,
    at_once,
    before_a_decision,
    denied,
    dropped,
    opened,
    read_case,
    reported,
    rows,
    someone,
    wrong,
)


def test_a_first_minor_report_is_only_recorded(context: Context) -> None:
    receipt = reported(context, category="unreasonable_demands", severity=Severity.MINOR)
    assert receipt.verdict.rung is Rung.RECORD
    assert receipt.case is None
    assert receipt.report == 1
    assert receipt.customer.standing is Standing.CLEAR


def test_four_points_put_a_warning_before_management(context: Context) -> None:
    receipt = reported(context)
    assert receipt.verdict.rung is Rung.WARN
    assert receipt.case is not None
    assert receipt.case.due_at.isoformat() == "2026-11-24T17:00:00+00:00"  # the second business day after a Friday


def test_a_threat_is_to_be_decided_within_four_hours(context: Context, clock: FrozenClock) -> None:
    case = opened(context, category="threat")
    assert (case.rung, case.urgent) == (Rung.DECIDE, True)
    assert (case.due_at - clock()).total_seconds() == 4 * 3600


def test_a_report_after_a_delivered_warning_with_a_second_reporter_is_to_be_decided(
    context: Context, clock: FrozenClock
) -> None:
    case = before_a_decision(context, clock)
    file = read_case(context, case)
    assert file.case.rung is Rung.DECIDE
    assert file.customer.standing is Standing.UNDER_REVIEW


def test_the_same_form_sent_twice_is_recorded_once_and_gets_the_same_answer(
    context: Context, database: Database
) -> None:
    new = a_report(context)
    first, second = report(context, new), report(context, new)
    assert first == second
    assert len(rows(database, report_table)) == len(rows(database, verdict)) == len(rows(database, audit)) == 1


def test_the_same_form_sent_many_times_at_once_is_recorded_once(context: Context, database: Database) -> None:
    new, receipts = a_report(context), []
    at_once(*[lambda: receipts.append(report(context, new))] * 8)
    assert len(receipts) == 8
    assert {receipt.report for receipt in receipts} == {1}
    assert len(rows(database, report_table)) == 1


def test_many_reports_at_once_about_one_new_customer_create_one_customer_and_one_case(
    context: Context, database: Database
) -> None:
    spellings = ("Zenith Corp", "ZENITH  CORP", "zenith corp.", "Zenith-Corp")
    at_once(*(partial(report, context, a_report(context, f"U0REP{i}", spellings[i % 4])) for i in range(8)))
    assert len(rows(database, customer)) == 1
    with context.read(TEAM) as tx:
        case = tx.cases.open_about(1)
        assert case is not None
        assert len(tx.reports.of_case(case.number)) == 8


def test_every_notice_is_created_in_the_same_transaction(context: Context, database: Database) -> None:
    reported(context, wants_support=True)
    wanted = {(row.kind, row.target) for row in rows(database, notice)}
    assert wanted == {("report", "U0ANA"), ("case", "C0MANAGE"), ("care", "U0CORA")}


def test_a_similar_customer_is_offered_before_a_new_one_is_created(context: Context) -> None:
    reported(context, customer="Zenith Corp")
    with pytest.raises(MeantAnother) as refusal:
        reported(context, customer=TypedCustomer("The Zenith Limited"))
    assert [likely.name for likely in refusal.value.likely] == ["Zenith Corp"]
    receipt = reported(context, customer=TypedCustomer("Zenith Limited", new=True))
    assert receipt.customer.name == "Zenith Limited"


def test_an_incident_lies_at_most_two_minutes_ahead_as_a_phones_clock_may(context: Context, clock: FrozenClock) -> None:
    ahead = clock() + timedelta(minutes=2)
    assert reported(context, happened_at=ahead).report
    with wrong({"happened_at"}):
        reported(context, happened_at=ahead + timedelta(microseconds=1))


def test_a_name_and_a_text_have_a_limit(context: Context, database: Database) -> None:
    assert reported(context, customer=TypedCustomer("x" * 140), narrative="x" * 3000).report
    with wrong({"customer", "narrative"}):
        reported(context, customer=TypedCustomer("x" * 141), narrative="x" * 3001)
    assert len(rows(database, report_table)) == 1


def test_a_refused_report_leaves_nothing(context: Context, database: Database) -> None:
    with wrong({"customer", "narrative", "category"}):
        reported(context, customer=TypedCustomer("x" * 200), narrative="  \n ", category="gossip")
    with pytest.raises(Unknown):
        reported(context, customer=PickedCustomer(77))
    assert not rows(database, report_table)
    assert not rows(database, customer)
    assert not rows(database, notice)


@pytest.mark.parametrize(
    ("by", "denial"), [(someone("U0GUS"), Denial.GUEST), (Person(TEAM, "U0OLEK", "T0OTHER"), Denial.FROM_ELSEWHERE)]
)
def test_guests_and_outsiders_do_not_report(context: Context, database: Database, by: Person, denial: Denial) -> None:
    with denied(denial):
        reported(context, by=by)
    assert not rows(database, report_table)


def test_earlier_reports_that_still_count_join_the_case(context: Context) -> None:
    reported(context, "U0ANA", category="persistent_contact", severity=Severity.SERIOUS)
    receipt = reported(context, "U0JOE", category="persistent_contact", severity=Severity.SERIOUS)
    assert receipt.case is not None
    with context.read(TEAM) as tx:
        assert {each.incident.reporter for each in tx.reports.of_case(receipt.case.number)} == {"U0ANA", "U0JOE"}
    assert receipt.others == 1


def test_a_dropped_customer_gets_no_new_case_for_what_is_not_urgent(context: Context, clock: FrozenClock) -> None:
    dropped(context, before_a_decision(context, clock))
    receipt = reported(context, "U0ANA")
    assert receipt.case is None
    assert receipt.decision is not None
    assert receipt.customer.standing is Standing.DROPPED
    assert opened(context, "U0ANA", category="threat").urgent


def test_a_name_that_unicode_spells_out_at_length_is_recorded(context: Context) -> None:
    name = "\ufdfa" * 140  # a ligature of 18 letters
    assert reported(context, "U0ANA", name).customer.name == name
    assert reported(context, "U0JOE", name).customer.number == 1


def notified_of_many(database: Database) -> list[tuple[int, str]]:
    return [(row.subject, row.target) for row in rows(database, notice) if row.kind == NoticeKind.MANY_REPORTS]


def test_more_than_twenty_reports_by_one_rep_within_an_hour_are_recorded_and_management_is_informed_once(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    for number in range(20):
        reported(context, "U0ANA", f"Customer {number % 3}")
        clock.forward(minutes=2)
    reported(context, "U0JOE", "Customer 1")
    assert notified_of_many(database) == []
    for number in range(12):
        reported(context, "U0ANA", f"Customer {number % 3}")
        clock.forward(minutes=2)
    assert notified_of_many(database) == [(22, "C0MANAGE")]
    assert len(rows(database, report_table)) == 33
    clock.forward(hours=2)
    for number in range(21):
        reported(context, "U0ANA", f"Customer {number % 3}")
    assert notified_of_many(database) == [(22, "C0MANAGE"), (54, "C0MANAGE")]


def test_twenty_one_reports_within_an_hour_and_a_second_are_nothing_to_tell(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    for _ in range(20):
        reported(context, "U0ANA", "Zenith Corp")
        clock.forward(minutes=3)
    reported(context, "U0ANA", "Zenith Corp")
    assert notified_of_many(database) == []
