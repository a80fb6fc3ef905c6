"""Files: uploads to Slack what somebody asked for, and fetches from Slack what a rep has attached."""

import logging
import time
from contextlib import suppress
from http.client import HTTPException
from itertools import chain
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

from slack_sdk import WebClient

from bot.usecases.transport import (
    Attachment,
    FileGone,
    InDoubt,
    MessageGone,
    RateLimited,
    Refused,
    RetryLater,
    Unanswered,
)
from handlers.client.answers import call_slack

log = logging.getLogger(__name__)

GONE: Final = frozenset({"file_not_found", "file_deleted", "file_not_visible", "access_denied"})
_WITHOUT_CONTENT: Final = frozenset({"tombstone", "hidden_by_limit", "external"})
_SLACKS: Final = (".slack.com", ".slack-gov.com")
_PAUSE: Final = 30.0  # seconds
TIMEOUT: Final = 5  # seconds; as for every call of a delivery
_LOOKS: Final = (0, 0.5, 1, 2)  # seconds before each look whether a file was shared
_PLACES: Final = ("channels", "groups", "ims")  # of a file: the IDs of the channels in which it is
_TAG_SHOWN: Final = 12  # characters of a message's tag in the name of its file, to find it again


class _NoRedirect(HTTPRedirectHandler):
    """The library would send the token along."""

    def redirect_request(self, *_: object) -> None:
        """Follow none: it becomes an HTTPError."""


_OPENER: Final = build_opener(_NoRedirect)


def share(client: WebClient, channel: str, words: str, file: Attachment, tag: str) -> tuple[str, str]:
    """Post a file as a message of its own; returns the channel and the file's ID, which is used as the message's ts.

    Slack keeps no metadata with it, so a part of the tag goes into its name. Raises as `call_slack`, and InDoubt if
    it may have been posted. Slack shares a file after its answer, and where that fails it says nothing: such a file is
    deleted, and Unanswered raised.
    """
    stem, _, ending = file.name.rpartition(".")
    file_id = upload(client, file, f"{stem}-{tag[:_TAG_SHOWN]}.{ending}")
    entry: dict[str, str | None] = {"id": file_id, "title": file.name}
    try:
        call_slack(
            lambda: client.files_completeUploadExternal(files=[entry], channel_id=channel, initial_comment=words)
        )
    except Unanswered as silence:
        raise InDoubt(*silence.args) from silence
    if not _is_soon_shared(client, file_id, channel):
        _delete_for_another_try(client, file_id)
        raise Unanswered("not_shared")
    return channel, file_id


def _is_soon_shared(client: WebClient, file: str, channel: str) -> bool:
    """Whether Slack shows the file in the channel. Where it does not let us look, its answer that it would counts."""
    for seconds in _LOOKS:
        time.sleep(seconds)
        try:
            found: dict[str, Any] = call_slack(lambda: client.files_info(file=file)).get("file") or {}
        except (RetryLater, Refused, Unanswered) as failure:
            log.warning("whether a file was shared could not be looked at", extra={"ids": {"error": str(failure)}})
            return True
        places = chain(*(found.get(kind) or () for kind in _PLACES), *(found.get("shares") or {}).values())
        if channel in places:
            return True
    return False


def _delete_for_another_try(client: WebClient, file: str) -> None:
    """So that it is not there twice if Slack shares it later still. Raises InDoubt."""
    try:
        call_slack(lambda: client.files_delete(file=file))
    except (RetryLater, Refused, Unanswered) as failure:
        raise InDoubt("not_shared") from failure


def carried(message: dict[str, Any], tag: str) -> str | None:
    """The ID of the file with this tag, if the message has it."""
    files = (file for file in message.get("files") or () if tag[:_TAG_SHOWN] in str(file.get("name")))
    return next((str(file["id"]) for file in files), None)


def is_file(ts: str) -> bool:
    """Whether this, which stands for a message, is the ID of a file: see `share`."""
    return ts.startswith("F")


