"""Who may act rests on what Slack said lately: an old profile or an old list of a group lets nobody decide."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.rules.cases import Left
from bot.rules.objections import Answer
from bot.rules.refusals import Denial, NotEntitled
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.context import Context
from bot.usecases.customers.look_up import timeline
from bot.usecases.home.home import awaiting_me
from bot.usecases.objections.answer import AnswerObjection, answer_objection
from bot.usecases.objections.record import RecordObjection, record_objection
from bot.usecases.shared.access import see_case
from storage.database import Database
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
    read_from_slack,
    reported,
    someone,
    warned,
)
from tests.later import Later

HOUR, MINUTE, MOMENT = timedelta(hours=1), timedelta(minutes=1), timedelta(microseconds=1)
NEW = "U0NEW"  # a manager who is listed by user ID, and whose profile was not read yet

Act = Callable[[], object]


def profile_read_at(context: Context, at: datetime) -> None:
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile(NEW, at)])


def group_read_at(context: Context, at: datetime) -> None:
    with context.begin(TEAM) as tx:
        tx.people.save_group("S0MANAGERS", ("U0PRIYA", "U0BRAD"), at)


def keeps(later: Later) -> Act:
    case = before_a_decision(later.context, later.clock)
    return lambda: kept(later.context, case, NEW)


def answers_about_a_warning(later: Later) -> Act:
    case = opened(later.context).number
    warned(later.context, case)
    record_objection(later.context, RecordObjection(someone("U0PRIYA"), case, "By phone", "I was not on that call."))
    return lambda: answer_objection(
        later.context, AnswerObjection(someone(NEW), case, Answer.STANDS, "I listened to it.", "Dear customer, …")
    )


def answers_about_a_decision(later: Later) -> Act:
    case = later.dropped()
    later.objects(case)
    return lambda: later.answer(case, Answer.CANCELLED, by=NEW)


def reads_a_case_in_full(later: Later) -> Act:
    case = opened(later.context).number
    return lambda: see_case(later.context, someone(NEW), case, 1)


def reads_a_timeline(later: Later) -> Act:
    customer = opened(later.context).customer
    return lambda: timeline(later.context, someone(NEW), customer, 1)


def reads_what_awaits_them(later: Later) -> Act:
    return lambda: awaiting_me(later.context, someone(NEW), 1)


@pytest.mark.parametrize(
    "prepared",
    [
        keeps,
        answers_about_a_warning,
        answers_about_a_decision,
        reads_a_case_in_full,
        reads_a_timeline,
        reads_what_awaits_them,
    ],
)
def test_a_manager_whose_profile_was_read_over_an_hour_ago_or_never_decides_and_reads_nothing(
    database: Database, clock: FrozenClock, prepared: Callable[[Later], Act]
) -> None:
    firm = replace(FIRM, managers=(*FIRM.managers, NEW))
    later = Later(a_context(database, clock, firm), clock, database)
    act = prepared(later)
    with denied(Denial.UNCONFIRMED):
        act()
    profile_read_at(later.context, clock() - HOUR - MOMENT)
    with denied(Denial.UNCONFIRMED):
        act()
    profile_read_at(later.context, clock() - HOUR)
    act()


def test_a_group_that_was_read_over_a_minute_ago_confirms_nobody(context: Context, clock: FrozenClock) -> None:
    case = before_a_decision(context, clock)
    group_read_at(context, clock() - MINUTE - MOMENT)
    for user in ("U0PRIYA", "U0JOE"):
        with denied(Denial.UNCONFIRMED):
            kept(context, case, user)
    group_read_at(context, clock() - MINUTE)
    with denied(Denial.NOT_A_MANAGER):
        kept(context, case, "U0JOE")
    kept(context, case, "U0PRIYA")


def test_whoever_is_listed_by_user_id_needs_no_group(context: Context, clock: FrozenClock) -> None:
    case = before_a_decision(context, clock)
    group_read_at(context, clock() - HOUR)
    kept(context, case, "U0CARLA")


def test_whoever_cannot_be_confirmed_as_director_reads_so(database: Database, clock: FrozenClock) -> None:
    context = a_context(database, clock, replace(FIRM, managers=("U0CARLA",), directors=("S0MANAGERS",)))
    case = opened(context, category="threat").number
    group_read_at(context, clock() - HOUR)
    with denied(Denial.UNCONFIRMED):
        kept(context, case, "U0PRIYA")


def test_directors_may_act_from_the_moment_of_the_deadline_on(context: Context, clock: FrozenClock) -> None:
    case = opened(context, category="threat")
    clock.time = case.due_at - MOMENT
    read_from_slack(context)
    with denied(Denial.NOT_YET):
        kept(context, case.number, "U0RUTH")
    clock.time = case.due_at
    kept(context, case.number, "U0RUTH")


def test_directors_may_answer_an_objection_from_the_moment_of_its_deadline_on(later: Later, objected: int) -> None:
    due_at = later.objection_of(objected).due_at
    later.clock.time = due_at - MOMENT
    read_from_slack(later.context)
    with denied(Denial.NOT_YET):
        later.answer(objected, Answer.STANDS, by="U0RUTH")
    later.clock.time = due_at
    later.answer(objected, Answer.STANDS, by="U0RUTH")


def test_somebody_whose_profile_was_never_read_may_report(context: Context) -> None:
    assert reported(context, NEW).report == 1


def refused_about(act: Act) -> int | None:
    """The case that a denial is about."""
    with pytest.raises(NotEntitled) as refusal:
        act()
    return refusal.value.case


def test_a_denial_says_which_case_it_is_about(later: Later) -> None:
    context = later.context
    case = opened(context, "U0PRIYA", category="threat").number
    assert refused_about(lambda: kept(context, case, "U0PRIYA")) == case
    with denied(Denial.REPORTER):
        recuse(context, Recuse(someone("U0PRIYA"), case, "I reported them."))
    assert refused_about(lambda: recuse(context, Recuse(someone("U0PRIYA"), case, ""))) == case
    dropped(context, case, "U0BRAD")
    assert refused_about(lambda: later.objects(case, by="U0PRIYA")) == case
    later.objects(case, by="U0BRAD")
    assert refused_about(lambda: later.answer(case, Answer.STANDS, by="U0BRAD")) == case
    assert refused_about(lambda: later.answer(case, Answer.STANDS, by="U0RUTH")) == case


def test_one_manager_who_took_no_part_is_enough_to_answer_an_objection(database: Database, clock: FrozenClock) -> None:
    later = Later(a_context(database, clock, replace(FIRM, managers=("U0PRIYA", "U0CARLA"))), clock, database)
    case = later.dropped()
    assert later.objects(case).decision_history.left is Left.MANAGERS
