"""A customer asks once for another look, in time, and somebody who took no part in the decision answers."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.rules.cases import Left, Outcome, Recusal
from bot.rules.customers import Standing
from bot.rules.decisions import Choice, Ending
from bot.rules.objections import Answer, Terms
from bot.rules.refusals import (
    AlreadyAppealed,
    AppealClosed,
    Bar,
    NotEntitled,
    NothingToReview,
    NotInForce,
    NotRecorded,
    Refusal,
    Unknown,
    Wrong,
)
from bot.usecases.customers.look_up import open_customer
from bot.usecases.scheduler import Scheduler
from bot.usecases.shared.read_models import case_file
from storage.database import Database
from tests.builders import FIRM, TEAM, FrozenClock, a_context, dropped, read_from_slack, reported, someone
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
    with later.context.read(TEAM) as tx:
        assert case_file(tx, later.context, case).aftermath.may_appeal is in_time
    if in_time:
        assert later.appeal(case).aftermath.appeal is not None
    else:
        with pytest.raises(AppealClosed) as refusal:
            later.appeal(case)
        assert refusal.value.at == APPEAL_UNTIL


def test_the_cases_message_is_drawn_anew_when_the_window_closes(later: Later) -> None:
    case = later.dropped()
    before = later.wanted("case")[MANAGEMENT, case]
    later.go_to(APPEAL_UNTIL)
    assert later.wanted("case")[MANAGEMENT, case] == before + 1


def test_an_appeal_is_made_once(later: Later, appealed: int) -> None:
    log = later.acts()
    assert later.appeal(appealed).aftermath.appeal == later.appeal_of(appealed)
    with pytest.raises(AlreadyAppealed) as refusal:
        later.appeal(appealed, by="U0BRAD")
    assert refusal.value.by == "U0PRIYA"
    later.answer(appealed, Answer.UPHELD)
    with pytest.raises(AlreadyAppealed) as refusal:
        later.appeal(appealed, news="Something else.")
    assert (refusal.value.by, refusal.value.answer) == ("U0BRAD", Answer.UPHELD)
    assert len(later.acts()) == len(log) + 1


def test_there_is_nothing_to_appeal_against_but_what_holds_the_customer_to_something(later: Later) -> None:
    case = later.kept(conditions=())
    with pytest.raises(NothingToReview):
        later.appeal(case)
    with pytest.raises(NothingToReview):
        later.appeal(1)
    with pytest.raises(Unknown):
        later.appeal(77)


@pytest.mark.parametrize("by", ["U0ANA", "U0GUS", "U0OLEK"])
def test_only_managers_put_an_appeal_down(later: Later, by: str) -> None:
    case = later.dropped()
    with pytest.raises(NotEntitled):
        later.appeal(case, by=by)


def test_what_is_new_and_who_asked_have_to_be_said(later: Later) -> None:
    case = later.dropped()
    with pytest.raises(Wrong) as refusal:
        later.appeal(case, contact=" ", news="\n")
    assert set(refusal.value.fields) == {"contact", "news"}
    with pytest.raises(Wrong) as refusal:
        later.appeal(case, contact="x" * 141)
    assert set(refusal.value.fields) == {"contact"}


def test_upheld_the_decision_stands_and_everybody_is_told(later: Later, appealed: int) -> None:
    before = later.wanted("report")
    file = later.answer(appealed, Answer.UPHELD)
    assert file.decision is not None
    assert file.decision.in_force
    assert file.aftermath.appeal is not None
    assert (file.aftermath.appeal.answer, file.aftermath.appeal.answered_by) == (Answer.UPHELD, "U0BRAD")
    assert later.standing() is Standing.DROPPED
    assert all(later.wanted("report")[key] > times for key, times in before.items())
    later.go_to(ENDS)
    assert later.decision(appealed).ended_how is Ending.LAPSED
    assert later.appeal_of(appealed).answer is Answer.UPHELD


def test_overturned_the_decision_ends_and_the_history_stays(later: Later, appealed: int) -> None:
    later.answer(appealed, Answer.OVERTURNED)
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
    later.answer(appealed, Answer.CHANGED, terms=written_only())
    decision, appeal = later.decision(appealed), later.appeal_of(appealed)
    assert (decision.choice, decision.conditions, decision.effective_on) == (Choice.KEEP, ("written_only",), None)
    assert appeal.before is not None
    assert (appeal.before.choice, appeal.before.effective_on) == (Choice.DROP, date(2026, 11, 28))
    assert later.standing() is Standing.RESTRICTED
    later.go_to(ENDS)
    assert later.standing() is Standing.WARNED
    assert not later.shown("followup")


def test_a_drop_is_put_off(later: Later, appealed: int) -> None:
    later.answer(appealed, Answer.CHANGED, terms=Terms(Choice.DROP, date(2027, 3, 1), date(2026, 12, 31)))
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
def test_what_a_drop_may_be_changed_to(later: Later, appealed: int, terms: Terms | None, fields: set[str]) -> None:
    if not fields:
        later.answer(appealed, Answer.CHANGED, terms=terms)
        assert Terms.of(later.decision(appealed)) == terms
        return
    with pytest.raises(Wrong) as refusal:
        later.answer(appealed, Answer.CHANGED, terms=terms)
    assert set(refusal.value.fields) == fields
    assert later.appeal_of(appealed).is_open


def test_an_appeal_never_makes_keeping_a_drop(later: Later) -> None:
    case = later.kept()
    later.appeal(case)
    with pytest.raises(Wrong) as refusal:
        later.answer(case, Answer.CHANGED, terms=Terms(Choice.DROP, REVIEW_ON, date(2027, 1, 1)))
    assert "choice" in refusal.value.fields
    later.answer(case, Answer.CHANGED, terms=written_only(date(2027, 1, 4)))
    assert later.decision(case).review_on == date(2027, 1, 4)


def test_a_rationale_is_asked_for(later: Later, appealed: int) -> None:
    for answer in (Answer.UPHELD, Answer.OVERTURNED):
        with pytest.raises(Wrong) as refusal:
            later.answer(appealed, answer, rationale=" ")
        assert set(refusal.value.fields) == {"rationale"}


@pytest.mark.parametrize(
    ("by", "bar"),
    [
        ("U0PRIYA", Bar.TOOK_PART),
        ("U0RUTH", Bar.NOT_YET),
        ("U0ANA", Bar.NOT_A_MANAGER),
        ("U0GUS", Bar.GUEST),
    ],
)
def test_who_takes_no_part_in_the_answer(later: Later, appealed: int, by: str, bar: Bar) -> None:
    with pytest.raises(NotEntitled) as refusal:
        later.answer(appealed, Answer.OVERTURNED, by=by)
    assert refusal.value.bar is bar
    assert later.appeal_of(appealed).is_open


def test_who_stepped_aside_reported_approved_or_renewed_takes_no_part_either(
    database: Database, clock: FrozenClock
) -> None:
    context = a_context(database, clock)
    two = replace(context, policy=replace(context.policy, approvals_to_drop=2))
    later = Later(two, clock, database)
    reported(two, "U0ANA", category="threat")
    case = reported(two, "U0PRIYA", category="threat").case
    assert case is not None
    dropped(two, case.number, by="U0BRAD", review_on=REVIEW_ON)
    dropped(two, case.number, by="U0CARLA", review_on=REVIEW_ON)
    file = later.appeal(case.number)
    assert file.aftermath.left is Left.DIRECTORS
    bars = {}
    for by in ("U0PRIYA", "U0BRAD", "U0CARLA"):
        with pytest.raises(NotEntitled) as refusal:
            later.answer(case.number, Answer.UPHELD, by=by)
        bars[by] = refusal.value.bar
    assert bars == {"U0PRIYA": Bar.REPORTER, "U0BRAD": Bar.TOOK_PART, "U0CARLA": Bar.TOOK_PART}
    assert later.shown("appeal") == {(MANAGEMENT, 0), ("U0RUTH", 1)}
    later.answer(case.number, Answer.UPHELD, by="U0RUTH")


def test_a_recused_manager_takes_no_part_in_the_answer(later: Later, appealed: int) -> None:
    with later.context.begin(TEAM) as tx:
        tx.recusals.add(Recusal(appealed, "U0BRAD", later.clock()), "salt")
        tx.audit.append(1, "U0BRAD", "recuse", {"case": appealed}, later.clock())
    with pytest.raises(NotEntitled) as refusal:
        later.answer(appealed, Answer.UPHELD, by="U0BRAD")
    assert refusal.value.bar is Bar.RECUSED


def test_overdue_it_goes_up_to_the_directors_and_again_on_each_business_day(later: Later, appealed: int) -> None:
    later.go_to(DUE - timedelta(seconds=1))
    assert later.shown("appeal") == {(MANAGEMENT, 0)}
    later.go_to(DUE)
    assert later.shown("appeal") == {(MANAGEMENT, 0), ("U0RUTH", 1)}
    later.go_to(DUE + 5 * DAY)  # Saturday: Tuesday to Friday came between
    assert later.shown("appeal") == {(MANAGEMENT, 0), *(("U0RUTH", round_) for round_ in range(1, 6))}
    before = later.rows_of("appeal")
    later.answer(appealed, Answer.UPHELD, by="U0RUTH")
    assert all(row.wanted > before[row.target, row.round].wanted for row in later.rows_of("appeal").values())
    later.go_to(DUE + 30 * DAY)
    assert len(later.shown("appeal")) == 6


def test_after_a_downtime_over_the_deadline_the_directors_are_told_once(later: Later, appealed: int) -> None:
    later.wake_at(DUE + 3 * DAY)
    assert later.appeal_of(appealed).raised == 1
    assert later.shown("appeal") == {(MANAGEMENT, 0), ("U0RUTH", 1)}
    assert later.acts().count(("clock", "appeal overdue")) == 1


def test_where_nobody_is_left_management_is_told_so_and_nothing_hangs(database: Database, clock: FrozenClock) -> None:
    firm = replace(FIRM, managers=("U0PRIYA",), directors=("U0PRIYA",))
    later = Later(a_context(database, clock, firm), clock, database)
    case = later.dropped()
    file = later.appeal(case)
    assert file.aftermath.left is Left.NOBODY
    assert later.shown("appeal") == {(MANAGEMENT, 0), (MANAGEMENT, 1)}
    later.go_to(ENDS)
    assert later.appeal_of(case).answer is Answer.MOOT


@pytest.mark.parametrize("end", [Later.let_lapse, None])
def test_an_appeal_that_the_end_of_the_decision_overtakes_is_moot(later: Later, end: Callable[..., Any] | None) -> None:
    case = later.dropped(effective_on=date(2026, 11, 20), review_on=date(2026, 11, 27))
    later.go_to(MONDAY)
    later.appeal(case)
    if end:
        end(later, case, due_on=date(2026, 11, 27))
    later.go_to(datetime(2026, 11, 27, 17, tzinfo=UTC))
    assert later.appeal_of(case).answer is Answer.MOOT
    with pytest.raises(AlreadyAppealed):
        later.answer(case, Answer.UPHELD, by="U0CARLA")
    later.go_to(DUE + DAY)
    assert ("clock", "appeal overdue") not in later.acts()


def test_a_decision_that_has_ended_is_not_appealed(later: Later) -> None:
    case = later.dropped()
    later.let_lapse(case)
    with pytest.raises(NotInForce):
        later.appeal(case)


def test_answered_twice_by_the_same_person_it_is_answered_once(later: Later, appealed: int) -> None:
    first, log = later.answer(appealed, Answer.CHANGED, terms=written_only()), later.acts()
    assert later.answer(appealed, Answer.CHANGED, terms=written_only()) == first
    assert later.acts() == log
    with pytest.raises(AlreadyAppealed):
        later.answer(appealed, Answer.OVERTURNED)


def test_of_many_answers_at_once_one_counts(later: Later, appealed: int) -> None:
    refused: list[Refusal] = []

    def try_to(answer: Answer, by: str) -> None:
        try:
            later.answer(appealed, answer, by=by, terms=written_only() if answer is Answer.CHANGED else None)
        except Refusal as refusal:
            refused.append(refusal)

    answers = (Answer.UPHELD, Answer.CHANGED, Answer.OVERTURNED)
    threads = [threading.Thread(target=try_to, args=(each, by)) for each in answers for by in ("U0BRAD", "U0CARLA")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 5
    assert later.acts().count(("U0BRAD", "answer appeal")) + later.acts().count(("U0CARLA", "answer appeal")) == 1


def test_an_answer_in_the_moment_of_the_deadline_is_kept_and_the_clock_lets_it_be(later: Later, appealed: int) -> None:
    later.clock.time = DUE
    read_from_slack(later.context)
    scheduler = Scheduler(later.context, later.database)

    def until_recorded(act: Callable[[], object]) -> None:
        for _ in range(5):
            try:
                act()
            except NotRecorded:  # PostgreSQL broke up two that waited for each other
                continue
            return

    def tick() -> None:
        while scheduler.tick():
            pass

    acts = (lambda: later.answer(appealed, Answer.UPHELD), tick)
    threads = [threading.Thread(target=until_recorded, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert later.appeal_of(appealed).answer is Answer.UPHELD
    assert later.planned("appeal") == []
    raised = ("U0RUTH", 1) in later.shown("appeal")
    assert later.acts().count(("clock", "appeal overdue")) == int(raised)


def test_of_many_appeals_at_once_one_is_kept(later: Later) -> None:
    case = later.dropped()
    refused: list[Refusal] = []

    def try_to(by: str) -> None:
        try:
            later.appeal(case, by=by)
        except Refusal as refusal:
            refused.append(refusal)

    threads = [threading.Thread(target=try_to, args=(by,)) for by in ("U0PRIYA", "U0BRAD", "U0CARLA", "U0RUTH")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert later.shown("appeal") == {(MANAGEMENT, 0)}


def test_reports_that_came_after_the_drop_are_told_of_its_end(later: Later, appealed: int) -> None:
    receipt = reported(later.context, "U0JOE")
    assert receipt.case is None
    before = later.wanted("report")["U0JOE", receipt.report]
    later.answer(appealed, Answer.OVERTURNED)
    assert later.wanted("report")["U0JOE", receipt.report] > before
