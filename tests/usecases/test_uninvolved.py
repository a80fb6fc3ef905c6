"""An objection is answered by somebody who took no part in what led to it: not in this case, nor in one behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.rules.hearings import Finding
from bot.rules.home import QueueKind
from bot.rules.objections import Answer
from bot.rules.refusals import Denial
from bot.rules.warnings import Delivery
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.hearings.hear import HearBothSides, TakeHearing, hear_both_sides, take_hearing
from bot.usecases.hearings.outcome import RecordOutcome, record_outcome
from bot.usecases.home.home import awaiting_me
from bot.usecases.objections.answer import AnswerObjection, answer_objection
from bot.usecases.objections.record import RecordObjection, record_objection
from bot.usecases.warnings.warn import IssueWarning, MarkDelivered, issue_warning, mark_delivered
from tests.builders import (
    FrozenClock,
    denied,
    dropped,
    kept,
    read_case,
    read_from_slack,
    reported,
    someone,
    warned,
)

if TYPE_CHECKING:
    from bot.usecases.context import Context

PRIYA, BRAD, CARLA, RUTH = "U0PRIYA", "U0BRAD", "U0CARLA", "U0RUTH"


@pytest.fixture
def two(context: Context) -> Context:
    """A policy that asks for two approvals of a drop."""
    return replace(context, policy=replace(context.policy, approvals_to_drop=2))


def before_a_decision_by(context: Context, clock: FrozenClock, warner: str, customer: str = "Zenith Corp") -> int:
    """As `before_a_decision`, with the warning by this manager."""
    reported(context, "U0ANA", customer)
    warned(context, reported(context, "U0MIA", customer).case.number, warner)
    clock.forward(minutes=30)
    read_from_slack(context)
    return reported(context, "U0JOE", customer).case.number


def heard(context: Context, case: int, asker: str, taker: str) -> None:
    """This manager asks for a hearing before the decision, and that one hears both sides."""
    hear_both_sides(context, HearBothSides(someone(asker), case, taker, "What was said?"))
    record_outcome(context, RecordOutcome(someone(taker), case, Finding.UPHELD, "Shouted.", "Did not."))


def objected(context: Context, case: int, by: str = CARLA) -> None:
    record_objection(context, RecordObjection(someone(by), case, "Ms X", "It was my son."))


def answered(context: Context, case: int, by: str) -> None:
    answer_objection(context, AnswerObjection(someone(by), case, Answer.STANDS, "It stands.", "Dear Zenith Corp, …"))


def listed(context: Context, user: str, kind: QueueKind) -> int:
    """How many open objections of this kind the colleague's App Home lists for them."""
    return sum(each.kind is kind for each in awaiting_me(context, someone(user), 1).items)


def test_who_approved_a_drop_does_not_answer_though_the_approval_was_outdated(two: Context, clock: FrozenClock) -> None:
    case = before_a_decision_by(two, clock, CARLA)
    dropped(two, case, PRIYA)
    reported(two, "U0JOE")
    dropped(two, case, BRAD)
    dropped(two, case, CARLA)
    objected(two, case)
    assert listed(two, PRIYA, QueueKind.OBJECTION) == 0
    with denied(Denial.TOOK_PART):
        answered(two, case, PRIYA)
    answered(two, case, RUTH)  # no manager is left, so it came to the directors at once


def test_who_approved_a_drop_does_not_answer_the_objection_to_keeping(two: Context, clock: FrozenClock) -> None:
    case = before_a_decision_by(two, clock, BRAD)
    dropped(two, case, PRIYA)
    kept(two, case, BRAD)
    objected(two, case)
    with denied(Denial.TOOK_PART):
        answered(two, case, PRIYA)
    assert (listed(two, PRIYA, QueueKind.OBJECTION), listed(two, CARLA, QueueKind.OBJECTION)) == (0, 1)
    answered(two, case, CARLA)  # who only recorded the objection took no part by that


def merged_after_a_hearing(context: Context, clock: FrozenClock) -> tuple[int, int]:
    """The case that ended by the merger, in which Priya heard both sides, and the one that goes on."""
    goes_on = before_a_decision_by(context, clock, BRAD, "Other Ltd")
    clock.forward(hours=1)
    read_from_slack(context)
    ends = before_a_decision_by(context, clock, BRAD)
    heard(context, ends, BRAD, PRIYA)
    one, other = read_case(context, ends).case, read_case(context, goes_on).case
    merge(context, Merge(someone(CARLA), one.customer, other.customer))
    return ends, goes_on


