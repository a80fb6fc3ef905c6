"""What the bot writes into direct messages comes back as an event: nobody is answered, and it counts for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.request import urlopen

from slack_sdk import WebClient

from bot.usecases.transport import Attachment
from handlers.client.files import share
from tests.builders import PATIENCE
from tests.slack.calling import get_json
from tests.slack.steps import people, reports, soon

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox
    from tests.slack.scripted_bot import Json, ScriptedBot


def events(bot: ScriptedBot) -> list[Json]:
    return [dict(each.payload["event"]) for each in bot.received if "event" in each.payload]


def test_the_sandbox_sends_the_app_its_own_direct_messages_as_slack_does(
    scripted: ScriptedBot, slack: WebClient
) -> None:
    """The keys of a new one are those of the payload in slackapi/bolt-js#580."""
    sent = slack.chat_postMessage(channel="U0ANA", text="one")
    slack.chat_update(channel=sent["channel"], ts=sent["ts"], text="two")
    slack.chat_delete(channel=sent["channel"], ts=sent["ts"])
    share(slack, sent["channel"], "a file", Attachment("a.txt", b"a"), "tag")
    assert soon(lambda: len(events(scripted)) == 4)
    kinds = {event.get("subtype"): event for event in events(scripted)}
    assert set(kinds) == {None, "message_changed", "message_deleted", "file_share"}
    assert {
        "bot_id",
        "type",
        "text",
        "user",
        "ts",
        "team",
        "bot_profile",
        "channel",
        "event_ts",
        "channel_type",
    } <= set(kinds[None])
    assert (kinds[None]["channel_type"], kinds[None]["user"], kinds[None]["bot_id"]) == (
        "im",
        "U0BACKSTOP",
        "B0BACKSTOP",
    )
    assert (kinds["message_changed"]["message"]["text"], kinds["message_changed"].get("user")) == ("two", None)
    assert kinds["message_deleted"]["previous_message"]["bot_id"] == "B0BACKSTOP"
    assert (kinds["file_share"]["user"], kinds["file_share"].get("bot_id")) == ("U0BACKSTOP", None)


def requests_counted(firm: Sandbox) -> dict[str, float]:
    with urlopen(firm.bot_url.replace("/slack/events", "/metrics")) as answer:  # noqa: S310 - our own bot
        lines = answer.read().decode().splitlines()
    of_requests = (line.split() for line in lines if line.startswith("backstop_requests_total{"))
    return {name.split('"')[1]: float(value) for name, value in of_requests}


def test_the_bot_answers_none_of_its_own_messages_and_counts_them_apart(firm: Sandbox) -> None:
    ana, priya = people(firm, "ANA", "PRIYA")
    reports(ana, category="Threat of violence", severity="Severe")
    ana.direct_message("Zenith Corp")
    priya.direct_message("Zenith Corp")
    assert soon(lambda: requests_counted(firm).get("own", 0) >= 2)
    client = WebClient(firm._web_api._token, base_url=firm.api_url, timeout=int(PATIENCE), retry_handlers=[])
    own = requests_counted(firm)["own"]
    share(client, ana.dm, "a file", Attachment("a.txt", b"a"), "tag")
    assert soon(lambda: requests_counted(firm)["own"] > own)
    ana.say(ana.dm, "what do I type?")
    ana.direct_message("/report-abuse and the customer's name")  # what was written before is answered before
    called = get_json(f"{firm.url}sandbox/calls")["calls"]
    assert [each for each in called if each["channel"] == "U0BACKSTOP"] == []
