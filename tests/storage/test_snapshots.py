"""A reading transaction is one snapshot of the record: what is written meanwhile is not seen, and it writes nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam, delete

from bot.usecases.decisions.decide import check_keep
from bot.usecases.shared.case_access import for_form
from bot.usecases.shared.read_models import case_file
from bot.usecases.weekly.summaries import post_newest, post_summary
from storage.database import Database
from storage.db.reading import WrittenWhileReading
from storage.tables.people import member
from tests.builders import (
    FRIDAY,
    TEAM,
    FrozenClock,
    a_context,
    a_profile,
    audit_problems,
    before_a_decision,
    reported,
    someone,
)
from tests.storage.sessions import waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.usecases.context import Context
    from storage.transaction import Transaction


@pytest.fixture
def context(database: Database) -> Context:
    context = a_context(database, FrozenClock())
    reported(context, "U0ANA", "Zenith Corp")
    return context


@pytest.fixture(params=["our own writer", "another process"])
def reporting(request: pytest.FixtureRequest, context: Context, database_url: str) -> Iterator[Callable[[], object]]:
    """Reports about Zenith Corp, on a connection of our own, or on one of another process."""
    if request.param == "our own writer":
        yield lambda: reported(context, "U0JOE", "Zenith Corp")
        return
    with closing(Database(database_url)) as theirs:
        other = a_context(theirs, FrozenClock())
        yield lambda: reported(other, "U0JOE", "Zenith Corp")


def test_a_report_between_two_reads_of_one_transaction_is_not_seen(
    context: Context, reporting: Callable[[], object]
) -> None:
    with context.read(TEAM) as tx:
        before = (tx.history.count_reports(), tx.audit.chain_ends())
        reporting()
        assert (tx.history.count_reports(), tx.audit.chain_ends()) == before
        assert [entry.n for entry, _ in tx.audit.chain(1)] == [1]
    with context.read(TEAM) as tx:
        assert tx.history.count_reports() == before[0] + 1


def test_the_audit_log_verifies_while_reports_come_in(database: Database, database_url: str) -> None:
    enough, made, found = threading.Event(), list[object](), list[object]()

    def report_on_and_on() -> None:
        with closing(Database(database_url)) as theirs:
            other = a_context(theirs, FrozenClock())
            while not enough.is_set():
                made.append(reported(other, "U0JOE", f"Customer {len(made) % 7}", category="unreasonable_demands"))

    with ThreadPoolExecutor(1) as pool:
        reports = pool.submit(report_on_and_on)
        try:
            while len(made) < 40 and not reports.done():
                found += audit_problems(database)
        finally:
            enough.set()
        reports.result()
    assert (found, list(audit_problems(database))) == ([], [])


def add(tx: Transaction) -> object:
    return tx.customers.add("Acme", FRIDAY)


def add_rows(tx: Transaction) -> object:
    return tx.people.add_rows(member, [{"group": "S0MANAGERS", "user": user} for user in ("U0MIA", "U0JOE")])


def change(tx: Transaction) -> object:
    return tx.people.save_profiles([a_profile("U0ANA", FRIDAY, guest=True)])


def remove(tx: Transaction) -> object:
    return tx.people.run(delete(member).where(member.c.user == bindparam("user")), user="U0PRIYA")


@pytest.mark.parametrize("write", [add, add_rows, change, remove])
def test_writing_in_a_transaction_that_only_reads_is_a_loud_mistake(
    context: Context, write: Callable[[Transaction], object]
) -> None:
    with context.read(TEAM) as tx:
        before = (tx.people.behind(["S0MANAGERS"]), tx.people.profile("U0ANA"))
    with pytest.raises(WrittenWhileReading), context.read(TEAM) as tx:
        write(tx)
    with context.begin(TEAM) as tx:
        assert (tx.people.behind(["S0MANAGERS"]), tx.people.profile("U0ANA")) == before
        assert tx.customers.same("Acme") is None


def test_a_connection_that_was_read_with_can_be_written_with_again(context: Context, database: Database) -> None:
    for _ in range(3):
        with context.read(TEAM) as tx:
            assert tx.history.count_reports() == 1
        with database.engine.begin() as connection:
            connection.execute(delete(member))
            connection.execute(member.insert(), {"team": TEAM, "group": "S0MANAGERS", "user": "U0PRIYA"})


def test_a_form_opens_while_somebody_else_holds_the_customer(database: Database) -> None:
    clock = FrozenClock()
    context = a_context(database, clock)
    case = before_a_decision(context, clock)
    with context.begin(TEAM) as tx:
        tx.customers.lock(1)
        assert for_form(context, someone("U0PRIYA"), case, check_keep, case_file).case.number == case


def test_a_writing_transaction_sees_what_it_wrote(context: Context) -> None:
    with context.begin(TEAM) as tx:
        tx.people.save_group("S0MANAGERS", ("U0MIA",), FRIDAY)
        assert tx.people.behind(["S0MANAGERS"]) == ("U0MIA",)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("by_the_clock", [False, True])
def test_the_figures_of_a_posted_week_are_of_one_moment(
    database: Database, database_url: str, *, by_the_clock: bool
) -> None:
    """A report is withdrawn when reports by kind were counted, and how many reps made them was not."""
    clock = FrozenClock()
    context = a_context(database, clock)
    reported(context, "U0ANA", category="unreasonable_demands")
    clock.forward(days=3)
    week = context.firm.summary_at.due(clock())

    def post() -> None:
        if by_the_clock:
            with database.begin(TEAM) as tx:
                post_newest(tx, context, clock())
        else:
            post_summary(context, TEAM, week)

    with ThreadPoolExecutor(1) as pool:
        with database.engine.begin() as theirs:
            theirs.exec_driver_sql("LOCK TABLE decision IN ACCESS EXCLUSIVE MODE")
            posted = pool.submit(post)
            while not posted.done() and not waiting(database_url):
                pass
            theirs.exec_driver_sql("UPDATE report SET withdrawn_at = reported_at")
        posted.result()
    with context.read(TEAM) as tx:
        figures = tx.summaries.get(week, context.firm.summary_target).figures
    assert (sum(kind.now for kind in figures.kinds), figures.reps) == (1, 1)
