"""Draws the chart in a process of its own, since Matplotlib needs several times the memory of the whole bot."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

log = logging.getLogger(__name__)

ROOT: Final = Path(__file__).parents[2]  # where Python finds the package, wherever the bot was started
TIMEOUT: Final = 60  # seconds: the first run on a machine reads all its fonts, and a busy one took eighteen
_ENVIRONMENT: Final = (  # what the process may know: no token, no secret
    *("PATH", "HOME", "TMPDIR", "PYTHONPATH"),
    *("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"),
    *("MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"),
)


def draw_in_process(chart: Mapping[str, Any]) -> bytes | None:
    """The chart as PNG (see `chart_drawing.draw`). None if drawing fails: the message's text has all figures."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "handlers.weekly.chart_drawing"],
            input=json.dumps(chart).encode(),
            capture_output=True,
            timeout=TIMEOUT,
            check=True,
            cwd=ROOT,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )
    except (OSError, subprocess.SubprocessError) as failure:
        log.warning("the chart was not drawn", extra={"ids": {"error": type(failure).__name__}})
        return None
    return done.stdout
