"""`serve`: the bot as a process, until SIGTERM or SIGINT."""

import argparse
import logging
import signal
import threading
from collections.abc import Callable
from contextlib import nullcontext

from bot import logs
from bot.app import Bot, assemble
from bot.cli.shared import load_settings, now
from bot.http_server import serve
from bot.loops import trouble_ids
from bot.observing import USUAL, Intervals
from bot.rules.refusals import NotRecorded
from storage.db.sqlite_file import sqlite_file_of

log = logging.getLogger(__name__)


def run(chosen: argparse.Namespace, waits: Intervals = USUAL) -> int:
    """Run the bot against the Slack of the settings."""
    logs.configure()
    settings = load_settings(chosen.env_file)
    file = sqlite_file_of(settings.database_url.get_secret_value())
    with file.served_by_us() if file else nullcontext():
        try:
            bot = assemble(settings, now, greets=True, waits=waits)
        except NotRecorded as failure:
            log.critical("the database cannot be used", extra={"ids": trouble_ids(failure)})
            raise
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
