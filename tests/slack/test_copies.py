"""A copy of a database beside the database: nothing is taken from the one that is in use, and both are said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from sqlalchemy.engine import make_url

from bot.cli.check import _in_database
from bot.observing import Copies
from bot.problems import COPIED, COPY_AT_WORK
from bot.rules.policy.verdicts import Severity
from bot.usecases.processes import settle_here
from tests.builders import TEAM, dropped, opened, read_from_slack
from tests.slack.assembled import Assembled, assembled, firm
from tests.slack.test_restore import about, back_up, channel, restore, run_command

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


__all__ = ["firm"]  # the fixture


def threatened(firm: Assembled, customer: str) -> None:
    opened(firm.running[-1].context, "U0ANA", customer, category="threat", severity=Severity.SEVERE)
    firm.work()


def copied(firm: Assembled, folder: Path) -> Assembled:
    """A second bot with the same app, on a copy of the database as it is now."""
    url, dump = firm.settings["DATABASE_URL"], folder / "dump"
    back_up(url, dump)
    there = make_url(url)
    if there.get_backend_name() == "sqlite":
        other = f"sqlite:///{folder / 'copy.db'}"
        restore(other, dump)
    else:
        name = f"{there.database}_copy"
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # of a test before, of the same database
            admin.execute(f"CREATE DATABASE {name}")
        other = there.set(database=name).render_as_string(hide_password=False)
        restore(other, dump)
    copy = assembled(firm.sandbox, other)
    copy.clock = firm.clock
    return copy


def compared(firm: Assembled) -> Copies:
    """What `serve` looks at again and again, once."""
    bot = firm.running[-1]
    bot.process.check(TEAM)
    copies = Copies(bot.context, bot.worker.delivery.slack, lambda: TEAM, bot.process)
    copies.look()
    return copies


def said(copies: Copies) -> list[str]:
    return [problem.says for problem in copies.problems()]


def test_a_copy_takes_no_buttons_off_until_somebody_says_that_it_is_the_one_in_use(
    firm: Assembled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threatened(firm, "Zenith Corp")
    copy = copied(firm, tmp_path)
    threatened(firm, "Acme Ltd")
    newer = about(firm, "Acme Ltd")
    copy.start()
    for _ in range(2):  # a restart changes nothing
        assert said(compared(copy)) == [COPIED]
        assert about(firm, "Acme Ltd").buttons == newer.buttons != []
        copy.start()
    monkeypatch.chdir(tmp_path)
    for name, value in copy.settings.items():
        monkeypatch.setenv(name, value)
    assert (False, COPIED) in list(_in_database(tmp_path / ".env"))
    assert run_command(copy, tmp_path, monkeypatch) == 0
    assert said(compared(copy)) == []
    assert [each.buttons for each in channel(firm) if each.ts == newer.ts] == [[]]
    copy.start()
    assert said(compared(copy)) == []
    assert (False, COPIED) not in list(_in_database(tmp_path / ".env"))
    copy.stop()


def test_a_database_that_stays_where_it_is_is_no_copy(firm: Assembled, tmp_path: Path) -> None:
    threatened(firm, "Zenith Corp")
    assert said(compared(firm)) == []
    dump = tmp_path / "dump"
    back_up(firm.settings["DATABASE_URL"], dump)
    firm.stop()
    restore(firm.settings["DATABASE_URL"], dump)
    firm.start()
    assert said(compared(firm)) == []


def test_two_that_serve_from_copies_of_one_database_notice_each_other(firm: Assembled, tmp_path: Path) -> None:
    copy = copied(firm, tmp_path)
    bot = copy.start()
    settle_here(bot.context, TEAM, bot.database.place())
    seen = compared(firm)
    assert said(seen) == []
    threatened(firm, "Zenith Corp")
    seen.look()
    assert said(seen) == []  # its own
    threatened(copy, "Acme Ltd")
    seen.look()
    assert said(seen) == [COPY_AT_WORK]
    assert about(firm, "Acme Ltd").buttons != []
    copy.stop()


def test_a_copy_that_only_edits_is_noticed_by_what_its_buttons_say(firm: Assembled, tmp_path: Path) -> None:
    threatened(firm, "Zenith Corp")
    copy = copied(firm, tmp_path)
    bot = copy.start()
    settle_here(bot.context, TEAM, bot.database.place())
    seen = compared(firm)
    seen.look()
    assert said(seen) == []
    opened(bot.context, "U0JOE", "Zenith Corp", category="threat")
    copy.work()
    seen.look()
    assert said(seen) == [COPY_AT_WORK]
    opened(firm.running[-1].context, "U0JOE", "Zenith Corp", category="threat")
    firm.work()
    seen.look()
    assert said(seen) == []  # both are at the same version, until one goes on
    read_from_slack(bot.context)
    dropped(bot.context, 1)
    copy.work()
    seen.look()
    assert said(seen) == [COPY_AT_WORK]
    copy.stop()
