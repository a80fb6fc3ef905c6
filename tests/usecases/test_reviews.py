"""A decision ends at its review date unless somebody who may decide renews it; the messages about it say so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.app import render_function
from bot.policy_file.load import load
from bot.rules.customers import Standing
from bot.rules.decisions import Ending, Reviewed
from bot.rules.fields import FILL_IN
from bot.rules.notices import EARLY, Notice
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.refusals import AlreadyReviewed, Denial, NothingToReview, NotInForce, Refusal
from bot.usecases.customers.look_up import customer_file
from bot.usecases.roster import save_profiles
from bot.usecases.shared.contacts import contacts
from bot.usecases.shared.fields import refusing
from bot.usecases.shared.read_models import case_file, report_file
from tests.builders import (
    TEAM,
    a_profile,
    denied,
    dropped,
    kept,
    opened,
    read_from_slack,
    refusals_of,
    reported,
    someone,
    wrong,
)
from tests.later import DAY, ENDS, MONDAY, OPENS, REVIEW_ON, Later

MANAGEMENT = "C0MANAGE"


def said_of(later: Later, case: int, round_: int) -> str:
    """What the message that asks for this review says now."""
    row = later.rows_of("review")[MANAGEMENT, round_]
    shown = Notice(
        TEAM,
        row.kind,
        case,
        MANAGEMENT,
        round_,
        MANAGEMENT,
        "1.0",
        "tag",
        "",
        1,
        0,
        0,
        in_doubt=False,
        created_at=later.clock(),
    )
    with later.context.read(TEAM) as tx:
        return render_function(later.context)(tx, shown).text


def test_managers_are_asked_once_ten_business_days_before_the_review_date(later: Later) -> None:
    later.dropped()
    later.go_to(OPENS - timedelta(minutes=1))
    assert not later.shown("review")
    later.go_to(OPENS)
    later.go_to(OPENS + DAY)
    assert later.shown("review") == {(MANAGEMENT, 0)}
    assert later.standing() is Standing.DROPPED


def test_a_drop_that_nobody_renews_lapses_with_the_business_of_its_review_date(later: Later) -> None:
    case = later.dropped()
    later.go_to(ENDS - timedelta(seconds=1))
    assert later.decision(case).in_force
    before = later.wanted("report")
    later.go_to(ENDS)
    decision = later.decision(case)
    assert (decision.ended_at, decision.ended_how) == (ENDS, Ending.LAPSED)
    assert [(review.outcome, review.by) for review in later.reviews(case)] == [(Reviewed.LAPSED, None)]
    assert later.standing() is Standing.WARNED
    assert ("clock", "lapse") in later.acts()
    assert all(later.wanted("report")[key] > times for key, times in before.items())
    assert later.shown("review") == {(MANAGEMENT, 0)}


def test_after_a_lapse_the_history_stays_and_only_a_new_report_opens_a_case(later: Later) -> None:
    later.dropped()
    later.go_to(ENDS)
    with later.context.read(TEAM) as tx:
        assert tx.cases.open_about(1) is None
        assert len(tx.reports.incidents(1)) == 3
    assert reported(later.context, category="persistent_contact", severity=Severity.MINOR).verdict.rung is Rung.RECORD
    after = reported(later.context, "U0JOE")
    assert after.case is not None
    assert after.case.rung is Rung.DECIDE


def test_conditions_lapse_as_well(later: Later) -> None:
    later.kept()
    assert later.standing() is Standing.RESTRICTED
    later.go_to(ENDS)
    assert later.standing() is Standing.WARNED


def test_keeping_without_conditions_is_neither_reviewed_nor_renewed(later: Later) -> None:
    case = later.kept(conditions=())
    later.go_to(ENDS + DAY)
    assert not later.shown("review")
    with pytest.raises(NothingToReview):
        later.renew(case)


def test_after_downtime_past_the_review_date_a_decision_lapses_once_and_management_is_informed(later: Later) -> None:
    case = later.dropped()
    later.wake_at(ENDS + 3 * DAY)
    assert later.decision(case).ended_at == ENDS + 3 * DAY
    assert later.shown("review") == {(MANAGEMENT, 0)}
    later.wake_at(ENDS + 4 * DAY)
    assert len(later.reviews(case)) == 1
    assert later.acts().count(("clock", "lapse")) == 1


def test_renewing_moves_the_review_date_and_the_next_notice_is_a_new_one(later: Later) -> None:
    case = later.dropped()
    later.go_to(OPENS + DAY)
    later.renew(case)
    later.go_to(ENDS + DAY)
    assert later.decision(case).in_force
    assert later.standing() is Standing.DROPPED
    assert later.decision(case).review_on == date(2027, 11, 22)
    later.go_to(datetime(2027, 11, 8, 9, tzinfo=UTC))
    assert later.shown("review") == {(MANAGEMENT, 0), (MANAGEMENT, 1)}
    later.go_to(datetime(2027, 11, 22, 17, tzinfo=UTC))
    assert [review.outcome for review in later.reviews(case)] == [Reviewed.RENEWED, Reviewed.LAPSED]
    assert later.standing() is Standing.CLEAR


@pytest.mark.parametrize(
    ("review_on", "stands"),
    [
        (REVIEW_ON, False),
        (REVIEW_ON + DAY, True),
        (date(2028, 5, 7), True),  # twelve months after the day of the renewal, 7 May
        (date(2028, 5, 8), False),  # although it is less than twelve months after the date that it replaces
    ],
)
def test_a_renewal_runs_at_most_the_longest_time_from_the_day_on_which_it_is_made(
    later: Later, review_on: date, *, stands: bool
) -> None:
    case = later.dropped()
    later.go_to(OPENS + DAY)
    if stands:
        assert later.renew(case, review_on=review_on).decision == later.decision(case)
        assert later.decision(case).review_on == review_on
    else:
        with wrong({"review_on"}):
            later.renew(case, review_on=review_on)
        assert later.decision(case).review_on == REVIEW_ON


def test_letting_it_lapse_ends_it_at_once_with_the_reason(later: Later) -> None:
    case = later.dropped()
    later.go_to(OPENS + DAY)
    file = later.let_lapse(case)
    assert file.decision is not None
    assert (file.decision.ended_at, file.decision.ended_how) == (OPENS + DAY, Ending.LET_LAPSE)
    assert file.decision_history.reviews[0].reason == "They have apologised."
    assert later.standing() is Standing.WARNED
    later.go_to(ENDS + DAY)
    assert len(later.reviews(case)) == 1


@pytest.mark.parametrize(
    ("first", "second", "refusal"),
    [
        (Later.renew, Later.let_lapse, AlreadyReviewed),
        (Later.renew, Later.renew, AlreadyReviewed),
        (Later.let_lapse, Later.renew, NotInForce),
        (Later.let_lapse, Later.let_lapse, NotInForce),
    ],
)
@pytest.mark.parametrize("by", ["U0BRAD", "U0CARLA"])
def test_the_second_of_two_managers_is_refused_and_so_is_a_second_window(
    later: Later, first: Callable[..., Any], second: Callable[..., Any], refusal: type[Refusal], by: str
) -> None:
    case = later.dropped()
    later.go_to(OPENS)
    first(later, case, by="U0BRAD")
    with pytest.raises(refusal):
        second(later, case, by=by)
    assert len(later.reviews(case)) == 1


def test_of_several_reviews_at_the_same_time_one_counts(later: Later) -> None:
    case = later.dropped()
    later.go_to(OPENS)
    acts = (Later.renew, Later.let_lapse)
    tries = (partial(act, later, case, by=by) for act in acts for by in ("U0PRIYA", "U0BRAD", "U0CARLA"))
    assert len(refusals_of(*tries)) == 5
    assert len(later.reviews(case)) == 1


@pytest.mark.parametrize(
    ("by", "denial"), [("U0MIA", Denial.NOT_A_MANAGER), ("U0ANA", Denial.NOT_A_MANAGER), ("U0GUS", Denial.GUEST)]
)
def test_who_may_not_decide_may_not_review(later: Later, by: str, denial: Denial) -> None:
    case = later.dropped()
    later.go_to(OPENS)
    for act in (Later.renew, Later.let_lapse):
        with denied(denial):
            act(later, case, by=by)
    assert not later.reviews(case)


def test_a_manager_who_reported_in_the_case_does_not_renew(later: Later) -> None:
    for rep in ("U0ANA", "U0JOE"):
        receipt = reported(later.context, rep, category="threat")
    assert receipt.case is not None
    reported(later.context, "U0BRAD", category="threat")
    dropped(later.context, receipt.case.number, review_on=REVIEW_ON)
    later.go_to(OPENS)
    with denied(Denial.REPORTER):
        later.renew(receipt.case.number, by="U0BRAD")


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=3)])
def test_a_decision_past_its_time_is_over_even_before_the_scheduler_ran(later: Later, late: timedelta) -> None:
    case = later.dropped()
    later.go_to(OPENS)
    later.clock.time = ENDS + late
    read_from_slack(later.context)
    with pytest.raises(NotInForce) as refusal:
        later.renew(case)
    assert (refusal.value.how, refusal.value.at) == (Ending.LAPSED, ENDS)
    later.wake_at(later.clock())
    assert later.decision(case).ended_how is Ending.LAPSED


@pytest.mark.parametrize("act", [Later.renew, Later.let_lapse])
def test_a_review_needs_a_reason(later: Later, act: Callable[..., Any]) -> None:
    case = later.dropped()
    later.go_to(OPENS)
    with wrong({"reason"}):
        act(later, case, reason=" \n ")


def test_a_review_date_close_by_leaves_half_of_the_time_to_renew(later: Later) -> None:
    case = later.dropped(effective_on=date(2026, 11, 20), review_on=date(2026, 11, 23))
    (opens,) = later.planned("review")
    assert datetime(2026, 11, 20, 11, tzinfo=UTC) < opens < datetime(2026, 11, 23, 17, tzinfo=UTC)
    later.go_to(opens)
    assert later.shown("review") == {(MANAGEMENT, 0)}
    later.go_to(datetime(2026, 11, 23, 17, tzinfo=UTC))
    assert not later.decision(case).in_force


@pytest.mark.parametrize(
    ("review_on", "ends"),
    [
        (date(2027, 3, 26), datetime(2027, 3, 26, 17, tzinfo=UTC)),  # the Friday before the clocks go forward
        (date(2027, 3, 29), datetime(2027, 3, 29, 16, tzinfo=UTC)),  # the Monday after
        (date(2027, 3, 28), datetime(2027, 3, 28, 16, tzinfo=UTC)),  # the Sunday itself: a day off moves nothing
        (date(2027, 10, 29), datetime(2027, 10, 29, 16, tzinfo=UTC)),  # the Friday before they go back
        (date(2027, 11, 1), datetime(2027, 11, 1, 17, tzinfo=UTC)),
    ],
)
def test_the_end_of_business_is_the_firms_own_when_the_clocks_change(
    later: Later, review_on: date, ends: datetime
) -> None:
    in_london = Later(replace(later.context, policy=load(None, "Europe/London")), later.clock, later.database)
    case = in_london.dropped(review_on=review_on)
    in_london.go_to(ends - timedelta(seconds=1))
    assert in_london.decision(case).in_force
    assert in_london.shown("review")
    in_london.go_to(ends)
    assert in_london.decision(case).ended_at == ends


def test_a_decision_that_a_newer_one_replaced_lapses_without_a_question(later: Later) -> None:
    first = later.dropped()
    later.wake_at(later.clock() + DAY)
    threat = opened(later.context, "U0ANA", category="threat")
    kept(later.context, threat.number, review_on=date(2027, 11, 19))
    assert later.standing() is Standing.RESTRICTED
    later.go_to(ENDS)
    assert later.decision(first).ended_how is Ending.LAPSED
    assert not later.shown("review")
    assert later.standing() is Standing.RESTRICTED


def test_a_replaced_decision_comes_up_for_review_once_the_newer_one_ended(later: Later) -> None:
    first = later.dropped()
    later.wake_at(later.clock() + DAY)
    threat = opened(later.context, "U0ANA", category="threat")
    kept(later.context, threat.number, review_on=date(2027, 5, 14))
    later.go_to(datetime(2027, 5, 13, 12, tzinfo=UTC))
    assert later.shown("review") == {(MANAGEMENT, 0)}
    later.go_to(datetime(2027, 5, 14, 17, tzinfo=UTC))
    assert later.standing() is Standing.DROPPED
    assert (MANAGEMENT, first) in later.wanted("review")


LEFT = (("one_contact", "@U0MAX"),)


def test_a_named_contact_who_leaves_is_not_named_to_reps_as_there_and_managers_are_asked_at_once(later: Later) -> None:
    case = later.kept(conditions=("one_contact",), details=LEFT)
    with later.context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0MAX", later.clock())])
    before = later.wanted("report")

    def read() -> tuple[frozenset[str], ...]:
        with later.context.read(TEAM) as tx:
            card = customer_file(tx, later.context, someone("U0ANA"), 1, later.clock())
            return report_file(tx, later.context, 1).gone, case_file(tx, later.context, case).gone, card.gone

    assert read() == (frozenset(),) * 3
    assert not later.shown("review")
    save_profiles(later.context, TEAM, [replace(a_profile("U0MAX", later.clock()), deactivated=True)])
    later.go_to(later.clock())
    assert read() == (frozenset({"U0MAX"}),) * 3
    assert all(later.wanted("report")[key] > times for key, times in before.items())
    assert later.shown("review") == {(MANAGEMENT, EARLY)}
    with wrong({"value:one_contact"}):
        later.renew(case, review_on=date(2027, 11, 1))
    later.renew(case, review_on=date(2027, 11, 1), details=(("one_contact", "@U0PRIYA"),))
    assert later.decision(case).details == (("one_contact", "@U0PRIYA"),)
    assert read() == (frozenset(),) * 3


def test_after_an_early_review_managers_are_asked_at_the_usual_time_by_a_new_message(later: Later) -> None:
    case = later.kept(conditions=("one_contact",), details=LEFT)
    for has_left in (False, True):
        save_profiles(later.context, TEAM, [a_profile("U0MAX", later.clock(), deactivated=has_left)])
    later.go_to(OPENS - DAY)
    assert later.shown("review") == {(MANAGEMENT, EARLY)}
    assert "a condition names them" in said_of(later, case, EARLY)
    wanted = later.rows_of("review")[MANAGEMENT, EARLY].wanted
    later.go_to(OPENS)
    assert later.shown("review") == {(MANAGEMENT, EARLY), (MANAGEMENT, 0)}
    assert "a condition names them" in said_of(later, case, 0)
    assert said_of(later, case, EARLY) == "I asked about case 2 again, further down."
    assert later.rows_of("review")[MANAGEMENT, EARLY].wanted > wanted
    later.renew(case, review_on=date(2027, 11, 1), details=(("one_contact", "@U0PRIYA"),))
    assert "Decision renewed" in said_of(later, case, 0)


def test_an_early_review_that_was_answered_says_so(later: Later) -> None:
    case = later.kept(conditions=("one_contact",), details=LEFT)
    for has_left in (False, True):
        save_profiles(later.context, TEAM, [a_profile("U0MAX", later.clock(), deactivated=has_left)])
    later.go_to(MONDAY)
    later.renew(case, review_on=date(2027, 6, 1), details=(("one_contact", "@U0PRIYA"),))
    assert "Decision renewed" in said_of(later, case, EARLY)
    later.go_to(datetime(2027, 5, 20, 9, tzinfo=UTC))
    assert later.shown("review") == {(MANAGEMENT, EARLY), (MANAGEMENT, 1)}
    assert "Decision renewed" in said_of(later, case, EARLY)


def test_a_named_contact_is_asked_about_in_slack_again_and_again(later: Later) -> None:
    later.kept(conditions=("one_contact",), details=LEFT)
    with later.context.read(TEAM) as tx:
        assert contacts(tx) == {"U0MAX"}
    later.go_to(ENDS)
    with later.context.read(TEAM) as tx:
        assert contacts(tx) == set()


def test_renewed_without_a_day_it_is_said_at_once_what_else_is_wrong(later: Later) -> None:
    """A day that was not picked is the first of all days, which is wrong by itself."""
    case = later.kept(conditions=("one_contact",), details=LEFT)
    later.go_to(OPENS)
    without_day = replace(later, context=refusing(later.context, {"review_on": FILL_IN}))
    with wrong({"review_on", "value:one_contact:name"}):
        without_day.renew(case, review_on=date.min, details=(("one_contact", "a\0b"),))
