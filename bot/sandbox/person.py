"""A person at the sandbox, who finds things as people do: by their words. The story and the tests are told with it.

ana = Person(sandbox.url, "U0ANA")
form = ana.command("/report-abuse", "Zenith Corp", channel="C0SUPPORT")
form.fill({"What happened?": "Shouted at me until I hung up."}).submit()
notice = priya.message("C0MANAGE", containing="Decide: Zenith")
priya.press(notice, "Approve drop")
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.sandbox.client import Client, NotPossible
from bot.sandbox.elements import elements_of, options_of
from bot.sandbox.filling import Pick
from bot.sandbox.form import Form, FormErrors
from bot.sandbox.words import read, unmarked, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Form", "FormErrors", "Home", "Message", "NoForm", "NotPossible", "NotSeen", "Person", "Pick"]

Json = dict[str, Any]
DEADLINE = 5.0  # seconds
PAUSE = 0.05


class NoForm(Exception):  # noqa: N818 - named after what the person sees
    """No form opened; the words are what Slack or the app said instead."""


class NotSeen(AssertionError):  # noqa: N818 - likewise
    """What was waited for did not come in time; the words say what there is."""


@dataclass(frozen=True)
class Message:
    """A message as this person sees it; `raw` is the page's JSON of it."""

    channel: str
    raw: Json

    @property
    def ts(self) -> str:
        """Slack's timestamp, which names the message."""
        return str(self.raw["ts"])

    @property
    def notification(self) -> str:
        """The top-level text: what a notification and a screen reader read."""
        return unmarked(self.raw["text"])

    @property
    def text(self) -> str:
        """Every word shown: the blocks', or the top-level text where there are none."""
        return words_of(self.raw["blocks"]) or self.notification

    @property
    def ephemeral(self) -> bool:
        """Whether only this person sees it."""
        return bool(self.raw["ephemeral"])

    @property
    def buttons(self) -> list[str]:
        """The words of its buttons, in order."""
        elements = [element for block in self.raw["blocks"] for element in elements_of(block)]
        return [read(element["text"]) for element in elements if element["type"] == "button"]


@dataclass(frozen=True)
class Home:
    """The Home tab as this person sees it."""

    view: Json

    @property
    def text(self) -> str:
        """Every word shown."""
        return words_of(self.view["blocks"])


