"""The floor of an answer: a Bolt listener that does nothing, in the bot's own web server. `python -m …bare`."""

import sys
import threading

from slack_bolt import Ack, App, BoltResponse
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult

from bot.http_server import serve
from bot.sandbox.__main__ import SECRET, TOKEN
from handlers.names import EVENTS_PATH, CallbackId

VIEW = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Recorded"},
    "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "Recorded as report 1."}}],
}


def main() -> None:
    """Serve until ended."""
    app = App(
        signing_secret=SECRET,
        process_before_response=True,
        token_verification_enabled=False,
        authorize=lambda context: AuthorizeResult(
            enterprise_id=context.enterprise_id, team_id=context.team_id, bot_token=TOKEN
        ),
    )

    @app.view(CallbackId.REPORT_FORM)
    def submitted(ack: Ack) -> BoltResponse:
        return ack(response_action="update", view=VIEW)

    handler = SlackRequestHandler(app, path=EVENTS_PATH)
    serve(handler, "127.0.0.1", 0, threading.Event(), listening=_say)


def _say(url: str) -> None:
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
