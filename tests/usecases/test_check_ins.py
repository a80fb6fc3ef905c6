"""Check-ins: a day and a week after a report, at most one a day, and never against the rep's wish."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import NoCareContact, NotEntitled, NotYours, Unknown
from bot.rules.reports import CheckIn, CheckInAnswer
from bot.usecases.context import Context
from bot.usecases.reports.check_ins import AnswerCheckIn, Talked, answer_check_in, talked
from bot.usecases.reports.report import offers_care
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.roster import save_profiles, settings_read
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.outbox import notice
from storage.tables.reports import talk
from tests.builders import FIRM, TEAM, FrozenClock, a_profile, at_once, reported, rows, run_due_tasks, someone


def asked(database: Database, kind: str = "checkin") -> list[tuple[str, int, int]]:
    found = sorted(rows(database, notice), key=lambda row: row.created_at)
    return [(row.target, row.subject, row.round) for row in found if row.kind == kind]


def entries(database: Database) -> list[tuple[str, str, dict[str, object]]]:
    acts = ("check in", "answer check-in")
    return [(row.actor, row.act, row.facts) for row in rows(database, audit) if row.act in acts]


def answer(context: Context, what: CheckInAnswer, user: str = "U0ANA", round_: int = 1) -> CheckIn:
    return answer_check_in(context, AnswerCheckIn(someone(user), 1, round_, what))


@pytest.fixture
def a_day_later(context: Context, clock: FrozenClock, database: Database) -> None:
    reported(context)
    clock.forward(days=1)
    run_due_tasks(context, database)


def test_a_rep_is_asked_after_a_day_and_again_after_a_week(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    reported(context)
    clock.forward(hours=23)
    run_due_tasks(context, database)
    assert asked(database) == []
    clock.forward(hours=1)
    run_due_tasks(context, database)
    assert asked(database) == [("U0ANA", 1, 1)]
    clock.forward(days=6)
    run_due_tasks(context, database)
    assert asked(database) == [("U0ANA", 1, 1), ("U0ANA", 1, 2)]
    clock.forward(days=300)
    run_due_tasks(context, database)
    assert len(asked(database)) == 2
    assert [facts for _, _, facts in entries(database)] == [{"report": 1, "round": 1}, {"report": 1, "round": 2}]


def test_after_something_minor_a_rep_is_asked_once(context: Context, clock: FrozenClock, database: Database) -> None:
    reported(context, severity=Severity.MINOR)
    clock.forward(days=1)
    run_due_tasks(context, database)
    clock.forward(days=30)
    run_due_tasks(context, database)
    assert asked(database) == [("U0ANA", 1, 1)]


def test_after_downtime_the_question_comes_once_and_late(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    reported(context)
    clock.forward(days=3)
    run_due_tasks(context, database)
    assert asked(database) == [("U0ANA", 1, 1)]
    clock.forward(days=4)
    run_due_tasks(context, database)
    assert asked(database)[-1] == ("U0ANA", 1, 2)


def test_after_more_than_a_week_of_downtime_only_the_second_question_comes(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    reported(context)
    clock.forward(days=12)
    run_due_tasks(context, database)
    assert asked(database) == [("U0ANA", 1, 2)]


def test_several_reports_on_one_day_are_asked_about_once(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    for customer in ("Zenith Corp", "Acme Ltd", "Borealis Foods"):
        reported(context, customer=customer)
        clock.forward(minutes=20)
    reported(context, "U0JOE")
    clock.forward(days=1)
    run_due_tasks(context, database)
    assert asked(database) == [("U0ANA", 1, 1), ("U0JOE", 4, 1)]
    clock.forward(days=6)
    run_due_tasks(context, database)
    assert asked(database)[2:] == [("U0ANA", 1, 2), ("U0JOE", 4, 2)]


def test_nobody_is_asked_about_a_report_that_they_withdrew(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    reported(context)
    withdraw(context, Withdraw(someone("U0ANA"), 1))
    clock.forward(days=8)
    run_due_tasks(context, database)
    assert asked(database) == []


def test_a_rep_who_has_left_is_not_asked(context: Context, clock: FrozenClock, database: Database) -> None:
    reported(context)
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0ANA", clock(), deactivated=True)])
    clock.forward(days=1)
    run_due_tasks(context, database)
    assert asked(database) == []


@pytest.mark.usefixtures("a_day_later")
def test_whoever_declines_is_not_asked_again_after_any_report(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    assert answer(context, CheckInAnswer.DECLINED).answer is CheckInAnswer.DECLINED
    reported(context, customer="Acme Ltd")
    reported(context, "U0JOE", customer="Acme Ltd")
    clock.forward(days=8)
    run_due_tasks(context, database)
    assert asked(database) == [("U0ANA", 1, 1), ("U0JOE", 3, 2)]


@pytest.mark.usefixtures("a_day_later")
def test_the_care_contact_gets_one_message_at_once(context: Context, database: Database) -> None:
    first, second = answer(context, CheckInAnswer.TALK), answer(context, CheckInAnswer.TALK)
    assert first == second
    assert asked(database, "care") == [("U0CORA", 1, 1)]
    assert [act for _, act, _ in entries(database)] == ["check in", "answer check-in"]


def test_asking_for_support_again_is_a_new_message_only_once_they_have_talked(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    reported(context, wants_support=True)
    clock.forward(days=1)
    run_due_tasks(context, database)
    answer(context, CheckInAnswer.TALK)
    reported(context, customer="Acme Ltd", wants_support=True)
    assert asked(database, "care") == [("U0CORA", 1, 0)]
    reported(context, "U0JOE", wants_support=True)
    assert asked(database, "care") == [("U0CORA", 1, 0), ("U0CORA", 3, 0)]
    for _ in range(2):
        talked(context, Talked(someone("U0CORA"), 1))
    assert [(row.report, row.round, row.talked_by) for row in rows(database, talk)] == [(1, 0, "U0CORA")]
    clock.forward(days=9)
    reported(context, customer="Acme Ltd", wants_support=True)
    assert asked(database, "care")[-1] == ("U0CORA", 4, 0)


def test_a_rep_who_asks_again_after_a_week_is_heard_though_nobody_said_that_they_talked(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    reported(context, wants_support=True)
    clock.forward(days=7)
    reported(context, wants_support=True)
    assert asked(database, "care") == [("U0CORA", 1, 0)]
    clock.forward(seconds=1)
    reported(context, wants_support=True)
    assert asked(database, "care") == [("U0CORA", 1, 0), ("U0CORA", 3, 0)]
    talked(context, Talked(someone("U0CORA"), 3))
    assert len(rows(database, talk)) == 2


def test_only_the_care_contact_says_that_they_talked(context: Context, database: Database) -> None:
    reported(context, wants_support=True)
    for user in ("U0ANA", "U0PRIYA", "U0RUTH"):
        with pytest.raises(NotEntitled):
            talked(context, Talked(someone(user), 1))
    assert rows(database, talk) == []


def test_what_was_erased_about_a_rep_says_no_more_that_they_were_talked_to(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    reported(context, wants_support=True)
    talked(context, Talked(someone("U0CORA"), 1))
    with context.begin(TEAM) as tx:
        tx.erasures.erase_check_in_answers("U0ANA", clock())
    assert rows(database, talk) == []


@pytest.mark.usefixtures("a_day_later")
def test_the_first_answer_counts_but_asking_for_someone_is_always_possible(
    context: Context, database: Database
) -> None:
    answer(context, CheckInAnswer.FINE)
    assert answer(context, CheckInAnswer.DECLINED).answer is CheckInAnswer.FINE
    check_in = answer(context, CheckInAnswer.TALK)
    assert (check_in.answer, check_in.care_at is not None) == (CheckInAnswer.FINE, True)
    assert asked(database, "care") == [("U0CORA", 1, 1)]
    assert answer(context, CheckInAnswer.DECLINED).answer is CheckInAnswer.FINE


@pytest.mark.usefixtures("a_day_later")
def test_only_the_rep_who_was_asked_answers_and_only_a_check_in_that_was_sent(
    context: Context, database: Database
) -> None:
    with pytest.raises(NotYours):
        answer(context, CheckInAnswer.TALK, "U0PRIYA")
    with pytest.raises(Unknown):
        answer(context, CheckInAnswer.TALK, round_=2)
    with pytest.raises(NoCareContact):
        answer(replace(context, firm=replace(FIRM, care_contact=None)), CheckInAnswer.TALK)
    assert asked(database, "care") == []
    assert len(entries(database)) == 1


def test_a_day_is_a_day_in_the_firms_time_zone(context: Context, clock: FrozenClock, database: Database) -> None:
    """Two reports half an hour apart around the firm's midnight are asked about on two days."""
    clock.time += timedelta(hours=13, minutes=45)  # 23:45
    reported(context)
    clock.forward(minutes=30)
    reported(context, customer="Acme Ltd")
    clock.forward(hours=23, minutes=30)
    run_due_tasks(context, database)
    clock.forward(minutes=30)
    run_due_tasks(context, database)
    assert asked(database) == [("U0ANA", 1, 1), ("U0ANA", 2, 1)]


