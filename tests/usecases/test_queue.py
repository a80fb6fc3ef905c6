"""What awaits a manager besides open cases: reviews, appeals and disputes, for whoever took no part, by deadline."""

from datetime import timedelta

import pytest

from bot.rules.home import Queue, QueueItem, QueueKind
from bot.rules.objections import AppealAnswer, Remedy
from bot.rules.refusals import NotEntitled
from bot.usecases.context import Context
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.home.home import awaiting_me, home_file, open_home
from bot.usecases.objections.disputes import RecordDispute, SettleDispute, record_dispute, settle_dispute
from bot.usecases.permissions.uninvolved import refuse_unless_appeal_answerer
from tests.builders import TEAM, opened, reported, someone, warned
from tests.later import DAY, ENDS, MONDAY, OPENS, Later

MANAGERS = ("U0PRIYA", "U0BRAD", "U0CARLA")


@pytest.fixture
def disputed(later: Later) -> int:
    """A case of which Priya issued the warning, with facts that the customer disputes."""
    case = opened(later.context, "U0ANA", "Acme")
    warned(later.context, case.number)
    record_dispute(later.context, RecordDispute(someone("U0PRIYA"), case.number, "My son was on that call."))
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


def test_an_appeal_awaits_whoever_took_no_part_until_it_is_answered(later: Later, appealed: int) -> None:
    (line,) = lines(later.context, "U0BRAD")
    assert (line.kind, line.case, line.due_at) == (QueueKind.APPEAL, appealed, later.appeal_of(appealed).due_at)
    assert asked(later.context, "U0PRIYA") == asked(later.context, "U0RUTH") == []
    assert queue(later.context, "U0BRAD") == Queue({QueueKind.APPEAL: 1}, 0, 0)
    assert queue(later.context, "U0PRIYA") == Queue({}, 0, 1)
    later.answer(appealed, AppealAnswer.UPHELD)
    assert queue(later.context, "U0BRAD") == Queue({}, 0, 0)


def test_a_dispute_awaits_everybody_but_who_issued_the_warning(later: Later, disputed: int) -> None:
    for user in ("U0BRAD", "U0CARLA", "U0RUTH"):
        assert asked(later.context, user) == [(QueueKind.DISPUTE, disputed)]
    assert queue(later.context, "U0PRIYA") == Queue({}, 0, 1)
    later.go_to(MONDAY + 7 * DAY)
    assert queue(later.context, "U0BRAD") == Queue({QueueKind.DISPUTE: 1}, overdue=1, others=0)
    settle_dispute(later.context, SettleDispute(someone("U0BRAD"), 1, Remedy.STANDS, "I listened to the recording."))
    assert queue(later.context, "U0BRAD") == Queue({}, 0, 0)


def test_a_review_awaits_managers_from_the_day_on_which_they_are_asked_until_it_is_answered(later: Later) -> None:
    case = later.dropped()
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


def test_nothing_awaits_a_manager_with_a_stake(later: Later, appealed: int, disputed: int) -> None:
    for number, name in ((1, "Zenith Corp"), (2, "Acme")):
        edit_customer(later.context, EditCustomer(someone("U0CARLA"), number, name, "U0BRAD", "", ""))
    assert queue(later.context, "U0BRAD") == Queue({}, 0, 2)
    later.go_to(OPENS)
    assert queue(later.context, "U0BRAD") == Queue({}, 0, 3)
    of_appealed, of_disputed = (
        {(QueueKind.APPEAL, appealed), (QueueKind.REVIEW, appealed)},
        {(QueueKind.DISPUTE, disputed)},
    )
    assert set(asked(later.context, "U0CARLA")) == of_appealed | of_disputed


def test_an_appeal_that_is_late_awaits_the_directors_as_well(later: Later, appealed: int) -> None:
    later.go_to(later.appeal_of(appealed).due_at)
    assert asked(later.context, "U0RUTH") == [(QueueKind.APPEAL, appealed)]
    assert queue(later.context, "U0RUTH").overdue == 1


def test_all_kinds_are_in_one_list_ordered_by_deadline(later: Later, appealed: int, disputed: int) -> None:
    urgent = reported(later.context, "U0ANA", "Quick", category="threat").case
    calm = reported(later.context, "U0ANA", "Calm").case
    assert urgent is not None
    assert calm is not None
    found = lines(later.context, "U0BRAD")
    assert [each.due_at for each in found] == sorted(each.due_at for each in found)
    assert {(each.kind, each.case) for each in found} == {
        (QueueKind.CASE, urgent.number),
        (QueueKind.CASE, calm.number),
        (QueueKind.DISPUTE, disputed),
        (QueueKind.APPEAL, appealed),
    }
    assert queue(later.context, "U0BRAD").kinds == {QueueKind.CASE: 2, QueueKind.APPEAL: 1, QueueKind.DISPUTE: 1}


def test_exactly_those_who_may_answer_an_appeal_have_it_in_their_list(later: Later, appealed: int) -> None:
    """The list and the rule at the click say the same of everybody, whoever took part in whatever way."""
    context, now = later.context, later.clock
    for moment in (MONDAY, later.appeal_of(appealed).due_at):
        later.go_to(moment)
        for user in (*MANAGERS, "U0RUTH", "U0ANA"):
            with context.read(TEAM) as tx:
                case, appeal = tx.cases.get(appealed), later.appeal_of(appealed)
                try:
                    refuse_unless_appeal_answerer(tx, context, someone(user), case, appeal, now())
                except NotEntitled:
                    may = False
                else:
                    may = True
            listed = user != "U0ANA" and (QueueKind.APPEAL, appealed) in asked(context, user)
            assert (user, listed) == (user, may)


def test_the_homes_follow_when_a_review_is_asked_for_and_when_something_becomes_late(later: Later) -> None:
    later.dropped()
    open_home(later.context, someone("U0BRAD"))
    later.go_to(OPENS - timedelta(minutes=1))
    before = later.wanted("home")
    later.go_to(OPENS)
    assert later.wanted("home")[("U0BRAD", 0)] > before[("U0BRAD", 0)]


def test_the_homes_follow_when_an_appeal_and_a_dispute_are_late(later: Later, appealed: int, disputed: int) -> None:
    open_home(later.context, someone("U0BRAD"))
    with later.context.read(TEAM) as tx:
        settled_by = tx.disputes.get(1).due_at
    assert disputed
    for late in sorted((settled_by, later.appeal_of(appealed).due_at)):
        later.go_to(late - timedelta(seconds=1))
        before = later.wanted("home")
        later.go_to(late)
        assert later.wanted("home")[("U0BRAD", 0)] > before[("U0BRAD", 0)]
