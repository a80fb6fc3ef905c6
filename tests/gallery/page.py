"""The page of the gallery: each picture with when it appears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gallery.captions import GROUPS

if TYPE_CHECKING:
    from collections.abc import Sequence

OPENING = """# What people see

Every message and form of Backstop, as wide as a phone, drawn by the sandbox from the real views. `make gallery` makes
the pictures again; nobody in them is real, and neither is the firm.
"""


def written(taken: Sequence[str]) -> str:
    """The page in Markdown. Raises LookupError if a picture has no caption, or a caption no picture."""
    told = {name for _, captions in GROUPS for name in captions}
    if odd := told ^ set(taken):
        raise LookupError(f"a caption or a picture is missing: {sorted(odd)}")
    return "\n".join([OPENING, *(_group(title, captions) for title, captions in GROUPS)])


def _group(title: str, captions: dict[str, tuple[str, str]]) -> str:
    return "\n".join([f"## {title}\n", *(_picture(name, *said) for name, said in captions.items())])


def _picture(name: str, title: str, when: str) -> str:
    return f"### {title}\n\n{when}\n\n![{title}](pictures/{name}.png)\n"
