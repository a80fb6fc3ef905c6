"""The operator sees a refused message in three places; it is delivered once the cause is removed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

from bot.observing import Intervals
from bot.sandbox.person import Person
from tests.builders import PATIENCE
from tests.forked import command
from tests.slack.calling import mended, post_json
from tests.slack.killing import Bot
from tests.slack.steps import soon

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.server import Sandbox

MANY = 10_000


def order(sandbox: Sandbox, kind: str) -> None:
    post_json(f"{sandbox.url}sandbox/faults", {"method": "chat.postMessage", "kind": kind, "times": MANY})


def readiness(bot: Bot) -> tuple[int, list[str]]:
    """The status, and what is wrong."""
    try:
        with urlopen(f"http://127.0.0.1:{bot.port}/readyz", timeout=PATIENCE) as answer:
            return answer.status, json.load(answer)["warnings"]
    except HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)["reasons"]


def test_a_refused_notice_is_seen_until_it_is_mended(sandbox: Sandbox, tmp_path: Path) -> None:
    error = "channel_not_found"
    bot = Bot(sandbox, tmp_path, f"sqlite:///{tmp_path / 'record.db'}", Intervals(health=0.5))
    assert soon(lambda: readiness(bot) == (200, []))
    order(sandbox, f"error:{error}")
    form = Person(sandbox.url, "U0ANA").command("/report-abuse", "Zenith Corp")
    form.fill({"What kind of conduct?": "Verbal abuse", "How serious?": "Serious", "What happened?": "He screamed."})
    form.submit()
    reason = f"The message about case 1 cannot be shown in C0MANAGE: {error}."
    assert soon(lambda: reason in readiness(bot)[1])
    assert readiness(bot)[0] == 200  # a warning is no outage: a balancer would take the bot away
    said, code = checked(bot, tmp_path)
    assert f"MEND {reason}" in said
    assert code == 1
    mended(sandbox)
    assert soon(lambda: readiness(bot) == (200, []))
    assert len([m for m in Person(sandbox.url, "U0PRIYA").channel("C0MANAGE") if "Zenith Corp" in m.text]) == 1
    assert reason not in checked(bot, tmp_path)[0]
    assert bot.stop() == 0
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    received = [line["ids"] for line in lines if line["event"] == "notice not shown" and line["level"] == "error"]
    assert {"kind": "case", "subject": 1, "target": "C0MANAGE", "error": error} in received


def test_somebody_who_left_does_not_make_the_bot_unready(sandbox: Sandbox, tmp_path: Path) -> None:
    bot = Bot(sandbox, tmp_path, f"sqlite:///{tmp_path / 'record.db'}")
    assert soon(lambda: readiness(bot) == (200, []))
    order(sandbox, "error:user_not_found")
    form = Person(sandbox.url, "U0ANA").command("/report-abuse", "Zenith Corp")
    form.fill({"What kind of conduct?": "Something else", "How serious?": "Minor", "What happened?": "He screamed."})
    form.submit()
    reason = "The message about report 1 cannot be shown in U0ANA: user_not_found."
    assert soon(lambda: reason in checked(bot, tmp_path)[0])
    assert readiness(bot) == (200, [])
    assert bot.stop() == 0


def checked(bot: Bot, folder: Path) -> tuple[str, int]:
    """`python -m bot check`."""
    code, said, _ = command(folder, bot.environment, "check").result()
    return said, code
