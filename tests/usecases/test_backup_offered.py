"""The report that is offered after a call for backup: made once, in the rep's own words."""

from dataclasses import replace
from functools import partial

import pytest

from bot.rules.backup import HowEnded
from bot.rules.reports import NewReport
from bot.usecases.backup.answer import EndCall, TakeCall, begun_by_call, end_backup, take_call
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.context import Context
from bot.usecases.reports.report import report
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.roster import save_profiles
from storage.database import Database
from storage.tables.backup import backup_call
from storage.tables.reports import report as report_table
from tests.builders import TEAM, FrozenClock, a_profile, a_report, at_once, rows, run_due_tasks, someone, wrong

IN_SHORT = "Priya Raman came to help."


@pytest.fixture
def call(context: Context) -> int:
    """Ana called, Priya came, and it is over."""
    save_profiles(context, TEAM, [a_profile("U0PRIYA", context.clock(), name="Priya Raman")])
    number = call_backup(context, CallBackup(someone("U0ANA"), "Zenith Corp, on the phone")).call.number
    take_call(context, TakeCall(someone("U0PRIYA"), number))
    end_backup(context, EndCall(someone("U0ANA"), number, HowEnded.CALMED))
    return number


def offered(context: Context, call: int, user: str = "U0ANA", **changes: object) -> NewReport:
    """The form that was offered, from a window of its own."""
    return replace(a_report(context, user), call=call, **changes)


def reported(database: Database) -> int:
    return len(rows(database, report_table))


def test_from_two_windows_it_is_one_report_and_both_read_the_same(
    context: Context, database: Database, call: int
) -> None:
    first = report(context, offered(context, call))
    second = report(context, offered(context, call, narrative="The same, in other words."))
    assert (second.report, second.customer) == (first.report, first.customer)
    assert reported(database) == 1


def test_about_another_customer_it_is_another_report(context: Context, database: Database, call: int) -> None:
    """Ana changed the name in one window: what she wrote about Zenith in the other was lost."""
    acme = replace(offered(context, call), customer=a_report(context, customer="Acme").customer)
    assert report(context, acme).customer.name == "Acme"
    assert report(context, offered(context, call)).customer.name == "Zenith Corp"
    assert report(context, acme).customer.name == "Acme"
    assert reported(database) == 2


def test_from_many_windows_at_once_it_is_one_report(context: Context, database: Database, call: int) -> None:
    report(context, a_report(context, "U0JOE"))
    at_once(*(partial(report, context, offered(context, call)) for _ in range(5)))
    assert reported(database) == 2


def test_who_came_reports_for_themselves_and_another_call_is_another_matter(
    context: Context, clock: FrozenClock, database: Database, call: int
) -> None:
    report(context, offered(context, call))
    report(context, offered(context, call, "U0PRIYA"))
    report(context, a_report(context))
    clock.forward(hours=1)
    again = call_backup(context, CallBackup(someone("U0ANA"), "Zenith Corp")).call.number
    report(context, offered(context, again))
    assert reported(database) == 4


def test_whoever_has_withdrawn_it_may_report_again_once(context: Context, database: Database, call: int) -> None:
    first = report(context, offered(context, call))
    withdraw(context, Withdraw(someone("U0ANA"), first.report))
    second = report(context, offered(context, call))
    assert report(context, offered(context, call)).report == second.report != first.report
    assert reported(database) == 2


@pytest.mark.parametrize("typed", ["Globex, by phone", "at the desk, Globex", "Globex, Sons & Co, at the desk"])
def test_a_call_about_somebody_who_was_not_on_record_is_theirs_once_reported(
    context: Context, database: Database, typed: str
) -> None:
    name = "Globex, Sons & Co" if "Sons" in typed else "Globex"
    call = call_backup(context, CallBackup(someone("U0ANA"), typed)).call.number
    end_backup(context, EndCall(someone("U0ANA"), call, HowEnded.CONTACT_ENDED))
    report(context, replace(offered(context, call), customer=a_report(context, customer=name).customer))
    run_due_tasks(context, database)
    assert [row.customer for row in rows(database, backup_call)] == [1]


def test_what_it_begins_with_is_not_what_happened(context: Context, database: Database, call: int) -> None:
    assert begun_by_call(context, someone("U0ANA"), call).narrative == IN_SHORT
    for nothing in (IN_SHORT, f"  {IN_SHORT}\n"):
        with wrong({"narrative"}):
            report(context, offered(context, call, narrative=nothing))
    assert reported(database) == 0
    report(context, offered(context, call, narrative=f"{IN_SHORT} He had screamed until then."))
    report(context, replace(a_report(context), narrative=IN_SHORT))  # begun by nobody, so these are their own words
    assert reported(database) == 2
