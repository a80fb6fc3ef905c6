"""A message in Slack that a rep reports, and its address."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quote:
    """A message in Slack. `domain` is the workspace's; None in Enterprise Grid."""

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
        """For the form's private_metadata: where the message is. Its text goes into the narrative."""
        return json.dumps({"channel": self.channel, "ts": self.ts, "domain": self.domain})


def permalink(channel: str, ts: str, domain: str | None = None) -> str:
    """A message's address. Without a domain, Slack finds the workspace by who opens it."""
    host = f"{domain}.slack.com" if domain else "slack.com"
    return f"https://{host}/archives/{channel}/p{ts.replace('.', '')}"
