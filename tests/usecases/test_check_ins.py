"""Reps are asked how they are: a day and a week after a report, once a day, never against their wish."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.rules.check_ins import Answer, CheckIn
from bot.rules.refusals import NoCareContact, NotYours, Unknown
from bot.usecases.context import Desk
from bot.usecases.reports.check_ins import AnswerCheckIn, answer_check_in
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.scheduler import Clockwork
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.outbox import notice
from tests.builders import FIRM, TEAM, FrozenClock, a_profile, reported, someone


@pytest.fixture
def clockwork(desk: Desk, database: Database) -> Clockwork:
    return Clockwork(desk, database)


def what_is_due(clockwork: Clockwork) -> None:
    while clockwork.tick():
        pass


def asked(database: Database, kind: str = "checkin") -> list[tuple[str, int, int]]:
    with database.engine.connect() as connection:
        rows = connection.execute(select(notice).where(notice.c.kind == kind).order_by(notice.c.created_at))
        return [(row.target, row.subject, row.round) for row in rows]


def entries(database: Database) -> list[tuple[str, str, dict[str, object]]]:
    with database.engine.connect() as connection:
        rows = connection.execute(select(audit).where(audit.c.act.in_(("check in", "answer check-in"))))
        return [(row.actor, row.act, row.facts) for row in rows]


def answer(desk: Desk, what: Answer, user: str = "U0ANA", round_: int = 1) -> CheckIn:
    return answer_check_in(desk, AnswerCheckIn(someone(user), 1, round_, what))


@pytest.fixture
def a_day_later(desk: Desk, clock: FrozenClock, clockwork: Clockwork) -> None:
    reported(desk)
    clock.forward(days=1)
    what_is_due(clockwork)


def test_a_rep_is_asked_after_a_day_and_again_after_a_week(
    desk: Desk, clock: FrozenClock, clockwork: Clockwork, database: Database
) -> None:
    reported(desk)
    clock.forward(hours=23)
    what_is_due(clockwork)
    assert asked(database) == []
    clock.forward(hours=1)
    what_is_due(clockwork)
    assert asked(database) == [("U0ANA", 1, 1)]
    clock.forward(days=6)
    what_is_due(clockwork)
    assert asked(database) == [("U0ANA", 1, 1), ("U0ANA", 1, 2)]
    clock.forward(days=300)
    what_is_due(clockwork)
    assert len(asked(database)) == 2
    assert [facts for _, _, facts in entries(database)] == [{"report": 1, "round": 1}, {"report": 1, "round": 2}]


def test_after_downtime_the_question_comes_once_and_late(
    desk: Desk, clock: FrozenClock, clockwork: Clockwork, database: Database
) -> None:
    reported(desk)
    clock.forward(days=3)
    what_is_due(clockwork)
    assert asked(database) == [("U0ANA", 1, 1)]
    clock.forward(days=4)
    what_is_due(clockwork)
    assert asked(database)[-1] == ("U0ANA", 1, 2)


def test_after_more_than_a_week_of_downtime_only_the_second_question_comes(
    desk: Desk, clock: FrozenClock, clockwork: Clockwork, database: Database
) -> None:
    reported(desk)
    clock.forward(days=12)
    what_is_due(clockwork)
    assert asked(database) == [("U0ANA", 1, 2)]


def test_several_reports_on_one_day_are_asked_about_once(
    desk: Desk, clock: FrozenClock, clockwork: Clockwork, database: Database
) -> None:
    for customer in ("Zenith Corp", "Acme Ltd", "Borealis Foods"):
        reported(desk, customer=customer)
        clock.forward(minutes=20)
    reported(desk, "U0JOE")
    clock.forward(days=1)
    what_is_due(clockwork)
    assert asked(database) == [("U0ANA", 1, 1), ("U0JOE", 4, 1)]
    clock.forward(days=6)
    what_is_due(clockwork)
    assert asked(database)[2:] == [("U0ANA", 1, 2), ("U0JOE", 4, 2)]


def test_nobody_is_asked_about_a_report_that_they_withdrew(
    desk: Desk, clock: FrozenClock, clockwork: Clockwork, database: Database
) -> None:
    reported(desk)
    withdraw(desk, Withdraw(someone("U0ANA"), 1))
    clock.forward(days=8)
    what_is_due(clockwork)
    assert asked(database) == []


def test_nobody_is_asked_who_has_left(desk: Desk, clock: FrozenClock, clockwork: Clockwork, database: Database) -> None:
    reported(desk)
    with desk.begin(TEAM) as record:
        record.people.learn(a_profile("U0ANA", clock(), deactivated=True))
    clock.forward(days=1)
    what_is_due(clockwork)
    assert asked(database) == []


@pytest.mark.usefixtures("a_day_later")
def test_who_asks_not_to_be_asked_is_asked_no_more_after_any_report(
    desk: Desk, clock: FrozenClock, clockwork: Clockwork, database: Database
) -> None:
    assert answer(desk, Answer.DECLINED).answer is Answer.DECLINED
    reported(desk, customer="Acme Ltd")
    reported(desk, "U0JOE", customer="Acme Ltd")
    clock.forward(days=8)
    what_is_due(clockwork)
    assert asked(database) == [("U0ANA", 1, 1), ("U0JOE", 3, 2)]


@pytest.mark.usefixtures("a_day_later")
def test_the_care_contact_is_told_at_once_and_once(desk: Desk, database: Database) -> None:
    first, second = answer(desk, Answer.TALK), answer(desk, Answer.TALK)
    assert first == second
    assert asked(database, "care") == [("U0CORA", 1, 1)]
    assert [act for _, act, _ in entries(database)] == ["check in", "answer check-in"]


def test_a_wish_after_the_form_had_one_is_a_new_message(
    desk: Desk, clock: FrozenClock, clockwork: Clockwork, database: Database
) -> None:
    reported(desk, wants_support=True)
    clock.forward(days=1)
    what_is_due(clockwork)
    answer(desk, Answer.TALK)
    assert asked(database, "care") == [("U0CORA", 1, 0), ("U0CORA", 1, 1)]


@pytest.mark.usefixtures("a_day_later")
def test_the_first_answer_stands_but_asking_for_someone_counts_whenever(desk: Desk, database: Database) -> None:
    answer(desk, Answer.FINE)
    assert answer(desk, Answer.DECLINED).answer is Answer.FINE
    told = answer(desk, Answer.TALK)
    assert (told.answer, told.care_at is not None) == (Answer.FINE, True)
    assert asked(database, "care") == [("U0CORA", 1, 1)]
    assert answer(desk, Answer.DECLINED).answer is Answer.FINE


@pytest.mark.usefixtures("a_day_later")
def test_nobody_answers_for_somebody_else_or_what_was_not_asked(desk: Desk, database: Database) -> None:
    with pytest.raises(NotYours):
        answer(desk, Answer.TALK, "U0PRIYA")
    with pytest.raises(Unknown):
        answer(desk, Answer.TALK, round_=2)
    with pytest.raises(NoCareContact):
        answer(replace(desk, firm=replace(FIRM, care_contact=None)), Answer.TALK)
    assert asked(database, "care") == []
    assert len(entries(database)) == 1


def test_the_day_is_the_firms_own(desk: Desk, clock: FrozenClock, clockwork: Clockwork, database: Database) -> None:
    """Two reports half an hour apart around the firm's midnight are asked about on two days."""
    clock.time += timedelta(hours=13, minutes=45)  # 23:45
    reported(desk)
    clock.forward(minutes=30)
    reported(desk, customer="Acme Ltd")
    clock.forward(hours=23, minutes=30)
    what_is_due(clockwork)
    clock.forward(minutes=30)
    what_is_due(clockwork)
    assert asked(database) == [("U0ANA", 1, 1), ("U0ANA", 2, 1)]


def at_once(*acts: Callable[[], object]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("a_day_later")
def test_clicks_at_once_are_one_wish(desk: Desk, database: Database) -> None:
    at_once(*(lambda: answer(desk, Answer.TALK) for _ in range(6)))
    assert asked(database, "care") == [("U0CORA", 1, 1)]
    assert [act for _, act, _ in entries(database)] == ["check in", "answer check-in"]


def test_two_clocks_at_once_ask_a_rep_once(desk: Desk, clock: FrozenClock, database: Database) -> None:
    for customer in ("Zenith Corp", "Acme Ltd", "Borealis Foods", "Casa Lima"):
        reported(desk, customer=customer)
    clock.forward(days=1)
    at_once(*(lambda: what_is_due(Clockwork(desk, database)) for _ in range(3)))
    assert len(asked(database)) == len(entries(database)) == 1
