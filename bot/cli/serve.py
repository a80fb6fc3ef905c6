"""`serve`: the bot as a process, until SIGTERM or SIGINT."""

import argparse
import signal
import threading
from collections.abc import Callable

from bot import logs
from bot.app import Bot, assemble
from bot.cli.shared import load_settings, now
from bot.http_server import serve


def run(_: argparse.Namespace) -> int:
    """Run the bot against the Slack of the settings."""
    logs.configure()
    settings = load_settings()
    bot = assemble(settings, now)
    run_bot(
        bot, settings.host, settings.port, stop_event(), lambda url: print(f"Backstop listens on {url}", flush=True)
    )
    return 0


def run_bot(bot: Bot, host: str, port: int, stop: threading.Event, listening: Callable[[str], None]) -> None:
    """Run the bot until `stop` is set; then finish what is under way. Raises CannotListenError."""
    bot.start()
    try:
        serve(bot.web, host, port, stop, listening=listening)
    finally:
        bot.stop()


def stop_event() -> threading.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
