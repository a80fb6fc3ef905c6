"""The terminal: names and texts that people typed may not move its cursor, colour it, or turn a line around.

What is written may also go to a program that stops reading, or to a disk that is full.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import TextIOBase
from typing import Any, TextIO

from bot.rules.text import printable


class NotWritten(Exception):  # noqa: N818 - it says what is so
    """The output could not be written: nobody reads it any more, or the disk is full."""


class Visible(TextIOBase):
    """A stream that shows what cannot be seen. All else is the stream that it writes to."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write it, with control characters as text. Raises NotWritten."""
        with _not_written():
            self._stream.write(printable(text))
        return len(text)

    def writelines(self, lines: Iterable[Any]) -> None:
        """Write them all."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Pass on what is written. Raises NotWritten."""
        with _not_written():
            self._stream.flush()

    def isatty(self) -> bool:
        """Whether people see it."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The number of the file that it writes to."""
        return self._stream.fileno()

    def give_up(self) -> None:
        """Let what is written go nowhere: the interpreter would try to write the rest when it ends."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


@contextmanager
def _not_written() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise NotWritten("Nobody reads the output any more, so the rest was not written.") from None
    except OSError as error:
        raise NotWritten(f"The output could not be written to its end: {error.strerror}.") from None


@contextmanager
def visible_output() -> Iterator[None]:
    """Within the block, what is printed is shown as text, on stdout and stderr."""
    with redirect_stdout(Visible(sys.stdout)), redirect_stderr(Visible(sys.stderr)):
        yield
