"""The main job: a report becomes an incident, a verdict, a case and messages, all or nothing, once."""

import threading

import pytest

from bot.rules.customers import Standing
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.refusals import Bar, MeantAnother, NotEntitled, Unknown, Wrong
from bot.rules.reports import Known, Typed
from bot.usecases.context import Context
from bot.usecases.reports.report import report
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.customers import customer
from storage.tables.outbox import notice
from storage.tables.reports import report as report_table
from storage.tables.reports import verdict
from tests.builders import TEAM, FrozenClock, a_report, before_a_decision, dropped, reported, rows, someone


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
    receipt = reported(context, category="threat")
    assert receipt.case is not None
    assert (receipt.case.rung, receipt.case.urgent) == (Rung.DECIDE, True)
    assert (receipt.case.due_at - clock()).total_seconds() == 4 * 3600


def test_a_report_after_a_delivered_warning_with_a_second_reporter_is_to_be_decided(
    context: Context, clock: FrozenClock
) -> None:
    case = before_a_decision(context, clock)
    with context.read(TEAM) as tx:
        assert tx.cases.get(case).rung is Rung.DECIDE
        assert tx.customers.get(1).standing is Standing.UNDER_REVIEW


def test_the_same_form_is_recorded_once_and_answered_the_same(context: Context, database: Database) -> None:
    new = a_report(context)
    first, second = report(context, new), report(context, new)
    assert first == second
    assert len(rows(database, report_table)) == len(rows(database, verdict)) == len(rows(database, audit)) == 1


def test_the_same_form_sent_many_times_at_once_is_recorded_once(context: Context, database: Database) -> None:
    new = a_report(context)
    receipts = []
    senders = [threading.Thread(target=lambda: receipts.append(report(context, new))) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(receipts) == 8
    assert {receipt.report for receipt in receipts} == {1}
    assert len(rows(database, report_table)) == 1


def test_many_reps_at_once_about_one_new_customer_make_one_customer_and_one_case(
    context: Context, database: Database
) -> None:
    spellings = ("Zenith Corp", "ZENITH  CORP", "zenith corp.", "Zenith-Corp")
    news = [a_report(context, f"U0REP{i}", spellings[i % 4]) for i in range(8)]
    senders = [threading.Thread(target=report, args=(context, new)) for new in news]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(rows(database, customer)) == 1
    with context.read(TEAM) as tx:
        case = tx.cases.open_about(1)
        assert case is not None
        assert len(tx.reports.of_case(case.number)) == 8


def test_every_message_is_asked_for_in_the_same_transaction(context: Context, database: Database) -> None:
    reported(context, wants_support=True)
    wanted = {(row.kind, row.target) for row in rows(database, notice)}
    assert wanted == {("report", "U0ANA"), ("case", "C0MANAGE"), ("care", "U0CORA")}


def test_another_spelling_with_a_company_suffix_is_offered_before_a_new_one_is_made(context: Context) -> None:
    reported(context, customer="Zenith Corp")
    with pytest.raises(MeantAnother) as refusal:
        reported(context, customer="The Zenith Limited")
    assert [likely.name for likely in refusal.value.likely] == ["Zenith Corp"]
    receipt = reported(context, customer=Typed("Zenith Limited", new=True))
    assert receipt.customer.name == "Zenith Limited"


def test_a_refused_report_leaves_nothing(context: Context, database: Database) -> None:
    with pytest.raises(Wrong) as refusal:
        reported(context, customer=Typed("x" * 200), narrative="  \n ", category="gossip")
    assert set(refusal.value.fields) == {"customer", "narrative", "category"}
    with pytest.raises(Unknown):
        reported(context, customer=Known(77))
    assert not rows(database, report_table)
    assert not rows(database, customer)
    assert not rows(database, notice)


@pytest.mark.parametrize(
    ("by", "bar"), [(someone("U0GUS"), Bar.GUEST), (Person(TEAM, "U0OLEK", "T0OTHER"), Bar.OUTSIDER)]
)
def test_guests_and_outsiders_do_not_report(context: Context, database: Database, by: Person, bar: Bar) -> None:
    with pytest.raises(NotEntitled) as refusal:
        reported(context, by=by)
    assert refusal.value.bar is bar
    assert not rows(database, report_table)


def test_earlier_reports_that_still_weigh_join_the_case(context: Context) -> None:
    reported(context, "U0ANA", category="persistent_contact", severity=Severity.SERIOUS)
    receipt = reported(context, "U0JOE", category="persistent_contact", severity=Severity.SERIOUS)
    assert receipt.case is not None
    with context.read(TEAM) as tx:
        assert tx.reports.reporters(receipt.case.number) == {"U0ANA", "U0JOE"}
    assert receipt.others == 1


def test_a_dropped_customer_gets_no_new_case_for_what_is_not_urgent(context: Context, clock: FrozenClock) -> None:
    dropped(context, before_a_decision(context, clock))
    receipt = reported(context, "U0ANA")
    assert receipt.case is None
    assert receipt.decision is not None
    assert receipt.customer.standing is Standing.DROPPED
    threat = reported(context, "U0ANA", category="threat")
    assert threat.case is not None
    assert threat.case.urgent
