"""Tries on Slack that the bot can send a file: one of a few bytes, shown to nobody, found, and deleted again."""

from collections.abc import Callable
from functools import partial
from typing import Final

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.usecases.transport import Attachment, Refused, TransportError, Unanswered
from handlers.client import files
from handlers.client.answers import call_slack

FILE: Final = Attachment("backstop-check.txt", b"Backstop tries whether it can send files.\n")
FINE: Final = "one was uploaded, found and deleted; nobody was shown it"
SOON: Final = 2.0  # seconds until Slack has dealt with an upload
Patiently = Callable[[Callable[[], SlackResponse]], SlackResponse]


class Left(Exception):  # noqa: N818 - what became of the trial
    """The trial ended with this exception, and the file may be left."""

    def __init__(self, why: BaseException | None, file: str) -> None:
        super().__init__(file)
        self.why, self.file = why, file


def try_upload(client: WebClient, patiently: Patiently, pause: Callable[[float], None]) -> str:
    """What to say once it worked. Raises TransportError and KeyboardInterrupt, with nothing left, and Left."""
    file = ""
    try:
        file = files.upload(client, FILE, FILE.name)
        patiently(lambda: call_slack(partial(client.files_completeUploadExternal, files=[{"id": file}])))
        _find(client, file, patiently, pause)
    except (TransportError, KeyboardInterrupt) as stop:
        if file and not _is_deleted(client, file, patiently):
            raise Left(stop, file) from None
        raise
    if not _is_deleted(client, file, patiently):
        raise Left(None, file)
    return FINE


def _find(client: WebClient, file: str, patiently: Patiently, pause: Callable[[float], None]) -> None:
    """Slack deals with an upload a moment later."""
    look = partial(client.files_info, file=file)
    try:
        patiently(lambda: call_slack(look))
    except (Refused, Unanswered):
        pause(SOON)
        patiently(lambda: call_slack(look))


def _is_deleted(client: WebClient, file: str, patiently: Patiently) -> bool:
    try:
        patiently(lambda: call_slack(partial(client.files_delete, file=file)))
    except Refused as refusal:
        return str(refusal) in files.GONE
    except TransportError:
        return False
    return True
