"""`python -m bot serve` as a process, forked from one that has imported the bot: the import is most of a start."""

from __future__ import annotations

import multiprocessing
import os
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Final

from bot.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

_PROCESSES: Final = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__])


def serving(folder: Path, environment: Mapping[str, str], log: Path) -> tuple[ForkServerProcess, str]:
    """The process and the line that it prints once it listens; nothing where it ended before. What it logs is added to
    `log`.
    """
    here, there = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=_serve, args=(folder, dict(environment), log, there), daemon=True)
    process.start()
    there.close()
    with closing(here), os.fdopen(os.dup(here.fileno())) as output:
        return process, output.readline()


def _serve(folder: Path, environment: Mapping[str, str], log: Path, output: Connection) -> None:
    """In the new process."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    with log.open("a") as errors:
        os.dup2(errors.fileno(), 2)
    os.dup2(output.fileno(), 1)
    sys.exit(main(["serve"]))
