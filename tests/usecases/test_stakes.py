"""Nobody with a stake decides: not reporters, owners or the recused. If too few are left, the case is escalated."""

from dataclasses import replace
from functools import partial

import pytest

from bot.health import left_to_nobody
from bot.problems import nobody_left
from bot.rules.case_files import CaseFile
from bot.rules.cases import Left, Outcome
from bot.rules.people import Person
from bot.rules.refusals import AlreadyDecided, Denial, Refusal, Wrong
from bot.usecases.cases.recuse import Recuse, check_recuse, recuse
from bot.usecases.context import Context, Firm
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.decisions.decide import check_keep
from bot.usecases.roster import Roster
from bot.usecases.shared.case_access import for_form
from bot.usecases.shared.read_models import case_file
from handlers.shared.deadline_lines import excluded_line
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.cases import recusal
from storage.tables.outbox import notice
from tests.builders import (
    FIRM,
    TEAM,
    FrozenClock,
    a_context,
    a_profile,
    before_a_decision,
    denied,
    dropped,
    kept,
    opened,
    read_case,
    read_from_slack,
    refusals_of,
    reported,
    rows,
    run_due_tasks,
    someone,
)
from tests.calm import a_health

MANAGERS = ("U0PRIYA", "U0BRAD", "U0CARLA")


def steps_aside(context: Context, case: int, user: str, reason: str = "") -> CaseFile:
    return recuse(context, Recuse(someone(user), case, reason))


def escalations(database: Database) -> list[tuple[str, int]]:
    found = [(row.target, row.round) for row in rows(database, notice) if row.kind == "raised"]
    return sorted(found, key=lambda each: each[1])


def owned_by(context: Context, user: str) -> None:
    edit_customer(context, EditCustomer(someone("U0CARLA"), 1, "Zenith Corp", user, "", ""))


@pytest.fixture
def case(context: Context, clock: FrozenClock) -> int:
    return before_a_decision(context, clock)


def test_who_stepped_aside_is_refused_when_opening_and_when_sending_a_form(context: Context, case: int) -> None:
    steps_aside(context, case, "U0PRIYA", "He is my cousin.")
    with denied(Denial.RECUSED):
        for_form(context, someone("U0PRIYA"), case, check_keep, case_file)
    with denied(Denial.RECUSED):
        dropped(context, case)
    with denied(Denial.RECUSED):
        kept(context, case)
    assert read_case(context, case).case.is_open
    assert kept(context, case, "U0BRAD").case.outcome is Outcome.KEPT


def test_the_notice_names_who_is_excluded_and_why(context: Context, case: int) -> None:
    owned_by(context, "U0BRAD")
    reported(context, "U0CARLA")
    steps_aside(context, case, "U0PRIYA", "  He is my cousin. ")
    excluded = {each.user: (each.why, each.note) for each in read_case(context, case).excluded}
    assert excluded == {
        "U0PRIYA": ("recused", "He is my cousin."),
        "U0BRAD": ("owner", ""),
        "U0CARLA": ("reporter", ""),
    }


def test_the_case_goes_on_naming_who_is_excluded_once_they_report_themselves(
    context: Context, clock: FrozenClock, case: int
) -> None:
    owned_by(context, "U0RUTH")
    clock.forward(minutes=1)
    owned_by(context, "U0BRAD")
    steps_aside(context, case, "U0PRIYA")
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0CARLA", clock(), deactivated=True)])
    before = excluded_line(read_case(context, case))
    for user in ("U0RUTH", "U0BRAD", "U0PRIYA"):
        reported(context, user)
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0CARLA", clock())])
    reported(context, "U0CARLA")
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0CARLA", clock(), deactivated=True)])
    excluded = {each.user: each.why for each in read_case(context, case).excluded}
    assert excluded == {"U0RUTH": "former_owner", "U0BRAD": "owner", "U0PRIYA": "recused", "U0CARLA": "deactivated"}
    after = excluded_line(read_case(context, case))
    assert before == after is not None


def test_stepping_aside_many_times_at_once_is_recorded_once(context: Context, database: Database, case: int) -> None:
    late = refusals_of(*(partial(steps_aside, context, case, "U0PRIYA", f"{n}") for n in range(6)))
    assert [getattr(each, "denial", None) for each in late] == [Denial.RECUSED] * 5
    assert len(rows(database, recusal)) == 1
    assert [row.act for row in rows(database, audit)].count("recuse") == 1


def test_the_audit_log_has_only_a_digest_of_the_reason(context: Context, database: Database, case: int) -> None:
    steps_aside(context, case, "U0PRIYA", "He is my cousin.")
    (entry,) = (row for row in rows(database, audit) if row.act == "recuse")
    assert entry.actor == "U0PRIYA"
    assert "cousin" not in str(entry.facts)


@pytest.mark.parametrize(
    ("who", "denial"),
    [
        (someone("U0ANA"), Denial.NOT_A_MANAGER),
        (someone("U0GUS"), Denial.GUEST),
        (Person(TEAM, "U0OLEK", "T0OTHER"), Denial.FROM_ELSEWHERE),
    ],
)
def test_only_managers_and_directors_step_aside(
    context: Context, database: Database, case: int, who: Person, denial: Denial
) -> None:
    with denied(denial):
        recuse(context, Recuse(who, case, ""))
    with denied(denial):
        for_form(context, who, case, check_recuse, case_file)
    assert not rows(database, recusal)


