"""A message in Slack that a rep reports, and its address."""

import json
from dataclasses import dataclass
from typing import Final

from bot.rules.text import units

LONGEST_EXCERPT: Final = 200  # characters of a nearby message: ten of them fit into what a form carries
CARRIED: Final = 2_900  # UTF-16 code units; Slack takes 3,000 characters


@dataclass(frozen=True, slots=True)
class Nearby:
    """Another message of the same thread. `writer`: a user's ID, or the name of what posted it; "" if none is known."""

    ts: str
    writer: str
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A message in Slack. `domain` is the workspace's; None in Enterprise Grid.

    `thread`: the ts of its thread's first message, if it is in one. `nearby`: other messages of the thread.
    """

    text: str
    channel: str
    ts: str
    domain: str | None = None
    thread: str | None = None
    nearby: tuple[Nearby, ...] = ()

    @property
    def link(self) -> str:
        """The message's permalink."""
        return permalink(self.channel, self.ts, self.domain)

    @property
    def metadata(self) -> str:
        """For the form's private_metadata: where the message is. Its text goes into the narrative."""
        where = {"channel": self.channel, "ts": self.ts, "domain": self.domain}
        if not self.nearby:
            return json.dumps(where)
        longest = LONGEST_EXCERPT
        while units(carried := self._carried(where, longest)) > CARRIED:
            longest -= 20
        return carried

    def _carried(self, where: dict[str, str | None], longest: int) -> str:
        excerpts = {each.ts: each.text[:longest] for each in self.nearby}
        return json.dumps({**where, "nearby": excerpts}, ensure_ascii=False)

    def of(self, ts: str) -> "Quote":
        """Another message of the same thread. Its text is in `nearby`."""
        text = next((each.text for each in self.nearby if each.ts == ts), "")
        return Quote(text, self.channel, ts, self.domain)


def permalink(channel: str, ts: str, domain: str | None = None) -> str:
    """A message's address. Without a domain, Slack finds the workspace by who opens it."""
    host = f"{domain}.slack.com" if domain else "slack.com"
    return f"https://{host}/archives/{channel}/p{ts.replace('.', '')}"
