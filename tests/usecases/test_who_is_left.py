"""Who is left to act on a case or to answer an objection, which approvals count, and whether the directors know."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.rules.audit import Act
from bot.rules.cases import Case, Left
from bot.rules.customers import Safeguard
from bot.rules.decisions import Approval, Choice, Decision
from bot.rules.objections import Objection
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import Denial, NotEntitled
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import Available, refuse_unless_decider, valid_approvals, who_is_left
from bot.usecases.permissions.uninvolved import (
    directors_notified,
    refuse_unless_answerer,
    took_part,
    uninvolved,
    who_answers,
)
from storage.database import Database
from storage.tables.reports import report
from storage.transaction import Transaction
from tests.builders import (
    FIRM,
    FRIDAY,
    TEAM,
    FrozenClock,
    a_context,
    a_profile,
    before_a_decision,
    dropped,
    opened,
    read_case,
    run_due_tasks,
    someone,
)

MOMENT, DAY = timedelta(microseconds=1), timedelta(days=1)
OFFICE = replace(FIRM, managers=("S0MANAGERS", "U0CARLA", "U0GUS"))
"""Priya and Brad are in the managers' group; Gus is a guest."""
MANAGERS, DIRECTORS, NOBODY = Left.MANAGERS, Left.DIRECTORS, Left.NOBODY


@pytest.fixture
def office(database: Database, clock: FrozenClock) -> Context:
    context = a_context(database, clock, OFFICE)
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([replace(a_profile("U0CARLA", clock()), name="Carla")])
    return context


def needing(context: Context, approvals: int, **firm: Any) -> Context:  # noqa: ANN401 - any of its lists
    """With a policy that asks for so many approvals of a drop, and another firm."""
    policy = replace(context.policy, approvals_to_drop=approvals)
    return replace(context, policy=policy, firm=replace(context.firm, **firm))


def test_those_are_available_who_have_no_stake_and_are_full_members(
    tx: Transaction, office: Context, case: Case
) -> None:
    available = Available(tx, office, case)
    excluded = {"U0PRIYA": Denial.REPORTER, "U0BRAD": Denial.RECUSED, "U0GUS": Denial.GUEST}
    assert available.excluded == excluded
    assert available.names["U0CARLA"] == "Carla"
    assert available.of(office.firm.management) == ("U0CARLA", "U0RUTH")
    assert available.of(("U0RUTH", "S0MANAGERS")) == ("U0RUTH",)
    assert available.of(office.firm.management, {"U0CARLA": Denial.TOOK_PART}) == ("U0RUTH",)
    assert available.has_enough(office.firm.management, 2)
    assert not available.has_enough(office.firm.management, 3)
    assert not available.has_enough(office.firm.management, 2, {"U0CARLA": Denial.TOOK_PART})
    assert available.has_enough(("S0UNREAD",), 9)  # as a firm with people whom nobody has asked Slack about


@pytest.mark.parametrize(
    ("managers", "approvals", "rung", "left"),
    [
        (("U0CARLA",), 1, Rung.DECIDE, MANAGERS),
        (("U0CARLA",), 2, Rung.DECIDE, DIRECTORS),  # with the director they are two
        (("U0CARLA",), 3, Rung.DECIDE, NOBODY),
        (("U0CARLA",), 3, Rung.HEAR, MANAGERS),  # one is enough for any other step
        (("S0MANAGERS",), 1, Rung.DECIDE, DIRECTORS),  # both have a stake
        (("S0MANAGERS",), 1, Rung.WARN, DIRECTORS),
        (("S0UNREAD",), 5, Rung.DECIDE, MANAGERS),
    ],
)
def test_a_case_is_left_to_the_directors_where_too_few_managers_may_act(
    tx: Transaction, office: Context, case: Case, managers: tuple[str, ...], approvals: int, rung: Rung, left: Left
) -> None:
    context = needing(office, approvals, managers=managers)
    asked = replace(case, rung=rung)
    assert who_is_left(tx, context, asked) is left
    by, now = someone("U0RUTH"), context.clock()
    if left is MANAGERS:
        with pytest.raises(NotEntitled):
            refuse_unless_decider(tx, context, by, asked, now)
    else:
        refuse_unless_decider(tx, context, by, asked, now)


def approve(tx: Transaction, case: Case, by: str, version: int, at: datetime = FRIDAY) -> None:
    day = date(2027, 5, 20)
    drop = Decision(case.number, Choice.DROP, by, at, "Enough.", day, day, "abuse", letter="We part.")
    tx.approvals.add(Approval(drop, version), "salt")
    tx.audit.append(case.customer, by, Act.APPROVE_DROP, {}, at)


@pytest.mark.usefixtures("tamper")
def test_an_approval_counts_while_its_manager_may_act_and_knew_every_report(
    office: Context, case: Case, database: Database
) -> None:
    two = needing(office, 2)
    with database.engine.begin() as connection:
        connection.execute(report.update().values(since_version=3))
    with two.begin(TEAM) as tx:
        for by, version in (("U0CARLA", 3), ("U0RUTH", 4), ("U0CARLA", 2), ("U0PRIYA", 4), ("U0ANA", 4)):
            approve(tx, case, by, version)
    with two.read(TEAM) as tx:
        assert [(each.by, each.version) for each in valid_approvals(tx, two, case)] == [("U0CARLA", 3), ("U0RUTH", 4)]
        assert valid_approvals(tx, needing(office, 1), case) == ()  # none ever waits for another
        assert valid_approvals(tx, two, replace(case, number=99)) == ()


