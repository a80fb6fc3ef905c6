from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from bot.sandbox import payloads
from bot.sandbox.block_kit.check import check_view
from bot.sandbox.elements import STATEFUL
from bot.sandbox.errors import BotFailed, Refused, SlackError

if TYPE_CHECKING:
    from bot.sandbox.bot_requests import BotRequests
    from bot.sandbox.choices import Choices
    from bot.sandbox.modals import View
    from bot.sandbox.state import State
    from bot.sandbox.workspace import User

Json = dict[str, Any]
CONNECTION_ERROR = "We had some trouble connecting. Try again?"
REQUIRED = "Please complete this required field."
_PATTERNS = {
    "email_text_input": (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "Please enter a valid email address."),
    "url_text_input": (re.compile(r"https?://\S+"), "Please enter a valid URL."),
}


class Submissions:
    """Sends and cancels forms, and applies the bot's ack to them."""

    def __init__(self, state: State, bot_requests: BotRequests, choices: Choices) -> None:
        self._state = state
        self._choices = choices
        self._bot_requests = bot_requests
        self._being_sent: set[str] = set()

    async def submit(self, user: User, view: View, values: Json, *, twice: bool = False) -> Json:
        """Send a form. `twice` sends it as a double click would; the page prevents that by disabling the button."""
        if view["submit"] is None:
            raise Refused(400, "this view has no submit button")
        if view["id"] in self._being_sent:
            raise Refused(400, "already being sent")
        view["state"] = {"values": self._choices.state(user, view["id"], view["blocks"], values)}
        if errors := _form_errors(view):
            return {"ok": False, "errors": errors}
        self._being_sent.add(view["id"])
        try:
            return await self._send(user, view, times=2 if twice else 1)
        finally:
            self._being_sent.remove(view["id"])

    async def cancel(self, user: User, view: View) -> None:
        """Close a form, and notify the bot if the view has notify_on_close."""
        self._state.modals.close(user.id, view)
        if view["notify_on_close"]:
            try:
                await self._bot_requests.interaction(payloads.view_closed(self._state, user, view))
            except BotFailed as failed:
                self._state.live_events.send({user.id}, "notice", text=f"The app did not hear of it ({failed.reason}).")

    async def _send(self, user: User, view: View, times: int) -> Json:
        sent = [payloads.view_submission(self._state, user, view) for _ in range(times)]
        try:
            acks = await asyncio.gather(*(self._bot_requests.interaction(payload) for payload in sent))
            return self._apply_ack(user, view, acks[-1])
        except (BotFailed, SlackError) as failed:
            reason = getattr(failed, "reason", None) or "; ".join(getattr(failed, "messages", [])) or str(failed)
            self._state.live_events.send({user.id}, "notice", text=f"{CONNECTION_ERROR} ({reason})")
            return {"ok": False, "error": CONNECTION_ERROR}

    def _apply_ack(self, user: User, view: View, ack: Json) -> Json:
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
    """Slack shows errors beside input blocks only, and rejects the whole ack if it names another block."""
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: errors"])
    if unknown := set(errors) - inputs:
        raise SlackError("invalid_arguments", [f"[ERROR] not an input block: {', '.join(sorted(unknown))}"])
    return {block_id: str(error) for block_id, error in errors.items()}


def _form_errors(view: Json) -> dict[str, str]:
    """The error beside each input block with a value that Slack's clients would not send, by block ID."""
    errors = {}
    for block in view["blocks"]:
        if block["type"] == "input" and (error := _block_error(block, view["state"]["values"])):
            errors[block["block_id"]] = error
    return errors


def _block_error(block: Json, values: Json) -> str | None:
    element = block["element"]
    value = values[block["block_id"]][element["action_id"]][STATEFUL[element["type"]].key]
    if not value:
        return None if block.get("optional") else REQUIRED
    if element["type"] == "number_input":
        return _number_error(element, value)
    if isinstance(value, str):
        return _length_error(element, value) or _pattern_error(element, value)
    return None


def _length_error(element: Json, value: str) -> str | None:
    shortest, longest = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < shortest:
        return f"Must be at least {shortest} characters."
    if len(value) > longest:
        return f"Must be at most {longest} characters."
    return None


def _pattern_error(element: Json, value: str) -> str | None:
    pattern, error = _PATTERNS.get(element["type"], (None, None))
    return error if pattern and not pattern.fullmatch(value) else None


def _number_error(element: Json, value: str) -> str | None:
    number = r"-?\d+" if not element["is_decimal_allowed"] else r"-?\d+(\.\d+)?"
    if not re.fullmatch(number, value):
        return "Please enter a valid number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Must be at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Must be at most {element['max_value']}."
    return None