@pytest.mark.usefixtures("a_day_later")
def test_many_clicks_at_once_are_recorded_once(context: Context, database: Database) -> None:
    at_once(*(lambda: answer(context, CheckInAnswer.TALK) for _ in range(6)))
    assert asked(database, "care") == [("U0CORA", 1, 1)]
    assert [act for _, act, _ in entries(database)] == ["check in", "answer check-in"]


def test_several_schedulers_at_once_ask_a_rep_once(context: Context, clock: FrozenClock, database: Database) -> None:
    for customer in ("Zenith Corp", "Acme Ltd", "Borealis Foods", "Casa Lima"):
        reported(context, customer=customer)
    clock.forward(days=1)
    at_once(*(lambda: run_due_tasks(context, database) for _ in range(3)))
    assert len(asked(database)) == len(entries(database)) == 1


@pytest.mark.usefixtures("a_day_later")
@pytest.mark.parametrize(
    "answers",
    [
        (CheckInAnswer.FINE,),
        (CheckInAnswer.TALK, CheckInAnswer.FINE),
        (CheckInAnswer.FINE, CheckInAnswer.TALK, CheckInAnswer.TALK),
    ],
)
def test_the_audit_log_does_not_tell_who_asked_for_someone_to_talk_to(
    context: Context, database: Database, answers: tuple[CheckInAnswer, ...]
) -> None:
    for each in answers:
        answer(context, each)
    assert entries(database)[1:] == [("U0ANA", "answer check-in", {"report": 1, "round": 1})]
    assert bool(asked(database, "care")) == (CheckInAnswer.TALK in answers)


