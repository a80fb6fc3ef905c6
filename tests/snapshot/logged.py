"""Lines of the log, without what a move may change: times, the names of our modules, and places in our code."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.snapshot import inside

OUR_PLACE = re.compile(r"^said something at (\S*(?:bot|handlers|storage|tests)/\S*):\d+ \S+$")


REFERENCE = re.compile(r'("reference": )"[0-9a-f]{8}"')


def without_references(text: str) -> str:
    """Without what a trouble is found by, where it does not come from the seed: in a process of its own."""
    return REFERENCE.sub(r'\1"<random>"', text)


def kept(log: str) -> list[str]:
    """The lines of a log without their places, and without how many wait at waitress, which is up to the machine."""
    return [without_places(line) for line in log.splitlines() if '"logger": "waitress.queue"' not in line]


def without_places(line: str) -> str:
    """The line, if it is one of the log; any other stays as it is."""
    if not line.startswith("{"):
        return line
    received: dict[str, Any] = json.loads(line)
    received["time"] = "<time>"
    if inside.ours(received["logger"]):
        received["logger"] = "<ours>"
    received["event"] = OUR_PLACE.sub("said something at <place>", received["event"])
    for link in received.get("error", ()):
        module, _, name = link["type"].rpartition(".")
        link["type"] = f"<ours>.{name}" if inside.ours(module) else link["type"]
        link["frames"] = "<frames>"
    return json.dumps(received, ensure_ascii=False)
