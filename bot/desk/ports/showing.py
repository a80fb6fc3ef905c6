"""Which messages Slack shows, and should."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

HOME = "home"
"""The kind of an App Home: it is published to its target instead of posted, and an opening of it is urgent."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that Slack shows, or should: `wanted` is the version to show, `shown` the one that stands there.

    `subject` is the number of the record it shows; `target` the channel or user it goes to; `round` counts messages
    that are sent again, as a daily reminder is. `tag` is an opaque key by which it is found again, `lane` the rate
    limit that the next call falls under.
    `in_doubt`: an earlier attempt may have posted it. `urgent`: it goes first, since it is, or somebody waits for it.
    `digest`: of the message that stands there; None where nobody can be sure of it.
    """

    team: str
    kind: str
    subject: int
    target: str
    round: int
    channel: str | None
    ts: str | None
    tag: str
    lane: str
    wanted: int
    attempt: int
    failures: int
    in_doubt: bool
    created_at: datetime
    urgent: bool = False
    digest: str | None = None


NOT_REACHED = ("channel_not_found", "user_not_found", "user_disabled", "user_not_visible", "is_archived")
"""What Slack says of a person who cannot be reached, as somebody who left the firm."""


class Notices(Protocol):
    """Which messages Slack should show."""

    def want(
        self, kind: str, subject: int, target: str, now: datetime, *, urgent: bool = False, round_: int = 0
    ) -> None:
        """The message is to show the newest state: posted if it is not there yet, edited if it is.

        What is `urgent` goes before all that is not, until Slack shows it: somebody waits for it.
        `round_` tells messages apart that are sent again instead of edited, as a daily reminder is.
        """

    def want_reports_of(self, case: int, now: datetime) -> None:
        """The messages to everybody who reported in the case are to show the newest state."""

    def want_reports_about(self, customer: int, now: datetime) -> None:
        """The messages to everybody who ever reported the customer are to show the newest state."""

    def want_again(self, kind: str, subject: int, now: datetime) -> None:
        """Every message of this kind about it that was ever wanted is to show the newest state, urgently."""

    def want_newest(self, kinds: Sequence[str], subject: int, now: datetime, *, urgent: bool = False) -> None:
        """Of each of these kinds, the messages of the last round are to show the newest state, where there are any."""

    def stands_at(self, kind: str, subject: int, target: str) -> str | None:
        """The ts of a message's first round; None while Slack does not show it."""

    def is_in_step(self, kind: str, subject: int, target: str) -> bool:
        """Whether a message's first round shows what it should."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A message that Slack refuses to show, and the name it gives the reason."""

    kind: str
    subject: int
    target: str
    error: str


class Outbox(Protocol):
    """The messages that are behind, over all workspaces."""

    def claim(self, now: datetime, lease: timedelta) -> Notice | None:
        """The next notice that is behind and may be sent now; nobody else gets it until the lease ends."""

    def shown(self, job: Notice, channel: str, ts: str | None, now: datetime, digest: str | None = None) -> None:
        """The message stands at `ts` and shows version `job.wanted`; ignored where the lease has passed on."""

    def unchanged(self, job: Notice, now: datetime) -> None:
        """What stands there shows version `job.wanted` already: Slack was not called, and its lane is as free again."""

    def failed(self, job: Notice, code: str, again_at: datetime, *, refused: bool, doubt: bool) -> None:
        """It did not work. `refused`: until somebody mends it. `doubt`: it may have been posted all the same."""

    def paused(self, job: Notice, until: datetime, *, lane: bool) -> None:
        """Nothing was sent now; not before `until`. `lane`: nothing else on its lane is either."""

    def gone(self, job: Notice, now: datetime) -> None:
        """Somebody deleted the message: it is to be posted anew."""

    def troubles(self) -> tuple[Trouble, ...]:
        """What Slack refuses to show, and why."""

    def to_mend(self, channels: Collection[str]) -> tuple[Trouble, ...]:
        """Of these, what hinders the work: those in these channels, and to people who can be reached.

        In a channel that is no longer the firm's nobody looks for anything.
        """

    def next_moment(self) -> datetime | None:
        """When the next notice that is behind may be sent, its lane being free; None where none is."""

    def behind(self) -> tuple[int, datetime | None]:
        """How many notices are behind, and since when the first of them is."""


OpenOutbox = Callable[[], AbstractContextManager[Outbox]]
