"""What is asked over HTTP, whoever answers: probes, and requests as Slack would send them or never would."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from tests.snapshot import inside
from tests.snapshot.logged import without_references
from tests.snapshot.writing import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVENTS = "/slack/events"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
FIGURES = re.compile(r"^((?:process_|python_)\w+(?:\{.*\})?) .*$", re.MULTILINE)
WHO = {"team_id": "T0FIRM", "user_id": "U0ANA", "channel_id": "C0SUPPORT", "trigger_id": "1.2.abc", "api_app_id": "A0"}
IN_A_FORM = {"team": {"id": "T0FIRM"}, "user": {"id": "U0ANA", "team_id": "T0FIRM"}, "trigger_id": "1.2.abc"}
CLICK = {"type": "block_actions", **IN_A_FORM, "container": {"type": "message"}}
SENT = {"type": "view_submission", **IN_A_FORM}
EVENT = {"type": "event_callback", "team_id": "T0FIRM", "event_id": "Ev1", "event_time": 1}

SIGNED: dict[str, tuple[str, str | bytes]] = {
    "report": (FORM, urlencode({"command": "/report-abuse", "text": "Zenith Corp", **WHO})),
    "customer": (FORM, urlencode({"command": "/customer", "text": "Zenith Corp", **WHO})),
    "customer-nobody": (FORM, urlencode({"command": "/customer", "text": "", **WHO})),
    "unknown-command": (FORM, urlencode({"command": "/no-such", "text": "", **WHO})),
    "command-without-user": (FORM, urlencode({"command": "/report-abuse", "team_id": "T0FIRM"})),
    "ssl-check": (FORM, urlencode({"ssl_check": "1", "token": "x"})),
    "url-verification": (JSON, json.dumps({"type": "url_verification", "challenge": "c123", "token": "x"})),
    "empty": (FORM, ""),
    "empty-json": (JSON, "{}"),
    "a-list": (JSON, "[1, 2]"),
    "broken-json": (JSON, '{"type": '),
    "broken-payload": (FORM, "payload=%7B%22type"),
    "not-utf8": (FORM, b"payload=\xff\xfe"),
    "unknown-type": (FORM, urlencode({"payload": json.dumps({"type": "no_such", **IN_A_FORM})})),
    "unknown-form": (FORM, urlencode({"payload": json.dumps(SENT | {"view": {"callback_id": "no", "type": "modal"}})})),
    "unknown-shortcut": (
        FORM, urlencode({"payload": json.dumps({"type": "shortcut", "callback_id": "no", **IN_A_FORM})})
    ),
    "unknown-event": (JSON, json.dumps(EVENT | {"event": {"type": "no_such", "user": "U0ANA"}})),
    "home-opened": (JSON, json.dumps(EVENT | {"event": {"type": "app_home_opened", "user": "U0ANA", "tab": "home"}})),
    "home-opened-malformed": (JSON, json.dumps(EVENT | {"event": {"type": "app_home_opened"}})),
    "user-change-malformed": (JSON, json.dumps(EVENT | {"event": {"type": "user_change"}})),
    "suggestion-malformed": (
        FORM, urlencode({"payload": json.dumps({"type": "block_suggestion", "action_id": "customer", **IN_A_FORM})})
    ),
}  # fmt: skip
BUTTONS = (
    "approve_drop",
    "keep_customer",
    "issue_warning",
    "withdraw",
    "renew",
    "more",
    "merge",
    "list:queue",
    "no_such",
)
VALUES = ("", "case:1:1", "case:99:1", "case:x:1", "report:1", "list:no_such:1")
FORMS = ("report_form", "drop_form", "keep_form", "warning_form", "answer_form", "merge_form", "look_up_form")
for _button in BUTTONS:
    for _value in VALUES:
        _clicked = CLICK | {"actions": [{"type": "button", "action_id": _button, "block_id": "b", "value": _value}]}
        SIGNED[f"click-{_button}-{_value}"] = (FORM, urlencode({"payload": json.dumps(_clicked)}))
for _form in FORMS:
    _view = {
        "type": "modal",
        "callback_id": _form,
        "private_metadata": "case:1:1",
        "blocks": [],
        "state": {"values": {}},
    }
    SIGNED[f"sent-{_form}"] = (FORM, urlencode({"payload": json.dumps(SENT | {"view": _view})}))


def asked_of_all(url: str, folder: Path, now: Callable[[], float]) -> None:
    """Ask everything, and write each answer down: status, headers (but for the date) and body."""
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
        for path in ("/", "/healthz", "/readyz", "/metrics", EVENTS, "/nothing", "/healthz/"):
            _ask(url, folder, f"{method} {path}", method, path)
    body = urlencode({"command": "/report-abuse", "text": "", **WHO})
    _ask(url, folder, "unsigned", "POST", EVENTS, body, {"Content-Type": FORM})
    for name, seconds, secret in (
        ("badly-signed", 0, "wrong"),
        ("late", -301, inside.SECRET),
        ("early", 301, inside.SECRET),
    ):
        _ask(
            url,
            folder,
            name,
            "POST",
            EVENTS,
            body,
            signed(body.encode(), now() + seconds, secret) | {"Content-Type": FORM},
        )
    _ask(
        url, folder, "no-number", "POST", EVENTS, body, {"X-Slack-Request-Timestamp": "x", "X-Slack-Signature": "v0=1"}
    )
    _ask(url, folder, "too-large", "POST", EVENTS, None, {"Content-Type": FORM, "Content-Length": "1000001"})
    for name, (kind, sent) in SIGNED.items():
        raw = sent.encode() if isinstance(sent, str) else sent
        _ask(
            url,
            folder,
            f"signed {name}",
            "POST",
            EVENTS,
            raw,
            signed(raw, now(), inside.SECRET) | {"Content-Type": kind},
        )


def signed(body: bytes, at: float, secret: str) -> dict[str, str]:
    """Slack's signature."""
    digest = hmac.new(secret.encode(), f"v0:{int(at)}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(int(at)), "X-Slack-Signature": f"v0={digest}"}


def _ask(url: str, folder: Path, name: str, method: str, path: str, body: Any = None, headers: Any = None) -> None:  # noqa: ANN401
    place = urlsplit(url)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    received = [f"{answer.status} {answer.reason}"]
    received += [f"{key}: {'<date>' if key == 'Date' else value}" for key, value in answer.getheaders()]
    text = answer.read().decode(errors="backslashreplace")
    connection.close()
    if path == "/metrics":
        received = [re.sub(r"^(Content-Length): .*", r"\1: <length>", line) for line in received]
    file = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    write(
        folder / f"{file if method != 'GET' or path != '/' else 'get-root'}.txt",
        without_references(mask("\n".join([*received, "", text]))),
    )


def mask(text: str) -> str:
    """Without figures of the process."""
    return FIGURES.sub(r"\1 <figure>", text)


def mask_figures(seen: dict[str, Any]) -> dict[str, Any]:
    """A recorded answer likewise."""
    if not seen["asked"].endswith("/metrics"):
        return seen
    return {**seen, "body": mask(seen["body"]), "headers": [h for h in seen["headers"] if h[0] != "Content-Length"]}