@pytest.mark.parametrize("undone", [False, True])
def test_who_heard_both_sides_in_a_case_that_was_merged_does_not_answer(
    context: Context, clock: FrozenClock, *, undone: bool
) -> None:
    ends, goes_on = merged_after_a_hearing(context, clock)
    assert (read_case(context, ends).case.is_open, read_case(context, goes_on).case.is_open) == (False, True)
    dropped(context, goes_on, BRAD)
    if undone:
        clock.forward(minutes=1)
        undo_merge(context, UndoMerge(someone(CARLA), 1))
    objected(context, goes_on)
    assert listed(context, PRIYA, QueueKind.OBJECTION) == 0
    with denied(Denial.TOOK_PART):
        answered(context, goes_on, PRIYA)
    answered(context, goes_on, CARLA)


def test_what_was_heard_in_a_merger_that_was_undone_before_the_decision_is_no_part_in_it(
    context: Context, clock: FrozenClock
) -> None:
    _, goes_on = merged_after_a_hearing(context, clock)
    undo_merge(context, UndoMerge(someone(CARLA), 1))
    clock.forward(minutes=1)
    dropped(context, goes_on, BRAD)
    objected(context, goes_on)
    assert listed(context, PRIYA, QueueKind.OBJECTION) == 1
    answered(context, goes_on, PRIYA)


def test_who_asked_for_the_hearing_does_not_answer(context: Context, clock: FrozenClock) -> None:
    case = before_a_decision_by(context, clock, BRAD)
    heard(context, case, PRIYA, BRAD)
    dropped(context, case, BRAD)
    objected(context, case)
    with denied(Denial.TOOK_PART):
        answered(context, case, PRIYA)
    assert (listed(context, PRIYA, QueueKind.OBJECTION), listed(context, CARLA, QueueKind.OBJECTION)) == (0, 1)


def test_who_issued_the_warning_that_counted_does_not_answer(context: Context, clock: FrozenClock) -> None:
    case = before_a_decision_by(context, clock, PRIYA)
    dropped(context, case, BRAD)
    objected(context, case)
    assert listed(context, PRIYA, QueueKind.OBJECTION) == 0
    with denied(Denial.TOOK_PART):
        answered(context, case, PRIYA)


def test_who_issued_a_warning_that_counted_no_more_took_no_part(context: Context, clock: FrozenClock) -> None:
    reported(context, "U0ANA")
    warned(context, reported(context, "U0MIA").case.number, PRIYA)
    clock.forward(days=366)
    read_from_slack(context)
    case = before_a_decision_by(context, clock, BRAD)
    dropped(context, case, BRAD)
    objected(context, case)
    answered(context, case, PRIYA)


def test_who_heard_what_led_to_a_warning_does_not_answer_the_objection_to_it(context: Context) -> None:
    reported(context, "U0ANA", doubted=True)
    case = reported(context, "U0MIA", doubted=True).case.number
    take_hearing(context, TakeHearing(someone(PRIYA), case))
    record_outcome(context, RecordOutcome(someone(PRIYA), case, Finding.UPHELD, "Shouted.", "Did not."))
    warned(context, case, BRAD)
    record_objection(context, RecordObjection(someone(CARLA), case, "By phone", "Not so."))
    for user in (PRIYA, BRAD):
        assert listed(context, user, QueueKind.OBJECTION) == 0
        with denied(Denial.TOOK_PART):
            answered(context, case, user)
    assert listed(context, CARLA, QueueKind.OBJECTION) == 1
    answered(context, case, CARLA)  # who only recorded the objection took no part by that


def test_who_marked_a_warning_delivered_does_not_answer_about_it(context: Context, clock: FrozenClock) -> None:
    reported(context, "U0ANA")
    case = reported(context, "U0MIA").case.number
    issue_warning(context, IssueWarning(someone(BRAD), case, "Please stop."))
    mark_delivered(context, MarkDelivered(someone(PRIYA), case, Delivery.EMAIL, clock()))
    record_objection(context, RecordObjection(someone(PRIYA), case, "By phone", "Not so."))
    assert listed(context, PRIYA, QueueKind.OBJECTION) == 0
    with denied(Denial.TOOK_PART):
        answered(context, case, PRIYA)
