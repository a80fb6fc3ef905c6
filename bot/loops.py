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
    "delivery": _("Sending messages to Slack failed with {error}. The bot tries again."),
    "roster": _("Reading the list of managers failed with {error}. The bot tries again."),
    "clock": _("Doing what is due (deadlines, reminders) failed with {error}. The bot tries again."),
    "files": _("Fetching files from Slack failed with {error}. The bot tries again."),
    "watch": _("Checking the bot's health failed with {error}. The bot tries again."),
    "database": _("Trying the database failed with {error}. The bot tries again."),
    "alerts": _("Telling operators about problems failed with {error}. The bot tries again."),
    "heartbeat": _("Calling HEARTBEAT_URL failed with {error}. The bot tries again."),
    "slack": _("Trying Slack failed with {error}. The bot tries again."),
    "restore": _("Comparing Slack with the record failed with {error}. The bot tries again."),
    "process": _("Comparing this process with others failed with {error}. The bot tries again."),
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