def care_contact_left(context: Context, clock: FrozenClock) -> None:
    clock.forward(seconds=1)
    save_profiles(context, TEAM, [a_profile("U0CORA", clock(), deactivated=True)])


@pytest.mark.usefixtures("a_day_later")
def test_once_the_care_contact_has_left_nobody_is_offered_or_promised_someone_to_talk_to(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    assert offers_care(context, someone("U0ANA"))
    assert not offers_care(context, someone("U0CORA"))  # they would be put in touch with themselves
    care_contact_left(context, clock)
    assert not offers_care(context, someone("U0ANA"))
    with pytest.raises(NoCareContact):
        answer(context, CheckInAnswer.TALK)
    received = reported(context, "U0JOE", wants_support=True)
    assert (received.wants_support, received.care_contact) == (True, None)
    assert asked(database, "care") == []


@pytest.mark.usefixtures("a_day_later")
def test_the_buttons_of_a_check_in_change_when_the_care_contact_leaves(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    wanted = [row.wanted for row in rows(database, notice) if row.kind == "checkin"]
    care_contact_left(context, clock)
    assert [row.wanted for row in rows(database, notice) if row.kind == "checkin"] == [1 + each for each in wanted]


def test_who_asked_for_someone_to_talk_to_comes_to_the_next_care_contact_if_the_former_was_not_informed(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    reported(context, wants_support=True)
    reported(context, "U0JOE", "Acme Ltd", wants_support=True)
    with database.engine.begin() as connection:
        connection.execute(update(notice).where(notice.c.kind == "care", notice.c.subject == 1).values(ts="1.2"))
    later = replace(context, firm=replace(FIRM, care_contact="U0NORA"))
    clock.forward(days=1)
    for _ in range(2):
        with later.begin(TEAM) as tx:
            settings_read(tx, later)
    assert sorted(asked(database, "care")) == [("U0CORA", 1, 0), ("U0NORA", 2, 0)]
