"""Who somebody is, as far as a request tells."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of somebody. `read_at`: when it said so."""

    user: str
    guest: bool
    outsider: bool
    bot: bool
    deactivated: bool
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever acts: the workspace that Backstop serves, the Slack user, and the workspace they belong to."""

    team: str
    user: str
    home_team: str

    @property
    def is_outsider(self) -> bool:
        """Whether they come from another workspace (Slack Connect)."""
        return self.home_team != self.team