class Person:
    """Somebody in the workspace. `url` is the sandbox's, `user_id` theirs."""

    def __init__(self, url: str, user_id: str, deadline: float = DEADLINE) -> None:
        self.url = url.rstrip("/")
        self.user_id = user_id
        self._client = Client(url, user_id)
        self._deadline = deadline

    def say(self, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Write a message."""
        ts = self._client.post("message", channel=channel, text=text, thread_ts=thread_ts)["ts"]
        return next(message for message in self.channel(channel) if message.ts == ts)

    def command(self, command: str, text: str = "", *, channel: str = "C0SUPPORT") -> Form:
        """Call a slash command and return the form that it opens; NoForm with what is said instead."""
        return self._opened(lambda: self._client.post("command", channel=channel, command=command, text=text), channel)

    def shortcut(self, message: Message, name: str) -> Form:
        """Use a message shortcut by its name and return the form that it opens; NoForm otherwise."""
        known = {s["name"]: s["callback_id"] for s in self._client.get("state")["app"]["shortcuts"]}
        if name not in known:
            raise NotPossible(f"no shortcut is called {name!r}; there is {list(known)}")
        args = {"channel": message.channel, "ts": message.ts, "callback_id": known[name]}
        return self._opened(lambda: self._client.post("shortcut", **args), message.channel)

    def press(self, seen: Message | Home, words: str) -> Form | None:
        """Press a button, or an overflow menu's option; returns the form that opens by it, if one does.

        Slack looks the button up in the message as it stands: NotPossible once it is gone. Where the message is edited
        under the finger, what stands there then is pressed.
        """
        before = self._stack()
        blocks = self._blocks(seen)
        try:
            answer = self._client.post("action", **self._place(seen), **_click(blocks, words))
        except NotPossible:
            if self._blocks(seen) == blocks:
                raise
            answer = self._client.post("action", **self._place(seen), **_click(self._blocks(seen), words))
        if not answer["ok"]:
            raise NotPossible(answer["error"])
        stack = self._stack()
        return Form(self._client, stack[-1]) if stack and stack != before else None

    def message(self, channel: str, containing: str) -> Message:
        """The newest message that contains these words, once it is there; NotSeen after the deadline."""
        return self._wait(lambda: self.channel(channel), containing)

    def channel(self, channel: str) -> list[Message]:
        """Every message this person sees there, threads included, oldest first."""
        return [Message(channel, raw) for raw in self._client.get("messages", channel=channel)["messages"]]

    def direct_messages(self) -> list[Message]:
        """The direct messages with the app, oldest first."""
        return self.channel(self.dm)

    def direct_message(self, containing: str) -> Message:
        """The newest direct message with the app that contains these words; NotSeen after the deadline."""
        return self.message(self.dm, containing)

    def ephemeral(self, channel: str, containing: str = "") -> Message:
        """The newest message that only this person sees; NotSeen after the deadline."""
        return self._wait(lambda: [message for message in self.channel(channel) if message.ephemeral], containing)

    def home(self, containing: str = "") -> Home:
        """Open the Home tab and return it once it shows these words; NotSeen after the deadline."""
        self._client.post("home")
        return self.home_still(containing)

    def home_still(self, containing: str = "") -> Home:
        """The Home tab that has been opened before, once it shows these words; NotSeen after the deadline."""
        end = time.monotonic() + self._deadline
        while True:
            view = self._client.get("home")["view"]
            if view is not None and containing in (home := Home(view)).text:
                return home
            if time.monotonic() > end:
                raise NotSeen(home.text if view is not None else "The Home tab is empty.")
            time.sleep(PAUSE)

    def form(self) -> Form | None:
        """The form in front of this person, if one is open."""
        stack = self._stack()
        return Form(self._client, stack[-1]) if stack else None

    @property
    def dm(self) -> str:
        """The ID of the direct message with the app."""
        channels = self._client.get("state")["channels"]
        return next(str(channel["id"]) for channel in channels if channel["kind"] == "dm")

    def forward(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Turn the sandbox's clock forward for everybody; returns what it shows then."""
        total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        return datetime.fromisoformat(self._client.post("clock", forward_seconds=total)["now"])

    def _stack(self) -> list[Json]:
        return list(self._client.get("views")["stack"])

    def _opened(self, act: Callable[[], Json], channel: str) -> Form:
        before, seen = self._stack(), {message.ts for message in self.channel(channel)}
        answer = act()
        if not answer["ok"]:
            raise NoForm(answer["error"])
        end = time.monotonic() + self._deadline
        while time.monotonic() < end:
            if (stack := self._stack()) and stack != before:
                return Form(self._client, stack[-1])
            said = [m.text for m in self.channel(channel) if m.ephemeral and m.ts not in seen]
            if said:
                raise NoForm(said[-1])
            time.sleep(PAUSE)
        raise NoForm("Nothing happened.")

    def _wait(self, look: Callable[[], list[Message]], containing: str) -> Message:
        end = time.monotonic() + self._deadline
        while True:
            seen = look()
            for message in reversed(seen):
                if containing in message.text or containing in message.notification:
                    return message
            if time.monotonic() > end:
                raise NotSeen(f"{containing!r} is not among {[message.text for message in seen]}")
            time.sleep(PAUSE)

    def _blocks(self, seen: Message | Home) -> list[Json]:
        if isinstance(seen, Home):
            return list(seen.view["blocks"])
        now = [message for message in self.channel(seen.channel) if message.ts == seen.ts]
        return list(now[0].raw["blocks"]) if now else []

    @staticmethod
    def _place(seen: Message | Home) -> Json:
        if isinstance(seen, Home):
            return {"view_id": seen.view["id"]}
        return {"channel": seen.channel, "ts": seen.ts}


def _click(blocks: list[Json], words: str) -> Json:
    for block in blocks:
        for element in elements_of(block):
            at = {"block_id": block["block_id"], "action_id": element.get("action_id")}
            if element["type"] == "button" and read(element["text"]) == words:
                return at
            for option in options_of(element) if element["type"] == "overflow" else []:
                if read(option["text"]) == words:
                    return {**at, "selected_option": option}
    raise NotPossible(f"no button says {words!r}")
