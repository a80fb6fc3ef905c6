"""Reps are asked how they are: a day and a week after a report, once a day, never against their wish."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.rules.check_ins import Answer, CheckIn
from bot.rules.refusals import NoCareContact, NotYours, Unknown
from bot.usecases.context import Context
from bot.usecases.reports.check_ins import AnswerCheckIn, answer_check_in
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.scheduler import Scheduler
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.outbox import notice
from tests.builders import FIRM, TEAM, FrozenClock, a_profile, reported, someone


@pytest.fixture
def scheduler(context: Context, database: Database) -> Scheduler:
    return Scheduler(context, database)


def what_is_due(scheduler: Scheduler) -> None:
    while scheduler.tick():
        pass


def asked(database: Database, kind: str = "checkin") -> list[tuple[str, int, int]]:
    with database.engine.connect() as connection:
        rows = connection.execute(select(notice).where(notice.c.kind == kind).order_by(notice.c.created_at))
        return [(row.target, row.subject, row.round) for row in rows]


def entries(database: Database) -> list[tuple[str, str, dict[str, object]]]:
    with database.engine.connect() as connection:
        rows = connection.execute(select(audit).where(audit.c.act.in_(("check in", "answer check-in"))))
        return [(row.actor, row.act, row.facts) for row in rows]


def answer(context: Context, what: Answer, user: str = "U0ANA", round_: int = 1) -> CheckIn:
    return answer_check_in(context, AnswerCheckIn(someone(user), 1, round_, what))


@pytest.fixture
def a_day_later(context: Context, clock: FrozenClock, scheduler: Scheduler) -> None:
    reported(context)
    clock.forward(days=1)
    what_is_due(scheduler)


def test_a_rep_is_asked_after_a_day_and_again_after_a_week(
    context: Context, clock: FrozenClock, scheduler: Scheduler, database: Database
) -> None:
    reported(context)
    clock.forward(hours=23)
    what_is_due(scheduler)
    assert asked(database) == []
    clock.forward(hours=1)
    what_is_due(scheduler)
    assert asked(database) == [("U0ANA", 1, 1)]
    clock.forward(days=6)
    what_is_due(scheduler)
    assert asked(database) == [("U0ANA", 1, 1), ("U0ANA", 1, 2)]
    clock.forward(days=300)
    what_is_due(scheduler)
    assert len(asked(database)) == 2
    assert [facts for _, _, facts in entries(database)] == [{"report": 1, "round": 1}, {"report": 1, "round": 2}]


def test_after_downtime_the_question_comes_once_and_late(
    context: Context, clock: FrozenClock, scheduler: Scheduler, database: Database
) -> None:
    reported(context)
    clock.forward(days=3)
    what_is_due(scheduler)
    assert asked(database) == [("U0ANA", 1, 1)]
    clock.forward(days=4)
    what_is_due(scheduler)
    assert asked(database)[-1] == ("U0ANA", 1, 2)


def test_after_more_than_a_week_of_downtime_only_the_second_question_comes(
    context: Context, clock: FrozenClock, scheduler: Scheduler, database: Database
) -> None:
    reported(context)
    clock.forward(days=12)
    what_is_due(scheduler)
    assert asked(database) == [("U0ANA", 1, 2)]


def test_several_reports_on_one_day_are_asked_about_once(
    context: Context, clock: FrozenClock, scheduler: Scheduler, database: Database
) -> None:
    for customer in ("Zenith Corp", "Acme Ltd", "Borealis Foods"):
        reported(context, customer=customer)
        clock.forward(minutes=20)
    reported(context, "U0JOE")
    clock.forward(days=1)
    what_is_due(scheduler)
    assert asked(database) == [("U0ANA", 1, 1), ("U0JOE", 4, 1)]
    clock.forward(days=6)
    what_is_due(scheduler)
    assert asked(database)[2:] == [("U0ANA", 1, 2), ("U0JOE", 4, 2)]


def test_nobody_is_asked_about_a_report_that_they_withdrew(
    context: Context, clock: FrozenClock, scheduler: Scheduler, database: Database
) -> None:
    reported(context)
    withdraw(context, Withdraw(someone("U0ANA"), 1))
    clock.forward(days=8)
    what_is_due(scheduler)
    assert asked(database) == []


def test_nobody_is_asked_who_has_left(
    context: Context, clock: FrozenClock, scheduler: Scheduler, database: Database
) -> None:
    reported(context)
    with context.begin(TEAM) as tx:
        tx.people.learn(a_profile("U0ANA", clock(), deactivated=True))
    clock.forward(days=1)
    what_is_due(scheduler)
    assert asked(database) == []


@pytest.mark.usefixtures("a_day_later")
def test_who_asks_not_to_be_asked_is_asked_no_more_after_any_report(
    context: Context, clock: FrozenClock, scheduler: Scheduler, database: Database
) -> None:
    assert answer(context, Answer.DECLINED).answer is Answer.DECLINED
    reported(context, customer="Acme Ltd")
    reported(context, "U0JOE", customer="Acme Ltd")
    clock.forward(days=8)
    what_is_due(scheduler)
    assert asked(database) == [("U0ANA", 1, 1), ("U0JOE", 3, 2)]


@pytest.mark.usefixtures("a_day_later")
def test_the_care_contact_is_told_at_once_and_once(context: Context, database: Database) -> None:
    first, second = answer(context, Answer.TALK), answer(context, Answer.TALK)
    assert first == second
    assert asked(database, "care") == [("U0CORA", 1, 1)]
    assert [act for _, act, _ in entries(database)] == ["check in", "answer check-in"]


def test_a_wish_after_the_form_had_one_is_a_new_message(
    context: Context, clock: FrozenClock, scheduler: Scheduler, database: Database
) -> None:
    reported(context, wants_support=True)
    clock.forward(days=1)
    what_is_due(scheduler)
    answer(context, Answer.TALK)
    assert asked(database, "care") == [("U0CORA", 1, 0), ("U0CORA", 1, 1)]


@pytest.mark.usefixtures("a_day_later")
def test_the_first_answer_stands_but_asking_for_someone_counts_whenever(context: Context, database: Database) -> None:
    answer(context, Answer.FINE)
    assert answer(context, Answer.DECLINED).answer is Answer.FINE
    told = answer(context, Answer.TALK)
    assert (told.answer, told.care_at is not None) == (Answer.FINE, True)
    assert asked(database, "care") == [("U0CORA", 1, 1)]
    assert answer(context, Answer.DECLINED).answer is Answer.FINE


@pytest.mark.usefixtures("a_day_later")
def test_nobody_answers_for_somebody_else_or_what_was_not_asked(context: Context, database: Database) -> None:
    with pytest.raises(NotYours):
        answer(context, Answer.TALK, "U0PRIYA")
    with pytest.raises(Unknown):
        answer(context, Answer.TALK, round_=2)
    with pytest.raises(NoCareContact):
        answer(replace(context, firm=replace(FIRM, care_contact=None)), Answer.TALK)
    assert asked(database, "care") == []
    assert len(entries(database)) == 1


def test_the_day_is_the_firms_own(
    context: Context, clock: FrozenClock, scheduler: Scheduler, database: Database
) -> None:
    """Two reports half an hour apart around the firm's midnight are asked about on two days."""
    clock.time += timedelta(hours=13, minutes=45)  # 23:45
    reported(context)
    clock.forward(minutes=30)
    reported(context, customer="Acme Ltd")
    clock.forward(hours=23, minutes=30)
    what_is_due(scheduler)
    clock.forward(minutes=30)
    what_is_due(scheduler)
    assert asked(database) == [("U0ANA", 1, 1), ("U0ANA", 2, 1)]


def at_once(*acts: Callable[[], object]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("a_day_later")
def test_clicks_at_once_are_one_wish(context: Context, database: Database) -> None:
    at_once(*(lambda: answer(context, Answer.TALK) for _ in range(6)))
    assert asked(database, "care") == [("U0CORA", 1, 1)]
    assert [act for _, act, _ in entries(database)] == ["check in", "answer check-in"]


def test_two_clocks_at_once_ask_a_rep_once(context: Context, clock: FrozenClock, database: Database) -> None:
    for customer in ("Zenith Corp", "Acme Ltd", "Borealis Foods", "Casa Lima"):
        reported(context, customer=customer)
    clock.forward(days=1)
    at_once(*(lambda: what_is_due(Scheduler(context, database)) for _ in range(3)))
    assert len(asked(database)) == len(entries(database)) == 1
