"""`python -m bot …` as a process, forked from one that has imported the bot: the import is most of a start."""

from __future__ import annotations

import multiprocessing
import os
import sys
from argparse import Namespace
from contextlib import closing
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import forkserver
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import pytest

import bot.cli.commands  # noqa: F401 - what `main` imports once it is asked for a command
from bot.cli import serve
from bot.cli.main import main
from bot.cli.shared import DOTENV
from tests.builders import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess

    from bot.observing import Intervals

ROOT: Final = Path(__file__).parents[1]
_PROCESSES: Final = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Popen:
    """A process with the methods of `subprocess`."""

    process: ForkServerProcess

    @property
    def pid(self) -> int:
        assert self.process.pid
        return self.process.pid

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self.process.join(timeout)
        assert self.process.exitcode is not None
        return self.process.exitcode

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        self.process.kill()


def serving(
    folder: Path, environment: Mapping[str, str], log: Path, waits: Intervals | None = None
) -> tuple[ForkServerProcess, str]:
    """`serve`, and the line that it prints once it listens; nothing where it ended before. What it logs is added to
    `log`. `waits`: others than its own.
    """
    here, there = _PROCESSES.Pipe(duplex=False)
    run = partial(main, ["serve"]) if waits is None else partial(serve.run, Namespace(env_file=DOTENV), waits)
    process = _started(run, folder, environment, there, log)
    there.close()
    with closing(here), os.fdopen(os.dup(here.fileno())) as output:
        return process, output.readline()


@dataclass(frozen=True)
class Command:
    """A command that runs, and where it writes."""

    process: ForkServerProcess
    output: Path
    log: Path

    def ended(self, within: float = PATIENCE) -> bool:
        """Whether it ends within so many seconds."""
        self.process.join(within)
        return self.process.exitcode is not None

    def result(self) -> tuple[int, str, str]:
        """The exit code, what it printed, and what it said on stderr, once it ends."""
        assert self.ended()
        assert self.process.exitcode is not None
        return self.process.exitcode, self.output.read_text(), self.log.read_text()


def command(
    folder: Path, environment: Mapping[str, str], *words: str, output: Connection | Path | None = None
) -> Command:
    """Any other command. `output`: where it writes; by default a file of its own."""
    name = uuid4().hex
    written, log = folder / f"{name}.out", folder / f"{name}.err"
    return Command(_started(partial(main, list(words)), folder, environment, output or written, log), written, log)


def _started(
    run: Callable[[], int], folder: Path, environment: Mapping[str, str], output: Connection | Path, log: Path
) -> ForkServerProcess:
    _start_server()
    arguments = (run, folder, dict(environment), output, log)
    process = _PROCESSES.Process(target=_run, args=arguments, daemon=True)
    process.start()
    return process


@cache
def _start_server() -> None:
    """Python 3.11 does not hand it the path of modules: in another folder it would import nothing beforehand, and every
    process all of it.
    """
    with pytest.MonkeyPatch.context() as given:
        given.setenv("PYTHONPATH", str(ROOT))
        forkserver.ensure_running()


def _run(
    run: Callable[[], int], folder: Path, environment: Mapping[str, str], output: Connection | Path, log: Path
) -> None:
    """In the new process."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    _write_to(1, output)
    _write_to(2, log)
    sys.exit(run())


def _write_to(number: int, where: Connection | Path) -> None:
    if isinstance(where, Path):
        with where.open("a") as file:
            os.dup2(file.fileno(), number)
    else:
        os.dup2(where.fileno(), number)
