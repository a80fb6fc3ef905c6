"""The App Home: each sees what is theirs, the newest state, whatever the size of the record."""

from datetime import timedelta

import pytest

from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.decisions import Choice
from bot.rules.home import HomeFile
from bot.rules.notices import NoticeKind
from bot.rules.objections import Answer
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.refusals import NotEntitled
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.context import Context
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.home.home import awaiting_me, customers_of_standing, home_file, my_reports, open_home
from handlers.home.home import home
from storage.database import Database
from storage.tables.cases import matter
from storage.tables.customers import customer
from storage.tables.outbox import notice
from storage.tables.reports import report
from tests.builders import (
    TEAM,
    FrozenClock,
    a_profile,
    before_a_decision,
    dropped,
    opened,
    read_from_slack,
    reported,
    rows,
    someone,
    warned,
)
from tests.later import MONDAY, Later, written_only


def seen_by(context: Context, user: str) -> HomeFile:
    with context.read(TEAM) as tx:
        return home_file(tx, context, someone(user))


def wanted(database: Database) -> dict[str, int]:
    """By user, the version that their Home is to show."""
    return {row.target: row.wanted for row in rows(database, notice) if row.kind == NoticeKind.HOME}


def test_a_rep_sees_their_own_reports_and_how_they_stand_newest_first(context: Context, clock: FrozenClock) -> None:
    reported(context, "U0ANA", "Acme", category="unreasonable_demands", severity=Severity.MINOR)
    reported(context, "U0JOE", "Acme")
    dropped(context, before_a_decision(context, clock))
    file = seen_by(context, "U0ANA")
    assert [(each.customer, each.outcome, each.holds) for each in file.mine.items] == [
        ("Zenith Corp", Outcome.WARNED, Choice.DROP),
        ("Acme", None, None),
    ]
    theirs = seen_by(context, "U0MIA").mine.items
    assert [(each.outcome, each.choice, each.is_over, each.holds) for each in theirs] == [
        (Outcome.DROPPED, Choice.DROP, False, None)
    ]
    assert file.overview is None


def test_a_rep_reads_no_more_of_a_decision_that_has_ended(later: Later) -> None:
    case = later.dropped()
    later.let_lapse(case)
    assert [each.holds for each in seen_by(later.context, "U0ANA").mine.items] == [None]
    assert [each.is_over for each in seen_by(later.context, "U0MIA").mine.items] == [True]


def test_a_rep_reads_of_a_decision_as_an_objection_changed_it(later: Later) -> None:
    case = later.dropped()
    later.go_to(MONDAY)
    later.objects(case)
    later.answer(case, Answer.CHANGED, terms=written_only())
    assert [each.holds for each in seen_by(later.context, "U0ANA").mine.items] == [Choice.KEEP]
    assert [each.choice for each in seen_by(later.context, "U0MIA").mine.items] == [Choice.KEEP]


def test_a_warning_that_was_cancelled_is_called_so(later: Later) -> None:
    warned(later.context, opened(later.context, severity=Severity.SERIOUS).number)
    assert [each.cancelled for each in seen_by(later.context, "U0ANA").mine.items] == [False]
    later.objects(1)
    later.answer(1, Answer.CANCELLED)
    mine = seen_by(later.context, "U0ANA").mine.items
    assert [(each.outcome, each.cancelled) for each in mine] == [(Outcome.WARNED, True)]


def test_a_manager_sees_what_awaits_them_the_earliest_deadline_first(context: Context, clock: FrozenClock) -> None:
    for name in ("Acme", "Zenith Corp", "Bolt"):
        reported(context, "U0ANA", name)
        clock.forward(days=1)
    reported(context, "U0ANA", "Quick", category="threat")
    read_from_slack(context)
    overview = seen_by(context, "U0PRIYA").overview
    assert overview is not None
    assert [case.customer for case in overview.first] == ["Quick", "Acme", "Zenith Corp", "Bolt"]
    assert (overview.queue.theirs, overview.queue.others) == (4, 0)
    assert (overview.week.reports, overview.week.opened) == (1, 1)
    assert (overview.first[0].rung, overview.first[0].urgent) == (Rung.DECIDE, True)


def test_cases_in_which_a_manager_has_a_stake_do_not_await_them(context: Context) -> None:
    for name in ("Reported", "Owned", "Recused", "Free"):
        reported(context, "U0PRIYA" if name == "Reported" else "U0ANA", name)
    edit_customer(context, EditCustomer(someone("U0CARLA"), 2, "Owned", "U0PRIYA", "", ""))
    recuse(context, Recuse(someone("U0PRIYA"), 3, "A friend."))
    overview = seen_by(context, "U0PRIYA").overview
    assert overview is not None
    assert [case.customer for case in overview.first] == ["Free"]
    assert (overview.queue.theirs, overview.queue.others) == (1, 3)
    assert [case.customer for case in awaiting_me(context, someone("U0PRIYA"), 1).items] == ["Free"]


def test_only_what_is_overdue_or_left_over_awaits_a_director(context: Context, clock: FrozenClock) -> None:
    reported(context, "U0ANA", "Acme")
    overview = seen_by(context, "U0RUTH").overview
    assert overview is not None
    assert (overview.queue.theirs, overview.queue.others) == (0, 1)
    clock.forward(days=6)
    read_from_slack(context)
    overview = seen_by(context, "U0RUTH").overview
    assert overview is not None
    assert (overview.queue.theirs, overview.queue.overdue) == (1, 1)


