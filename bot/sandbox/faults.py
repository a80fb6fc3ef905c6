from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.sandbox.errors import RateLimited, SlackBroke, SlackError

DROPS = ("drop_before", "drop_after")
KINDS = ("429", "500", "internal_error", "fatal_error", "slow", *DROPS)


@dataclass
class Fault:
    """How the next `times` calls of a method (or of any, "*") go wrong; `seconds` is a wait's or a delay's length."""

    method: str
    kind: str
    times: int
    seconds: float = 1.0


class Faults:
    """The failures that a test has ordered."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Let calls fail so; ValueError for a kind that there is not."""
        if fault.kind not in KINDS and not fault.kind.startswith("error:"):
            raise ValueError(f"There is no fault {fault.kind!r}.")
        self._ordered.append(fault)

    def next(self, method: str) -> Fault | None:
        """The fault that this call has to suffer, if any; it is used up by this."""
        for fault in self._ordered:
            if fault.method in (method, "*") and fault.times > 0:
                fault.times -= 1
                return fault
        return None


async def suffer(fault: Fault | None) -> None:
    """Let a call go wrong before anything is done; a drop_after does so only once it is done."""
    if fault is None or fault.kind == "drop_after":
        return
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    elif fault.kind == "429":
        raise RateLimited(int(fault.seconds))
    elif fault.kind == "500":
        raise SlackBroke("internal_error")
    else:
        raise SlackError(fault.kind.removeprefix("error:"))
