"""The command line: `backstop COMMAND`, or `python -m bot COMMAND` from a checkout.

It says what is wrong on stderr, all at once. The exit code is then 2; 75 where the database cannot be used, which may
pass; 74 where the output cannot be written. The commands are imported once one is asked for: `--version` needs none.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from bot.cli.terminal import NotWritten, Visible, visible_output
from bot.cli.version import version

STOPPED: Final = 130  # by Ctrl-C, as a shell says it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit code."""
    os.umask(0o077)  # whatever a command writes is its user's alone
    with visible_output():
        try:
            try:
                return _main(sys.argv[1:] if arguments is None else list(arguments))
            finally:
                sys.stdout.flush()
        except NotWritten as failure:
            return _without_output(failure)
        except KeyboardInterrupt:
            return STOPPED


def _main(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        print(version())
        return 0
    from bot.cli.commands import run  # noqa: PLC0415 - see the module's docstring

    return run(arguments)


def _without_output(failure: NotWritten) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, Visible):
            with suppress(NotWritten):
                stream.flush()
                continue
            stream.give_up()
    print(failure, file=sys.stderr)
    return os.EX_IOERR
