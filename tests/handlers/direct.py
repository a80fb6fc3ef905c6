"""Requests handed to the real Bolt app, as over HTTP or a socket, and a Slack that notes what is asked of it."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from slack_bolt import BoltRequest
from slack_sdk.signature import SignatureVerifier

from handlers.bolt import bolt_app
from handlers.dispatcher import Asks
from handlers.names import ActionId, BlockId, CallbackId, Command, Event, ListName, Shortcut
from tests.builders import PATIENCE, TEAM
from tests.handlers import payload_samples as sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.usecases.context import Context
    from handlers.concurrency import LimitedApp
    from handlers.entry_point import Name

Json = dict[str, Any]
SECRET: Final = "shhh"


@dataclass
class NotingSlack:
    """Answers every call with ok. `views`: what it was asked to open or show instead, oldest first."""

    address: str = ""
    calls: list[str] = field(default_factory=list)
    views: list[Json] = field(default_factory=list)

    def note(self, method: str, sent: Json) -> None:
        self.calls.append(method)
        if "view" in sent:
            self.views.append(sent["view"])

    def taken(self) -> list[Json]:
        """The views since this was last asked."""
        views, self.views = self.views, []
        self.calls.clear()
        return views


@contextmanager
def noting_slack() -> Iterator[NotingSlack]:
    slack = NotingSlack()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            slack.note(self.path.rpartition("/")[2], json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            answer = b'{"ok": true}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    slack.address = f"http://127.0.0.1:{server.server_address[1]}/api/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield slack
    server.shutdown()
    thread.join()
    server.server_close()


def app_of(context: Context, slack: NotingSlack, asks: Asks | None = None) -> LimitedApp:
    """The bot's Bolt app, whose token is of the workspace TEAM."""
    asks = asks or Asks(lambda: TEAM, lambda *_: None)
    return bolt_app(context, asks, token="xoxb-1", signing_secret=SECRET, api_url=slack.address, timeout=int(PATIENCE))


def over_socket(app: LimitedApp, body: Json) -> tuple[int, Json]:
    """The status and the JSON with which a request over a socket is answered."""
    response = app.dispatch(BoltRequest(mode="socket_mode", body=body, headers={}))
    return response.status, json.loads(response.body) if response.body.startswith("{") else {}


def over_http(app: LimitedApp, body: Json) -> tuple[int, Json]:
    """The same over HTTP, signed now."""
    if "command" in body:
        raw, kind = urlencode(body), "application/x-www-form-urlencoded"
    elif body["type"] == "event_callback":
        raw, kind = json.dumps(body), "application/json"
    else:
        raw, kind = urlencode({"payload": json.dumps(body)}), "application/x-www-form-urlencoded"
    verifier = SignatureVerifier(SECRET)
    timestamp = str(int(verifier.clock.now()))
    signature = str(verifier.generate_signature(timestamp=timestamp, body=raw))
    headers = {"content-type": kind, "x-slack-request-timestamp": timestamp, "x-slack-signature": signature}
    response = app.dispatch(BoltRequest(body=raw, headers=headers))
    return response.status, json.loads(response.body) if response.body.startswith("{") else {}


def request(name: Name, user: str = "U0ANA", value: str = "", home: str = TEAM, **fields: Json) -> Json:
    """What Slack sends when this person uses this way in. `value`: the button's, or the form's private metadata.

    `fields`: of a form. `home`: the workspace that the person belongs to.
    """
    sender = {"id": user, "username": user.lower(), "name": user.lower(), "team_id": home}
    makers: dict[type, Callable[[], Json]] = {
        Command: lambda: sample.command(value) | {"command": name, "user_id": user, "team_id": home},
        Shortcut: lambda: (
            sample.message_action(user=sender)
            if name is Shortcut.REPORT
            else sample.global_shortcut(user=sender, callback_id=name)
        ),
        BlockId: lambda: sample.suggestion(value) | {"action_id": name, "block_id": name, "user": sender},
        CallbackId: lambda: sample.submission(name, value, sender, **fields),
        Event: lambda: sample.event(_happened(name, user, home)),
        ListName: lambda: sample.click(f"list:{name}", value or f"list:{name}:1", sender),
        ActionId: lambda: sample.click(name, value, sender),
    }
    return sample.menu_click(value) | {"user": sender} if name is ActionId.MORE else makers[type(name)]()


def _happened(name: Name, user: str, home: str) -> Json:
    if name is Event.USER_CHANGE:
        return {"type": name, "user": {"id": user, "team_id": home}}
    if name in {Event.MENTION, Event.MESSAGE}:
        return {"type": name.partition(".")[0], "user": user, "ts": f"{sample.NOON}.000100", "channel_type": "im"}
    return {"type": name, "user": user, "tab": "home"}
