"""The file of settings, as `setup` reads and writes it: lines that it does not set stay as they are."""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dotenv import dotenv_values

NOTE: Final = "# setup: "
NOT_WRITTEN: Final = "{path} cannot be written: {why}. Nothing was changed."


def read(path: Path) -> dict[str, str]:
    """What the file says; nothing if there is none. Raises ValueError for one that cannot be read, or made."""
    if not path.parent.is_dir():
        raise ValueError(f"{path} cannot be written: there is no folder {path.parent}.")
    try:
        found = dotenv_values(path, interpolate=False, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read: {error}.") from error
    return {name: value for name, value in found.items() if value}


def write(path: Path, values: Mapping[str, str], notes: Mapping[str, str]) -> None:
    """Set these values, each below its note. The file is its owner's alone, and whole at any moment.

    Raises ValueError where it cannot be written.
    """
    target = path.resolve()  # the file behind a link stays where it is
    try:
        lines = target.read_text(encoding="utf-8").splitlines() if target.exists() else []
        for name, value in values.items():
            lines = _set(lines, name, [*([f"{NOTE}{notes[name]}"] if name in notes else []), f"{name}={value}"])
        _replace(target, "\n".join([*lines, ""]))
    except OSError as error:
        raise ValueError(NOT_WRITTEN.format(path=path, why=error.strerror)) from error


def _set(lines: list[str], name: str, new: list[str]) -> list[str]:
    sets = re.compile(rf"\s*(export\s+)?{name}\s*=")
    at = next((n for n, line in enumerate(lines) if sets.match(line)), len(lines))
    start = at - 1 if at and lines[at - 1].startswith(NOTE) else at
    rest = [line for line in lines[at + 1 :] if not sets.match(line)]  # of two, the second held
    return [*lines[:start], *new, *rest]


def _replace(target: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(prefix=".env-", dir=target.parent)  # readable by its owner alone
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            if target.exists():  # whoever changes it for the bot's user leaves it theirs
                os.fchown(file.fileno(), target.stat().st_uid, target.stat().st_gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except OSError:
        Path(name).unlink()
        raise
