from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.elements import state_of
from bot.sandbox.errors import SlackError
from bot.sandbox.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.clock import Clock
    from bot.sandbox.live_events import LiveEvents
    from bot.sandbox.workspace import Workspace

View = dict[str, Any]  # a view as Slack's own JSON
MAX_DEPTH = 3


class Modals:
    """Each person's stack of open modals, and their Home tab."""

    def __init__(
        self,
        workspace: Workspace,
        clock: Clock,
        live_events: LiveEvents,
        stored_blocks: Callable[[list[View]], list[View]],
    ) -> None:
        self._workspace = workspace
        self._clock = clock
        self._live_events = live_events
        self._stored_blocks = stored_blocks
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def stack(self, user_id: str) -> list[View]:
        """The person's open modals, the topmost last."""
        return self._stacks.setdefault(user_id, [])

    def home(self, user_id: str) -> View | None:
        """The Home tab that the app published for the person, if it did."""
        return self._homes.get(user_id)

    def find(self, view_id: str = "", external_id: str = "") -> tuple[str, View]:
        """An open modal or a Home tab, with its person; not_found if there is none."""
        for user_id, view in self._all():
            if view["id"] == view_id or (external_id and view["external_id"] == external_id):
                return user_id, view
        raise SlackError("not_found")

    def _all(self) -> list[tuple[str, View]]:
        open_now = [(user_id, view) for user_id, stack in self._stacks.items() for view in stack]
        return open_now + list(self._homes.items())

    def open(self, user_id: str, payload: View) -> View:
        """Open a new modal in place of all that were open."""
        view = self._new(payload)
        self._stacks[user_id] = [view]
        return self._show(user_id, view)

    def push(self, user_id: str, payload: View) -> View:
        """Open a new modal on top of the topmost one; push_limit_reached beyond three."""
        stack = self.stack(user_id)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= MAX_DEPTH:
            raise SlackError("push_limit_reached")
        view = self._new(payload, root=stack[0]["id"], previous=stack[-1]["id"])
        stack.append(view)
        return self._show(user_id, view)

    def update(self, view: View, user_id: str, payload: View) -> View:
        """Replace an open view's content. Values are kept where block and action keep their IDs."""
        self._check_external_id(payload, view["id"])
        typed = view["state"]["values"]
        view.update(self._content(payload))
        view["state"] = {"values": state_of(view["blocks"], typed)}
        view["hash"] = self._hash()
        return self._show(user_id, view)

    def publish(self, user_id: str, payload: View) -> View:
        """Replace the person's Home tab."""
        known = self._homes.get(user_id)
        view = self._new(payload, view_id=known["id"] if known else "")
        self._homes[user_id] = view
        return self._show(user_id, view)

    def close(self, user_id: str, view: View) -> None:
        """Close a modal and those on top of it."""
        stack = self.stack(user_id)
        if view in stack:
            del stack[stack.index(view) :]
        self._live_events.send({user_id}, "views", stack=stack)

    def clear(self, user_id: str) -> None:
        """Close all modals of the person."""
        self._stacks[user_id] = []
        self._live_events.send({user_id}, "views", stack=[])

    def _show(self, user_id: str, view: View) -> View:
        if view["type"] == "home":
            self._live_events.send({user_id}, "home", view=view)
        else:
            self._live_events.send({user_id}, "views", stack=self.stack(user_id))
        return view

    def _check_external_id(self, payload: View, view_id: str) -> None:
        external_id = payload.get("external_id", "")
        taken = (view["id"] for _, view in self._all() if external_id and view["external_id"] == external_id)
        if any(other != view_id for other in taken):
            raise SlackError("duplicate_external_id")

    def _new(self, payload: View, *, root: str = "", previous: str | None = None, view_id: str = "") -> View:
        self._check_external_id(payload, view_id)
        view_id = view_id or new_id("V")
        content = self._content(payload)
        return {
            "id": view_id,
            "team_id": self._workspace.team_id,
            **content,
            "state": {"values": state_of(content["blocks"], {})},
            "hash": self._hash(),
            "previous_view_id": previous,
            "root_view_id": root or view_id,
            "app_id": self._workspace.app.id,
            "app_installed_team_id": self._workspace.team_id,
            "bot_id": self._workspace.app.bot_id,
        }

    def _content(self, payload: View) -> View:
        home = payload["type"] == "home"
        return {
            "type": payload["type"],
            "blocks": self._stored_blocks(payload["blocks"]),
            "private_metadata": payload.get("private_metadata", ""),
            "callback_id": payload.get("callback_id", ""),
            "external_id": payload.get("external_id", ""),
            "title": {"type": "plain_text", "text": "View Title", "emoji": True}
            if home
            else _plain_text(payload["title"]),
            "close": _plain_text(payload.get("close")),
            "submit": _plain_text(payload.get("submit")),
            "clear_on_close": payload.get("clear_on_close", False),
            "notify_on_close": payload.get("notify_on_close", False),
        }

    def _hash(self) -> str:
        return f"{self._clock.seconds()}.{new_id('').lower()[:8]}"


def _plain_text(text: View | None) -> View | None:
    return {"emoji": True, **text} if text else None
