"""What is to be done should the process of the tests be killed: what it started would otherwise go on."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WAIT = 'while kill -0 "$0" 2>/dev/null; do sleep 0.5; done\n'


@contextmanager
def if_killed(then: str, *about: str) -> Iterator[None]:
    """Should this process end within the block, a shell runs these lines, which know `about` as $1 and so on."""
    shell = subprocess.Popen(["/bin/sh", "-c", WAIT + then, str(os.getpid()), *about], start_new_session=True)  # noqa: S603 - our own lines
    try:
        yield
    finally:
        shell.kill()
        shell.wait()
