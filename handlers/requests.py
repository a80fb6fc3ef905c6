"""What comes from Slack, over HTTP or a socket: parsed, its shape checked once, then given to Bolt."""

import binascii
import json
import logging
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from slack_bolt import App, BoltRequest, BoltResponse

from handlers.errors import NOT_SLACKS
from handlers.failures import KINDS, Asked, bad_request
from handlers.parsing.reading import Malformed, optional, string, value_at

log = logging.getLogger(__name__)

DEEPEST: Final = 100  # levels of lists and objects; a message quoted in a message quoted in a message has about 30
_MOST_FIELDS: Final = 100  # a command has about 15
_INTERACTION: Final = b"payload="
_OTHERWISE_ENCODED: Final = re.compile(rb"[&\r\n]|%(?![0-9A-Fa-f]{2})")

_NAMED: Final = ("enterprise", "team", "user", "channel")  # each is an object, its ID alone, null, or left out
_PARTS: Final = ("event", "message", "previous_message", "item", "assistant_thread")
_WRITTEN: Final = ("message", "app_mention")  # the events of something written
_REQUIRED: Final[Mapping[str, tuple[tuple[str | int, ...], ...]]] = {
    "block_actions": (("actions", 0, "action_id"), ("trigger_id",)),
    "block_suggestion": (("action_id",),),
    "event_callback": (("event", "type"),),
    "interactive_message": (("actions", 0, "name"),),
    "message_action": (("callback_id",), ("trigger_id",)),
    "shortcut": (("callback_id",), ("trigger_id",)),
    "view_closed": (("view", "callback_id"),),
    "view_submission": (("view", "callback_id"), ("view", "type")),
    "workflow_step_edit": (("workflow_step", "workflow_step_edit_id"),),
}
"""By the type of a payload: texts that each of this type has. Bolt finds the listener by them."""


class OwnMessage(BoltResponse):
    """The answer to the event of what the bot has written itself."""


def counted_as(response: BoltResponse) -> str:
    """How an answer is counted: by its status. The bot's own messages say nothing of whether people are heard."""
    return "own" if isinstance(response, OwnMessage) else str(response.status)


def answer(app: App, read: Callable[[], object]) -> BoltResponse:
    """Bolt's answer to the payload that `read` returns; 400 if `read` raises `Malformed`, or for another shape, but 200
    for an event of another shape.

    Only what Bolt and this bot read of every request is looked at, so that a field which is new, or which Slack leaves
    out, is no reason to refuse one. Bolt takes the payload as it takes one of Socket Mode: parsed, and not signed.
    """
    payload: object = None
    try:
        payload = read()
        body = checked(payload)
    except Malformed as error:
        answered = malformed(error)
        return BoltResponse(status=200, body="") if _is_news(payload) else answered
    if is_own(body):
        return OwnMessage(status=200, body="")
    return app.dispatch(BoltRequest(mode="socket_mode", body=body))


def is_own(body: Mapping[str, object]) -> bool:
    """Whether Slack says that the bot itself wrote, edited or deleted a message, as it does of direct messages.

    Such a message has the app's ID, except for one with a file, which may have the bot's user alone.
    """
    if optional(body, "event", "type") not in _WRITTEN:
        return False
    app, user = optional(body, "api_app_id"), optional(body, "authorizations", 0, "user_id")
    written = [optional(body, "event", *part) for part in ((), ("message",), ("previous_message",))]
    return any(
        (app is not None and optional(each, "app_id") == app) or (user is not None and optional(each, "user") == user)
        for each in written
    )


def _is_news(payload: object) -> bool:
    """Whether Slack says that something happened. Nobody waits, and what was refused would only be sent again."""
    kind = optional(payload, "type")
    return isinstance(kind, str) and KINDS.get(kind) is Asked.EVENT


