"""Threads that do a thing again and again, and go on whatever it raises."""

import logging
import threading
from collections.abc import Callable, MutableMapping
from typing import Final

from bot.language import _
from bot.rules.refusals import NotRecorded

log = logging.getLogger(__name__)

AGAIN_IN: Final = 1.0  # seconds after an error
BROKE: Final = {
    # Translators: {error} is the name of an error.
    "delivery": _("The loop that keeps the delivery going broke: {error}."),
    "roster": _("The loop that keeps the roster going broke: {error}."),
    "clock": _("The loop that keeps the clock going broke: {error}."),
    "files": _("The loop that fetches files from Slack broke: {error}."),
    "watch": _("The loop that keeps the watch going broke: {error}."),
    "database": _("The loop that tries the database broke: {error}."),
    "alerts": _("The loop that alerts operators broke: {error}."),
    "heartbeat": _("The loop that calls the heartbeat's address broke: {error}."),
    "slack": _("The loop that tries Slack broke: {error}."),
    "restore": _("The loop that compares Slack with the record broke: {error}."),
    "process": _("The loop that compares this process with others broke: {error}."),
}

RunOnce = Callable[[], float]
"""Does what is due now. Returns for how many seconds the thread then waits."""


def keep_going(
    name: str,
    run_once: RunOnce,
    wait: Callable[[float], object],
    stopping: threading.Event,
    broke: MutableMapping[str, str],
) -> None:
    """Call `run_once` until stopped, whatever it raises: the database may be away, or our own code may fail.

    `broke` has a sentence under the loop's name from an error of our own until it works again.
    """
    away = False
    while not stopping.is_set():
        try:
            pause = run_once()
            away = False
            broke.pop(name, None)
        except NotRecorded as failure:
            if not away:
                ids = {"thread": name, **trouble_ids(failure)}
                log.warning("the database cannot be used; trying again", extra={"ids": ids})
            away, pause = True, AGAIN_IN
        except Exception as error:  # otherwise the thread would end, and the bot would go on without it
            log.exception("a thread broke; it goes on", extra={"ids": {"thread": name}})
            broke[name] = BROKE[name].format(error=type(error).__name__)
            pause = AGAIN_IN
        if not stopping.is_set():  # `run_once` may have cleared the event with which `stop` woke the thread
            wait(pause)


def trouble_ids(failure: NotRecorded) -> dict[str, str]:
    """What a log line says of it: why, and the database's code."""
    return {"trouble": failure.trouble, **({"code": failure.code} if failure.code else {})}
