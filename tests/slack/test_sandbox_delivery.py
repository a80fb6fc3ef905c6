from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.client import NotPossible
from bot.sandbox.person import NoForm, Person
from bot.sandbox.server import start
from tests.builders import PATIENCE
from tests.slack.calling import plain, post_json
from tests.slack.conftest import SECRET, TOKEN
from tests.slack.office import real_clock
from tests.slack.steps import soon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slack_sdk import WebClient

    from bot.sandbox.server import Sandbox
    from tests.slack.scripted_bot import ScriptedBot


BUTTONS = [
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {"type": "button", "action_id": "drop", "text": plain("Drop"), "value": "case 12", "style": "danger"},
            {"type": "overflow", "action_id": "more", "options": [{"text": plain("Mute"), "value": "mute"}]},
        ],
    }
]
ENVELOPE = {"type", "user", "api_app_id", "token", "team", "enterprise", "is_enterprise_install"}


@pytest.fixture
def hasty(scripted: ScriptedBot) -> Iterator[Sandbox]:
    """A sandbox that gives the scripted bot a fifth of a second for an ack."""
    running = start(bot_url=scripted.url, token=TOKEN, signing_secret=SECRET, now=real_clock, bot_timeout=0.2)
    yield running
    running.stop()


def test_every_request_is_signed_as_slack_signs(scripted: ScriptedBot, ana: Person) -> None:
    scripted.on("command", lambda _: "ok")
    with pytest.raises(NoForm):
        ana.command("/customer", "Ünïcode & more")
    ana.forward(days=3)
    scripted.on("app_home_opened", lambda _: None)
    with pytest.raises(AssertionError):
        Person(ana.url, "U0ANA", 0.1).home()
    verifier = SignatureVerifier(SECRET)
    assert len(scripted.received) == 2
    assert all(verifier.is_valid_request(received.body, received.headers) for received in scripted.received)
    assert not SignatureVerifier("other").is_valid_request(scripted.received[0].body, scripted.received[0].headers)


def test_a_command_is_a_form_of_slacks_fields(sandbox: Sandbox, scripted: ScriptedBot, ana: Person) -> None:
    scripted.on("command", lambda _: "ok")
    with pytest.raises(NoForm):
        ana.command("/customer", "Zenith Corp")
    sent = scripted.last("command").payload
    assert {key: sent[key] for key in ("command", "text", "user_id", "user_name", "channel_id", "channel_name")} == {
        "command": "/customer",
        "text": "Zenith Corp",
        "user_id": "U0ANA",
        "user_name": "ana",
        "channel_id": "C0SUPPORT",
        "channel_name": "support",
    }
    assert (sent["team_id"], sent["team_domain"], sent["is_enterprise_install"]) == ("T0FIRM", "firm", "false")
    assert sent["response_url"].startswith(sandbox.url)


def test_an_app_hears_the_names_of_public_channels_only(scripted: ScriptedBot, person: Callable[[str], Person]) -> None:
    scripted.on("command", lambda _: "ok")
    priya = person("U0PRIYA")
    for channel, name in (("C0MANAGE", "privategroup"), (priya.dm, "directmessage")):
        with pytest.raises(NoForm):
            priya.command("/customer", channel=channel)
        assert scripted.last("command").payload["channel_name"] == name


def test_words_in_an_ack_are_seen_by_the_person_or_by_the_channel(
    scripted: ScriptedBot, ana: Person, person: Callable[[str], Person]
) -> None:
    scripted.on("command", lambda _: {"text": "for you"})
    with pytest.raises(NoForm, match="for you"):
        ana.command("/customer")
    scripted.on("command", lambda _: {"text": "for all", "response_type": "in_channel"})
    post_json(f"{ana.url}/sandbox/command", {"as": "U0ANA", "channel": "C0SUPPORT", "command": "/customer"})
    assert [message.text for message in person("U0JOE").channel("C0SUPPORT")] == ["for all"]


def test_a_command_that_there_is_not_reaches_nobody(scripted: ScriptedBot, ana: Person) -> None:
    with pytest.raises(NoForm, match="/nothing is not a valid command"):
        ana.command("/nothing")
    assert scripted.received == []


def test_a_bot_that_is_not_there_fails_in_slacks_words(sandbox: Sandbox, ana: Person) -> None:
    sandbox.bot_url = "http://127.0.0.1:1/"
    with pytest.raises(NoForm, match="/customer failed with the error “dispatch_failed”"):
        ana.command("/customer")


def test_a_bot_that_answers_with_an_error_fails_in_slacks_words(scripted: ScriptedBot, ana: Person) -> None:
    scripted.status = 500
    with pytest.raises(NoForm, match="dispatch_failed"):
        ana.command("/customer")


def test_a_bot_that_does_not_ack_in_time_fails_in_slacks_words(hasty: Sandbox, scripted: ScriptedBot) -> None:
    ana, failed = Person(hasty.url, "U0ANA"), threading.Event()
    scripted.on("command", lambda _: failed.wait(PATIENCE) and None)
    with pytest.raises(NoForm, match="/customer failed with the error “operation_timeout”"):
        ana.command("/customer")
    failed.set()
    assert ana.ephemeral("C0SUPPORT", "operation_timeout")


