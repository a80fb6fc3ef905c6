"""Nobody with a stake decides: reporters, owners and the recused are out, and where too few are left it goes up."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from bot.app import reasons_not_ready
from bot.rules.case_files import CaseFile
from bot.rules.cases import Left, Outcome
from bot.rules.people import Person
from bot.rules.refusals import AlreadyDecided, Bar, NotEntitled, Refusal, Wrong
from bot.usecases.cases.recuse import Recuse, check_recuse, recuse
from bot.usecases.context import Context, Firm
from bot.usecases.decisions.decide import check_keep
from bot.usecases.roster import Roster
from bot.usecases.scheduler import Scheduler
from bot.usecases.shared.case_access import for_form
from bot.usecases.shared.read_models import case_file
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.cases import recusal
from storage.tables.customers import customer
from storage.tables.outbox import notice
from tests.builders import (
    FIRM,
    TEAM,
    Calm,
    FrozenClock,
    a_context,
    a_profile,
    before_a_decision,
    dropped,
    kept,
    read_from_slack,
    reported,
    someone,
)

MANAGERS = ("U0PRIYA", "U0BRAD", "U0CARLA")


def steps_aside(context: Context, case: int, user: str, reason: str = "") -> CaseFile:
    return recuse(context, Recuse(someone(user), case, reason))


def shown(context: Context, case: int) -> CaseFile:
    with context.read(TEAM) as tx:
        return case_file(tx, context, case)


def tick(context: Context, database: Database) -> None:
    while Scheduler(context, database).tick():
        pass


def raised(database: Database) -> list[tuple[str, int]]:
    with database.engine.connect() as connection:
        rows = connection.execute(select(notice).where(notice.c.kind == "raised").order_by(notice.c.round))
        return [(row.target, row.round) for row in rows]


def owned_by(database: Database, user: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(update(customer).values(owner=user))


def bar_of(act: Callable[[], object]) -> Bar:
    with pytest.raises(NotEntitled) as refusal:
        act()
    return refusal.value.bar


@pytest.fixture
def case(context: Context, clock: FrozenClock) -> int:
    return before_a_decision(context, clock)


def test_who_stepped_aside_is_refused_at_the_click_and_at_the_submission(context: Context, case: int) -> None:
    steps_aside(context, case, "U0PRIYA", "He is my cousin.")
    assert bar_of(lambda: for_form(context, someone("U0PRIYA"), case, check_keep, case_file)) is Bar.RECUSED
    assert bar_of(lambda: dropped(context, case)) is Bar.RECUSED
    assert bar_of(lambda: kept(context, case)) is Bar.RECUSED
    assert shown(context, case).case.is_open
    assert kept(context, case, "U0BRAD").case.outcome is Outcome.KEPT


def test_the_notice_names_who_takes_no_part_and_why(context: Context, database: Database, case: int) -> None:
    owned_by(database, "U0BRAD")
    reported(context, "U0CARLA")
    steps_aside(context, case, "U0PRIYA", "  He is my cousin. ")
    apart = {each.user: (each.why, each.note) for each in shown(context, case).excluded}
    assert apart == {
        "U0PRIYA": ("recused", "He is my cousin."),
        "U0BRAD": ("owner", ""),
        "U0CARLA": ("reporter", ""),
    }


def test_stepping_aside_twice_and_at_once_counts_once(context: Context, database: Database, case: int) -> None:
    clicks = [threading.Thread(target=steps_aside, args=(context, case, "U0PRIYA", f"{n}")) for n in range(6)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    with database.engine.connect() as connection:
        assert len(list(connection.execute(select(recusal)))) == 1
        assert len(list(connection.execute(select(audit).where(audit.c.act == "recuse")))) == 1


def test_the_reason_enters_the_audit_log_only_as_a_seal(context: Context, database: Database, case: int) -> None:
    steps_aside(context, case, "U0PRIYA", "He is my cousin.")
    with database.engine.connect() as connection:
        (entry,) = connection.execute(select(audit).where(audit.c.act == "recuse"))
    assert entry.actor == "U0PRIYA"
    assert "cousin" not in str(entry.facts)


@pytest.mark.parametrize(
    ("who", "bar"),
    [
        (someone("U0ANA"), Bar.NOT_A_MANAGER),
        (someone("U0GUS"), Bar.GUEST),
        (Person(TEAM, "U0OLEK", "T0OTHER"), Bar.OUTSIDER),
    ],
)
def test_only_those_who_could_act_step_aside(
    context: Context, database: Database, case: int, who: Person, bar: Bar
) -> None:
    assert bar_of(lambda: recuse(context, Recuse(who, case, ""))) is bar
    assert bar_of(lambda: for_form(context, who, case, check_recuse, case_file)) is bar
    with database.engine.connect() as connection:
        assert not list(connection.execute(select(recusal)))


def test_a_reason_has_an_end_and_an_ended_case_is_left_as_it_is(context: Context, case: int) -> None:
    with pytest.raises(Wrong):
        steps_aside(context, case, "U0PRIYA", "x" * 301)
    kept(context, case, "U0BRAD")
    with pytest.raises(AlreadyDecided):
        steps_aside(context, case, "U0PRIYA")


@pytest.mark.parametrize(
    ("mark", "bar"),
    [
        ("guest", Bar.GUEST),
        ("outsider", Bar.OUTSIDER),
        ("bot", Bar.BOT),
        ("deactivated", Bar.DEACTIVATED),
    ],
)
def test_a_manager_whom_slack_now_calls_something_else_is_out(context: Context, case: int, mark: str, bar: Bar) -> None:
    with context.begin(TEAM) as tx:
        tx.people.learn(a_profile("U0PRIYA", context.clock(), **{mark: True}))
    assert bar_of(lambda: dropped(context, case)) is bar
    assert ("U0PRIYA", bar) in {(each.user, each.why) for each in shown(context, case).excluded}


def test_when_no_manager_is_left_the_directors_are_told_at_once_and_act(
    context: Context, database: Database, case: int
) -> None:
    owned_by(database, "U0PRIYA")
    reported(context, "U0BRAD")
    tick(context, database)
    assert raised(database) == []
    assert bar_of(lambda: kept(context, case, "U0RUTH")) is Bar.NOT_YET
    steps_aside(context, case, "U0CARLA")
    tick(context, database)
    assert raised(database) == [("U0RUTH", 1)]
    file = shown(context, case)
    assert (file.case.left, file.overdue) == (Left.DIRECTORS, False)
    tick(context, database)
    assert raised(database) == [("U0RUTH", 1)]
    assert kept(context, case, "U0RUTH").case.outcome is Outcome.KEPT


def test_when_not_even_a_director_is_left_the_notice_and_readiness_say_so_until_somebody_is(
    context: Context, database: Database, case: int, clock: FrozenClock
) -> None:
    for user in MANAGERS:
        steps_aside(context, case, user)
    reported(context, "U0RUTH")
    tick(context, database)
    assert shown(context, case).case.left is Left.NOBODY
    assert raised(database) == []
    assert database.nobody_left() == (case,)
    assert any(f"case {case}" in reason for reason in reasons_not_ready(database, FIRM, Calm(), None))
    clock.forward(days=10)
    tick(context, database)  # overdue, and nobody to tell: nothing hangs
    more = replace(context, firm=replace(FIRM, directors=("U0RUTH", "U0DAN")))
    with more.begin(TEAM) as tx:
        tx.scheduled_tasks.set("left", case, clock())
    tick(more, database)
    assert raised(database)[-1][0] == "U0DAN"
    assert database.nobody_left() == ()


class Slack:
    """Slack's word on people, as the test has it."""

    def __init__(self, group: tuple[str, ...], deactivated: frozenset[str] = frozenset()) -> None:
        self.group, self.deactivated = group, deactivated

    def members_of(self, group: str) -> tuple[str, ...]:
        del group
        return self.group

    def profile(self, user: str, team: str, now: object) -> object:
        del team
        return a_profile(user, now, deactivated=user in self.deactivated)  # type: ignore[arg-type]


