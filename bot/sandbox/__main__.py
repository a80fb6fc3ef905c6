"""`python -m bot.sandbox --demo`: runs the sandbox with a small demo bot, for work on the page."""

from __future__ import annotations

import argparse
import sys
import threading
from datetime import UTC, datetime

from bot.sandbox.demo import Demo, serve
from bot.sandbox.server import start

SECRET, TOKEN = "demo-secret", "xoxb-demo"


def main() -> None:
    """Run until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox")
    parser.add_argument("--demo", action="store_true", help="answer with the demo bot")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--bot-url", default="", help="a bot's …/slack/events")
    options = parser.parse_args()
    sandbox = start(bot_url=options.bot_url, signing_secret=SECRET, token=TOKEN, port=options.port, now=_real_clock)
    if options.demo:
        server = serve(Demo(sandbox.api_url, TOKEN))
        sandbox.bot_url = f"http://127.0.0.1:{server.server_port}/slack/events"
    sys.stdout.write(f"{sandbox.url}\n")
    sys.stdout.flush()
    threading.Event().wait()


def _real_clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the one clock, handed in from here


if __name__ == "__main__":
    main()