def test_a_click_carries_the_whole_message(slack: WebClient, scripted: ScriptedBot, ana: Person) -> None:
    slack.chat_postMessage(channel="C0SUPPORT", text="Decide", blocks=BUTTONS)
    ana.press(ana.message("C0SUPPORT", "Drop"), "Drop")
    sent = scripted.last("block_actions").payload
    assert set(sent) >= ENVELOPE | {"container", "trigger_id", "channel", "message", "state", "response_url", "actions"}
    assert sent["user"] == {"id": "U0ANA", "username": "ana", "name": "ana", "team_id": "T0FIRM"}
    assert sent["container"] == {
        "type": "message",
        "message_ts": sent["message"]["ts"],
        "channel_id": "C0SUPPORT",
        "is_ephemeral": False,
    }
    assert sent["message"]["blocks"][0]["block_id"] == "row"
    action = sent["actions"][0]
    assert (action["type"], action["action_id"], action["block_id"]) == ("button", "drop", "row")
    assert (action["value"], action["style"], action["text"]["text"]) == ("case 12", "danger", "Drop")
    assert action["action_ts"]


def test_a_menu_sends_what_was_chosen(slack: WebClient, scripted: ScriptedBot, ana: Person) -> None:
    slack.chat_postMessage(channel="C0SUPPORT", text="Decide", blocks=BUTTONS)
    ana.press(ana.message("C0SUPPORT", "Drop"), "Mute")
    action = scripted.last("block_actions").payload["actions"][0]
    assert (action["type"], action["selected_option"]["value"]) == ("overflow", "mute")


def test_what_was_chosen_stands_in_the_messages_state(slack: WebClient, scripted: ScriptedBot, ana: Person) -> None:
    fruit = {"text": plain("Apple"), "value": "apple"}
    menu = {"type": "static_select", "action_id": "fruit", "options": [fruit]}
    slack.chat_postMessage(channel="C0SUPPORT", text="x", blocks=[{"type": "actions", "elements": [menu]}])
    message = ana.channel("C0SUPPORT")[0]
    block = message.raw["blocks"][0]
    where = {"as": "U0ANA", "channel": "C0SUPPORT", "ts": message.ts, "block_id": block["block_id"]}
    chosen = block["elements"][0]["options"][0]
    post_json(f"{ana.url}/sandbox/action", {**where, "action_id": "fruit", "selected_option": chosen})
    sent = scripted.last("block_actions").payload
    assert sent["actions"][0]["selected_option"] == chosen
    assert sent["state"]["values"][block["block_id"]]["fruit"]["selected_option"] == chosen


def test_a_button_that_is_gone_cannot_be_pressed(slack: WebClient, scripted: ScriptedBot, ana: Person) -> None:
    ts = slack.chat_postMessage(channel="C0SUPPORT", text="Decide", blocks=BUTTONS)["ts"]
    seen = ana.message("C0SUPPORT", "Drop")
    slack.chat_update(channel="C0SUPPORT", ts=ts, text="Decided", blocks=[])
    with pytest.raises(NotPossible):
        ana.press(seen, "Drop")
    assert scripted.received == []


def test_somebody_from_another_firm_says_so_in_their_team(
    slack: WebClient, scripted: ScriptedBot, person: Callable[[str], Person]
) -> None:
    slack.chat_postMessage(channel="C0SUPPORT", text="Decide", blocks=BUTTONS)
    olek = person("U0OLEK")
    olek.press(olek.message("C0SUPPORT", "Drop"), "Drop")
    sent = scripted.last("block_actions").payload
    assert (sent["user"]["team_id"], sent["team"]["id"]) == ("T0OTHER", "T0FIRM")


def test_a_shortcut_carries_the_message_it_was_used_on(scripted: ScriptedBot, ana: Person) -> None:
    said = ana.say("C0SUPPORT", "Zenith <shouted> & threatened")
    scripted.on("message_action", lambda _: None)
    hasty = Person(ana.url, "U0ANA", deadline=0.1)
    with pytest.raises(NoForm):
        hasty.shortcut(said, "Report customer")
    sent = scripted.last("message_action").payload
    assert set(sent) >= ENVELOPE | {"callback_id", "trigger_id", "message_ts", "channel", "message", "response_url"}
    assert (sent["callback_id"], sent["message_ts"]) == ("report_customer", said.ts)
    assert sent["message"]["text"] == "Zenith &lt;shouted&gt; &amp; threatened"
    assert sent["channel"] == {"id": "C0SUPPORT", "name": "support"}


def test_an_event_comes_in_its_envelope(scripted: ScriptedBot, ana: Person) -> None:
    with pytest.raises(AssertionError):
        Person(ana.url, "U0ANA", 0.1).home()
    sent = scripted.last("app_home_opened")
    assert set(sent.payload) >= {"token", "team_id", "api_app_id", "event", "type", "event_id", "event_time"}
    assert (sent.payload["type"], sent.payload["event"]["channel"]) == ("event_callback", ana.dm)
    assert "view" not in sent.payload["event"]


def test_an_event_that_failed_comes_three_times_more(sandbox: Sandbox, scripted: ScriptedBot) -> None:
    sandbox._bot.retries = (0, 0, 0)
    scripted.status = 500
    with pytest.raises(AssertionError):
        Person(sandbox.url, "U0ANA", 0.1).home()
    came = scripted.received
    assert soon(lambda: len(came) >= 4)
    time.sleep(0.05)
    assert [received.headers.get("X-Slack-Retry-Num") for received in came] == [None, "1", "2", "3"]
    assert came[1].headers["X-Slack-Retry-Reason"] == "http_error"
    assert len({received.payload["event_id"] for received in came}) == 1
