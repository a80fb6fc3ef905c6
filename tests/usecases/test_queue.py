"""What awaits a manager besides open cases: reviews and objections, for whoever took no part, by deadline."""

from datetime import timedelta

import pytest

from bot.rules.home import Queue, QueueItem, QueueKind
from bot.rules.objections import Answer
from bot.rules.refusals import NotEntitled
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.sent_letters import LetterKind
from bot.usecases.context import Context
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.home.home import awaiting_me, home_file, open_home
from bot.usecases.objections.answer import AnswerObjection, answer_objection
from bot.usecases.objections.record import RecordObjection, record_objection
from bot.usecases.permissions.uninvolved import refuse_unless_answerer
from tests.builders import TEAM, opened, read_from_slack, reported, someone, warned
from tests.later import DAY, ENDS, MONDAY, OPENS, Later

MANAGERS = ("U0PRIYA", "U0BRAD", "U0CARLA")


@pytest.fixture
def about_warning(later: Later) -> int:
    """A case of which Priya issued the warning, to which the customer objects."""
    case = opened(later.context, "U0ANA", "Acme")
    warned(later.context, case.number)
    record_objection(
        later.context, RecordObjection(someone("U0PRIYA"), case.number, "By phone", "My son was on that call.")
    )
    return case.number


def lines(context: Context, user: str) -> tuple[QueueItem, ...]:
    return awaiting_me(context, someone(user), 1).items


def asked(context: Context, user: str) -> list[tuple[QueueKind, int]]:
    return [(each.kind, each.case) for each in lines(context, user)]


def queue(context: Context, user: str) -> Queue:
    with context.read(TEAM) as tx:
        overview = home_file(tx, context, someone(user)).overview
    assert overview is not None
    assert list(overview.first) == list(lines(context, user))[:5]
    return overview.queue


def test_an_objection_awaits_whoever_took_no_part_until_it_is_answered(later: Later, objected: int) -> None:
    (line,) = lines(later.context, "U0BRAD")
    assert (line.kind, line.case, line.due_at) == (QueueKind.OBJECTION, objected, later.objection_of(objected).due_at)
    assert asked(later.context, "U0PRIYA") == asked(later.context, "U0RUTH") == []
    assert queue(later.context, "U0BRAD") == Queue({QueueKind.OBJECTION: 1}, 0, 0)
    assert queue(later.context, "U0PRIYA") == Queue({}, 0, 1)
    later.answer(objected, Answer.STANDS)
    assert queue(later.context, "U0BRAD") == Queue({QueueKind.LETTER: 1}, 0, 0)
    later.sent(objected, "U0BRAD", LetterKind.ANSWER)
    assert queue(later.context, "U0BRAD") == Queue({}, 0, 0)


def test_an_objection_to_a_warning_awaits_whoever_did_not_issue_it(later: Later, about_warning: int) -> None:
    for user in ("U0BRAD", "U0CARLA"):
        assert asked(later.context, user) == [(QueueKind.OBJECTION, about_warning)]
    for user in ("U0PRIYA", "U0RUTH"):
        assert queue(later.context, user) == Queue({}, 0, 1)
    later.go_to(MONDAY + 7 * DAY)
    assert queue(later.context, "U0RUTH") == queue(later.context, "U0BRAD")
    assert queue(later.context, "U0BRAD") == Queue({QueueKind.OBJECTION: 1}, overdue=1, others=0)
    answer_objection(
        later.context,
        AnswerObjection(
            someone("U0BRAD"), about_warning, Answer.STANDS, "I listened to the recording.", "Dear customer, …"
        ),
    )
    assert queue(later.context, "U0BRAD") == Queue({QueueKind.LETTER: 1}, 0, 0)  # the answer


def test_a_letter_is_never_overdue_also_at_the_moment_at_which_somebody_is_asked_for_it_again(later: Later) -> None:
    case = later.dropped()
    with later.context.read(TEAM) as tx:
        asked_at = tx.scheduled_tasks.scheduled_at(TaskKind.LETTER, case)
    assert asked_at
    later.clock.time = asked_at
    read_from_slack(later.context)
    assert queue(later.context, "U0PRIYA") == Queue({QueueKind.LETTER: 1}, overdue=0, others=0)