def malformed(error: Malformed) -> BoltResponse:
    """The answer to a request that has not even the shape of one, and the line in the log."""
    reference = secrets.token_hex(4)
    log.warning(NOT_SLACKS, extra={"ids": {"reference": reference, "where": str(error)}})
    return bad_request(reference)


def posted(raw: bytes) -> object:
    """The payload of a request's body: JSON, a field with JSON, or the fields themselves. Raises `Malformed`."""
    try:
        text = as_json(raw).decode()
        if text.startswith(("{", "[")):
            return parsed(text)
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise Malformed("body") from None
    return parsed(fields["payload"]) if "payload" in fields else fields


def as_json(raw: bytes) -> bytes:
    """The JSON of an interaction, which comes percent-encoded in a field; any other body as it is.

    Python's `urllib` decodes one character after the other, which takes 4 ms for the 17 kB of a form, more than to
    record a report. Quoted-printable is the same encoding with "=" instead of "%", and decoded in C.
    """
    if not raw.startswith(_INTERACTION) or _OTHERWISE_ENCODED.search(raw):
        return raw
    field = raw.removeprefix(_INTERACTION).replace(b"+", b" ").replace(b"=", b"=3D")
    decoded = binascii.a2b_qp(field.replace(b"%", b"="))
    return decoded if decoded.startswith(b"{") else raw


def parsed(text: str | bytes) -> object:
    """What the JSON says. Raises `Malformed`, also for numbers that JSON does not have or that nobody sends."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed("body") from None


def mapping(found: object, *path: str | int) -> dict[str, Any]:
    """What was found at the path, if it is an object. Raises `Malformed`."""
    if not isinstance(found, dict):
        raise Malformed(*path)
    return found


def _no_number(_: str) -> None:
    raise ValueError


def checked(payload: object) -> dict[str, Any]:
    """The payload, if it has the shape that every request of Slack's has. Raises `Malformed`."""
    body = mapping(payload)
    _check_depth(body)
    _check_kind(body)
    _check_parts(body)
    return body


def _check_depth(payload: dict[str, Any]) -> None:
    level: list[Any] = [payload]
    for _ in range(DEEPEST):
        inner = [child for each in level for child in (each.values() if isinstance(each, dict) else each)]
        level = [child for child in inner if isinstance(child, dict | list)]
        if not level:
            return
    raise Malformed("body")


def _check_kind(body: dict[str, Any]) -> None:
    """A command says its name, Slack's probe that it is one, and anything else its type."""
    if "command" in body:
        string(body, "command")
        string(body, "trigger_id")
    elif "ssl_check" not in body:
        string(body, "type")
    kind = body.get("type")
    for path in _REQUIRED.get(kind, ()) if isinstance(kind, str) else ():
        string(body, *path)
    if optional(body, "view", "type") == "workflow_step":
        _object(body, "workflow_step")


def _check_parts(body: dict[str, Any]) -> None:
    """Bolt takes it for granted that these are of the right kind."""
    if "event" in body:
        _object(body, "event")
    urls = _list(body, "response_urls") if "response_urls" in body else []
    if len(urls) > 1:  # no form of ours has a field that gives it a second one, and Bolt cannot read two
        raise Malformed("response_urls")
    if urls:
        _object(body, "response_urls", 0)
    left = [body]
    while left:  # everything in which Bolt looks for who sent the request, as deep as Bolt looks
        part = left.pop()
        for name in _NAMED:
            if not isinstance(part.get(name), str | dict | None):
                raise Malformed(name)
        if part.get("authorizations") is not None and _list(part, "authorizations"):
            left.append(_object(part, "authorizations", 0))
        left += [part[name] for name in _PARTS if isinstance(part.get(name), dict)]


def _list(part: dict[str, Any], name: str) -> list[Any]:
    found = part[name]
    if not isinstance(found, list):
        raise Malformed(name)
    return found


def _object(part: dict[str, Any], *path: str | int) -> dict[str, Any]:
    return mapping(value_at(part, *path), *path)
