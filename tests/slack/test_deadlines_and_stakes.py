"""Deadlines, stakes and two approvals through Bolt over HTTP, with the sandbox's clock moved."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import bot
from bot.app import assemble
from bot.cli.sandbox import SECRET, TOKEN, sandbox_settings
from bot.cli.serve import run_bot
from bot.sandbox.client import NotPossible
from bot.sandbox.person import Message, Person
from bot.sandbox.server import Sandbox, start
from tests.builders import PATIENCE
from tests.slack.office import real_clock
from tests.slack.steps import people, pressed, reports, soon, wait_until_ready, with_letter

BUILT_IN = Path(bot.__file__).parent / "policy_file" / "default.toml"


@pytest.fixture
def careful_firm(tmp_path: Path) -> Iterator[Sandbox]:
    """A firm whose policy wants two approvals."""
    policy = tmp_path / "policy.toml"
    policy.write_text(BUILT_IN.read_text().replace("approvals_to_drop = 1", "approvals_to_drop = 2"))
    with with_policy(policy, tmp_path) as sandbox:
        yield sandbox


@contextmanager
def with_policy(policy: Path, folder: Path) -> Iterator[Sandbox]:
    sandbox = start(bot_url="", signing_secret=SECRET, token=TOKEN, now=real_clock)
    settings = sandbox_settings(sandbox, folder).model_copy(update={"policy_file": policy})
    stop, listening = threading.Event(), threading.Event()

    def heard(address: str) -> None:
        sandbox.bot_url = f"{address}slack/events"
        listening.set()

    running = threading.Thread(target=run_bot, args=(assemble(settings, sandbox.now), "127.0.0.1", 0, stop, heard))
    running.start()
    assert listening.wait(PATIENCE)
    wait_until_ready(sandbox)
    yield sandbox
    stop.set()
    running.join()
    sandbox.stop()


def threatens(rep: Person, narrative: str = "He said that he would wait at the door.") -> None:
    reports(rep, category="Threat of violence", severity="Severe", narrative=narrative)


def test_a_threat_is_escalated_to_the_director_once_it_is_overdue(firm: Sandbox) -> None:
    ana, priya, brad, ruth = people(firm, "ANA", "PRIYA", "BRAD", "RUTH")
    threatens(ana)
    notice = priya.message("C0MANAGE", "Drop or keep Zenith Corp?")
    assert "By " in notice.text
    assert "They" not in pressed(ruth, notice, "Keep customer").text()
    assert "The managers have this case for now" in pressed(ruth, notice, "Keep customer").text()

    form = pressed(priya, notice, "Recuse me")
    form.fill({"Why? One sentence is enough, and you may leave it empty.": "He is my cousin."}).submit()
    assert "you are recused" in form.text()
    assert "Priya Raman (recused: “He is my cousin.”)" in brad.message("C0MANAGE", "May not act").text
    assert "You recused yourself from a case of this customer" in pressed(priya, notice, "Approve drop").text()

    ana.forward(hours=2, minutes=5)
    assert soon(lambda: len([received for received in brad.direct_messages() if "Drop or keep" in received.text]) == 2)
    assert not ruth.direct_messages()
    ana.forward(hours=2)
    received = ruth.direct_message("Drop or keep Zenith Corp?")
    assert "now with the directors" in received.text
    assert {"Approve drop", "Keep customer", "See the case"} <= set(received.buttons)
    assert brad.message("C0MANAGE", "Overdue since").ts == notice.ts

    form = pressed(ruth, received, "Keep customer")
    form.fill({"Why?": "It was said in anger, and he has apologised in writing."}).submit()
    assert "is kept" in form.text()
    assert ruth.direct_message("Decided by @U0RUTH").ts == received.ts
    assert brad.message("C0MANAGE", "Decided by @U0RUTH").ts == notice.ts
    assert brad.direct_message("Zenith Corp is kept").buttons == ["See the case"]
    with pytest.raises(NotPossible):
        brad.press(notice, "Approve drop")


def test_only_the_newest_of_a_directors_messages_asks_for_something(firm: Sandbox) -> None:
    ana, ruth = people(firm, "ANA", "RUTH")
    threatens(ana)
    ana.forward(hours=5)
    first = ruth.direct_message("You get this because it is overdue")
    ana.forward(days=4)
    assert ruth.direct_message("again further down").ts == first.ts
    second = ruth.direct_message("You get this because it is overdue")
    assert second.ts > first.ts
    asking = [message.ts for message in ruth.direct_messages() if "Approve drop" in message.buttons]
    assert asking == [second.ts]


def test_an_outdated_form_keeps_what_was_typed_and_shows_what_is_new(firm: Sandbox) -> None:
    ana, joe, brad = people(firm, "ANA", "JOE", "BRAD")
    threatens(ana)
    form = pressed(brad, brad.message("C0MANAGE", "Drop or keep Zenith Corp?"), "Keep customer")
    form.fill({"Why?": "It was said in anger."})
    threatens(joe, narrative="Now he does wait at the door.")
    form.submit()
    assert "New since you opened this form" in form.text()
    assert "Now he does wait at the door." in form.text()
    assert form.value("Why?")["value"] == "It was said in anger."
    assert brad.message("C0MANAGE", "Drop or keep Zenith Corp?").buttons
    form.submit()
    assert "is kept" in form.text()


def test_a_safeguard_is_news_to_a_form_that_was_open_when_it_was_set(firm: Sandbox) -> None:
    ana, priya, brad = people(firm, "ANA", "PRIYA", "BRAD")
    threatens(ana)
    notice = brad.message("C0MANAGE", "Drop or keep Zenith Corp?")
    form = pressed(brad, notice, "Approve drop")
    considered = ["I have considered the safeguards"]
    form.fill({"Why?": "A threat is a threat.", "Reason": "Violence", "Safeguards": considered})
    guard = pressed(priya, notice, "Set a safeguard")
    guard.fill(
        {"What kind of tolerance do they need?": "Health", "What is known?": "Their daughter told us: dementia."}
    ).submit()
    form.submit()
    assert "@U0PRIYA set a safeguard" in form.text()
    assert "Their daughter told us: dementia." in form.text()
    assert form.value("Why?")["value"] == "A threat is a threat."
    form.submit()
    assert form.title == "The letter"


def test_a_drop_waits_for_another_manager_and_can_be_taken_back_before(careful_firm: Sandbox) -> None:
    ana, priya, brad = people(careful_firm, "ANA", "PRIYA", "BRAD")
    threatens(ana)
    notice = priya.message("C0MANAGE", "Drop or keep Zenith Corp?")
    approve(priya, notice)
    waiting = brad.message("C0MANAGE", "1 of 2 approvals to drop, by @U0PRIYA")
    assert waiting.ts == notice.ts

    form = pressed(priya, notice, "Approve drop")
    assert form.title == "Your approval"
    form.submit()
    assert "you have taken your approval back" in form.text()
    approve(brad, notice)
    form = pressed(priya, notice, "Approve drop")
    assert "Approved by @U0BRAD" in form.text()
    form.cancel()
    approve(priya, notice)
    ended = brad.message("C0MANAGE", "Zenith Corp is dropped")
    assert "Decided by @U0PRIYA, @U0BRAD" in ended.text
    assert "Approve drop" not in ended.buttons


def approve(manager: Person, notice: Message) -> None:
    form = pressed(manager, notice, "Approve drop")
    form.fill(
        {
            "Why?": "A threat is a threat.",
            "Reason": "Violence or the threat of it",
            "Safeguards": ["I have considered the safeguards"],
        }
    )
    form.submit()
    with_letter(form)
    form.cancel()
