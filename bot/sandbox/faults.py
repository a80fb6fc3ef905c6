from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.sandbox.errors import RateLimited, SlackBroke, SlackError

DROPS = ("drop_before", "drop_after")
PAGE = b"<html><body><h1>Bad gateway</h1></body></html>"
SPOILT = {
    "cut_after": (200, b""),  # the connection is closed in the middle of the answer
    "empty_after": (200, b""),
    "page_after": (200, PAGE),
    "bad_gateway_after": (502, PAGE),
    "list_after": (200, b"[1]"),
    "bytes_after": (200, b'{"ok": true, "ts": "\xff\xfe"}'),
    "hollow_after": (200, b'{"ok": true}'),  # and nothing of what was asked for
}
"""What comes instead of the answer to a call that was carried out: a status and a body."""
KINDS = ("429", "500", "internal_error", "fatal_error", "slow", *DROPS, *SPOILT)


@dataclass
class Fault:
    """A failure of the next `times` calls of `method` ("*" for any); `seconds` is Retry-After or the delay."""

    method: str
    kind: str
    times: int
    seconds: float = 1.0


class Faults:
    """The failures that a test has asked for."""

    def __init__(self) -> None:
        self._pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a failure; for no times, remove those of its method. ValueError for an unknown kind."""
        if fault.times == 0:
            self._pending = [pending for pending in self._pending if pending.method != fault.method]
        if fault.kind not in KINDS and not fault.kind.startswith("error:"):
            raise ValueError(f"There is no fault {fault.kind!r}.")
        self._pending.append(fault)

    def next(self, method: str) -> Fault | None:
        """Take the fault for this call, if there is one."""
        for fault in self._pending:
            if fault.method in (method, "*") and fault.times > 0:
                fault.times -= 1
                return fault
        return None


async def apply_fault(fault: Fault | None) -> None:
    """Make a call fail before it is carried out. Others take effect only after it."""
    if fault is None or fault.kind.endswith("_after"):
        return
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    elif fault.kind == "429":
        raise RateLimited(int(fault.seconds))
    elif fault.kind == "500":
        raise SlackBroke("internal_error")
    else:
        raise SlackError(fault.kind.removeprefix("error:"))