def test_customers_are_listed_by_standing_for_managers_only(context: Context) -> None:
    for name in ("Zenith Corp", "Acme"):
        case = opened(context, "U0ANA", name)
        warned(context, case.number)
    page = customers_of_standing(context, someone("U0PRIYA"), Standing.WARNED, 1)
    assert [each.name for each in page.items] == ["Acme", "Zenith Corp"]
    for ask in (
        lambda by: customers_of_standing(context, by, Standing.WARNED, 1),
        lambda by: awaiting_me(context, by, 1),
    ):
        with pytest.raises(NotEntitled):
            ask(someone("U0ANA"))


def test_pages_come_in_order_and_a_page_too_far_is_the_last_one(context: Context) -> None:
    for n in range(23):
        reported(context, "U0ANA", f"Customer {n:02}", category="unreasonable_demands", severity=Severity.MINOR)
    pages = [my_reports(context, someone("U0ANA"), n) for n in (1, 2, 3, 99)]
    assert [[each.number for each in page.items] for page in pages] == [
        list(range(23, 13, -1)),
        list(range(13, 3, -1)),
        [3, 2, 1],
        [3, 2, 1],
    ]
    assert [(page.number, page.pages, page.total) for page in pages][2:] == [(3, 3, 23), (3, 3, 23)]


def test_guests_see_nothing_and_who_cannot_be_confirmed_sees_what_reps_see(
    context: Context, clock: FrozenClock
) -> None:
    reported(context, "U0PRIYA")
    assert seen_by(context, "U0GUS") == HomeFile("U0GUS", clock(), no_access=True)
    clock.forward(hours=2)
    file = seen_by(context, "U0PRIYA")
    assert (file.unconfirmed, file.overview, file.mine.total) == (True, None, 1)


def test_a_home_is_refreshed_when_it_is_opened_and_when_something_in_it_changes(
    context: Context, database: Database
) -> None:
    reported(context, "U0ANA", "Acme")
    assert wanted(database) == {}
    for user in ("U0ANA", "U0JOE", "U0PRIYA", "U0CARLA"):
        open_home(context, someone(user))
    assert set(wanted(database).values()) == {1}
    reported(context, "U0MIA", "Acme")
    now = wanted(database)
    assert now["U0JOE"] == 1
    assert all(now[user] > 1 for user in ("U0ANA", "U0PRIYA", "U0CARLA"))
    assert "U0MIA" not in now


def test_a_report_that_brings_about_no_case_shows_in_its_reporters_home(context: Context, database: Database) -> None:
    open_home(context, someone("U0ANA"))
    reported(context, "U0ANA", category="unreasonable_demands", severity=Severity.MINOR)
    assert wanted(database) == {"U0ANA": 2}


@pytest.fixture
def crowded(database: Database, context: Context, clock: FrozenClock, tamper: None) -> Context:
    """5,000 open cases, a report in each."""
    del tamper
    now = clock()
    numbers = range(1, 5001)
    named = [
        {"number": n, "name": f"Customer {n}", "strict_key": f"customer {n}", "loose_key": f"customer {n}"}
        for n in numbers
    ]
    key = {"team": TEAM, "random_key": "0" * 16}
    rest = key | {"standing": "under_review", "created_at": now, "owner": None, "salt": ""}
    cases = [{"number": n, "customer": n, "due_at": now + timedelta(minutes=7919 * n % 10_000 - 2000)} for n in numbers]
    case = key | {
        "rung": "decide",
        "version": 1,
        "urgent": False,
        "opened_at": now,
        "left": "managers",
        "raised": 0,
    }
    rest_of_report = key | {
        "category": "verbal_abuse",
        "severity": "serious",
        "place": "phone",
        "happened_at": now,
        "reported_at": now,
        "narrative": "x",
        "salt": "",
        "evidence": [],
        "doubted": False,
        "wants_support": False,
        "reporter_known": True,
        "support_salt": "",
    }
    reports = [{"number": n, "form": f"V{n}", "customer": n, "case": n, "reporter": f"U0REP{n % 100}"} for n in numbers]
    with database.engine.begin() as connection:
        connection.execute(customer.insert(), [rest | each for each in named])
        connection.execute(matter.insert(), [case | each for each in cases])
        connection.execute(report.insert(), [rest_of_report | each for each in reports])
        if database.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")
    return context


def test_a_managers_home_with_5000_open_cases_shows_the_first_and_leads_to_all(crowded: Context) -> None:
    file = seen_by(crowded, "U0PRIYA")
    assert len(home(file, crowded.policy, crowded.firm, ()).blocks) < 100
    page = awaiting_me(crowded, someone("U0PRIYA"), 250)
    dues = [case.due_at for case in page.items]
    assert (page.number, page.pages, page.total, dues) == (250, 500, 5000, sorted(dues))


def test_outsiders_are_not_let_in_by_slack_connect(context: Context) -> None:
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0OLEK", context.clock(), outsider=True)])
    assert seen_by(context, "U0OLEK").no_access
    with pytest.raises(NotEntitled):
        awaiting_me(context, Person(TEAM, "U0OLEK", "T0OTHER"), 1)
