"""The names that Slack knows the bot's parts by: the manifest declares them, the listeners answer to them."""

from typing import Final

EVENTS_PATH: Final = "/slack/events"
COMMAND_REPORT: Final = "/report-abuse"
COMMAND_CUSTOMER: Final = "/customer"
SHORTCUT_REPORT: Final = "report_customer"
EVENT_HOME_OPENED: Final = "app_home_opened"
EVENT_USER_CHANGE: Final = "user_change"

EVENTS: Final = (EVENT_HOME_OPENED, EVENT_USER_CHANGE)
SCOPES: Final = (
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "usergroups:read",
    "users:read",
)
APP_SCOPES: Final = ("connections:write",)
