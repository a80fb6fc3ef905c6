"""A call for backup over HTTP: as rep, two leads, director, and with nobody there."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

import bot
from bot.cli.sandbox import sandboxed
from bot.sandbox.client import NotPossible
from bot.sandbox.person import NoForm
from tests.slack.office import real_clock
from tests.slack.steps import people, reports, wait_until_ready

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.person import Message, Person
    from bot.sandbox.server import Sandbox

BUILT_IN = Path(bot.__file__).parent / "policy_file" / "default.toml"
ON_IT = "I'm on it"
STAND_DOWN = "No longer needed"
HOW = ["Calmed down", "Taken over", "Contact ended", "Emergency services called", STAND_DOWN]


def calls(rep: Person, text: str = "") -> str:
    """What the command answers; no form opens."""
    with pytest.raises(NoForm) as said:
        rep.command("/backup", text)
    return str(said.value)


def test_two_leads_press_one_comes_and_everybody_sees_who(firm: Sandbox) -> None:
    ana, priya, brad = people(firm, "ANA", "PRIYA", "BRAD")
    assert calls(ana, "Zenith Corp, on the phone") == (
        "I am calling somebody for you. I am asking @U0BRAD, @U0PRIYA. A direct message from me will say who comes."
    )
    asked = [lead.direct_message("needs somebody now") for lead in (priya, brad)]
    for lead, message in zip((priya, brad), asked, strict=True):
        assert message.buttons == [ON_IT]
        assert message.notification.startswith("@U0ANA needs somebody now · Zenith Corp, on the phone")
        assert f"@{lead.user_id}" in message.text
    before = ana.direct_messages()

    def press(lead: Person, seen: Message) -> None:
        with suppress(NotPossible):  # on a busy machine the other one's message is edited before they press
            lead.press(seen, ON_IT)

    pressing = [threading.Thread(target=press, args=each) for each in zip((priya, brad), asked, strict=True)]
    for each in pressing:
        each.start()
    for each in pressing:
        each.join()
    coming = ana.direct_message("is coming.")
    winner, other = (priya, brad) if "U0PRIYA" in coming.text else (brad, priya)
    assert coming.ts not in {message.ts for message in before}
    assert other.direct_message(f"@{winner.user_id} has been helping @U0ANA since").buttons == []
    mine = winner.direct_message("You have been helping @U0ANA since")
    assert mine.buttons == HOW
    winner.press(mine, "Calmed down")
    over = ana.direct_message("The customer calmed down.")
    assert over.buttons == ["Report what happened"]
    assert other.direct_message("@U0ANA's call of").buttons == []
    assert ana.direct_message("came to your call of").text.startswith(f"@{winner.user_id} came")
    assert not any("is coming" in message.text for message in ana.direct_messages())
    form = ana.press(over, "Report what happened")
    assert form
    assert "Zenith Corp" in str(form.view)


def test_the_known_customer_is_named_with_their_standing_and_who_has_a_stake_is_not_asked(firm: Sandbox) -> None:
    ana, priya, brad = people(firm, "ANA", "PRIYA", "BRAD")
    reports(brad, "Zenith Corp", category="Something else", severity="Minor")
    calls(ana, "zenith")
    assert "Zenith Corp (clear)" in priya.direct_message("needs somebody now").text
    assert not [message for message in brad.direct_messages() if "needs somebody" in message.text]


def test_nobody_comes_so_more_are_asked_and_the_rep_reads_what_to_do_alone(firm: Sandbox) -> None:
    ana, priya, ruth = people(firm, "ANA", "PRIYA", "RUTH")
    assert ana.global_shortcut("Get backup").text()
    priya.direct_message("needs somebody now")
    ana.forward(seconds=61)
    ruth.direct_message("needs somebody now")
    ana.direct_message("I am asking @U0BRAD, @U0PRIYA, @U0RUTH.")
    ana.forward(seconds=60)
    in_channel = priya.message("C0MANAGE", "needs somebody now")
    assert in_channel.buttons == [ON_IT]
    before = ana.direct_messages()
    ana.forward(seconds=60)
    alone = ana.direct_message("Nobody has come yet.")
    assert alone.ts not in {message.ts for message in before}
    assert "End the contact now" in alone.text
    assert "Whoever I have asked can still come." in alone.text
    ruth.press(in_channel, ON_IT)
    ana.direct_message("@U0RUTH is coming.")
    ana.direct_message("@U0RUTH answered at")


@contextmanager
def active(firm: Sandbox, user: str) -> Iterator[None]:
    """Somebody who has Slack open."""
    with urlopen(f"{firm.url}sandbox/events?as={user}") as page:  # noqa: S310 - our sandbox
        assert page.readline() == b": here\n"
        yield


@pytest.fixture
def with_here(tmp_path: Path) -> Iterator[Sandbox]:
    """A firm whose policy asks the management channel with @here."""
    policy = tmp_path / "policy.toml"
    policy.write_text(BUILT_IN.read_text().replace("\nhere = false", "\nhere = true"))
    assert "\nhere = true" in policy.read_text()
    with sandboxed(real_clock, 0, threading.Event(), policy=policy) as sandbox:
        wait_until_ready(sandbox)
        yield sandbox


def test_with_here_in_the_policy_whoever_is_active_in_the_channel_is_notified(with_here: Sandbox) -> None:
    ana, ruth = people(with_here, "ANA", "RUTH")
    calls(ana, "Zenith Corp, on the phone")
    ana.forward(seconds=61)
    ruth.direct_message("needs somebody now")
    with active(with_here, "U0PRIYA"):  # the others have Slack in their pockets
        ana.forward(seconds=60)
        in_channel = ruth.message("C0MANAGE", "needs somebody now")
    assert in_channel.text.startswith("@here @U0ANA needs somebody now · ")
    again = "@U0BRAD, @U0PRIYA, @U0RUTH: nobody has come yet. The first who presses goes."
    assert in_channel.text.splitlines()[1] == again
    assert in_channel.notification.startswith("@here @U0ANA needs somebody now · ")
    assert "Zenith" not in in_channel.text + in_channel.notification
    assert in_channel.raw["notifies"] == ["U0BRAD", "U0PRIYA", "U0RUTH"]
    ruth.press(in_channel, ON_IT)
    taken = ruth.message("C0MANAGE", "has been helping @U0ANA since")
    assert "@here" not in taken.text
    assert taken.ts == in_channel.ts


def test_without_it_those_managers_and_directors_are_notified_again_who_were_asked(firm: Sandbox) -> None:
    ana, brad, ruth, priya = people(firm, "ANA", "BRAD", "RUTH", "PRIYA")
    brad.press(brad.home("I write to you"), "I'm not available")
    brad.current_home("I write to others")
    calls(ana)
    ana.forward(seconds=61)
    ruth.direct_message("needs somebody now")
    ana.forward(seconds=60)
    in_channel = priya.message("C0MANAGE", "needs somebody now")
    assert in_channel.raw["notifies"] == ["U0PRIYA", "U0RUTH"]
    assert "@here" not in in_channel.text


def test_a_call_from_home_is_stood_down_and_pressing_twice_is_one_call(firm: Sandbox) -> None:
    ana, priya = people(firm, "ANA", "PRIYA")
    for _ in range(2):
        shown = ana.press(ana.home("Get backup"), "Get backup")
        assert shown
        assert "I am calling somebody for you." in shown.text()
        shown.cancel()
    priya.direct_message("needs somebody now")
    ana.press(ana.direct_message("I am calling somebody for you."), "No longer needed")
    gone = priya.direct_message("@U0ANA's call of")
    with pytest.raises(NotPossible):
        priya.press(gone, ON_IT)
    assert len([each for each in priya.direct_messages() if "@U0ANA" in each.text]) == 1


def test_who_is_not_available_says_so_in_home_and_is_not_asked(firm: Sandbox) -> None:
    ana, priya, brad = people(firm, "ANA", "PRIYA", "BRAD")
    priya.press(priya.home("I write to you"), "I'm not available")
    priya.current_home("I write to others")
    calls(ana)
    brad.direct_message("needs somebody now")
    assert not priya.direct_messages()
    priya.press(priya.home("I write to others"), "I'm available again")
    priya.current_home("I write to you")


def test_a_guest_is_refused(firm: Sandbox) -> None:
    (gus,) = people(firm, "GUS")
    assert "Guests of this workspace can't do this" in gus.command("/backup", "Zenith").text()


def test_a_day_later_the_rep_is_asked_once_for_a_report(firm: Sandbox) -> None:
    ana, priya = people(firm, "ANA", "PRIYA")
    calls(ana, "Zenith Corp")
    priya.press(priya.direct_message("needs somebody now"), ON_IT)
    ana.press(ana.direct_message("@U0PRIYA answered at"), "Contact ended")
    ana.direct_message("The contact was ended.")
    ana.forward(days=1, minutes=1)
    asked = ana.direct_message("I ask only once")
    form = ana.press(asked, "Report what happened")
    assert form
    form.cancel()


def test_help_calls_nobody(firm: Sandbox) -> None:
    ana, priya = people(firm, "ANA", "PRIYA")
    said = calls(ana, "Help")
    assert "type /backup, and I call somebody to join you" in said
    assert len(said.splitlines()) == 3
    assert not ana.direct_messages()
    calls(ana, "help desk, on the phone")
    assert "help desk" in priya.direct_message("needs somebody now").text
    assert len(priya.direct_messages()) == 1
