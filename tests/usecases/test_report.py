"""The main job: a report becomes an incident, a verdict, a case and messages, all or nothing, once."""

import threading

import pytest

from bot.rules.customers import Standing
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.refusals import Bar, MeantAnother, NotEntitled, Unknown, Wrong
from bot.rules.reports import Known, Typed
from bot.usecases.context import Desk
from bot.usecases.reports.report import report
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.customers import customer
from storage.tables.outbox import notice
from storage.tables.reports import report as report_table
from storage.tables.reports import verdict
from tests.builders import TEAM, FrozenClock, a_report, before_a_decision, dropped, reported, rows, someone


def test_a_first_minor_report_is_only_recorded(desk: Desk) -> None:
    receipt = reported(desk, category="unreasonable_demands", severity=Severity.MINOR)
    assert receipt.verdict.rung is Rung.RECORD
    assert receipt.case is None
    assert receipt.report == 1
    assert receipt.customer.standing is Standing.CLEAR


def test_four_points_put_a_warning_before_management(desk: Desk) -> None:
    receipt = reported(desk)
    assert receipt.verdict.rung is Rung.WARN
    assert receipt.case is not None
    assert receipt.case.due_at.isoformat() == "2026-11-24T17:00:00+00:00"  # the second business day after a Friday


def test_a_threat_is_to_be_decided_within_four_hours(desk: Desk, clock: FrozenClock) -> None:
    receipt = reported(desk, category="threat")
    assert receipt.case is not None
    assert (receipt.case.rung, receipt.case.urgent) == (Rung.DECIDE, True)
    assert (receipt.case.due_at - clock()).total_seconds() == 4 * 3600


def test_a_report_after_a_delivered_warning_with_a_second_reporter_is_to_be_decided(
    desk: Desk, clock: FrozenClock
) -> None:
    case = before_a_decision(desk, clock)
    with desk.read(TEAM) as record:
        assert record.cases.get(case).rung is Rung.DECIDE
        assert record.customers.get(1).standing is Standing.UNDER_REVIEW


def test_the_same_form_is_recorded_once_and_answered_the_same(desk: Desk, database: Database) -> None:
    new = a_report(desk)
    first, second = report(desk, new), report(desk, new)
    assert first == second
    assert len(rows(database, report_table)) == len(rows(database, verdict)) == len(rows(database, audit)) == 1


def test_the_same_form_sent_many_times_at_once_is_recorded_once(desk: Desk, database: Database) -> None:
    new = a_report(desk)
    receipts = []
    senders = [threading.Thread(target=lambda: receipts.append(report(desk, new))) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(receipts) == 8
    assert {receipt.report for receipt in receipts} == {1}
    assert len(rows(database, report_table)) == 1


def test_many_reps_at_once_about_one_new_customer_make_one_customer_and_one_case(
    desk: Desk, database: Database
) -> None:
    spellings = ("Zenith Corp", "ZENITH  CORP", "zenith corp.", "Zenith-Corp")
    news = [a_report(desk, f"U0REP{i}", spellings[i % 4]) for i in range(8)]
    senders = [threading.Thread(target=report, args=(desk, new)) for new in news]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(rows(database, customer)) == 1
    with desk.read(TEAM) as record:
        case = record.cases.open_about(1)
        assert case is not None
        assert len(record.reports.of_case(case.number)) == 8


def test_every_message_is_asked_for_in_the_same_transaction(desk: Desk, database: Database) -> None:
    reported(desk, wants_support=True)
    wanted = {(row.kind, row.target) for row in rows(database, notice)}
    assert wanted == {("report", "U0ANA"), ("case", "C0MANAGE"), ("care", "U0CORA")}


def test_another_spelling_with_a_company_suffix_is_offered_before_a_new_one_is_made(desk: Desk) -> None:
    reported(desk, customer="Zenith Corp")
    with pytest.raises(MeantAnother) as refusal:
        reported(desk, customer="The Zenith Limited")
    assert [likely.name for likely in refusal.value.likely] == ["Zenith Corp"]
    receipt = reported(desk, customer=Typed("Zenith Limited", new=True))
    assert receipt.customer.name == "Zenith Limited"


def test_a_refused_report_leaves_nothing(desk: Desk, database: Database) -> None:
    with pytest.raises(Wrong) as refusal:
        reported(desk, customer=Typed("x" * 200), narrative="  \n ", category="gossip")
    assert set(refusal.value.fields) == {"customer", "narrative", "category"}
    with pytest.raises(Unknown):
        reported(desk, customer=Known(77))
    assert not rows(database, report_table)
    assert not rows(database, customer)
    assert not rows(database, notice)


@pytest.mark.parametrize(
    ("by", "bar"), [(someone("U0GUS"), Bar.GUEST), (Person(TEAM, "U0OLEK", "T0OTHER"), Bar.OUTSIDER)]
)
def test_guests_and_outsiders_do_not_report(desk: Desk, database: Database, by: Person, bar: Bar) -> None:
    with pytest.raises(NotEntitled) as refusal:
        reported(desk, by=by)
    assert refusal.value.bar is bar
    assert not rows(database, report_table)


def test_earlier_reports_that_still_weigh_join_the_case(desk: Desk) -> None:
    reported(desk, "U0ANA", category="persistent_contact", severity=Severity.SERIOUS)
    receipt = reported(desk, "U0JOE", category="persistent_contact", severity=Severity.SERIOUS)
    assert receipt.case is not None
    with desk.read(TEAM) as record:
        assert record.reports.reporters(receipt.case.number) == {"U0ANA", "U0JOE"}
    assert receipt.others == 1


def test_a_dropped_customer_gets_no_new_case_for_what_is_not_urgent(desk: Desk, clock: FrozenClock) -> None:
    dropped(desk, before_a_decision(desk, clock))
    receipt = reported(desk, "U0ANA")
    assert receipt.case is None
    assert receipt.decision is not None
    assert receipt.customer.standing is Standing.DROPPED
    threat = reported(desk, "U0ANA", category="threat")
    assert threat.case is not None
    assert threat.case.urgent
