from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.client import NotPossible
from bot.sandbox.elements import elements_of
from bot.sandbox.filling import Field
from bot.sandbox.words import read, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.client import Client

Json = dict[str, Any]


class FormErrors(Exception):  # noqa: N818 - named after what the person sees
    """The form stays open and says why: {label: words}, or {"": words} for what is said above the fields."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(str(errors))
        self.errors = errors


class Form:
    """A modal in front of a person. It follows what the bot makes of it: updated in place, pushed upon, or closed."""

    def __init__(self, client: Client, view: Json) -> None:
        self._client = client
        self._take(view)

    def _take(self, view: Json) -> None:
        self.view = view
        self.closed = False
        self._values: Json = view["state"]["values"]

    @property
    def title(self) -> str:
        """The form's title."""
        return read(self.view["title"])

    @property
    def labels(self) -> list[str]:
        """The fields' labels, in order."""
        return [read(block["label"]) for block in self._inputs()]

    @property
    def buttons(self) -> list[str]:
        """The words of every button in the form, its own Send and Cancel aside."""
        elements = [element for block in self.view["blocks"] for element in elements_of(block)]
        return [read(element["text"]) for element in elements if element["type"] == "button"]

    def text(self) -> str:
        """Every word shown, in order, a line for each text."""
        return words_of(self.view["blocks"])

    def value(self, label: str) -> Json:
        """What a field holds, as Slack's entry in state.values."""
        block = self._input(label)
        return dict(self._values[block["block_id"]][block["element"]["action_id"]])

    def fill(self, values: Mapping[str, object]) -> Form:
        """Fill in fields by their labels: words, an option's words, a list of them, a date, (name, bytes) for a file.

        An external select is typed into and its first fitting option taken; Pick names one exactly.
        Raises NotPossible where there is no such field or option.
        """
        for label, said in values.items():
            block = self._input(label)
            entry = Field(self._client, self.view["id"], block).filled(said)
            self._values.setdefault(block["block_id"], {})[block["element"]["action_id"]] = entry
            if block.get("dispatch_action"):
                self._click(block["block_id"], block["element"], entry)
        return self

    def press(self, words: str) -> Form:
        """Press a button within the form."""
        for block in self.view["blocks"]:
            for element in elements_of(block):
                if element["type"] == "button" and read(element["text"]) == words:
                    self._click(block["block_id"], element, {})
                    return self
        raise NotPossible(f"no button says {words!r}; there is {self.buttons}")

    def submit(self, *, twice: bool = False) -> None:
        """Send the form; FormErrors when it stays. Afterwards `closed`, or this is the view that took its place.

        `twice` sends it as a double click would that no client prevented.
        """
        answer = self._client.post("submit", view_id=self.view["id"], values=self._values, twice=twice)
        if not answer["ok"]:
            raise FormErrors(self._by_label(answer))
        self._follow()

    def cancel(self) -> None:
        """Close the form without sending it."""
        self._client.post("close", view_id=self.view["id"])
        self._follow()

    def _follow(self) -> None:
        stack = self._client.get("views")["stack"]
        if stack:
            self._take(stack[-1])
        else:
            self.closed = True

    def _click(self, block_id: str, element: Json, chosen: Json) -> None:
        click = {"block_id": block_id, "action_id": element["action_id"], **chosen}
        answer = self._client.post("action", view_id=self.view["id"], values=self._values, **click)
        if not answer["ok"]:
            raise NotPossible(answer["error"])
        self._follow()

    def _inputs(self) -> list[Json]:
        return [block for block in self.view["blocks"] if block["type"] == "input"]

    def _input(self, label: str) -> Json:
        found = [block for block in self._inputs() if read(block["label"]) == label]
        found += [block for block in self._inputs() if read(block["label"]).startswith(label)]
        if not found:
            raise NotPossible(f"no field is called {label!r}; there is {self.labels}")
        return found[0]

    def _by_label(self, answer: Json) -> dict[str, str]:
        labels = {block["block_id"]: read(block["label"]) for block in self._inputs()}
        errors = answer.get("errors", {})
        return {labels[block_id]: words for block_id, words in errors.items()} or {"": answer["error"]}