def test_a_reason_has_a_limit_and_nobody_steps_aside_from_an_ended_case(context: Context, case: int) -> None:
    with pytest.raises(Wrong):
        steps_aside(context, case, "U0PRIYA", "x" * 301)
    kept(context, case, "U0BRAD")
    with pytest.raises(AlreadyDecided):
        steps_aside(context, case, "U0PRIYA")


@pytest.mark.parametrize(
    ("mark", "denial"),
    [
        ("guest", Denial.GUEST),
        ("outsider", Denial.OUTSIDER),
        ("bot", Denial.BOT),
        ("deactivated", Denial.DEACTIVATED),
    ],
)
def test_a_manager_whose_account_is_a_guest_outsider_bot_or_deactivated_is_excluded(
    context: Context, case: int, mark: str, denial: Denial
) -> None:
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0PRIYA", context.clock(), **{mark: True})])
    with denied(denial):
        dropped(context, case)
    assert ("U0PRIYA", denial) in {(each.user, each.why) for each in read_case(context, case).excluded}


def test_when_no_manager_is_left_the_case_is_escalated_at_once_and_directors_may_act(
    context: Context, database: Database, case: int
) -> None:
    owned_by(context, "U0PRIYA")
    reported(context, "U0BRAD")
    run_due_tasks(context, database)
    assert escalations(database) == []
    with denied(Denial.NOT_YET):
        kept(context, case, "U0RUTH")
    steps_aside(context, case, "U0CARLA")
    run_due_tasks(context, database)
    assert escalations(database) == [("U0RUTH", 1)]
    assert [row.facts["left"] for row in rows(database, audit) if row.act == "left"] == ["directors"]
    file = read_case(context, case)
    assert (file.case.left, file.overdue) == (Left.DIRECTORS, False)
    run_due_tasks(context, database)
    assert escalations(database) == [("U0RUTH", 1)]
    assert kept(context, case, "U0RUTH").case.outcome is Outcome.KEPT


def test_when_no_director_is_left_either_the_case_and_readiness_say_so_until_somebody_is(
    context: Context, database: Database, case: int, clock: FrozenClock
) -> None:
    for user in MANAGERS:
        steps_aside(context, case, user)
    reported(context, "U0RUTH")
    run_due_tasks(context, database)
    assert read_case(context, case).case.left is Left.NOBODY
    assert escalations(database) == []
    assert database.cases_left_to_nobody() == (case,)
    health = a_health(context, database)
    assert health.warnings() == left_to_nobody(database) == [nobody_left(case)]
    assert database.gauges(clock()).left_to_nobody == 1
    assert health.reasons() == []
    clock.forward(days=10)
    run_due_tasks(context, database)  # overdue, and there is nobody to escalate to
    more = replace(context, firm=replace(FIRM, directors=("U0RUTH", "U0DAN")))
    with more.begin(TEAM) as tx:
        tx.scheduled_tasks.set("left", case, clock())
    run_due_tasks(more, database)
    assert escalations(database)[-1][0] == "U0DAN"
    assert database.cases_left_to_nobody() == ()


class Slack:
    """Slack's user groups and profiles, as the test sets them."""

    def __init__(self, group: tuple[str, ...], deactivated: frozenset[str] = frozenset()) -> None:
        self.group, self.deactivated = group, deactivated

    def members_of(self, group: str) -> tuple[str, ...]:
        del group
        return self.group

    def profile(self, user: str, team: str, now: object) -> object:
        del team
        return a_profile(user, now, deactivated=user in self.deactivated)


def test_a_manager_who_leaves_the_group_or_the_firm_is_noticed_without_a_click(
    context: Context, database: Database, case: int, clock: FrozenClock
) -> None:
    steps_aside(context, case, "U0PRIYA")
    steps_aside(context, case, "U0BRAD")
    run_due_tasks(context, database)
    assert escalations(database) == []
    clock.forward(hours=1)
    Roster(context, Slack(("U0PRIYA", "U0BRAD"), frozenset({"U0CARLA"}))).refresh(TEAM)
    run_due_tasks(context, database)
    assert escalations(database) == [("U0RUTH", 1)]
    clock.forward(hours=1)
    Roster(context, Slack(("U0PRIYA", "U0NEW"), frozenset({"U0CARLA"}))).refresh(TEAM)
    run_due_tasks(context, database)
    assert read_case(context, case).case.left is Left.MANAGERS


def test_a_group_never_read_from_slack_does_not_look_like_a_firm_without_managers(
    database: Database, clock: FrozenClock
) -> None:
    context = a_context(database, clock, replace(FIRM, managers=("S0UNREAD",)))
    case = opened(context, category="threat")
    run_due_tasks(context, database)
    assert read_case(context, case.number).case.left is Left.MANAGERS
    assert escalations(database) == []


FIRMS = [
    (FIRM, set(), set()),
    (FIRM, {"U0PRIYA"}, set()),
    (FIRM, set(MANAGERS), {"U0RUTH"}),
    (FIRM, {*MANAGERS, "U0RUTH"}, set()),
    (replace(FIRM, directors=FIRM.managers), set(MANAGERS), set()),
]


@pytest.mark.parametrize(("firm", "out", "directors"), FIRMS)
def test_who_may_act_matches_who_is_left(
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


def test_a_director_with_a_stake_may_not_act_on_an_overdue_case(
    context: Context, case: int, clock: FrozenClock
) -> None:
    reported(context, "U0RUTH")
    clock.forward(days=5)
    read_from_slack(context)
    with denied(Denial.REPORTER):
        kept(context, case, "U0RUTH")
