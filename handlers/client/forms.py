"""Opening forms: the only call to Slack that is made before Slack has its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from slack_sdk import WebClient

from handlers.concurrency import RequestSlots

TIMEOUT: Final = 2  # seconds for opening a form: the trigger and Slack's patience both end after three


@dataclass(frozen=True, slots=True)
class Forms:
    """Opens forms: the only call to Slack that is made before Slack has its answer."""

    client: WebClient
    turns: RequestSlots

    def open(self, body: Mapping[str, Any], view: dict[str, Any]) -> None:
        """Show the view to whoever sent this request. On top of an open form it is pushed."""
        on_top = body.get("view") and body["view"].get("type") == "modal"
        with self.turns.left():
            if on_top:
                self.client.views_push(trigger_id=body["trigger_id"], view=view)
            else:
                self.client.views_open(trigger_id=body["trigger_id"], view=view)

    def replace(self, body: Mapping[str, Any], view: dict[str, Any]) -> None:
        """Show the view in place of the form in which the button was pressed."""
        with self.turns.left():
            self.client.views_update(view_id=body["view"]["id"], view=view)
