"""What `setup` asks Slack: whether a token is right, who may be picked by name, and which channel a link is of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from slack_sdk import WebClient

from handlers.client.checkup import UNFIT, WrongError, ask_slack, refuse_channel, scopes_of, socket_mode

PAGE: Final = 999  # people at a time, the most that Slack gives; it takes 20 such requests a minute
MOST_NAMED: Final = 8
_CHANNEL: Final = re.compile(r"(?:^|/)([CG][A-Z0-9]{2,})(?=$|[/?#])")
_ID: Final = re.compile(r"[UWS][A-Z0-9]{2,}")


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who may be picked, or a user group (`zone` is "" then). `zone`: their IANA time zone at Slack."""

    id: str
    name: str
    handle: str
    zone: str = ""

    @property
    def is_group(self) -> bool:
        """Whether it is a user group."""
        return self.id.startswith("S")

    def __str__(self) -> str:
        return f"{self.name} (@{self.handle}, {self.id})"


@dataclass(frozen=True, slots=True)
class Directory:
    """A workspace, as the bot's token sees it. Everything here raises WrongError, and changes nothing at Slack."""

    client: WebClient
    confirms: bool = True

    def bot(self) -> str:
        """Who the token is: "backstop in Harbour Support"."""
        who = ask_slack(self.client.auth_test)
        scopes_of(who, confirms=self.confirms)
        return f"{who['user']} in {who['team']}"

    def socket_mode(self, app_token: str) -> str:
        """Whether the app-level token opens a connection."""
        return socket_mode(self.client, app_token)

    def channel(self, text: str) -> tuple[str, str]:
        """The ID and the name of the channel that a link, or an ID, is of. The bot must be in it."""
        found = _CHANNEL.search(text.strip())
        if found is None:
            mend = "in Slack open the channel's menu, “Copy”, “Copy link”, and paste it here"
            raise WrongError(f"“{text.strip()}” is no link to a channel", mend)
        said: dict[str, Any] = ask_slack(partial(self.client.conversations_info, channel=found[1]))["channel"]
        name = f"#{said.get('name', found[1])}"
        refuse_channel(said, name, private=True)
        return found[1], name

    def entries(self) -> tuple[Entry, ...]:
        """The user groups, and the full members of the workspace."""
        groups = ask_slack(self.client.usergroups_list)["usergroups"]
        found = [Entry(each["id"], each["name"], each["handle"]) for each in groups if not each.get("date_delete")]
        return (*found, *self._people())

    def _people(self) -> Iterator[Entry]:
        cursor = ""
        while True:
            page = ask_slack(partial(self.client.users_list, limit=PAGE, cursor=cursor))
            for each in page["members"]:
                if not any(each.get(flag) for flag in UNFIT) and each["id"] != "USLACKBOT":
                    profile = each.get("profile") or {}
                    name = profile.get("real_name") or each.get("real_name") or each["name"]
                    yield Entry(each["id"], name, profile.get("display_name") or each["name"], each.get("tz") or "UTC")
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


def picked(text: str, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Whom a text names by names, handles or IDs, separated by commas. Raises WrongError for one who is not clear."""
    return tuple(dict.fromkeys(_picked(part.strip(), entries) for part in text.split(",") if part.strip()))


def _picked(text: str, entries: Sequence[Entry]) -> Entry:
    plain = text.removeprefix("@").casefold()
    exact = [each for each in entries if plain in {each.id.casefold(), each.name.casefold(), each.handle.casefold()}]
    found = exact or [each for each in entries if plain in each.name.casefold() or plain in each.handle.casefold()]
    if len(found) == 1:
        return found[0]
    if not found and _ID.fullmatch(text):
        raise WrongError(f"Slack knows no full member and no user group {text}", "copy the ID again")
    if not found:
        raise WrongError(f"nobody is called “{text}”", "write a part of the name, or @handle, or an ID")
    some = "; ".join(map(str, found[:MOST_NAMED])) + ("; …" if len(found) > MOST_NAMED else "")
    raise WrongError(f"“{text}” may be {some}", "write more of the name, or the ID")