def test_a_review_awaits_managers_from_the_day_on_which_they_are_asked_until_it_is_answered(later: Later) -> None:
    case = later.dropped()
    later.sent(case)
    later.go_to(OPENS - timedelta(minutes=1))
    assert asked(later.context, "U0PRIYA") == []
    later.go_to(OPENS)
    for user in (*MANAGERS, "U0RUTH"):
        (line,) = lines(later.context, user)
        assert (line.kind, line.case, line.due_at) == (QueueKind.REVIEW, case, ENDS)
    later.renew(case)
    assert asked(later.context, "U0PRIYA") == []


def test_a_decision_that_has_ended_awaits_nobody(later: Later) -> None:
    later.dropped()
    later.go_to(ENDS)
    assert queue(later.context, "U0PRIYA") == Queue({}, 0, 0)


def test_nothing_awaits_a_manager_with_a_stake(later: Later, objected: int, about_warning: int) -> None:
    for number, name in ((1, "Zenith Corp"), (2, "Acme")):
        edit_customer(later.context, EditCustomer(someone("U0CARLA"), number, name, "U0BRAD", "", ""))
    assert queue(later.context, "U0BRAD") == Queue({}, 0, 2)
    later.go_to(OPENS)
    assert queue(later.context, "U0BRAD") == Queue({}, 0, 3)
    of_decision, of_warning = (
        {(QueueKind.OBJECTION, objected), (QueueKind.REVIEW, objected)},
        {(QueueKind.OBJECTION, about_warning)},
    )
    assert set(asked(later.context, "U0CARLA")) == of_decision | of_warning


def test_an_objection_that_is_late_awaits_the_directors_as_well(later: Later, objected: int) -> None:
    later.go_to(later.objection_of(objected).due_at)
    assert asked(later.context, "U0RUTH") == [(QueueKind.OBJECTION, objected)]
    assert queue(later.context, "U0RUTH").overdue == 1


def test_all_kinds_are_in_one_list_ordered_by_deadline(later: Later, objected: int, about_warning: int) -> None:
    urgent = reported(later.context, "U0ANA", "Quick", category="threat").case
    calm = reported(later.context, "U0ANA", "Calm").case
    assert urgent is not None
    assert calm is not None
    found = lines(later.context, "U0BRAD")
    assert [each.due_at for each in found] == sorted(each.due_at for each in found)
    assert {(each.kind, each.case) for each in found} == {
        (QueueKind.CASE, urgent.number),
        (QueueKind.CASE, calm.number),
        (QueueKind.OBJECTION, about_warning),
        (QueueKind.OBJECTION, objected),
    }
    assert queue(later.context, "U0BRAD").kinds == {QueueKind.CASE: 2, QueueKind.OBJECTION: 2}


def test_exactly_those_who_may_answer_an_objection_have_it_in_their_list(later: Later, objected: int) -> None:
    """The list and the rule at the click say the same of everybody, whoever took part in whatever way."""
    context, now = later.context, later.clock
    for moment in (MONDAY, later.objection_of(objected).due_at):
        later.go_to(moment)
        for user in (*MANAGERS, "U0RUTH", "U0ANA"):
            with context.read(TEAM) as tx:
                case, made = tx.cases.get(objected), later.objection_of(objected)
                try:
                    refuse_unless_answerer(tx, context, someone(user), case, made, now())
                except NotEntitled:
                    may = False
                else:
                    may = True
            listed = user != "U0ANA" and (QueueKind.OBJECTION, objected) in asked(context, user)
            assert (user, listed) == (user, may)


def test_the_homes_follow_when_a_review_is_asked_for_and_when_something_becomes_late(later: Later) -> None:
    later.dropped()
    open_home(later.context, someone("U0BRAD"))
    later.go_to(OPENS - timedelta(minutes=1))
    before = later.wanted("home")
    later.go_to(OPENS)
    assert later.wanted("home")[("U0BRAD", 0)] > before[("U0BRAD", 0)]


def test_the_homes_follow_when_objections_are_late(later: Later, objected: int, about_warning: int) -> None:
    open_home(later.context, someone("U0BRAD"))
    for late in sorted(later.objection_of(case).due_at for case in (about_warning, objected)):
        later.go_to(late - timedelta(seconds=1))
        before = later.wanted("home")
        later.go_to(late)
        assert later.wanted("home")[("U0BRAD", 0)] > before[("U0BRAD", 0)]
