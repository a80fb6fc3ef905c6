"""A message that a rep wants to report, as the form carries it."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quote:
    """A message in Slack: its words, and where it stands. `domain` is the workspace's; None in Enterprise Grid."""

    text: str
    channel: str
    ts: str
    domain: str | None = None

    @property
    def link(self) -> str:
        """The message's permalink. Without a domain Slack finds the workspace by who opens it."""
        host = f"{self.domain}.slack.com" if self.domain else "slack.com"
        return f"https://{host}/archives/{self.channel}/p{self.ts.replace('.', '')}"

    @property
    def metadata(self) -> str:
        """What the form's private_metadata keeps: the place, not the words (the narrative holds those)."""
        return json.dumps({"channel": self.channel, "ts": self.ts, "domain": self.domain})
