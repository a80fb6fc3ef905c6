"""Who somebody is, as far as a request tells."""

from dataclasses import dataclass


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
