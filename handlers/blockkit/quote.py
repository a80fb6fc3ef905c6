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
        """The message's permalink."""
        return permalink(self.channel, self.ts, self.domain)

    @property
    def metadata(self) -> str:
        """What the form's private_metadata keeps: the place, not the words (the narrative holds those)."""
        return json.dumps({"channel": self.channel, "ts": self.ts, "domain": self.domain})


def permalink(channel: str, ts: str, domain: str | None = None) -> str:
    """A message's address. Without the workspace's domain Slack finds it by who opens it."""
    host = f"{domain}.slack.com" if domain else "slack.com"
    return f"https://{host}/archives/{channel}/p{ts.replace('.', '')}"
