"""A customer appeals once, in time, and somebody who took no part in the decision answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.rules.cases import Left, Outcome, Recusal
from bot.rules.customers import Standing
from bot.rules.decisions import Choice, Ending
from bot.rules.objections import AppealAnswer, Terms
from bot.rules.refusals import (
    AlreadyAppealed,
    AppealClosed,
    Denial,
    NotEntitled,
    NothingToReview,
    NotInForce,
    Unknown,
    Wrong,
)
from bot.usecases.customers.look_up import open_customer
from storage.database import Database
from tests.builders import (
    FIRM,
    TEAM,
    FrozenClock,
    a_context,
    at_once,
    denied,
    dropped,
    opened,
    read_case,
    read_from_slack,
    refusals_of,
    reported,
    run_due_tasks,
    someone,
    wrong,
)
from tests.later import APPEAL_UNTIL, DAY, ENDS, MONDAY, REVIEW_ON, Later, written_only

MANAGEMENT = "C0MANAGE"
DUE = datetime(2026, 12, 7, 17, tzinfo=UTC)  # ten business days after Monday 23 November


def test_an_appeal_is_put_before_management_with_what_is_new(later: Later, appealed: int) -> None:
    appeal = later.appeal_of(appealed)
    assert (appeal.asked_by, appeal.contact, appeal.due_at) == ("U0PRIYA", "Their director, by letter", DUE)
    assert later.shown("appeal") == {(MANAGEMENT, 0)}
    assert later.standing() is Standing.DROPPED
    assert ("U0PRIYA", "ask for review") in later.acts()
    assert open_customer(later.context, someone("U0ANA"), 1).appeal == appeal


@pytest.mark.parametrize(("moment", "in_time"), [(APPEAL_UNTIL - timedelta(seconds=1), True), (APPEAL_UNTIL, False)])
def test_the_window_closes_with_the_business_of_its_last_day(later: Later, moment: datetime, *, in_time: bool) -> None:
    case = later.dropped()
    later.go_to(moment)
    assert read_case(later.context, case).decision_history.may_appeal is in_time
    if in_time:
        assert later.appeal(case).decision_history.appeal is not None
    else:
        with pytest.raises(AppealClosed) as refusal:
            later.appeal(case)
        assert refusal.value.at == APPEAL_UNTIL


def test_the_cases_message_is_refreshed_when_the_window_closes(later: Later) -> None:
    case = later.dropped()
    later.go_to(APPEAL_UNTIL - timedelta(minutes=1))  # the drop is in effect by then
    before = later.wanted("case")[MANAGEMENT, case]
    later.go_to(APPEAL_UNTIL)
    assert later.wanted("case")[MANAGEMENT, case] == before + 1


def test_an_appeal_is_made_once(later: Later, appealed: int) -> None:
    log = later.acts()
    for by in ("U0PRIYA", "U0BRAD"):
        with pytest.raises(AlreadyAppealed) as refusal:
            later.appeal(appealed, by=by)
        assert refusal.value.by == "U0PRIYA"
    later.answer(appealed, AppealAnswer.UPHELD)
    with pytest.raises(AlreadyAppealed) as refusal:
        later.appeal(appealed, news="Something else.")
    assert (refusal.value.by, refusal.value.answer) == ("U0BRAD", AppealAnswer.UPHELD)
    assert len(later.acts()) == len(log) + 1


def test_only_decisions_that_hold_the_customer_to_something_can_be_appealed(later: Later) -> None:
    case = later.kept(conditions=())
    with pytest.raises(NothingToReview):
        later.appeal(case)
    with pytest.raises(NothingToReview):
        later.appeal(1)
    with pytest.raises(Unknown):
        later.appeal(77)


@pytest.mark.parametrize("by", ["U0ANA", "U0GUS", "U0OLEK"])
def test_only_managers_record_an_appeal(later: Later, by: str) -> None:
    case = later.dropped()
    with pytest.raises(NotEntitled):
        later.appeal(case, by=by)


def test_an_appeal_needs_who_asked_and_what_is_new(later: Later) -> None:
    case = later.dropped()
    with wrong({"contact", "news"}):
        later.appeal(case, contact=" ", news="\n")
    with wrong({"contact"}):
        later.appeal(case, contact="x" * 141)


def test_an_upheld_decision_stays_in_force_and_all_messages_say_so(later: Later, appealed: int) -> None:
    before = later.wanted("report")
    file = later.answer(appealed, AppealAnswer.UPHELD)
    assert file.decision is not None
    assert file.decision.in_force
    assert file.decision_history.appeal is not None
    assert (file.decision_history.appeal.answer, file.decision_history.appeal.answered_by) == (
        AppealAnswer.UPHELD,
        "U0BRAD",
    )
    assert later.standing() is Standing.DROPPED
    assert all(later.wanted("report")[key] > times for key, times in before.items())
    later.go_to(ENDS)
    assert later.decision(appealed).ended_how is Ending.LAPSED
    assert later.appeal_of(appealed).answer is AppealAnswer.UPHELD


def test_an_overturned_decision_ends_and_the_history_stays(later: Later, appealed: int) -> None:
    later.answer(appealed, AppealAnswer.OVERTURNED)
    assert later.decision(appealed).ended_how is Ending.OVERTURNED
    assert later.standing() is Standing.WARNED
    with later.context.read(TEAM) as tx:
        assert len(tx.reports.incidents(1)) == 3
        assert tx.cases.get(appealed).outcome is Outcome.DROPPED
        assert tx.cases.open_about(1) is None
    later.go_to(ENDS + DAY)
    assert not later.shown("review")
    assert not later.shown("followup")


def test_a_drop_is_changed_to_keeping_with_conditions(later: Later, appealed: int) -> None:
    later.answer(appealed, AppealAnswer.CHANGED, terms=written_only())
    decision, appeal = later.decision(appealed), later.appeal_of(appealed)
    assert (decision.choice, decision.conditions, decision.effective_on) == (Choice.KEEP, ("written_only",), None)
    assert appeal.before is not None
    assert (appeal.before.choice, appeal.before.effective_on) == (Choice.DROP, date(2026, 11, 28))
    assert later.standing() is Standing.RESTRICTED
    later.go_to(ENDS)
    assert later.standing() is Standing.WARNED
    assert not later.shown("followup")


def test_a_drop_is_changed_to_a_later_day(later: Later, appealed: int) -> None:
    later.answer(appealed, AppealAnswer.CHANGED, terms=Terms(Choice.DROP, date(2027, 3, 1), date(2026, 12, 31)))
    assert later.decision(appealed).effective_on == date(2026, 12, 31)
    assert later.planned("followup") == [datetime(2027, 2, 1, 9, tzinfo=UTC)]  # 31 January is a Sunday
    later.go_to(datetime(2027, 3, 1, 17, tzinfo=UTC))
    assert later.decision(appealed).ended_how is Ending.LAPSED


@pytest.mark.parametrize(
    ("terms", "fields"),
    [
        (None, {"review_on"}),
        (Terms(Choice.DROP, REVIEW_ON, date(2026, 11, 28)), {"review_on"}),  # as it stands
        (Terms(Choice.KEEP, REVIEW_ON), {"conditions"}),
        (Terms(Choice.KEEP, REVIEW_ON, conditions=("be_nice",)), {"conditions"}),
        (Terms(Choice.DROP, REVIEW_ON, date(2026, 11, 22)), {"effective_on"}),  # yesterday
        (Terms(Choice.DROP, REVIEW_ON), {"effective_on"}),
        (Terms(Choice.DROP, date(2026, 12, 24), date(2026, 12, 24)), {"review_on"}),
        (written_only(date(2026, 11, 23)), {"review_on"}),  # today
        (written_only(date(2027, 11, 20)), set()),
        (written_only(date(2027, 11, 21)), {"review_on"}),  # a year and a day after the decision
        (Terms(Choice.DROP, date(2027, 11, 20), date(2026, 11, 23)), set()),
    ],
)
def test_which_terms_a_drop_may_be_changed_to(
    later: Later, appealed: int, terms: Terms | None, fields: set[str]
) -> None:
    if not fields:
        later.answer(appealed, AppealAnswer.CHANGED, terms=terms)
        assert Terms.of(later.decision(appealed)) == terms
        return
    with wrong(fields):
        later.answer(appealed, AppealAnswer.CHANGED, terms=terms)
    assert later.appeal_of(appealed).is_open


def test_an_appeal_never_makes_keeping_a_drop(later: Later) -> None:
    case = later.kept()
    later.appeal(case)
    with pytest.raises(Wrong) as refusal:
        later.answer(case, AppealAnswer.CHANGED, terms=Terms(Choice.DROP, REVIEW_ON, date(2027, 1, 1)))
    assert "choice" in refusal.value.fields
    later.answer(case, AppealAnswer.CHANGED, terms=written_only(date(2027, 1, 4)))
    assert later.decision(case).review_on == date(2027, 1, 4)


def test_an_answer_may_leave_a_condition_that_is_no_longer_in_the_policy(later: Later) -> None:
    case = later.kept(conditions=("written_only",))
    later.appeal(case)
    others = {key: words for key, words in later.context.policy.conditions.items() if key != "written_only"}
    newer = replace(later, context=replace(later.context, policy=replace(later.context.policy, conditions=others)))
    newer.answer(case, AppealAnswer.CHANGED, terms=written_only(date(2027, 1, 4)))
    assert (later.decision(case).conditions, later.decision(case).review_on) == (("written_only",), date(2027, 1, 4))


def test_an_answer_needs_a_rationale(later: Later, appealed: int) -> None:
    for answer in (AppealAnswer.UPHELD, AppealAnswer.OVERTURNED):
        with wrong({"rationale"}):
            later.answer(appealed, answer, rationale=" ")


@pytest.mark.parametrize(
    ("by", "denial"),
    [
        ("U0PRIYA", Denial.TOOK_PART),
        ("U0RUTH", Denial.NOT_YET),
        ("U0ANA", Denial.NOT_A_MANAGER),
        ("U0GUS", Denial.GUEST),
    ],
)
def test_who_may_not_answer_an_appeal(later: Later, appealed: int, by: str, denial: Denial) -> None:
    with denied(denial):
        later.answer(appealed, AppealAnswer.OVERTURNED, by=by)
    assert later.appeal_of(appealed).is_open


def test_reporters_and_approvers_may_not_answer_an_appeal(database: Database, clock: FrozenClock) -> None:
    context = a_context(database, clock)
    two = replace(context, policy=replace(context.policy, approvals_to_drop=2))
    later = Later(two, clock, database)
    reported(two, "U0ANA", category="threat")
    case = opened(two, "U0PRIYA", category="threat")
    dropped(two, case.number, by="U0BRAD", review_on=REVIEW_ON)
    dropped(two, case.number, by="U0CARLA", review_on=REVIEW_ON)
    file = later.appeal(case.number, by="U0BRAD")
    assert file.decision_history.left is Left.DIRECTORS
    denials = {}
    for by in ("U0PRIYA", "U0BRAD", "U0CARLA"):
        with pytest.raises(NotEntitled) as refusal:
            later.answer(case.number, AppealAnswer.UPHELD, by=by)
        denials[by] = refusal.value.denial
    assert denials == {"U0PRIYA": Denial.REPORTER, "U0BRAD": Denial.TOOK_PART, "U0CARLA": Denial.TOOK_PART}
    assert later.shown("appeal") == {(MANAGEMENT, 0), ("U0RUTH", 1)}
    later.answer(case.number, AppealAnswer.UPHELD, by="U0RUTH")


def test_a_recused_manager_may_not_answer_an_appeal(later: Later, appealed: int) -> None:
    with later.context.begin(TEAM) as tx:
        tx.recusals.add(Recusal(appealed, "U0BRAD", later.clock()), "salt")
        tx.audit.append(1, "U0BRAD", "recuse", {"case": appealed}, later.clock())
    with denied(Denial.RECUSED):
        later.answer(appealed, AppealAnswer.UPHELD, by="U0BRAD")


def test_an_overdue_appeal_goes_to_the_directors_on_each_business_day(later: Later, appealed: int) -> None:
    later.go_to(DUE - timedelta(seconds=1))
    assert later.shown("appeal") == {(MANAGEMENT, 0)}
    later.go_to(DUE)
    assert later.shown("appeal") == {(MANAGEMENT, 0), ("U0RUTH", 1)}
    later.go_to(DUE + 5 * DAY)  # Saturday: Tuesday to Friday came between
    assert later.shown("appeal") == {(MANAGEMENT, 0), *(("U0RUTH", round_) for round_ in range(1, 6))}
    before = later.rows_of("appeal")
    later.answer(appealed, AppealAnswer.UPHELD, by="U0RUTH")
    assert all(row.wanted > before[row.target, row.round].wanted for row in later.rows_of("appeal").values())
    later.go_to(DUE + 30 * DAY)
    assert len(later.shown("appeal")) == 6


def test_after_downtime_past_the_deadline_the_directors_are_asked_once(later: Later, appealed: int) -> None:
    later.wake_at(DUE + 3 * DAY)
    assert later.appeal_of(appealed).escalations == 1
    assert later.shown("appeal") == {(MANAGEMENT, 0), ("U0RUTH", 1)}
    assert later.acts().count(("clock", "appeal overdue")) == 1


def test_where_nobody_may_answer_management_is_told_and_the_appeal_ends_with_the_decision(
    database: Database, clock: FrozenClock
) -> None:
    firm = replace(FIRM, managers=("U0PRIYA",), directors=("U0PRIYA",))
    later = Later(a_context(database, clock, firm), clock, database)
    case = later.dropped()
    file = later.appeal(case)
    assert file.decision_history.left is Left.NOBODY
    assert later.shown("appeal") == {(MANAGEMENT, 0), (MANAGEMENT, 1)}
    later.go_to(ENDS)
    assert later.appeal_of(case).answer is AppealAnswer.MOOT


@pytest.mark.parametrize("end", [Later.let_lapse, None])
def test_an_appeal_is_moot_when_the_decision_ends_first(later: Later, end: Callable[..., Any] | None) -> None:
    case = later.dropped(effective_on=date(2026, 11, 20), review_on=date(2026, 11, 27))
    later.go_to(MONDAY)
    later.appeal(case)
    if end:
        end(later, case, due_on=date(2026, 11, 27))
    later.go_to(datetime(2026, 11, 27, 17, tzinfo=UTC))
    assert later.appeal_of(case).answer is AppealAnswer.MOOT
    with pytest.raises(AlreadyAppealed):
        later.answer(case, AppealAnswer.UPHELD, by="U0CARLA")
    later.go_to(DUE + DAY)
    assert ("clock", "appeal overdue") not in later.acts()


def test_a_decision_that_has_ended_is_not_appealed(later: Later) -> None:
    case = later.dropped()
    later.let_lapse(case)
    with pytest.raises(NotInForce):
        later.appeal(case)


@pytest.mark.parametrize("second", [AppealAnswer.CHANGED, AppealAnswer.OVERTURNED])
def test_an_appeal_is_answered_once_also_from_a_second_window(
    later: Later, appealed: int, second: AppealAnswer
) -> None:
    later.answer(appealed, AppealAnswer.CHANGED, terms=written_only())
    log, terms = later.acts(), written_only(REVIEW_ON - timedelta(days=1))
    with pytest.raises(AlreadyAppealed):
        later.answer(appealed, second, terms=terms if second is AppealAnswer.CHANGED else None)
    assert later.acts() == log


def test_of_several_answers_at_the_same_time_one_counts(later: Later, appealed: int) -> None:
    terms = {AppealAnswer.UPHELD: None, AppealAnswer.CHANGED: written_only(), AppealAnswer.OVERTURNED: None}
    answers = ((answer, by) for answer in terms for by in ("U0BRAD", "U0CARLA"))
    acts = (partial(later.answer, appealed, answer, by=by, terms=terms[answer]) for answer, by in answers)
    assert len(refusals_of(*acts)) == 5
    assert later.acts().count(("U0BRAD", "answer appeal")) + later.acts().count(("U0CARLA", "answer appeal")) == 1


def test_an_answer_at_the_moment_of_the_deadline_is_kept(later: Later, appealed: int) -> None:
    later.clock.time = DUE
    read_from_slack(later.context)

    at_once(lambda: later.answer(appealed, AppealAnswer.UPHELD), lambda: run_due_tasks(later.context, later.database))
    assert later.appeal_of(appealed).answer is AppealAnswer.UPHELD
    assert later.planned("appeal") == []
    escalated = ("U0RUTH", 1) in later.shown("appeal")
    assert later.acts().count(("clock", "appeal overdue")) == int(escalated)


def test_of_several_appeals_at_the_same_time_one_is_recorded(later: Later) -> None:
    case = later.dropped()
    acts = (partial(later.appeal, case, by=by) for by in ("U0PRIYA", "U0BRAD", "U0CARLA", "U0RUTH"))
    assert len(refusals_of(*acts)) == 3
    assert later.shown("appeal") == {(MANAGEMENT, 0)}


def test_messages_about_reports_after_the_drop_show_that_it_ended(later: Later, appealed: int) -> None:
    receipt = reported(later.context, "U0JOE")
    assert receipt.case is None
    before = later.wanted("report")["U0JOE", receipt.report]
    later.answer(appealed, AppealAnswer.OVERTURNED)
    assert later.wanted("report")["U0JOE", receipt.report] > before
