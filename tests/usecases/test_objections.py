"""A customer objects to a decision once, in time, and somebody who took no part answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.rules.cases import Left, Outcome, Recusal
from bot.rules.customers import Standing
from bot.rules.decisions import Choice, Ending
from bot.rules.objections import Answer, Terms
from bot.rules.refusals import (
    AlreadyObjected,
    Denial,
    NotEntitled,
    NothingToObject,
    NotInForce,
    ObjectionClosed,
    Outdated,
    Unknown,
    Wrong,
)
from bot.usecases.customers.erase import EraseCustomer, erase_customer
from bot.usecases.customers.look_up import open_customer
from bot.usecases.objections.answer import AnswerObjection, answer_objection, draft_for_answer
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
from tests.later import DAY, ENDS, MONDAY, OBJECTION_UNTIL, REVIEW_ON, Later, written_only

MANAGEMENT = "C0MANAGE"
DUE = datetime(2026, 12, 7, 17, tzinfo=UTC)  # ten business days after Monday 23 November


def test_an_objection_is_put_before_management_with_what_is_new(later: Later, objected: int) -> None:
    made = later.objection_of(objected)
    assert (made.recorded_by, made.contact, made.due_at) == ("U0PRIYA", "Their director, by letter", DUE)
    assert later.shown("objection") == {(MANAGEMENT, 0)}
    assert later.standing() is Standing.DROPPED
    assert ("U0PRIYA", "record objection") in later.acts()
    assert open_customer(later.context, someone("U0ANA"), 1).objection == made


@pytest.mark.parametrize(
    ("moment", "in_time"), [(OBJECTION_UNTIL - timedelta(seconds=1), True), (OBJECTION_UNTIL, False)]
)
def test_the_window_closes_with_the_business_of_its_last_day(later: Later, moment: datetime, *, in_time: bool) -> None:
    case = later.dropped()
    later.go_to(moment)
    assert read_case(later.context, case).decision_history.may_object_until == (OBJECTION_UNTIL if in_time else None)
    if in_time:
        assert later.objects(case).decision_history.objection is not None
    else:
        with pytest.raises(ObjectionClosed) as refusal:
            later.objects(case)
        assert refusal.value.at == OBJECTION_UNTIL


def test_the_cases_message_is_refreshed_when_the_window_closes(later: Later) -> None:
    case = later.dropped()
    later.go_to(OBJECTION_UNTIL - timedelta(minutes=1))  # the drop is in effect by then
    before = later.wanted("case")[MANAGEMENT, case]
    later.go_to(OBJECTION_UNTIL)
    assert later.wanted("case")[MANAGEMENT, case] > before


def test_an_objection_is_made_once(later: Later, objected: int) -> None:
    log = later.acts()
    for by in ("U0PRIYA", "U0BRAD"):
        with pytest.raises(AlreadyObjected) as refusal:
            later.objects(objected, by=by)
        assert refusal.value.by == "U0PRIYA"
    later.answer(objected, Answer.STANDS)
    with pytest.raises(AlreadyObjected) as refusal:
        later.objects(objected, words="Something else.")
    assert (refusal.value.by, refusal.value.answer) == ("U0BRAD", Answer.STANDS)
    assert len(later.acts()) == len(log) + 1


def test_only_what_holds_the_customer_to_something_can_be_objected_to(later: Later) -> None:
    case = later.kept(conditions=())
    with pytest.raises(NothingToObject):
        later.objects(case)
    still_open = opened(later.context, customer="Acme").number
    with pytest.raises(NothingToObject):
        later.objects(still_open)
    with pytest.raises(Unknown):
        later.objects(77)


@pytest.mark.parametrize("by", ["U0ANA", "U0GUS", "U0OLEK"])
def test_only_managers_record_an_objection(later: Later, by: str) -> None:
    case = later.dropped()
    with pytest.raises(NotEntitled):
        later.objects(case, by=by)


def test_an_objection_needs_who_objects_and_what_they_say(later: Later) -> None:
    case = later.dropped()
    with wrong({"contact", "words"}):
        later.objects(case, contact=" ", words="\n")
    with wrong({"contact"}):
        later.objects(case, contact="x" * 141)


def test_a_decision_that_stands_stays_in_force_and_all_messages_say_so(later: Later, objected: int) -> None:
    before = later.wanted("report")
    file = later.answer(objected, Answer.STANDS)
    assert file.decision is not None
    assert file.decision.in_force
    assert file.decision_history.objection is not None
    assert (file.decision_history.objection.answer, file.decision_history.objection.answered_by) == (
        Answer.STANDS,
        "U0BRAD",
    )
    assert later.standing() is Standing.DROPPED
    assert all(later.wanted("report")[key] > times for key, times in before.items())
    later.go_to(ENDS)
    assert later.decision(objected).ended_how is Ending.LAPSED
    assert later.objection_of(objected).answer is Answer.STANDS


def test_a_cancelled_decision_ends_and_the_history_stays(later: Later, objected: int) -> None:
    later.answer(objected, Answer.CANCELLED)
    assert later.decision(objected).ended_how is Ending.CANCELLED
    assert later.standing() is Standing.WARNED
    with later.context.read(TEAM) as tx:
        assert len(tx.reports.incidents(1)) == 3
        assert tx.cases.get(objected).outcome is Outcome.DROPPED
        assert tx.cases.open_about(1) is None
    later.go_to(ENDS + DAY)
    assert not later.shown("review")
    assert not later.shown("followup")


def test_a_drop_is_changed_to_keeping_with_conditions(later: Later, objected: int) -> None:
    later.answer(objected, Answer.CHANGED, terms=written_only())
    decision, made = later.decision(objected), later.objection_of(objected)
    assert (decision.choice, decision.conditions, decision.effective_on) == (Choice.KEEP, ("written_only",), None)
    assert made.before is not None
    assert (made.before.choice, made.before.effective_on) == (Choice.DROP, date(2026, 11, 28))
    assert later.standing() is Standing.RESTRICTED
    later.go_to(ENDS)
    assert later.standing() is Standing.WARNED
    assert not later.shown("followup")


def test_a_drop_is_changed_to_a_later_day(later: Later, objected: int) -> None:
    later.answer(objected, Answer.CHANGED, terms=Terms(Choice.DROP, date(2027, 3, 1), date(2026, 12, 31)))
    assert later.decision(objected).effective_on == date(2026, 12, 31)
    assert later.planned("followup") == [datetime(2027, 2, 1, 9, tzinfo=UTC)]  # 31 January is a Sunday
    later.go_to(datetime(2027, 3, 1, 17, tzinfo=UTC))
    assert later.decision(objected).ended_how is Ending.LAPSED


def test_what_a_condition_asked_for_before_is_kept_with_the_terms_that_an_answer_changed(later: Later) -> None:
    case = later.kept()
    terms = Terms.of(later.decision(case))
    assert terms.details
    later.objects(case)
    later.answer(case, Answer.CHANGED, terms=replace(terms, details=(), conditions=("payment_up_front",)))
    assert later.objection_of(case).before == terms
    erase_customer(later.context, EraseCustomer(TEAM, 1, "root"))
    before = later.objection_of(case).before
    assert before
    assert (before.details, before.conditions) == ((), terms.conditions)


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
    later: Later, objected: int, terms: Terms | None, fields: set[str]
) -> None:
    if not fields:
        later.answer(objected, Answer.CHANGED, terms=terms)
        assert Terms.of(later.decision(objected)) == terms
        return
    with wrong(fields):
        later.answer(objected, Answer.CHANGED, terms=terms)
    assert later.objection_of(objected).is_open


def test_an_objection_never_makes_keeping_a_drop(later: Later) -> None:
    case = later.kept()
    later.objects(case)
    with pytest.raises(Wrong) as refusal:
        later.answer(case, Answer.CHANGED, terms=Terms(Choice.DROP, REVIEW_ON, date(2027, 1, 1)))
    assert "choice" in refusal.value.fields
    later.answer(case, Answer.CHANGED, terms=written_only(date(2027, 1, 4)))
    assert later.decision(case).review_on == date(2027, 1, 4)


def test_an_answer_may_leave_a_condition_that_is_no_longer_in_the_policy(later: Later) -> None:
    case = later.kept(conditions=("written_only",))
    later.objects(case)
    others = {key: words for key, words in later.context.policy.conditions.items() if key != "written_only"}
    newer = replace(later, context=replace(later.context, policy=replace(later.context.policy, conditions=others)))
    newer.answer(case, Answer.CHANGED, terms=written_only(date(2027, 1, 4)))
    assert (later.decision(case).conditions, later.decision(case).review_on) == (("written_only",), date(2027, 1, 4))


def test_an_answer_needs_a_rationale(later: Later, objected: int) -> None:
    for answer in (Answer.STANDS, Answer.CANCELLED):
        with wrong({"rationale"}):
            later.answer(objected, answer, rationale=" ")


@pytest.mark.parametrize(
    ("by", "denial"),
    [
        ("U0PRIYA", Denial.TOOK_PART),
        ("U0RUTH", Denial.NOT_YET),
        ("U0ANA", Denial.NOT_A_MANAGER),
        ("U0GUS", Denial.GUEST),
    ],
)
def test_who_may_not_answer_an_objection(later: Later, objected: int, by: str, denial: Denial) -> None:
    with denied(denial):
        later.answer(objected, Answer.CANCELLED, by=by)
    assert later.objection_of(objected).is_open


def test_reporters_and_approvers_may_not_answer_an_objection(database: Database, clock: FrozenClock) -> None:
    context = a_context(database, clock)
    two = replace(context, policy=replace(context.policy, approvals_to_drop=2))
    later = Later(two, clock, database)
    reported(two, "U0ANA", category="threat")
    case = opened(two, "U0PRIYA", category="threat")
    dropped(two, case.number, by="U0BRAD", review_on=REVIEW_ON)
    dropped(two, case.number, by="U0CARLA", review_on=REVIEW_ON)
    file = later.objects(case.number, by="U0BRAD")
    assert file.decision_history.left is Left.DIRECTORS
    denials = {}
    for by in ("U0PRIYA", "U0BRAD", "U0CARLA"):
        with pytest.raises(NotEntitled) as refusal:
            later.answer(case.number, Answer.STANDS, by=by)
        denials[by] = refusal.value.denial
    assert denials == {"U0PRIYA": Denial.REPORTER, "U0BRAD": Denial.TOOK_PART, "U0CARLA": Denial.TOOK_PART}
    assert later.shown("objection") == {(MANAGEMENT, 0), ("U0RUTH", 1)}
    later.answer(case.number, Answer.STANDS, by="U0RUTH")


def test_a_recused_manager_may_not_answer_an_objection(later: Later, objected: int) -> None:
    with later.context.begin(TEAM) as tx:
        tx.recusals.add(Recusal(objected, "U0BRAD", later.clock()), "salt")
        tx.audit.append(1, "U0BRAD", "recuse", {"case": objected}, later.clock())
    with denied(Denial.RECUSED):
        later.answer(objected, Answer.STANDS, by="U0BRAD")


def test_an_overdue_objection_goes_to_the_directors_on_each_business_day(later: Later, objected: int) -> None:
    later.go_to(DUE - timedelta(seconds=1))
    assert later.shown("objection") == {(MANAGEMENT, 0)}
    later.go_to(DUE)
    assert later.shown("objection") == {(MANAGEMENT, 0), ("U0RUTH", 1)}
    later.go_to(DUE + 5 * DAY)  # Saturday: Tuesday to Friday came between
    assert later.shown("objection") == {(MANAGEMENT, 0), *(("U0RUTH", round_) for round_ in range(1, 6))}
    before = later.rows_of("objection")
    later.answer(objected, Answer.STANDS, by="U0RUTH")
    assert all(row.wanted > before[row.target, row.round].wanted for row in later.rows_of("objection").values())
    later.go_to(DUE + 30 * DAY)
    assert len(later.shown("objection")) == 6


def test_after_downtime_past_the_deadline_the_directors_are_asked_once(later: Later, objected: int) -> None:
    later.wake_at(DUE + 3 * DAY)
    assert later.objection_of(objected).escalations == 1
    assert later.shown("objection") == {(MANAGEMENT, 0), ("U0RUTH", 1)}
    assert later.acts().count(("clock", "objection overdue")) == 1


def test_where_nobody_may_answer_management_is_informed_and_the_objection_ends_with_the_decision(
    database: Database, clock: FrozenClock
) -> None:
    firm = replace(FIRM, managers=("U0PRIYA",), directors=("U0PRIYA",))
    later = Later(a_context(database, clock, firm), clock, database)
    case = later.dropped()
    file = later.objects(case)
    assert file.decision_history.left is Left.NOBODY
    assert later.shown("objection") == {(MANAGEMENT, 0), (MANAGEMENT, 1)}
    later.go_to(ENDS)
    assert later.objection_of(case).answer is Answer.MOOT


@pytest.mark.parametrize("end", [Later.let_lapse, None])
def test_an_objection_is_moot_when_the_decision_ends_first(later: Later, end: Callable[..., Any] | None) -> None:
    case = later.dropped(effective_on=date(2026, 11, 20), review_on=date(2026, 11, 27))
    later.go_to(MONDAY)
    later.objects(case)
    if end:
        end(later, case, due_on=date(2026, 11, 27))
    later.go_to(datetime(2026, 11, 27, 17, tzinfo=UTC))
    assert later.objection_of(case).answer is Answer.MOOT
    with pytest.raises(AlreadyObjected):
        later.answer(case, Answer.STANDS, by="U0CARLA")
    later.go_to(DUE + DAY)
    assert ("clock", "objection overdue") not in later.acts()


def test_a_decision_that_has_ended_is_not_objected_to(later: Later) -> None:
    case = later.dropped()
    later.let_lapse(case)
    with pytest.raises(NotInForce):
        later.objects(case)


@pytest.mark.parametrize("second", [Answer.CHANGED, Answer.CANCELLED])
def test_an_objection_is_answered_once_also_from_a_second_window(later: Later, objected: int, second: Answer) -> None:
    later.answer(objected, Answer.CHANGED, terms=written_only())
    log, terms = later.acts(), written_only(REVIEW_ON - timedelta(days=1))
    with pytest.raises(AlreadyObjected):
        later.answer(objected, second, terms=terms if second is Answer.CHANGED else None)
    assert later.acts() == log


@pytest.mark.parametrize(
    ("answer", "terms"), [(Answer.STANDS, None), (Answer.CHANGED, written_only()), (Answer.CANCELLED, None)]
)
def test_a_renewal_since_the_form_to_answer_opened_is_news_to_both_its_steps(
    later: Later, objected: int, answer: Answer, terms: Terms | None
) -> None:
    seen, until = Terms.of(later.decision(objected)).version, REVIEW_ON + timedelta(days=1)
    later.renew(objected, by="U0PRIYA", review_on=until)
    sent = AnswerObjection(someone("U0BRAD"), objected, answer, "He has left.", "Dear Zenith Corp, …", terms, seen)
    for step in (draft_for_answer, answer_objection):
        with pytest.raises(Outdated) as refusal:
            step(later.context, sent)
        assert [(each.by, each.until) for each in refusal.value.renewals] == [("U0PRIYA", until)]
    assert later.objection_of(objected).is_open
    answer_objection(later.context, replace(sent, version=refusal.value.version))
    assert later.objection_of(objected).answer is answer


def test_of_several_answers_at_the_same_time_one_counts(later: Later, objected: int) -> None:
    terms = {Answer.STANDS: None, Answer.CHANGED: written_only(), Answer.CANCELLED: None}
    answers = ((answer, by) for answer in terms for by in ("U0BRAD", "U0CARLA"))
    acts = (partial(later.answer, objected, answer, by=by, terms=terms[answer]) for answer, by in answers)
    assert len(refusals_of(*acts)) == 5
    assert later.acts().count(("U0BRAD", "answer objection")) + later.acts().count(("U0CARLA", "answer objection")) == 1


def test_an_answer_at_the_moment_of_the_deadline_is_kept(later: Later, objected: int) -> None:
    later.clock.time = DUE
    read_from_slack(later.context)

    at_once(lambda: later.answer(objected, Answer.STANDS), lambda: run_due_tasks(later.context, later.database))
    assert later.objection_of(objected).answer is Answer.STANDS
    assert later.planned("objection") == []
    escalated = ("U0RUTH", 1) in later.shown("objection")
    assert later.acts().count(("clock", "objection overdue")) == int(escalated)


def test_of_several_objections_at_the_same_time_one_is_recorded(later: Later) -> None:
    case = later.dropped()
    acts = (partial(later.objects, case, by=by) for by in ("U0PRIYA", "U0BRAD", "U0CARLA", "U0RUTH"))
    assert len(refusals_of(*acts)) == 3
    assert later.shown("objection") == {(MANAGEMENT, 0)}


def test_messages_about_reports_after_the_drop_show_that_it_ended(later: Later, objected: int) -> None:
    receipt = reported(later.context, "U0JOE")
    assert receipt.case is None
    before = later.wanted("report")["U0JOE", receipt.report]
    later.answer(objected, Answer.CANCELLED)
    assert later.wanted("report")["U0JOE", receipt.report] > before
