"""A form as it was sent, shown again with other blocks.

Slack keeps what was filled in as long as block and action keep their IDs.
"""

from collections.abc import Callable
from typing import Any, Final

from handlers.blockkit.blocks import Block, View
from handlers.parsing.reading import optional

_SAME: Final = ("type", "callback_id", "title", "submit", "close")


def shown_again(sent: Any, changed: Callable[[list[Any]], list[Block]], metadata: str | None = None) -> View | None:  # noqa: ANN401 - as it came from Slack
    """The form that was `sent`, with its blocks `changed`; None if it is no form. `metadata`: in place of its own."""
    blocks = optional(sent, "blocks")
    if not isinstance(blocks, list) or any(optional(sent, key) is None for key in _SAME):
        return None
    carried = metadata_of(sent) if metadata is None else metadata
    return {key: sent[key] for key in _SAME} | {"blocks": changed(blocks), "private_metadata": carried}


def metadata_of(sent: Any) -> str:  # noqa: ANN401 - as it came from Slack
    """What the form carries."""
    return str(optional(sent, "private_metadata") or "")