@pytest.mark.usefixtures("tamper")
@pytest.mark.parametrize(
    ("set_at", "ends_at", "counts"),
    [
        ((FRIDAY - MOMENT,), None, True),
        ((FRIDAY,), None, True),  # at the same moment
        ((FRIDAY + MOMENT,), None, False),
        ((FRIDAY + MOMENT, FRIDAY - DAY), None, False),  # the newest of them counts
        ((FRIDAY + MOMENT,), FRIDAY + DAY, True),  # it has ended since
        ((FRIDAY + MOMENT,), FRIDAY + 2 * DAY, True),  # it ends now
        ((FRIDAY + MOMENT,), FRIDAY + 2 * DAY + MOMENT, False),
        ((FRIDAY + 2 * DAY,), None, False),
        ((FRIDAY + 2 * DAY + MOMENT,), None, True),  # a clock that was put back: it is not set yet
    ],
)
def test_an_approval_ends_with_a_safeguard_that_was_set_after_it(
    office: Context, case: Case, clock: FrozenClock, set_at: tuple[datetime, ...], ends_at: datetime, *, counts: bool
) -> None:
    two = needing(office, 2)
    with two.begin(TEAM) as tx:
        approve(tx, case, "U0CARLA", case.version)
        for at in set_at:
            tx.safeguards.set(case.customer, Safeguard("health", "", "", None, "U0RUTH", at), ends_at, "salt")
    clock.time = FRIDAY + 2 * DAY
    with two.read(TEAM) as tx:
        assert len(valid_approvals(tx, two, case)) == counts


OBJECTION = Objection(0, 1, None, "U0CARLA", FRIDAY, "Ms X", "Not so.", FRIDAY + DAY)
ANSWERS: Mapping[str, tuple[Denial | None, Denial | None]] = {  # before the objection is due, and from then on
    "U0BRAD": (None, None),
    "U0CARLA": (None, None),
    "U0PRIYA": (Denial.TOOK_PART, Denial.TOOK_PART),
    "U0JOE": (Denial.REPORTER, Denial.REPORTER),  # a manager who reported
    "U0MIA": (Denial.NOT_A_MANAGER, Denial.NOT_A_MANAGER),
    "U0RUTH": (Denial.NOT_YET, None),
}


def answers(tx: Transaction, context: Context, case: Case, user: str, due_at: datetime) -> Denial | None:
    objection = replace(OBJECTION, case=case.number, due_at=due_at)
    try:
        refuse_unless_answerer(tx, context, someone(user), case, objection, context.clock())
    except NotEntitled as refusal:
        is_about = {case.number: True, None: refusal.denial is Denial.NOT_A_MANAGER}
        return refusal.denial if is_about[refusal.case] else None
    return None


def test_whoever_took_no_part_answers_a_director_once_it_is_overdue_or_no_manager_is_left(
    office: Context, clock: FrozenClock
) -> None:
    office = needing(office, 1, managers=(*OFFICE.managers, "U0JOE"))
    case = read_case(office, before_a_decision(office, clock)).case
    case = dropped(office, case.number, "U0PRIYA").case
    only_priya, now = needing(office, 1, managers=("U0PRIYA",)), clock()
    only_brad = needing(office, 1, managers=("U0PRIYA", "U0BRAD"))
    nobody = needing(office, 1, managers=("U0PRIYA",), directors=("U0PRIYA",))
    objection = replace(OBJECTION, case=case.number, due_at=now + MOMENT)
    with office.read(TEAM) as tx:
        assert took_part(tx, case) == {"U0PRIYA": Denial.TOOK_PART}
        for user, (before, overdue) in ANSWERS.items():
            assert answers(tx, office, case, user, now + MOMENT) is before
            assert answers(tx, office, case, user, now) is overdue
        assert answers(tx, only_priya, case, "U0RUTH", now + MOMENT) is None
        lefts = [who_answers(tx, firm, case, objection, now) for firm in (office, only_brad, only_priya, nobody)]
        assert lefts == [MANAGERS, MANAGERS, DIRECTORS, NOBODY]
        late = [who_answers(tx, firm, case, objection, now + MOMENT) for firm in (office, only_brad, nobody)]
        assert late == [DIRECTORS, DIRECTORS, NOBODY]
        involved = took_part(tx, case)
        assert uninvolved(tx, office, case, involved, office.firm.managers) == ("U0CARLA", "U0BRAD")
        assert uninvolved(tx, office, case, {}, ("U0RUTH", "S0MANAGERS")) == ("U0RUTH", "U0BRAD", "U0PRIYA")


def test_the_directors_know_of_a_case_once_one_who_is_still_there_was_notified_of_it(
    office: Context, clock: FrozenClock, database: Database
) -> None:
    case = opened(office, category="threat")

    def know(about: Case | None = case, **firm: Any) -> bool:  # noqa: ANN401 - any of its lists
        with office.read(TEAM) as tx:
            return directors_notified(tx, needing(office, 1, **firm), about)

    clock.time = case.due_at
    assert not know()  # nobody was notified yet
    run_due_tasks(office, database)
    assert know()
    assert not know(None)
    assert not know(replace(case, closed_at=clock()))
    assert not know(replace(case, due_at=clock() + MOMENT))
    assert not know(replace(case, number=99))
    assert not know(directors=("U0JOE",))  # somebody else is one now
    assert know(directors=("U0JOE", "U0RUTH"))
    with office.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0RUTH", clock(), deactivated=True)])
    assert not know()
