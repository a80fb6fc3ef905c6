"""The bot is killed while a rep calls and while two leads press: no call is lost, and exactly one comes."""

from __future__ import annotations

import threading
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.rules.audit import Act
from bot.sandbox.client import NotPossible
from bot.sandbox.person import NoForm
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.backup import backup_call
from tests.builders import audit_problems
from tests.slack.calling import order
from tests.slack.killing import Bot, sandboxed
from tests.slack.steps import people, soon

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.person import Person
    from bot.sandbox.server import Sandbox

NEW, ON_IT = "needs somebody now", "I'm on it"
TIRED = (OSError, NoForm, NotPossible)


def presses(lead: Person) -> None:
    with suppress(*TIRED):
        seen = next((message for message in lead.direct_messages() if ON_IT in message.buttons), None)
        if seen:
            lead.press(seen, ON_IT)


def test_killed_while_calling_and_while_two_press_no_call_is_lost_and_one_comes(
    tmp_path: Path, database_url: str
) -> None:
    with sandboxed() as sandbox:
        order(sandbox, "chat.postMessage", "slow", 10**6, seconds=0.2)  # so that the kill hits a post under way
        bot = Bot(sandbox, tmp_path, database_url)
        ana, priya, brad = people(sandbox, "ANA", "PRIYA", "BRAD")
        assert soon(lambda: _called(ana))
        time.sleep(0.15)
        bot.kill()
        bot.start()
        for lead in (priya, brad):
            lead.direct_message(NEW)
        for _ in range(3):
            pressing = [threading.Thread(target=presses, args=(lead,)) for lead in (priya, brad)]
            for each in pressing:
                each.start()
            time.sleep(0.02)
            bot.kill()
            for each in pressing:
                each.join()
            bot.start()
        for lead in (priya, brad):
            presses(lead)
        ana.direct_message("is coming.")
        bot.stop()
        for lead in (priya, brad):
            assert len([message for message in lead.direct_messages() if not message.ephemeral]) == 1
        assert len([message for message in ana.direct_messages() if "is coming." in message.text]) == 1
    _one_came(database_url)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # on SQLite a second one is refused
def test_of_two_processes_one_is_killed_while_calling_and_one_while_two_press_and_one_comes(
    tmp_path: Path, database_url: str
) -> None:
    with sandboxed() as sandbox:
        order(sandbox, "chat.postMessage", "slow", 10**6, seconds=0.2)
        first, second = (_one_more(sandbox, tmp_path / name, database_url) for name in ("one", "two"))
        ana, priya, brad = people(sandbox, "ANA", "PRIYA", "BRAD")
        assert soon(lambda: _called(ana))
        time.sleep(0.15)
        second.kill()
        first.take_over()
        for lead in (priya, brad):
            lead.direct_message(NEW)
        second.start()
        pressing = [threading.Thread(target=presses, args=(lead,)) for lead in (priya, brad)]
        for each in pressing:
            each.start()
        for bot in (first, second) * 20:  # so that each of the two presses may come to either
            bot.take_over()
            time.sleep(0.001)
        first.kill()
        second.take_over()
        for each in pressing:
            each.join()
        for lead in (priya, brad):
            presses(lead)
        ana.direct_message("is coming.")
        second.stop()
        for lead in (priya, brad):
            assert len([message for message in lead.direct_messages() if not message.ephemeral]) == 1
        assert len([message for message in ana.direct_messages() if "is coming." in message.text]) == 1
    _one_came(database_url)


def _one_more(sandbox: Sandbox, folder: Path, url: str) -> Bot:
    folder.mkdir()
    return Bot(sandbox, folder, url)


def _one_came(url: str) -> None:
    with closing(Database(url)) as record, record.engine.connect() as connection:
        (call,) = connection.execute(select(backup_call)).all()
        (taken,) = connection.execute(select(audit).where(audit.c.act == Act.TAKE_BACKUP)).all()
        assert call.taken_by == taken.actor
        assert list(audit_problems(record)) == []


def _called(rep: Person) -> bool:
    try:
        rep.command("/backup", "on the phone")
    except NoForm as said:
        return "I am calling somebody" in str(said)
    return False
