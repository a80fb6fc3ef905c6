"""The app manifest, which an admin pastes where a Slack app is made.

https://docs.slack.dev/reference/app-manifest names the fields and their limits.
"""

import json
from collections.abc import Sequence
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from handlers import names
from handlers.names import Command, Event, Shortcut

Manifest: TypeAlias = dict[str, Any]


def manifest(url: str | None, *, confirms: bool = True) -> Manifest:
    """The manifest for a bot at the public address `url` ("https://backstop.example.com"), or for Socket Mode if None.

    `confirms`: the bot reads what it has posted, for which it needs the scopes of the history. With these it also hears
    what people write to it; without them nobody can write there, since nobody would answer.
    Raises ValueError for an address that Slack would refuse.
    """
    target = None if url is None else _target(url)
    return {
        "display_information": {
            "name": "Backstop",
            "description": "Stands behind you when a customer is abusive.",
            "background_color": "#2f4858",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": not confirms,
            },
            "bot_user": {"display_name": "Backstop", "always_online": True},
            "shortcuts": list(_SHORTCUTS),
            "slash_commands": [_command(*command, target) for command in _COMMANDS],
        },
        "oauth_config": {"scopes": {"bot": list(names.scopes(confirms=confirms))}},
        "settings": _settings(target, names.events(confirms=confirms)),
    }


def as_json(content: Manifest) -> str:
    """The manifest as JSON. It is YAML too, so either field at Slack takes it."""
    return json.dumps(content, indent=2)


_COMMANDS = (
    (Command.REPORT, "Report an abusive customer", "[customer]"),
    (Command.BACKUP, "Somebody joins you now", "[customer, where]"),
    (Command.CUSTOMER, "How a customer stands, before you pick up the phone", "[customer]"),
)

_SHORTCUTS: tuple[Manifest, ...] = (
    {
        "name": "Report customer",
        "type": "message",
        "callback_id": Shortcut.REPORT,
        "description": "Report the customer that this message is about",
    },
    {
        "name": "Report a customer",
        "type": "global",
        "callback_id": Shortcut.REPORT_FROM_ANYWHERE,
        "description": "Report an abusive customer",
    },
    {
        "name": "Get backup",
        "type": "global",
        "callback_id": Shortcut.BACKUP,
        "description": "Somebody joins you now",
    },
)


def _target(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"Slack calls public https addresses only: {url} is none. Without one, use Socket Mode.")
    return url.rstrip("/").removesuffix(names.EVENTS_PATH) + names.EVENTS_PATH


def _command(command: str, description: str, usage_hint: str, target: str | None) -> Manifest:
    named = {"command": command, "description": description, "usage_hint": usage_hint, "should_escape": False}
    return named if target is None else {**named, "url": target}


def _settings(target: str | None, events: Sequence[Event]) -> Manifest:
    interactivity: Manifest = {"is_enabled": True}
    subscriptions: Manifest = {"bot_events": list(events)}
    if target is not None:
        interactivity |= {"request_url": target, "message_menu_options_url": target}
        subscriptions["request_url"] = target
    return {
        "event_subscriptions": subscriptions,
        "interactivity": interactivity,
        "org_deploy_enabled": False,
        "socket_mode_enabled": target is None,
        "token_rotation_enabled": False,
    }
