"""What Slack is shown late of a call for backup never looks like a new one, and nothing of a call is lost."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from bot.app import render_function
from bot.rules.backup import HowEnded
from bot.rules.notices import NoticeKind
from bot.sandbox.workspace import FIRM as FIRM_HERE
from bot.sandbox.workspace import User
from bot.usecases.backup.answer import TakeCall, take_call
from bot.usecases.backup.call import CallBackup, call_backup
from tests.builders import FIRM, TEAM, a_context, read_from_slack, run_due_tasks, someone
from tests.slack.calling import order
from tests.slack.conftest import TOKEN
from tests.slack.office import Office, office, shown
from tests.slack.steps import people

if TYPE_CHECKING:
    from bot.rules.backup import BackupCall
    from bot.sandbox.server import Sandbox
    from bot.usecases.context import Context
    from storage.database import Database

NEW, LATE = "needs somebody now", "could not be sent in time"


@dataclass
class Desk:
    """The bot without its threads: the test says when it delivers and when the clock's tasks run."""

    office: Office
    context: Context
    sandbox: Sandbox

    def deliver(self) -> None:
        delivery = self.office.delivery(render=render_function(self.context))
        while job := delivery.claim():
            delivery.deliver(job)

    def tasks(self) -> None:
        run_due_tasks(self.context, self.office.database)

    def forward(self, seconds: float) -> None:
        self.office.clock.forward(seconds=seconds)
        read_from_slack(self.context)

    def call(self) -> BackupCall:
        with self.context.read(TEAM) as tx:
            return tx.backup_calls.get(1)

    def read(self, user: str) -> list[str]:
        (reader,) = people(self.sandbox, user)
        return [message.text for message in reader.direct_messages()]


@pytest.fixture
def desk(database: Database, sandbox: Sandbox) -> Desk:
    here = office(database, sandbox, TOKEN)
    firm = replace(FIRM, managers=("S0MANAGERS",))  # whom the sandbox knows
    return Desk(here, a_context(database, here.clock, firm), sandbox)


def test_after_downtime_nobody_is_asked_and_the_rep_and_the_leads_read_that_it_was_missed(desk: Desk) -> None:
    call_backup(desk.context, CallBackup(someone("U0ANA")))
    desk.forward(600)
    desk.deliver()  # before the clock has said what became of it
    assert not any(NEW in text or LATE in text for user in ("PRIYA", "BRAD") for text in desk.read(user))
    desk.tasks()
    for _ in range(3):
        desk.forward(2)
        desk.deliver()
    assert desk.call().ended_how is HowEnded.MISSED
    for user in ("PRIYA", "BRAD"):
        (text,) = desk.read(user)
        assert LATE in text
        assert "I'm on it" not in text
    assert any("my messages reached nobody in time" in text for text in desk.read("ANA"))
    assert not any(NEW in text for text in shown(desk.sandbox))


def test_whoever_was_not_asked_before_somebody_came_is_not_disturbed(desk: Desk) -> None:
    call_backup(desk.context, CallBackup(someone("U0ANA")))
    take_call(desk.context, TakeCall(someone("U0PRIYA"), 1))
    for _ in range(3):
        desk.deliver()
        desk.forward(2)
    assert desk.read("BRAD") == []
    assert any("@U0PRIYA is coming." in text for text in desk.read("ANA"))


def test_a_pause_that_slack_asks_for_loses_no_call(desk: Desk) -> None:
    order(desk.sandbox, "chat.postMessage", "429", 3)
    call_backup(desk.context, CallBackup(someone("U0ANA")))
    for _ in range(10):
        desk.deliver()
        desk.forward(5)
    assert all(any(NEW in text for text in desk.read(user)) for user in ("PRIYA", "BRAD"))


def test_a_call_does_not_wait_for_the_workspaces_rate_of_posts_that_others_wait_for(desk: Desk) -> None:
    many = [f"U0REP{number:02}" for number in range(80)]
    desk.sandbox._web_api._state.workspace = replace(
        FIRM_HERE, users=(*FIRM_HERE.users, *(User(each, each, each, "Rep", TEAM, "2f6f5e") for each in many))
    )
    for user in many:
        desk.office.want(target=user, kind=NoticeKind.REPORT)
    desk.office.work()
    waiting = desk.office.behind()
    assert waiting
    call_backup(desk.context, CallBackup(someone("U0ANA")))
    delivery = desk.office.delivery(render=render_function(desk.context))
    while desk.office.behind() > waiting and (job := delivery.claim()):
        delivery.deliver(job)
    assert desk.office.behind() == waiting
    assert all(any(NEW in text for text in desk.read(user)) for user in ("PRIYA", "BRAD"))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whenever_the_bot_stops_and_goes_on_no_new_message_asks_for_help_late(desk: Desk, seed: int) -> None:
    dice, rules = random.Random(seed), desk.context.policy.backup
    call_backup(desk.context, CallBackup(someone("U0ANA")))
    asked: dict[str, int] = {}
    for _ in range(25):
        dice.choice((desk.deliver, desk.tasks, lambda: desk.forward(dice.choice((1, 20, 61, 200, 400)))))()
        for user in ("PRIYA", "BRAD", "RUTH"):
            texts = desk.read(user)
            if len(texts) > asked.get(user, 0) and NEW in texts[-1]:
                assert not desk.call().is_late(desk.office.clock(), rules), (user, texts)
            asked[user] = len(texts)
    for _ in range(12):
        desk.forward(400)
        desk.tasks()
        desk.deliver()
    assert desk.call().ended_how in {HowEnded.MISSED, HowEnded.OVER}
    assert desk.office.behind() == 0
