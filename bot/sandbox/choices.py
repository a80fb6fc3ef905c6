from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.elements import STATEFUL, all_elements, options_of, state_of
from bot.sandbox.errors import Refused, SlackError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.state import State
    from bot.sandbox.workspace import User

Json = dict[str, Any]


class Choices:
    """What people may choose: the element's options, those the app suggested, existing users, and their own files."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._offered: dict[tuple[str, str, str], list[Json]] = {}

    def remember_options(self, container_id: str, block_id: str, action_id: str, answer: Json) -> None:
        """Remember the options that the app suggested for an external select in the view `container_id`."""
        self._offered.setdefault((container_id, block_id, action_id), []).extend(options_of(answer))

    def state(self, user: User, container_id: str, blocks: list[Json], values: Json) -> Json:
        """state.values for the filled-in values; raises Refused for a value that no client would have offered."""
        state = state_of(blocks, values)
        for block, element in all_elements(blocks):
            if element["type"] in STATEFUL:
                entry = state[block["block_id"]][element["action_id"]]
                offered = self._offered.get((container_id, block["block_id"], element["action_id"]), [])
                self._check(user, element, entry, offered)
        return state

    def _check(self, user: User, element: Json, entry: Json, offered: list[Json]) -> None:
        initial = [element[key] for key in ("initial_option",) if key in element]
        known = [*options_of(element), *initial, *offered]
        for option in _chosen(entry, "selected_option", "selected_options"):
            if not any(_same_option(option, other) for other in known):
                raise Refused(400, f"not one of the options: {option}")
        for chosen in _chosen(entry, "selected_user", "selected_users"):
            if self._state.workspace.user(chosen) is None:
                raise Refused(400, f"nobody of that ID is here: {chosen}")
        if element["type"] == "file_input":
            entry["files"] = [self._file(user, file, element) for file in entry["files"]]

    def _file(self, user: User, file: Json, element: Json) -> Json:
        try:
            known = self._state.files.get(str(file.get("id")))
        except SlackError as error:
            raise Refused(400, error.name) from None
        kinds = element.get("filetypes")
        if known.owner != user.id or (kinds and known.kind not in kinds):
            raise Refused(400, f"{known.name} cannot be chosen here")
        return known.as_json()


def _chosen(entry: Json, one: str, several: str) -> Iterable[Any]:
    return [entry[one]] if entry.get(one) else entry.get(several, [])


def _same_option(option: Json, other: Json) -> bool:
    """Whether text and value are equal. Slack's answers add `emoji` to a text, so whole objects may differ."""
    return bool(option["text"]["text"] == other["text"]["text"] and option["value"] == other["value"])
