"""Who may do what, as one table: by what Slack said of them and of their groups, how long ago, and by their stake."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.rules.cases import Case
from bot.rules.people import Membership
from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import Denial, NotEntitled
from bot.usecases.context import Context
from bot.usecases.permissions.colleagues import care_contact, is_known, is_member, is_stranger
from bot.usecases.permissions.permissions import (
    GROUP_LIFE,
    PROFILE_LIFE,
    check_member,
    denial_as_manager,
    is_manager,
    list_denial,
    may_take_part,
    profile_denial,
    refuse_unless_decider,
    refuse_unless_manager,
    refuse_unless_member,
    refuse_unless_rep,
    refuse_unless_without_stake,
    stakes_in,
    stale_profile_denial,
)
from storage.database import Database
from storage.transaction import Transaction
from tests.builders import FIRM, FRIDAY, TEAM, FrozenClock, a_context, a_profile, opened, reported, someone

D = Denial
MOMENT, DAY = timedelta(microseconds=1), timedelta(days=1)
ELSEWHERE = "T0SISTER"  # another workspace of the organisation
MARKED = {"U0OUT": "outsider", "U0BOT": "bot", "U0LEFT": "deactivated", "U0GUEST": "guest"}
OFFICE = replace(
    FIRM,
    managers=("S0MANAGERS", "U0CARLA", "U0NEW", "U0OLD", "U0FAR", *MARKED),
    directors=("S0DIRECTORS", "U0RUTH"),
)

MAY = (None,) * 5
NO_MANAGER = (None, None, *[D.NOT_A_MANAGER] * 3)
WHO_MAY = {  # report, look a customer up, read as a manager, act without a stake, decide before the deadline
    ("U0ANA", TEAM): NO_MANAGER,
    ("U0PRIYA", TEAM): (None, None, None, D.REPORTER, D.REPORTER),
    ("U0BRAD", TEAM): (None, None, None, D.RECUSED, D.RECUSED),
    ("U0CARLA", TEAM): MAY,
    ("U0CARLA", ELSEWHERE): MAY,
    ("U0RUTH", TEAM): (*MAY[:4], D.NOT_YET),
    ("U0DORA", TEAM): (*MAY[:4], D.NOT_YET),  # in the directors' group
    ("U0NOBODY", TEAM): (None, D.UNKNOWN, *[D.NOT_A_MANAGER] * 3),
    ("U0NEW", TEAM): (None, D.UNKNOWN, *[D.UNCONFIRMED] * 3),  # nobody has read their profile
    ("U0NEW", ELSEWHERE): (D.FROM_ELSEWHERE,) * 5,
    ("U0OLD", TEAM): (None, None, *[D.UNCONFIRMED] * 3),  # it was read too long ago
    ("U0OLD", ELSEWHERE): (D.FROM_ELSEWHERE,) * 5,
    ("U0FAR", TEAM): MAY,  # Slack does not say where they belong
    ("U0FAR", ELSEWHERE): (D.FROM_ELSEWHERE,) * 5,
    **{(user, home): (D[mark.upper()],) * 5 for user, mark in MARKED.items() for home in (TEAM, ELSEWHERE)},
}


@pytest.fixture
def office(database: Database, clock: FrozenClock) -> Context:
    context = a_context(database, clock, OFFICE)
    now = clock()
    with context.begin(TEAM) as tx:
        tx.people.save_group("S0DIRECTORS", ("U0DORA",), now)
        marked = [a_profile(user, now, **{mark: True}) for user, mark in MARKED.items()]
        old, unsure = a_profile("U0OLD", now - PROFILE_LIFE - MOMENT), a_profile("U0FAR", now, home_known=False)
        tx.people.save_profiles([*marked, old, unsure, a_profile("U0DORA", now)])
    return context


def refused(ask: Callable[..., object], *about: object) -> NotEntitled | None:
    try:
        ask(*about)
    except NotEntitled as refusal:
        return refusal
    return None


def denied(ask: Callable[..., object], *about: object) -> Denial | None:
    refusal = refused(ask, *about)
    return refusal.denial if refusal else None


def test_who_may_do_what(tx: Transaction, office: Context, case: Case, clock: FrozenClock) -> None:
    now = clock()
    for (user, home), expected in WHO_MAY.items():
        by = someone(user, home)
        without_stake = refused(refuse_unless_without_stake, tx, office, by, case.customer, now, case.number)
        decides = refused(refuse_unless_decider, tx, office, by, case, now)
        found = (
            denied(refuse_unless_rep, tx, by, now),
            denied(refuse_unless_member, tx, by, now),
            denied(refuse_unless_manager, tx, office, by, now),
            without_stake.denial if without_stake else None,
            decides.denial if decides else None,
        )
        assert found == expected, (user, home)
        assert denial_as_manager(tx, office, by, now) is expected[2]
        assert may_take_part(tx, office, by, case.customer, now) is (expected[3] is None)
        assert decides is None or decides.case == case.number
        has_stake = expected[3] in {D.REPORTER, D.RECUSED}
        assert without_stake is None or without_stake.case == (case.number if has_stake else None)


def test_whoever_may_report_is_known_or_not_read_yet(tx: Transaction, clock: FrozenClock) -> None:
    assert refuse_unless_rep(tx, someone("U0ANA"), clock()) is True
    assert refuse_unless_rep(tx, someone("U0NEW"), clock()) is False


def test_directors_may_decide_from_the_deadline_on_and_nobody_else_then(
    tx: Transaction, office: Context, case: Case
) -> None:
    for at, denial in ((case.due_at - MOMENT, D.NOT_YET), (case.due_at, D.UNCONFIRMED)):  # all was read long ago
        assert denied(refuse_unless_decider, tx, office, someone("U0RUTH"), case, at) is denial
    overdue = replace(case, due_at=office.clock())
    for user, denial in (("U0RUTH", None), ("U0DORA", None), ("U0ANA", D.NOT_A_MANAGER), ("U0PRIYA", D.REPORTER)):
        assert denied(refuse_unless_decider, tx, office, someone(user), overdue, office.clock()) is denial


@pytest.mark.parametrize(
    ("stale", "confirmed"),
    [
        ("S0MANAGERS", {"U0CARLA": None, "U0PRIYA": D.UNCONFIRMED, "U0ANA": D.UNCONFIRMED, "U0DORA": None}),
        ("S0DIRECTORS", {"U0CARLA": None, "U0PRIYA": D.REPORTER, "U0ANA": D.UNCONFIRMED, "U0DORA": D.UNCONFIRMED}),
    ],
)
def test_of_a_group_that_was_read_too_long_ago_nobody_is_confirmed(
    office: Context, case: Case, stale: str, confirmed: dict[str, Denial | None]
) -> None:
    now = office.clock()
    with office.begin(TEAM) as tx:
        tx.people.save_group(stale, sorted(tx.people.in_group(stale)), now - GROUP_LIFE - MOMENT)
    overdue = replace(case, due_at=now)
    with office.read(TEAM) as tx:
        for user, denial in confirmed.items():
            assert denied(refuse_unless_decider, tx, office, someone(user), overdue, now) is denial, user


def test_who_is_a_manager_is_asked_of_the_list_of_managers_alone(tx: Transaction, office: Context) -> None:
    users = {user for user, _ in WHO_MAY}
    managers = {user for user in users if is_manager(tx, office, someone(user), office.clock())}
    assert users - managers == {"U0ANA", "U0RUTH", "U0DORA", "U0NOBODY"}


def test_who_is_a_member_who_a_stranger_and_who_is_known(tx: Transaction, office: Context) -> None:
    for (user, home), (_, looks_up, *_) in WHO_MAY.items():
        assert is_stranger(tx, user) is (user in MARKED)
        assert is_member(tx, user) is (user not in {*MARKED, "U0NEW", "U0NOBODY"})
        read_late = user == "U0OLD" and home == ELSEWHERE
        assert is_known(office, someone(user, home)) is not (user in {"U0NEW", "U0NOBODY"} or read_late)
        assert denied(check_member, office, someone(user, home)) is looks_up


def test_reps_can_talk_to_the_care_contact_unless_it_is_they_or_nobody_is_there(
    tx: Transaction, office: Context
) -> None:
    for contact in ("U0CARLA", "U0NEW", "U0OUT", "U0GUEST", "U0BOT", "U0LEFT", None):
        context = replace(office, firm=replace(OFFICE, care_contact=contact))
        assert care_contact(tx, context, "U0ANA") == (None if contact in {"U0BOT", "U0LEFT"} else contact)
        assert care_contact(tx, context, contact or "") is None


@pytest.mark.parametrize(("points_days", "lasts"), [(300, 365), (400, 400)])
def test_who_reported_has_a_stake_for_a_year_or_as_long_as_the_points_count(
    office: Context, clock: FrozenClock, points_days: int, lasts: int
) -> None:
    context = replace(office, policy=replace(office.policy, points_expire_after=points_days * DAY))
    customer = reported(context, "U0JOE", category="other", severity=Severity.MINOR).customer.number
    with context.read(TEAM) as tx:
        assert stakes_in(tx, context, customer, FRIDAY + lasts * DAY - MOMENT) == {"U0JOE": D.REPORTER}
        assert stakes_in(tx, context, customer, FRIDAY + lasts * DAY) == {}
    clock.time += 300 * DAY  # a case is opened within the year, and the stake outlasts it
    opened(context, "U0ANA", category="threat")
    both = {"U0JOE": D.REPORTER, "U0ANA": D.REPORTER}
    with context.read(TEAM) as tx:
        assert stakes_in(tx, context, customer, FRIDAY + 700 * DAY) == both


@pytest.mark.parametrize("clocks_differ", [1, -1])
def test_a_profile_counts_for_an_hour_whichever_clock_is_wrong(clocks_differ: int) -> None:
    for ago, denial in ((timedelta(), None), (PROFILE_LIFE, None), (PROFILE_LIFE + MOMENT, D.UNCONFIRMED)):
        assert stale_profile_denial(a_profile("U0ANA", FRIDAY - clocks_differ * ago), FRIDAY) is denial
    assert stale_profile_denial(None, FRIDAY) is D.UNCONFIRMED


def test_the_first_mark_of_a_profile_says_why_somebody_may_not_act() -> None:
    marks = ("outsider", "bot", "deactivated", "guest")
    for n, mark in enumerate(marks):
        assert profile_denial(a_profile("U0ANA", FRIDAY, **dict.fromkeys(marks[n:], True))) is D[mark.upper()]
    assert profile_denial(a_profile("U0ANA", FRIDAY)) is profile_denial(None) is None


IN, OUT = True, False


@pytest.mark.parametrize(
    ("groups", "denial"),
    [
        ({}, D.UNCONFIRMED),  # neither group was ever read
        ({"S0A": (timedelta(), OUT)}, D.UNCONFIRMED),
        ({"S0A": (timedelta(), OUT), "S0B": (timedelta(), OUT)}, D.NOT_A_MANAGER),
        ({"S0A": (timedelta(), OUT), "S0B": (GROUP_LIFE + MOMENT, OUT)}, D.UNCONFIRMED),
        ({"S0A": (timedelta(), OUT), "S0B": (GROUP_LIFE + MOMENT, IN)}, D.UNCONFIRMED),
        ({"S0A": (GROUP_LIFE, IN)}, None),
        ({"S0A": (-GROUP_LIFE, IN)}, None),
        ({"S0A": (-GROUP_LIFE - MOMENT, IN)}, D.UNCONFIRMED),
        ({"S0A": (timedelta(), OUT), "S0B": (timedelta(), IN)}, None),
    ],
)
def test_whoever_is_in_a_group_is_confirmed_for_a_minute_after_it_was_read(
    groups: dict[str, tuple[timedelta, bool]], denial: Denial | None
) -> None:
    memberships = {group: Membership(FRIDAY - ago, is_in) for group, (ago, is_in) in groups.items()}
    listed = ("U0CARLA", "S0A", "S0B")
    assert list_denial("U0ANA", listed, memberships, FRIDAY) is denial
    assert list_denial("U0CARLA", listed, memberships, FRIDAY) is None
    assert list_denial("U0ANA", ("U0CARLA",), {}, FRIDAY) is D.NOT_A_MANAGER
