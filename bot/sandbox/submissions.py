from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.sandbox import payloads
from bot.sandbox.errors import BotFailed, Refused, SlackError
from bot.sandbox.form_check import form_errors
from bot.sandbox.kit import check_view

if TYPE_CHECKING:
    from bot.sandbox.choices import Choices
    from bot.sandbox.delivery import Delivery
    from bot.sandbox.modals import View
    from bot.sandbox.state import State
    from bot.sandbox.workspace import User

Json = dict[str, Any]
TROUBLE = "We had some trouble connecting. Try again?"


class Submissions:
    """Forms that people send or cancel, and what becomes of them by the bot's ack."""

    def __init__(self, state: State, delivery: Delivery, choices: Choices) -> None:
        self._state = state
        self._choices = choices
        self._delivery = delivery
        self._under_way: set[str] = set()

    async def submit(self, user: User, view: View, values: Json, *, twice: bool = False) -> Json:
        """Send a form. `twice` is a double click that got through, which the page's disabled button prevents."""
        if view["submit"] is None:
            raise Refused(400, "this view has no submit button")
        if view["id"] in self._under_way:
            raise Refused(400, "already being sent")
        view["state"] = {"values": self._choices.state(user, view["id"], view["blocks"], values)}
        if errors := form_errors(view):
            return {"ok": False, "errors": errors}
        self._under_way.add(view["id"])
        try:
            return await self._send(user, view, times=2 if twice else 1)
        finally:
            self._under_way.remove(view["id"])

    async def cancel(self, user: User, view: View) -> None:
        """Close a form; the bot hears of it where the view asked for that."""
        self._state.modals.close(user.id, view)
        if view["notify_on_close"]:
            try:
                await self._delivery.interaction(payloads.view_closed(self._state, user, view))
            except BotFailed as failed:
                self._state.feed.tell({user.id}, "notice", text=f"The app did not hear of it ({failed.reason}).")

    async def _send(self, user: User, view: View, times: int) -> Json:
        sent = [payloads.view_submission(self._state, user, view) for _ in range(times)]
        try:
            acks = await asyncio.gather(*(self._delivery.interaction(payload) for payload in sent))
            return self._honour(user, view, acks[-1])
        except (BotFailed, SlackError) as failed:
            reason = getattr(failed, "reason", None) or "; ".join(getattr(failed, "messages", [])) or str(failed)
            self._state.feed.tell({user.id}, "notice", text=f"{TROUBLE} ({reason})")
            return {"ok": False, "error": TROUBLE}

    def _honour(self, user: User, view: View, ack: Json) -> Json:
        action = ack.get("response_action")
        if action == "errors":
            return {"ok": False, "errors": _checked_errors(view, ack.get("errors"))}
        modals = self._state.modals
        if action in ("update", "push"):
            check_view(ack.get("view") or {}, ("modal",))
        if action == "update":
            modals.update(view, user.id, ack["view"])
            return {"ok": True, "result": "updated"}
        if action == "push":
            modals.push(user.id, ack["view"])
            return {"ok": True, "result": "pushed"}
        if action == "clear":
            modals.clear(user.id)
        elif action is None:
            modals.close(user.id, view)
        else:
            raise SlackError("invalid_arguments", [f"[ERROR] no such response_action: {action}"])
        return {"ok": True, "result": "closed"}


def _checked_errors(view: View, errors: object) -> dict[str, str]:
    """Slack shows errors beside input blocks only; any other block ID spoils the whole ack."""
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: errors"])
    if strangers := set(errors) - inputs:
        raise SlackError("invalid_arguments", [f"[ERROR] not an input block: {', '.join(sorted(strangers))}"])
    return {block_id: str(words) for block_id, words in errors.items()}
