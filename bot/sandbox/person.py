"""A person who uses the sandbox. The story and the tests find everything by its text, as people do.

ana = Person(sandbox.url, "U0ANA")
form = ana.command("/report-abuse", "Zenith Corp", channel="C0SUPPORT")
form.fill({"What happened?": "Shouted at me until I hung up."}).submit()
notice = priya.message("C0MANAGE", containing="Decide: Zenith")
priya.press(notice, "Approve drop")
"""

from __future__ import annotations

import time
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.sandbox.client import Client, NotPossible
from bot.sandbox.form import Form
from bot.sandbox.seen import Home, Message, click_on

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Home", "Message", "NoForm", "NotSeen", "Person"]
Json = dict[str, Any]
DEADLINE = 120.0  # seconds; ends only a wait for what never comes
PAUSE = 0.05


class NoForm(Exception):  # noqa: N818 - named after what the person sees
    """No form opened. The message is what Slack or the app said instead."""


class NotSeen(AssertionError):  # noqa: N818 - likewise
    """What was waited for did not appear in time. The message says what was there."""


class Person:
    """Somebody in the workspace of the sandbox at `url`. Waits take `deadline` seconds at most."""

    def __init__(self, url: str, user_id: str, deadline: float = DEADLINE) -> None:
        self.url = url.rstrip("/")
        self.user_id = user_id
        self._client = Client(url, user_id)
        self._deadline = deadline

    def say(
        self, channel: str, text: str, thread_ts: str | None = None, at: datetime | None = None, *, twice: bool = False
    ) -> Message:
        """Write a message. `at`: when, if not now. `twice`: where the app hears of it, Slack tells it again."""
        ts = f"{at.timestamp():.6f}" if at else ""
        said = self._client.post("message", channel=channel, text=text, thread_ts=thread_ts, ts=ts, twice=twice)
        return Message(channel, said["message"])

    def edit(self, message: Message, text: str) -> None:
        """Edit their own message."""
        self._client.post("edit", channel=message.channel, ts=message.ts, text=text)

    def command(self, command: str, text: str = "", *, channel: str = "C0SUPPORT") -> Form:
        """Call a slash command and return the form that it opens; NoForm otherwise."""
        return self._open_form(
            lambda: self._client.post("command", channel=channel, command=command, text=text), channel
        )

    def integration(self, channel: str, **parts: object) -> Message:
        """Have another app post a message with these parts of Slack's JSON, in a channel where this person is."""
        return self._sent(channel, self._client.post("integration", channel=channel, parts=parts)["ts"])

    def shortcut(self, message: Message, name: str) -> Form:
        """Use a message shortcut by its name and return the form that it opens; NoForm otherwise."""
        args = {"channel": message.channel, "ts": message.ts, "callback_id": self._shortcut(name, everywhere=False)}
        return self._open_form(lambda: self._client.post("shortcut", **args), message.channel)

    def global_shortcut(self, name: str) -> Form:
        """Use a global shortcut by its name and return the form that it opens; NoForm otherwise."""
        args = {"callback_id": self._shortcut(name, everywhere=True)}
        return self._open_form(lambda: self._client.post("shortcut", **args), self.dm)

    def press(self, seen: Message | Home, label: str) -> Form | None:
        """Press a button or an overflow menu's option, and return the form that opens, if one does.

        Slack finds the button in the message or Home as it is now: NotPossible if it is gone. If that is edited during
        the call, the button of the edited one is pressed.
        """
        before = self._stack()
        answer = self._click(seen, label)
        if not answer["ok"]:
            raise NotPossible(answer["error"])
        stack = self._stack()
        return Form(self._client, stack[-1]) if stack and stack != before else None

    def message(self, channel: str, containing: str) -> Message:
        """Wait for a message that contains this text, and return the newest; NotSeen after the deadline."""
        return self._wait(lambda: self.channel(channel), containing)

    def channel(self, channel: str, since: datetime | None = None) -> list[Message]:
        """All messages in the channel that this person sees, with those in threads, oldest first."""
        after = f"{since.timestamp():.6f}" if since else ""
        seen = self._client.get("messages", channel=channel, after=after)["messages"]
        return [Message(channel, raw) for raw in seen]

    def read(self) -> None:
        """Look at every channel."""
        for channel in self._client.get("state")["channels"]:
            self._client.get("messages", channel=channel["id"], after="9")

    def direct_messages(self) -> list[Message]:
        """The direct messages with the app, oldest first."""
        return self.channel(self.dm)

    def direct_message(self, containing: str) -> Message:
        """Like `message`, among the direct messages with the app."""
        return self.message(self.dm, containing)

    def ephemeral(self, channel: str, containing: str = "") -> Message:
        """Like `message`, among the messages that only this person sees."""
        return self._wait(lambda: [message for message in self.channel(channel) if message.ephemeral], containing)

    def home(self, containing: str = "") -> Home:
        """Open the Home tab, and return it once it contains this text; NotSeen after the deadline."""
        self._client.post("home")
        return self.current_home(containing)

    def current_home(self, containing: str = "") -> Home:
        """Like `home`, without opening the Home tab again."""
        end = time.monotonic() + self._deadline
        while True:
            view = self._client.get("home")["view"]
            if view is not None and containing in (home := Home(view)).text:
                return home
            if time.monotonic() > end:
                raise NotSeen(home.text if view is not None else "The Home tab is empty.")
            time.sleep(PAUSE)

    def form(self) -> Form | None:
        """The topmost form, if one is open."""
        stack = self._stack()
        return Form(self._client, stack[-1]) if stack else None

    @cached_property
    def dm(self) -> str:
        """The ID of the direct message with the app."""
        channels = self._client.get("state")["channels"]
        return next(str(channel["id"]) for channel in channels if channel["kind"] == "dm")

    def forward(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Move the sandbox's clock forward for everybody, and return its new time."""
        total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        return datetime.fromisoformat(self._client.post("clock", forward_seconds=total)["now"])

    def _sent(self, channel: str, ts: str) -> Message:
        return next(message for message in self.channel(channel) if message.ts == ts)

    def _shortcut(self, name: str, *, everywhere: bool) -> str:
        known = {(s["name"], s["everywhere"]): s["callback_id"] for s in self._client.get("state")["app"]["shortcuts"]}
        return str(known[name, everywhere])

    def _stack(self) -> list[Json]:
        return list(self._client.get("views")["stack"])

    def _open_form(self, send: Callable[[], Json], channel: str) -> Form:
        before = self._client.get("views")
        answer = send()
        if not answer["ok"]:
            raise NoForm(answer["error"])
        end = time.monotonic() + self._deadline
        while time.monotonic() < end:
            if (stack := self._stack()) and stack != before["stack"]:
                return Form(self._client, stack[-1])
            since = self._client.get("messages", channel=channel, after=before["ts"])["messages"]
            if texts := [Message(channel, raw).text for raw in since if raw["ephemeral"]]:
                raise NoForm(texts[-1])
            time.sleep(PAUSE)
        raise NoForm("Nothing happened.")

    def _wait(self, read_messages: Callable[[], list[Message]], containing: str) -> Message:
        end = time.monotonic() + self._deadline
        while True:
            seen = read_messages()
            for message in reversed(seen):
                if containing in message.text or containing in message.notification:
                    return message
            if time.monotonic() > end:
                raise NotSeen(f"{containing!r} is not among {[message.text for message in seen]}")
            time.sleep(PAUSE)

    def _click(self, seen: Message | Home, label: str) -> Json:
        blocks = self._blocks(seen)
        while True:
            try:
                return self._client.post("action", **self._target_args(seen), **click_on(blocks, label))
            except NotPossible:
                if (now := self._blocks(seen)) == blocks:
                    raise
                blocks = now

    def _blocks(self, seen: Message | Home) -> list[Json]:
        if isinstance(seen, Home):
            return list(self._client.get("home")["view"]["blocks"])
        now = [message for message in self.channel(seen.channel) if message.ts == seen.ts]
        return list(now[0].raw["blocks"]) if now else []

    @staticmethod
    def _target_args(seen: Message | Home) -> Json:
        if isinstance(seen, Home):
            return {"view_id": seen.view["id"]}
        return {"channel": seen.channel, "ts": seen.ts}
