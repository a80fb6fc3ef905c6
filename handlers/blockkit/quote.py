"""A message in Slack that a rep reports, and its address."""

import json
from dataclasses import dataclass
from typing import Final

from bot.rules.text import units

ANY_WORKSPACE: Final = "https://slack.com/"
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
    """A message in Slack. `workspace`: its workspace's address, as Slack says it; "" while that is not known.

    `thread`: the ts of its thread's first message, if it is in one. `nearby`: other messages of the thread.
    """

    text: str
    channel: str
    ts: str
    workspace: str = ""
    thread: str | None = None
    nearby: tuple[Nearby, ...] = ()

    @property
    def link(self) -> str:
        """The message's permalink."""
        return permalink(self.channel, self.ts, self.workspace)

    @property
    def metadata(self) -> str:
        """For the form's private_metadata: where the message is. Its text goes into the narrative."""
        where = {"channel": self.channel, "ts": self.ts, "workspace": self.workspace}
        if not self.nearby:
            return json.dumps(where)
        longest = LONGEST_EXCERPT
        while units(carried := self._carried(where, longest)) > CARRIED:
            longest -= 20
        return carried

    def _carried(self, where: dict[str, str], longest: int) -> str:
        excerpts = {each.ts: each.text[:longest] for each in self.nearby}
        return json.dumps({**where, "nearby": excerpts}, ensure_ascii=False)

    def of(self, ts: str) -> "Quote":
        """Another message of the same thread. Its text is in `nearby`."""
        text = next((each.text for each in self.nearby if each.ts == ts), "")
        return Quote(text, self.channel, ts, self.workspace)


def permalink(channel: str, ts: str, workspace: str) -> str:
    """A message's address. Without the workspace's, Slack opens the one that the reader used last."""
    return f"{workspace or ANY_WORKSPACE}archives/{channel}/p{ts.replace('.', '')}"
