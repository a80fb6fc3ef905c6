from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.errors import SlackError
from bot.sandbox.ids import new_id

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock


@dataclass
class File:
    """An uploaded file: its bytes and Slack's JSON about it."""

    id: str
    name: str
    owner: str
    created: int
    content: bytes = b""
    expected: int | None = None
    title: str = ""
    complete: bool = False

    def as_json(self, base_url: str) -> dict[str, Any]:
        """The file object that Slack hands out; its private URL answers the app's token only."""
        mimetype = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        private = f"{base_url}files/{self.id}/{self.name}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": mimetype,
            "filetype": self.name.rpartition(".")[2] or "binary",
            "user": self.owner,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": private,
            "url_private_download": private,
            "permalink": f"{base_url}files/{self.id}",
        }


class Files:
    """Every file of the workspace, by ID."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._files: dict[str, File] = {}

    def expect(self, name: str, length: int, owner: str) -> File:
        """A place for an upload of this many bytes."""
        file = File(new_id("F"), name, owner, self._clock.seconds(), expected=length)
        self._files[file.id] = file
        return file

    def add(self, name: str, content: bytes, owner: str) -> File:
        """A file that a person chose in a form."""
        file = File(new_id("F"), name, owner, self._clock.seconds(), content, complete=True)
        self._files[file.id] = file
        return file

    def get(self, file_id: str) -> File:
        """The file with this ID; file_not_found otherwise."""
        if file_id not in self._files:
            raise SlackError("file_not_found")
        return self._files[file_id]
