"""A small bot that shows every block and input, for trying out the page: `python -m bot.sandbox --demo`."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

from bot.sandbox.demo_blocks import FORM, HOME, MESSAGE, SAID, customers

Json = dict[str, Any]


class Demo:
    """The demo bot. Its command posts the message or opens the form, depending on the text."""

    form = FORM

    def __init__(self, api_url: str, token: str) -> None:
        self._api_url = api_url
        self._token = token

    def call(self, method: str, **args: object) -> Json:
        """Call the Web API."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        request = Request(self._api_url + method, json.dumps(args).encode(), headers)  # noqa: S310 - our own sandbox
        with urlopen(request, timeout=3) as answer:  # noqa: S310 - likewise
            body: Json = json.load(answer)
        return body

    def command(self, fields: dict[str, str]) -> Json:
        """The text "message" posts every block; any other text opens the form."""
        if fields["text"] == "message":
            self.call("chat.postMessage", channel=fields["channel_id"], text="Every block", blocks=MESSAGE)
            return {"text": "Posted. Only you see this line."}
        self.call("views.open", trigger_id=fields["trigger_id"], view=self.form)
        return {}

    def interaction(self, payload: Json) -> Json:
        """Answer a submission in the form, a message shortcut with the form, and a click with a line."""
        kind = payload["type"]
        if kind == "view_submission":
            return self._submitted(payload["view"])
        if kind == "block_suggestion":
            return {"options": customers(payload["value"])}
        if kind in ("message_action", "shortcut"):
            self.call("views.open", trigger_id=payload["trigger_id"], view=FORM)
        if kind == "block_actions" and "channel" in payload:
            line = f"{payload['user']['name']} used {payload['actions'][0]['action_id']}"
            self.call("chat.postEphemeral", channel=payload["channel"]["id"], user=payload["user"]["id"], text=line)
        return {}

    def event(self, payload: Json) -> None:
        """Publish the Home tab when somebody opens it."""
        if payload["event"]["type"] == "app_home_opened":
            self.call("views.publish", user_id=payload["event"]["user"], view=HOME)

    def _submitted(self, view: Json) -> Json:
        story = view["state"]["values"]["story"]["story"]["value"]
        if story == "wrong":
            return {"response_action": "errors", "errors": {"story": "Say something else."}}
        return {"response_action": "update", "view": SAID}


def serve(demo: Demo) -> ThreadingHTTPServer:
    """Run the bot on a thread and return its server."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer = json.dumps(_answer(demo, self.headers["Content-Type"], body)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


def _answer(demo: Demo, content_type: str, body: str) -> Json:
    if content_type.startswith("application/json"):
        demo.event(json.loads(body))
        return {}
    fields = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
    if "payload" in fields:
        return demo.interaction(json.loads(fields["payload"]))
    return demo.command(fields)
