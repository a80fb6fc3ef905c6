"""A decision ends at its review date unless somebody entitled renews it, and whoever was told of it is told so."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.policy_file.load import load
from bot.rules.customers import Standing
from bot.rules.decisions import Ending, Reviewed
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.refusals import AlreadyReviewed, Bar, NotEntitled, NothingToReview, NotInForce, Refusal, Wrong
from tests.builders import TEAM, dropped, kept, read_from_slack, reported
from tests.later import DAY, ENDS, OPENS, REVIEW_ON, Later

MANAGEMENT = "C0MANAGE"


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


def test_a_lapsed_customer_keeps_their_history_and_only_something_new_asks_anew(later: Later) -> None:
    later.dropped()
    later.go_to(ENDS)
    with later.context.read(TEAM) as tx:
        assert tx.cases.open_about(1) is None
        assert len(tx.reports.incidents(1)) == 3
    assert reported(later.context, category="persistent_contact", severity=Severity.MINOR).verdict.rung is Rung.RECORD
    after = reported(later.context, "U0JOE")
    assert after.case is not None
    assert after.case.rung is Rung.DECIDE


def test_conditions_lapse_likewise_and_a_plain_keep_has_nothing_to_review(later: Later) -> None:
    later.kept()
    assert later.standing() is Standing.RESTRICTED
    later.go_to(ENDS)
    assert later.standing() is Standing.WARNED


def test_a_plain_keep_is_neither_reviewed_nor_renewed(later: Later) -> None:
    case = later.kept(conditions=())
    later.go_to(ENDS + DAY)
    assert not later.shown("review")
    with pytest.raises(NothingToReview):
        later.renew(case)


def test_after_a_downtime_over_the_whole_notice_it_lapses_once_and_management_is_told(later: Later) -> None:
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
        with pytest.raises(Wrong) as refusal:
            later.renew(case, review_on=review_on)
        assert set(refusal.value.fields) == {"review_on"}
        assert later.decision(case).review_on == REVIEW_ON


def test_letting_it_lapse_ends_it_at_once_with_the_reason(later: Later) -> None:
    case = later.dropped()
    later.go_to(OPENS + DAY)
    file = later.let_lapse(case)
    assert file.decision is not None
    assert (file.decision.ended_at, file.decision.ended_how) == (OPENS + DAY, Ending.LET_LAPSE)
    assert file.aftermath.reviews[0].reason == "They have apologised."
    assert later.standing() is Standing.WARNED
    later.go_to(ENDS + DAY)
    assert len(later.reviews(case)) == 1


@pytest.mark.parametrize("act", [Later.renew, Later.let_lapse])
def test_sent_twice_it_is_done_once_and_answered_the_same(later: Later, act: Callable[..., Any]) -> None:
    case = later.dropped()
    later.go_to(OPENS)
    first, log = act(later, case), later.acts()
    assert act(later, case) == first
    assert later.acts() == log
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
def test_the_second_of_two_managers_is_told_whose_it_was(
    later: Later, first: Callable[..., Any], second: Callable[..., Any], refusal: type[Refusal]
) -> None:
    case = later.dropped()
    later.go_to(OPENS)
    first(later, case, by="U0BRAD")
    with pytest.raises(refusal):
        second(later, case, by="U0CARLA")
    assert len(later.reviews(case)) == 1


def test_of_many_at_once_one_counts(later: Later) -> None:
    case = later.dropped()
    later.go_to(OPENS)
    refused: list[Refusal] = []

    def try_to(act: Callable[..., Any], by: str) -> None:
        try:
            act(later, case, by=by)
        except Refusal as refusal:
            refused.append(refusal)

    tries = [(act, by) for act in (Later.renew, Later.let_lapse) for by in ("U0PRIYA", "U0BRAD", "U0CARLA")]
    threads = [threading.Thread(target=try_to, args=each) for each in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 5
    assert len(later.reviews(case)) == 1


@pytest.mark.parametrize(
    ("by", "bar"), [("U0MIA", Bar.NOT_A_MANAGER), ("U0ANA", Bar.NOT_A_MANAGER), ("U0GUS", Bar.GUEST)]
)
def test_who_may_not_decide_does_not_renew(later: Later, by: str, bar: Bar) -> None:
    case = later.dropped()
    later.go_to(OPENS)
    for act in (Later.renew, Later.let_lapse):
        with pytest.raises(NotEntitled) as refusal:
            act(later, case, by=by)
        assert refusal.value.bar is bar
    assert not later.reviews(case)


def test_a_manager_who_reported_in_the_case_does_not_renew(later: Later) -> None:
    for rep in ("U0ANA", "U0JOE"):
        receipt = reported(later.context, rep, category="threat")
    assert receipt.case is not None
    reported(later.context, "U0BRAD", category="threat")
    dropped(later.context, receipt.case.number, review_on=REVIEW_ON)
    later.go_to(OPENS)
    with pytest.raises(NotEntitled) as refusal:
        later.renew(receipt.case.number, by="U0BRAD")
    assert refusal.value.bar is Bar.REPORTER


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=3)])
def test_too_late_is_too_late_even_before_the_clock_has_said_so(later: Later, late: timedelta) -> None:
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
def test_a_reason_is_asked_for(later: Later, act: Callable[..., Any]) -> None:
    case = later.dropped()
    later.go_to(OPENS)
    with pytest.raises(Wrong) as refusal:
        act(later, case, reason=" \n ")
    assert set(refusal.value.fields) == {"reason"}


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
    threat = reported(later.context, "U0ANA", category="threat").case
    assert threat is not None
    kept(later.context, threat.number, review_on=date(2027, 11, 19))
    assert later.standing() is Standing.RESTRICTED
    later.go_to(ENDS)
    assert later.decision(first).ended_how is Ending.LAPSED
    assert not later.shown("review")
    assert later.standing() is Standing.RESTRICTED


def test_a_decision_that_had_been_replaced_is_asked_about_once_it_rules_again(later: Later) -> None:
    first = later.dropped()
    later.wake_at(later.clock() + DAY)
    threat = reported(later.context, "U0ANA", category="threat").case
    assert threat is not None
    kept(later.context, threat.number, review_on=date(2027, 5, 14))
    later.go_to(datetime(2027, 5, 13, 12, tzinfo=UTC))
    assert later.shown("review") == {(MANAGEMENT, 0)}
    later.go_to(datetime(2027, 5, 14, 17, tzinfo=UTC))
    assert later.standing() is Standing.DROPPED
    assert (MANAGEMENT, first) in later.wanted("review")