def test_a_manager_who_leaves_the_group_or_the_firm_is_noticed_without_a_click(
    context: Context, database: Database, case: int, clock: FrozenClock
) -> None:
    steps_aside(context, case, "U0PRIYA")
    steps_aside(context, case, "U0BRAD")
    tick(context, database)
    assert raised(database) == []
    clock.forward(hours=1)
    Roster(context, Slack(("U0PRIYA", "U0BRAD"), frozenset({"U0CARLA"}))).renew(TEAM)  # type: ignore[arg-type]
    tick(context, database)
    assert raised(database) == [("U0RUTH", 1)]
    clock.forward(hours=1)
    Roster(context, Slack(("U0PRIYA", "U0NEW"), frozenset({"U0CARLA"}))).renew(TEAM)  # type: ignore[arg-type]
    tick(context, database)
    assert shown(context, case).case.left is Left.MANAGERS


def test_a_group_that_slack_has_never_told_of_does_not_look_like_a_firm_without_managers(
    database: Database, clock: FrozenClock
) -> None:
    context = a_context(database, clock, replace(FIRM, managers=("S0UNREAD",)))
    receipt = reported(context, category="threat")
    assert receipt.case
    tick(context, database)
    assert shown(context, receipt.case.number).case.left is Left.MANAGERS
    assert raised(database) == []


FIRMS = [
    (FIRM, set(), set()),
    (FIRM, {"U0PRIYA"}, set()),
    (FIRM, set(MANAGERS), {"U0RUTH"}),
    (FIRM, {*MANAGERS, "U0RUTH"}, set()),
    (replace(FIRM, directors=FIRM.managers), set(MANAGERS), set()),
]


@pytest.mark.parametrize(("firm", "out", "directors"), FIRMS)
def test_who_may_act_is_who_is_left(
    database: Database, clock: FrozenClock, firm: Firm, out: set[str], directors: set[str]
) -> None:
    context = a_context(database, clock, firm)
    number = before_a_decision(context, clock)
    for user in sorted(out):
        steps_aside(context, number, user)
    for user in (*MANAGERS, "U0RUTH", "U0ANA"):
        expected = user in directors or (user in MANAGERS and user not in out)
        try:
            for_form(context, someone(user), number, check_keep, case_file)
        except Refusal:
            assert not expected, user
        else:
            assert expected, user


def test_a_director_with_a_stake_does_not_act_on_what_is_overdue(
    context: Context, case: int, clock: FrozenClock
) -> None:
    reported(context, "U0RUTH")
    clock.forward(days=5)
    read_from_slack(context)
    assert bar_of(lambda: kept(context, case, "U0RUTH")) is Bar.REPORTER
