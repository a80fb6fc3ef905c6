"""The page of the gallery: each picture with when it appears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gallery.captions import CAPTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

OPENING = """# What people see

A dozen messages and forms, as wide as a phone, drawn by the sandbox from the real views; nobody in them is real.
`make gallery` makes the pictures again. To see the rest, and to press the buttons: `make sandbox`.
"""


def written(taken: Sequence[str]) -> str:
    """The page in Markdown. Raises LookupError if a picture has no caption, or a caption no picture."""
    if odd := set(CAPTIONS) ^ set(taken):
        raise LookupError(f"a caption or a picture is missing: {sorted(odd)}")
    return "\n".join(
        [
            OPENING,
            *(f"## {title}\n\n{when}\n\n![{title}](pictures/{name}.png)\n" for name, (title, when) in CAPTIONS.items()),
        ]
    )
