"""The manifest that an admin pastes at Slack."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from handlers import names
from handlers.manifest import as_json, manifest
from handlers.names import Command, Event, Shortcut

TARGET = "https://backstop.example.com/slack/events"


def urls(part: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(part, dict):
        for value in part.values():
            yield from urls(value)
    elif isinstance(part, list):
        for value in part:
            yield from urls(value)
    elif isinstance(part, str) and part.startswith("http"):
        yield part


def test_over_http_every_address_is_the_one_that_takes_every_request() -> None:
    content = manifest("https://backstop.example.com")
    assert list(urls(content)) == [TARGET] * 6
    assert content["settings"]["interactivity"]["message_menu_options_url"] == TARGET
    assert content["settings"]["socket_mode_enabled"] is False


def test_in_socket_mode_there_is_no_address_and_the_rest_is_the_same() -> None:
    socket, http = manifest(None), manifest("https://backstop.example.com")
    assert list(urls(socket)) == []
    assert socket["settings"]["socket_mode_enabled"] is True
    assert socket["oauth_config"] == http["oauth_config"]
    assert socket["features"]["shortcuts"] == http["features"]["shortcuts"]
    assert socket["settings"]["interactivity"] == {"is_enabled": True}


@pytest.mark.parametrize(
    "url",
    ["https://backstop.example.com/", TARGET, f"{TARGET}/", "https://backstop.example.com"],
)
def test_the_address_may_be_written_with_or_without_its_path(url: str) -> None:
    assert set(urls(manifest(url))) == {TARGET}


def test_an_address_below_a_path_keeps_it() -> None:
    assert set(urls(manifest("https://example.com/bot/"))) == {"https://example.com/bot/slack/events"}


@pytest.mark.parametrize(
    "url", ["http://backstop.example.com", "backstop.example.com", "", "https://x?y=1", "https://"]
)
def test_an_address_that_slack_would_refuse_is_refused_here(url: str) -> None:
    with pytest.raises(ValueError, match="public https"):
        manifest(url)


def test_it_asks_for_the_names_that_the_listeners_answer_to() -> None:
    features = manifest(None)["features"]
    assert [one["command"] for one in features["slash_commands"]] == [Command.REPORT, Command.BACKUP, Command.CUSTOMER]
    assert [one["callback_id"] for one in features["shortcuts"]] == [*Shortcut]
    assert [one["type"] for one in features["shortcuts"]] == ["message", "global", "global"]
    assert manifest(None)["oauth_config"] == {"scopes": {"bot": list(names.SCOPES)}}
    assert manifest(None)["settings"]["event_subscriptions"] == {"bot_events": list(Event)}
    assert features["app_home"]["home_tab_enabled"] is True


@pytest.mark.parametrize("confirms", [True, False])
def test_people_can_write_to_the_bot_only_where_it_may_hear_of_it(confirms: bool) -> None:  # noqa: FBT001 - either
    content = manifest(None, confirms=confirms)
    assert content["features"]["app_home"]["messages_tab_read_only_enabled"] is not confirms
    assert ("im:history" in content["oauth_config"]["scopes"]["bot"]) is confirms
    assert ("message.im" in content["settings"]["event_subscriptions"]["bot_events"]) is confirms
    assert "app_mention" in content["settings"]["event_subscriptions"]["bot_events"]


def test_it_stays_within_slacks_limits() -> None:
    content = manifest(None)
    assert len(content["display_information"]["name"]) <= 35
    assert len(content["display_information"]["description"]) <= 140
    for shortcut in content["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
    for command in content["features"]["slash_commands"]:
        assert command["command"].startswith("/")
        assert len(command["command"]) <= 32


def test_it_is_printed_as_it_is() -> None:
    assert json.loads(as_json(manifest(None))) == manifest(None)
