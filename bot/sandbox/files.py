from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.sandbox.errors import SlackError
from bot.sandbox.ids import new_id

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock


@dataclass
class File:
    """An uploaded file. `expected` is the announced length; `complete` says that the upload has ended."""

    id: str
    name: str
    owner: str
    created: int
    url: str
    content: bytes = b""
    expected: int | None = None
    title: str = ""
    complete: bool = False
    shares: list[tuple[str, str]] = field(default_factory=list)  # a channel, and the ts of the message there

    @property
    def kind(self) -> str:
        """The file's type: the extension of its name."""
        return self.name.rpartition(".")[2].lower() or "binary"

    def as_json(self) -> dict[str, Any]:
        """The file as Slack's JSON. Its private URL needs the app's token."""
        mimetype = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": mimetype,
            "filetype": self.kind,
            "user": self.owner,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": self.url,
            "url_private_download": self.url,
            "permalink": self.url,
            "shares": {"private": {channel: [{"ts": ts}] for channel, ts in self.shares}},
        }


class Files:
    """Every file of the workspace, by ID."""

    def __init__(self, clock: Clock, base_url: str) -> None:
        self._clock = clock
        self._base_url = base_url
        self._files: dict[str, File] = {}
        self._deleted: set[str] = set()

    def expect(self, name: str, length: int, owner: str) -> File:
        """Add a file whose bytes are still to be uploaded, `length` of them."""
        file = self._new(name, owner)
        file.expected = length
        return file

    def add(self, name: str, content: bytes, owner: str) -> File:
        """Add a file that a person chose in a form."""
        file = self._new(name, owner)
        file.content, file.complete = content, True
        return file

    def _new(self, name: str, owner: str) -> File:
        file_id = new_id("F")
        url = f"{self._base_url}files/{file_id}/{quote(name)}"
        self._files[file_id] = File(file_id, name, owner, self._clock.seconds(), url)
        return self._files[file_id]

    def find(self, slack_file: dict[str, str]) -> File | None:
        """The file that a slack_file object names by its ID or URL, if there is one."""
        file_id, url = slack_file.get("id"), slack_file.get("url")
        return next((file for file in self._files.values() if file.id == file_id or file.url == url), None)

    def delete(self, file_id: str) -> File:
        """Delete a file; file_deleted for one that was already."""
        self.get(file_id)
        self._deleted.add(file_id)
        return self._files.pop(file_id)

    def get(self, file_id: str) -> File:
        """The file with this ID; file_not_found otherwise."""
        if file_id not in self._files:
            raise SlackError("file_deleted" if file_id in self._deleted else "file_not_found")
        return self._files[file_id]
