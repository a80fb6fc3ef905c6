"""Opens forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers.blockkit.quote import Quote
from handlers.client.threads import with_nearby
from handlers.concurrency import RequestSlots

TIMEOUT: Final = 2  # seconds Slack waits three for an answer, and a trigger is valid for three

_STACK_IS_FULL: Final = "push_limit_reached"


@dataclass(frozen=True, slots=True)
class Forms:
    """Opens and replaces views: the only calls to Slack that are made before its request is answered.

    `reader` reads the thread of a message that is reported before; None where the bot may read no messages.
    """

    client: WebClient
    slots: RequestSlots
    reader: WebClient | None = None

    def with_nearby(self, quote: Quote) -> Quote:
        """See `handlers.client.threads`."""
        if self.reader is None:
            return quote
        with self.slots.released():
            return with_nearby(self.reader, quote)

    def open(self, body: Mapping[str, Any], view: dict[str, Any]) -> None:
        """Open the view for the sender of this request; if a form is open, on top of it.

        Slack stacks three: on these, the view takes the place of the topmost.
        """
        shown, trigger = body.get("view"), body.get("trigger_id")
        on_top = isinstance(shown, Mapping) and shown.get("type") == "modal"
        with self.slots.released():
            if not on_top:
                self.client.views_open(trigger_id=trigger, view=view)
                return
            try:
                self.client.views_push(trigger_id=trigger, view=view)
            except SlackApiError as error:
                if error.response["error"] != _STACK_IS_FULL:
                    raise
                self.client.views_update(view_id=shown.get("id"), view=view)  # type: ignore[union-attr]

    def replace(self, shown: str, view: dict[str, Any]) -> None:
        """Show the view instead of the one that is `shown`."""
        with self.slots.released():
            self.client.views_update(view_id=shown, view=view)
