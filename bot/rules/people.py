"""People: who sends a request, and what Slack says of them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of a user. `read_at`: when it was read from Slack."""

    user: str
    guest: bool
    outsider: bool
    bot: bool
    deactivated: bool
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Who sends a request. `team`: the workspace that Backstop serves. `home_team`: the one that they belong to."""

    team: str
    user: str
    home_team: str

    @property
    def is_outsider(self) -> bool:
        """Whether they come from another workspace (Slack Connect)."""
        return self.home_team != self.team
