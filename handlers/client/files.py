"""Uploads files to Slack: charts in messages, and tables that somebody asked for."""

from http.client import HTTPException
from typing import Any, Final
from urllib.request import Request, urlopen

from slack_sdk import WebClient

from bot.usecases.transport import Attachment, InDoubt, Unanswered
from handlers.client.answers import call_slack

TIMEOUT: Final = 5  # seconds; as for every call of a delivery
_TAG_SHOWN: Final = 12  # characters of a message's tag in the name of its file, to find it again


def upload(client: WebClient, file: Attachment, alt: str) -> str:
    """Upload a picture that is not shared yet, and return its ID for a message. `alt`: the same as text.

    Raises as `call_slack`. An upload that is repeated does no harm, since nobody sees it.
    """
    file_id = _sent(client, file, file.name, alt)
    call_slack(lambda: client.files_completeUploadExternal(files=[{"id": file_id, "title": file.name}]))
    return file_id


def share(client: WebClient, channel: str, words: str, file: Attachment, tag: str) -> tuple[str, str]:
    """Post a file as a message of its own; returns the channel and the file's ID, which is used as the message's ts.

    Slack keeps no metadata with it, so a part of the tag goes into its name. Raises as `call_slack`, and InDoubt if
    it may have been posted.
    """
    stem, _, ending = file.name.rpartition(".")
    file_id = _sent(client, file, f"{stem}-{tag[:_TAG_SHOWN]}.{ending}", "")
    entry: dict[str, str | None] = {"id": file_id, "title": file.name}
    try:
        call_slack(
            lambda: client.files_completeUploadExternal(files=[entry], channel_id=channel, initial_comment=words)
        )
    except Unanswered as silence:
        raise InDoubt(*silence.args) from silence
    return channel, file_id


def carries(message: dict[str, Any], tag: str) -> bool:
    """Whether a message has the file with this tag."""
    return any(tag[:_TAG_SHOWN] in str(file.get("name")) for file in message.get("files") or ())


def _sent(client: WebClient, file: Attachment, name: str, alt: str) -> str:
    length = len(file.content)
    place = call_slack(lambda: client.files_getUploadURLExternal(filename=name, length=length, alt_txt=alt or None))
    request = Request(str(place["upload_url"]), data=file.content, method="POST")  # noqa: S310 - Slack names the address
    request.add_header("Content-Type", "application/octet-stream")
    try:
        with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - as above
            answer.read()
    except (OSError, HTTPException) as failure:
        raise Unanswered(type(failure).__name__) from failure
    return str(place["file_id"])
