"""Warnings: delivered between issue and now, objected to once, and answered by somebody who took no part."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.rules.case_files import CaseFile
from bot.rules.cases import Left
from bot.rules.customers import Standing
from bot.rules.objections import Answer
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.refusals import (
    AlreadyClosed,
    AlreadyObjected,
    Denial,
    NothingToObject,
    NotWarned,
    ObjectionClosed,
    WrongRung,
)
from bot.rules.warnings import Delivery
from bot.usecases.context import Context
from bot.usecases.decisions.decide import check_drop
from bot.usecases.objections.answer import AnswerObjection, answer_objection, check_answer, draft_for_answer
from bot.usecases.objections.record import RecordObjection, check_objection, record_objection
from bot.usecases.shared.case_access import for_form
from bot.usecases.shared.letters import draft_warning
from bot.usecases.shared.read_models import case_file, report_file
from bot.usecases.warnings.warn import IssueWarning, MarkDelivered, NotNow, issue_warning, mark_delivered, not_now
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.cases import objection
from storage.tables.outbox import notice
from tests.builders import (
    FIRM,
    TEAM,
    FrozenClock,
    at_once,
    before_a_decision,
    denied,
    dropped,
    opened,
    read_case,
    read_from_slack,
    reported,
    rows,
    run_due_tasks,
    someone,
    warned,
    wrong,
)

LETTER = "Dear Zenith Corp, …"
UNTIL = datetime(2026, 12, 4, 17, tzinfo=UTC)  # ten business days after the delivery on Friday 20 November
SAYS = "I was not on that call; my son was."
SKEW, MOMENT = timedelta(minutes=2), timedelta(microseconds=1)


def a_warning(context: Context, by: str = "U0PRIYA") -> int:
    case = opened(context)
    warned(context, case.number, by)
    return case.number


def objected(context: Context, case: int, by: str = "U0PRIYA", says: str = SAYS) -> CaseFile:
    record_objection(context, RecordObjection(someone(by), case, "Mr X, by phone", says))
    return read_case(context, case)


def answered(context: Context, case: int, answer: Answer, by: str = "U0BRAD", letter: str = LETTER) -> CaseFile:
    answer_objection(context, AnswerObjection(someone(by), case, answer, "I listened to the recording.", letter))
    return read_case(context, case)


def delivered(context: Context, case: int, at: datetime) -> CaseFile:
    mark_delivered(context, MarkDelivered(someone("U0PRIYA"), case, Delivery.POST, at))
    return read_case(context, case)


def test_an_objection_goes_before_the_managers_and_shows_on_both_notices(context: Context, database: Database) -> None:
    file = objected(context, a_warning(context))
    (made,) = file.objections
    assert (made.words, made.contact, made.recorded_by, made.is_open) == (SAYS, "Mr X, by phone", "U0PRIYA", True)
    assert file.decision_history.objection == made
    assert ("objection", 1, "C0MANAGE") in {(row.kind, row.subject, row.target) for row in rows(database, notice)}
    assert file.customer.standing is Standing.WARNED  # it counts until somebody says otherwise
    assert SAYS not in str([row.facts for row in rows(database, audit)])


def test_an_objection_is_recorded_once_and_another_manager_is_informed_who_was_first(
    context: Context, database: Database
) -> None:
    case = a_warning(context)
    objected(context, case)
    for by in ("U0PRIYA", "U0BRAD"):
        with pytest.raises(AlreadyObjected) as refusal:
            objected(context, case, by, "It never happened.")
        assert refusal.value.by == "U0PRIYA"
    with pytest.raises(AlreadyObjected):
        for_form(context, someone("U0BRAD"), case, check_objection, case_file)
    assert len(rows(database, objection)) == 1


def test_only_a_delivered_warning_that_is_valid_can_be_objected_to(context: Context, clock: FrozenClock) -> None:
    case = opened(context)
    issue_warning(context, IssueWarning(someone("U0PRIYA"), case.number, "Please stop."))
    with pytest.raises(NothingToObject):
        objected(context, case.number)
    delivered(context, case.number, clock())
    clock.forward(days=365)  # the moment at which it expires
    read_from_slack(context)
    with pytest.raises(NothingToObject):
        objected(context, case.number)


def test_a_warning_can_be_objected_to_until_the_time_for_it_is_over(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    case = a_warning(context)
    assert read_case(context, case).decision_history.may_object_until == UNTIL
    run_due_tasks(context, database)  # who may send the letter is checked once the case has ended
    before = wanted(database, case)
    clock.time = UNTIL - MOMENT
    run_due_tasks(context, database)
    assert wanted(database, case) == before
    assert read_case(context, case).decision_history.may_object_until == UNTIL
    clock.time = UNTIL
    run_due_tasks(context, database)
    assert wanted(database, case) > before  # the button is gone
    assert read_case(context, case).decision_history.may_object_until is None
    read_from_slack(context)
    with pytest.raises(ObjectionClosed) as refusal:
        objected(context, case)
    assert refusal.value.at == UNTIL
    clock.time = UNTIL - MOMENT
    assert objected(context, case).objections


def wanted(database: Database, case: int) -> int:
    (notice_of_case,) = (row for row in rows(database, notice) if (row.kind, row.subject) == ("case", case))
    return int(notice_of_case.wanted)


@pytest.mark.parametrize(
    ("user", "denial"),
    [
        ("U0PRIYA", Denial.TOOK_PART),
        ("U0RUTH", Denial.NOT_YET),
        ("U0ANA", Denial.NOT_A_MANAGER),
        ("U0GUS", Denial.GUEST),
        ("U0CARLA", Denial.REPORTER),
    ],
)
def test_who_may_not_answer(context: Context, user: str, denial: Denial) -> None:
    case = opened(context, "U0CARLA").number
    warned(context, case)
    objected(context, case)
    for act in (
        lambda: answered(context, case, Answer.CANCELLED, user),
        lambda: for_form(context, someone(user), case, check_answer, case_file),
    ):
        with denied(denial):
            act()


def test_a_director_answers_where_no_manager_is_left_so_that_small_firms_are_not_stuck(
    context: Context, database: Database
) -> None:
    small = replace(context, firm=replace(FIRM, managers=("U0PRIYA",)))
    case = a_warning(small)
    assert objected(small, case).decision_history.left is Left.DIRECTORS
    assert ("objection", case, "U0RUTH") in {(row.kind, row.subject, row.target) for row in rows(database, notice)}
    assert not answered(small, case, Answer.STANDS, "U0RUTH").objections[0].is_open


def test_a_warning_that_stands_is_still_valid(context: Context) -> None:
    case = a_warning(context)
    objected(context, case)
    file = answered(context, case, Answer.STANDS)
    assert (file.objections[0].answered_by, file.warnings[0].withdrawn_at) == ("U0BRAD", None)
    assert file.customer.standing is Standing.WARNED


def test_a_change_needs_another_letter_and_the_issued_one_is_kept(context: Context) -> None:
    case = a_warning(context)
    objected(context, case)
    for letter in (" ", "Please stop shouting at our colleagues."):
        with wrong({"letter"}):
            answered(context, case, Answer.CHANGED, letter=letter)
    file = answered(context, case, Answer.CHANGED, letter="Please see to it that nobody shouts at our colleagues.")
    assert file.objections[0].corrected == "Please see to it that nobody shouts at our colleagues."
    assert file.warnings[0].letter == "Please stop shouting at our colleagues."


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer.STANDS, "The warning stands. It is valid until 20 November 2027."),
        (Answer.CANCELLED, "We have cancelled the warning. It is no longer valid."),
        (Answer.CHANGED, "Please stop shouting at our colleagues."),
    ],
)
def test_the_letter_is_drafted_from_what_was_answered(context: Context, answer: Answer, said: str) -> None:
    case = a_warning(context)
    objected(context, case)
    command = AnswerObjection(someone("U0BRAD"), case, answer, "I listened to the recording.", "")
    letter = draft_for_answer(context, command).letter
    assert said in letter
    assert ("I listened to the recording." in letter) is (answer is not Answer.CHANGED)


def test_a_cancelled_warning_is_no_longer_valid_and_the_standing_follows(context: Context, database: Database) -> None:
    case = a_warning(context)
    objected(context, case)
    file = answered(context, case, Answer.CANCELLED)
    assert file.warnings[0].withdrawn_at is not None
    with context.read(TEAM) as tx:
        assert tx.customers.get(1).standing is Standing.CLEAR
        assert tx.cases.open_about(1) is None  # nothing new happened
        assert tx.verdicts.newest(1).rung is Rung.WARN
        report = report_file(tx, context, 1)
    assert report.warning is not None
    assert report.warning.withdrawn_at is not None
    assert [row.act for row in rows(database, audit)][-1] == "cancel warning"


def test_an_open_decision_falls_back_when_the_warning_it_rests_on_is_cancelled(
    context: Context, clock: FrozenClock
) -> None:
    case = before_a_decision(context, clock)
    with context.read(TEAM) as tx:
        first, due_at = tx.warnings.about(1)[0].case, tx.cases.get(case).due_at
    objected(context, first)
    answered(context, first, Answer.CANCELLED)
    now = read_case(context, case).case
    assert (now.rung, now.due_at) == (Rung.WARN, due_at)


def test_without_a_warning_that_counts_neither_the_form_opens_nor_the_drop_is_taken(
    context: Context, clock: FrozenClock
) -> None:
    case = before_a_decision(context, clock)
    for_form(context, someone("U0PRIYA"), case, check_drop, case_file)
    clock.forward(days=366)
    read_from_slack(context)
    with pytest.raises(NotWarned):
        for_form(context, someone("U0PRIYA"), case, check_drop, case_file)
    with pytest.raises(NotWarned):
        dropped(context, case)


def test_where_the_policy_asks_for_two_warnings_a_drop_needs_both_of_them(context: Context, clock: FrozenClock) -> None:
    two = replace(context, policy=replace(context.policy, warnings_before_decision=2))
    first = opened(two, "Acme").number
    assert "another formal warning" in draft_warning(two, read_case(two, first))
    again = before_a_decision(two, clock)
    case = read_case(two, again).case
    assert case.rung is Rung.WARN
    assert "another formal warning" not in draft_warning(two, read_case(two, again))
    warned(two, again)
    clock.forward(days=1)
    read_from_slack(two)
    receipt = reported(two, "U0ANA", severity=Severity.SEVERE)
    assert receipt.case
    assert receipt.case.rung is Rung.DECIDE
    clock.forward(days=364)  # the first warning expires, the second does not
    read_from_slack(two)
    with pytest.raises(NotWarned) as refusal:
        dropped(two, receipt.case.number)
    assert refusal.value.n == 2


def test_an_objection_is_answered_once_and_another_manager_is_informed_who_was_first(
    context: Context, database: Database
) -> None:
    case = a_warning(context)
    objected(context, case)
    answered(context, case, Answer.CANCELLED)
    for answer, by in ((Answer.CANCELLED, "U0BRAD"), (Answer.STANDS, "U0CARLA")):
        with pytest.raises(AlreadyObjected) as refusal:
            answered(context, case, answer, by)
        assert refusal.value.by == "U0BRAD"
    assert [row.act for row in rows(database, audit)].count("cancel warning") == 1


def test_of_two_who_answer_at_the_same_time_one_does(context: Context) -> None:
    case = a_warning(context)
    objected(context, case)
    said: list[str] = []

    def answer(user: str, answer: Answer) -> None:
        try:
            said.append(str(answered(context, case, answer, user).objections[0].answered_by))
        except AlreadyObjected as refusal:
            said.append(refusal.by)

    both = [("U0BRAD", Answer.CANCELLED), ("U0CARLA", Answer.STANDS)]
    at_once(*(partial(answer, *pair) for pair in both))
    assert len(said) == 2
    assert len(set(said)) == 1


def test_an_overdue_answer_is_with_the_directors_each_business_day_until_somebody_answers(
    context: Context, database: Database, clock: FrozenClock
) -> None:
    case = a_warning(context)
    objected(context, case)

    def said() -> list[str]:
        run_due_tasks(context, database)
        return sorted(row.target for row in rows(database, notice) if row.kind == "objection")

    assert said() == ["C0MANAGE"]
    clock.forward(days=4, hours=7)  # Tuesday, 17:00: two business days after a Friday
    assert said() == ["C0MANAGE", "U0RUTH"]
    clock.forward(days=1)
    assert said() == ["C0MANAGE", "U0RUTH", "U0RUTH"]
    clock.forward(days=14)  # a downtime: said once, not once for each day
    assert said() == ["C0MANAGE", *["U0RUTH"] * 3]
    read_from_slack(context)
    answered(context, case, Answer.STANDS, "U0RUTH")
    clock.forward(days=3)
    assert len(said()) == 4


@pytest.mark.parametrize("off", [-SKEW - MOMENT, SKEW + MOMENT])
def test_a_delivery_lies_between_the_issue_and_now(context: Context, clock: FrozenClock, off: timedelta) -> None:
    case = opened(context)
    issue_warning(context, IssueWarning(someone("U0PRIYA"), case.number, "Please stop."))
    with wrong({"at"}):
        delivered(context, case.number, clock() + off)
    file = delivered(context, case.number, clock() - timedelta(seconds=40))  # the form knows whole minutes only
    assert file.warnings[0].delivered_at == clock()


@pytest.mark.parametrize("off", [-SKEW, SKEW])
def test_a_phones_clock_may_be_two_minutes_off(context: Context, clock: FrozenClock, off: timedelta) -> None:
    case = opened(context)
    issue_warning(context, IssueWarning(someone("U0PRIYA"), case.number, "Please stop."))
    assert delivered(context, case.number, clock() + off).warnings[0].delivered_at == clock()


def test_a_warning_counts_from_its_delivery_whenever_that_is_recorded(context: Context, clock: FrozenClock) -> None:
    case, at = opened(context), clock()
    issue_warning(context, IssueWarning(someone("U0PRIYA"), case.number, "Please stop."))
    clock.forward(days=3)
    read_from_slack(context)
    (warning,) = delivered(context, case.number, at).warnings
    assert (warning.delivered_at, warning.objection_until) == (at, UNTIL)
    assert warning.expires_at == at + context.policy.warnings_expire_after


def test_mark_delivered_and_not_now_are_recorded_once(context: Context, clock: FrozenClock, database: Database) -> None:
    case = opened(context)
    issue_warning(context, IssueWarning(someone("U0PRIYA"), case.number, "Please stop."))
    with pytest.raises(WrongRung):
        issue_warning(context, IssueWarning(someone("U0PRIYA"), case.number, "Please stop at once."))
    delivered(context, case.number, clock())
    with pytest.raises(AlreadyClosed):
        delivered(context, case.number, clock() - timedelta(days=1))
    other = opened(context, customer="Acme")
    once = NotNow(someone("U0PRIYA"), other.number, 1, "One bad day.")
    assert not_now(context, once) == not_now(context, once)
    with pytest.raises(AlreadyClosed):
        not_now(context, NotNow(someone("U0BRAD"), other.number, 1, "One bad day."))
    acts = [row.act for row in rows(database, audit)]
    assert (acts.count("deliver warning"), acts.count("not now")) == (1, 1)
