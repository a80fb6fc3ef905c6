"""The chart, drawn by a process of its own: what draws takes several times the memory of the whole bot."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

log = logging.getLogger(__name__)

HERE: Final = Path(__file__).parents[2]  # wherever the bot was started from, its package is found there
PATIENCE: Final = 20  # seconds; the first time on a machine its fonts are looked through
_MAY_KNOW: Final = (
    "PATH",
    "HOME",
    "TMPDIR",
    "LANGUAGE",  # and the next three: in which language it writes
    "LC_ALL",
    "LC_MESSAGES",
    "LANG",
    "PYTHONPATH",
    "MPLCONFIGDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
)


def drawn(told: Mapping[str, Any]) -> bytes | None:
    """The chart as PNG (see `chart_drawing.draw`), or None where it cannot be drawn: the text has the figures."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "handlers.weekly.chart_drawing"],
            input=json.dumps(told).encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=True,
            cwd=HERE,
            env={name: os.environ[name] for name in _MAY_KNOW if name in os.environ},  # no token, no secret
        )
    except (OSError, subprocess.SubprocessError) as failure:
        log.warning("the chart was not drawn", extra={"ids": {"error": type(failure).__name__}})
        return None
    return done.stdout