def take_back(client: WebClient, channel: str, file: str, words: str) -> None:
    """Delete a file that was shared in the channel, and let its message say these words. It can be called again.

    Raises as `call_slack`, and MessageGone where Slack has no such file any more.
    """
    try:
        found: dict[str, Any] = call_slack(lambda: client.files_info(file=file)).get("file") or {}
        shares = (found.get("shares") or {}).values()
        for ts in [str(share["ts"]) for channels in shares for share in channels.get(channel) or ()]:
            with suppress(Refused):
                call_slack(lambda ts=ts: client.chat_update(channel=channel, ts=ts, text=words))  # type: ignore[misc]
        call_slack(lambda: client.files_delete(file=file))
    except Refused as refusal:
        if str(refusal) in GONE:
            raise MessageGone from refusal
        raise


def fetch(client: WebClient, file: str, most: int) -> bytes:
    """The content of an uploaded file, of so many bytes at most.

    Raises as `call_slack`, and FileGone: Slack has no such file any more, or nothing that can be fetched.
    """
    try:
        found: dict[str, Any] = call_slack(lambda: client.files_info(file=file)).get("file") or {}
    except Refused as refusal:
        if str(refusal) in GONE:
            raise FileGone(*refusal.args) from refusal
        raise
    address = str(found.get("url_private_download") or found.get("url_private") or "")
    if found.get("mode") in _WITHOUT_CONTENT or found.get("is_external") or not address:
        raise FileGone(str(found.get("mode") or "no_content"))
    if int(found.get("size") or 0) > most:
        raise FileGone("too_large")
    return _content(client, address, most, may_be_a_page="html" in str(found.get("mimetype")))


def _content(client: WebClient, address: str, most: int, *, may_be_a_page: bool) -> bytes:
    """Whoever may not have the file is redirected to a page where people sign in: no redirect is followed."""
    if not _is_slacks(address, client.base_url):
        raise FileGone("address_not_slacks")
    request = Request(address, headers={"Authorization": f"Bearer {client.token}"})  # noqa: S310 - checked above
    try:
        with _OPENER.open(request, timeout=TIMEOUT) as answer:
            content = bytes(answer.read(most + 1))
            is_page = "text/html" in answer.headers.get("Content-Type", "")
    except HTTPError as error:
        error.close()
        if error.code in {404, 410}:
            raise FileGone("file_not_found") from error
        if error.code == 429:  # noqa: PLR2004 - Too Many Requests
            raise RateLimited(_PAUSE) from error
        raise Unanswered(f"http_{error.code}") from error
    except (OSError, HTTPException) as failure:
        raise Unanswered(type(failure).__name__) from failure
    if is_page and not may_be_a_page:
        raise Unanswered("a_page_to_sign_in")
    if len(content) > most:
        raise FileGone("too_large")
    return content


def _is_slacks(address: str, api_url: str) -> bool:
    """Whether the token may go there: over https to Slack, or to the host of the API.

    That may be a proxy of the firm's: files have Slack's own addresses all the same, and its neighbours get no token.
    """
    there, api = urlsplit(address), urlsplit(api_url)
    if there.netloc == api.netloc and there.scheme == api.scheme:
        return True
    return there.scheme == "https" and f".{there.hostname}".endswith(_SLACKS)


def upload(client: WebClient, file: Attachment, name: str) -> str:
    """Send the file's content to Slack; its ID. Nothing is to be seen of it until that is said to be complete.

    Raises as `call_slack`.
    """
    length = len(file.content)
    place = call_slack(lambda: client.files_getUploadURLExternal(filename=name, length=length))
    request = Request(str(place["upload_url"]), data=file.content, method="POST")  # noqa: S310 - Slack names the address
    request.add_header("Content-Type", "application/octet-stream")
    try:
        with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - as above
            answer.read()
    except (OSError, HTTPException) as failure:
        raise Unanswered(type(failure).__name__) from failure
    return str(place["file_id"])
