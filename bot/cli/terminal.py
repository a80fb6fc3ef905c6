"""The terminal: names and texts that people typed may not move its cursor, colour it, or turn a line around."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import TextIOBase
from typing import Any, TextIO

from bot.rules.text import printable


class Visible(TextIOBase):
    """A stream that shows what cannot be seen. All else is the stream that it writes to."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write it, with control characters as text."""
        self._stream.write(printable(text))
        return len(text)

    def writelines(self, lines: Iterable[Any]) -> None:
        """Write them all."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Pass on what is written."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Whether people see it."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The number of the file that it writes to."""
        return self._stream.fileno()


@contextmanager
def visible_output() -> Iterator[None]:
    """Within the block, what is printed is shown as text, on stdout and stderr."""
    with redirect_stdout(Visible(sys.stdout)), redirect_stderr(Visible(sys.stderr)):
        yield
