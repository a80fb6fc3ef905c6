"""What the clock is to do next, over all workspaces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """Something that the clock is to do, and the workspace and record it is about."""

    team: str
    kind: str
    subject: int
