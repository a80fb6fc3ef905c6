"""Running the bot, whatever Slack it talks to."""

import signal
import threading
from collections.abc import Callable

from bot.app import Bot
from bot.http_server import serve


def run(bot: Bot, host: str, port: int, stop: threading.Event, listening: Callable[[str], None]) -> None:
    """The bot, until `stop` is set: then it finishes what is under way. Raises web.CannotListenError."""
    bot.start()
    try:
        serve(bot.web, host, port, stop, listening=listening)
    finally:
        bot.stop()


def until_told() -> threading.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
