from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.block_text import text_of, text_of_blocks
from bot.sandbox.client import NotPossible
from bot.sandbox.elements import STATEFUL, elements_of, options_of
from bot.sandbox.form_field import Field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.sandbox.client import Client

Json = dict[str, Any]


class FormErrors(Exception):  # noqa: N818 - named after what the person sees
    """The form stays open with errors: {label: error}, or {"": error} for one above the fields."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(str(errors))
        self.errors = errors


def filled_in(view: Json, text: str, choices: Sequence[str]) -> dict[str, object]:
    """What somebody fills in who knows no form: the text where one is needed, and the choices where they are offered.

    A choice that begins with a field's label is what they type there. What is filled in already stays. Where a choice
    is needed and none of theirs is offered, they take the first.
    """
    empty = [
        block for block in view["blocks"]
        if block["type"] == "input" and not block["element"].get(STATEFUL[block["element"]["type"]].initial)
    ]  # fmt: skip
    answers = {text_of(block["label"]): _answer(block, text, choices) for block in empty}
    return {label: answer for label, answer in answers.items() if answer}


def _answer(block: Json, text: str, choices: Sequence[str]) -> str | list[str]:
    element, needed = block["element"], not block.get("optional", False)
    offered = [text_of(option["text"]) for option in options_of(element)]
    if not offered:
        label = text_of(block["label"])
        named = [choice.removeprefix(label).strip() for choice in choices if choice.startswith(label)]
        return named[0] if named else text if needed and element["type"] == "plain_text_input" else ""
    chosen = [one for one in offered if any(one.startswith(choice) for choice in choices)]
    chosen = chosen or (offered[:1] if needed else [])
    several = element["type"] in ("checkboxes", "multi_static_select")
    return chosen if several or not chosen else chosen[0]


class Form:
    """A person's topmost modal. After each step it is the modal that the bot updated or pushed, or it is closed."""

    def __init__(self, client: Client, view: Json) -> None:
        self._client = client
        self._set_view(view)

    def _set_view(self, view: Json) -> None:
        self.view = view
        self.closed = False
        self._values: Json = view["state"]["values"]

    @property
    def title(self) -> str:
        """The form's title."""
        return text_of(self.view["title"])

    @property
    def labels(self) -> list[str]:
        """The fields' labels, in order."""
        return [text_of(block["label"]) for block in self._inputs()]

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons in the form, without Submit and Cancel."""
        elements = [element for block in self.view["blocks"] for element in elements_of(block)]
        return [text_of(element["text"]) for element in elements if element["type"] == "button"]

    def text(self) -> str:
        """All text shown, in order, one line for each text object."""
        return text_of_blocks(self.view["blocks"])

    def value(self, label: str) -> Json:
        """A field's value, as Slack's entry in state.values."""
        block = self._input(label)
        return dict(self._values[block["block_id"]][block["element"]["action_id"]])

    def fill(self, values: Mapping[str, object]) -> Form:
        """Fill in fields by label: a text, an option's text, a list of these, a date, or (name, bytes) for a file.

        For an external select the text is typed, and the first matching option chosen; Pick names one exactly.
        Raises NotPossible if there is no such field or option.
        """
        for label, value in values.items():
            block = self._input(label)
            entry = Field(self._client, self.view["id"], block).entry_for(value)
            self._values.setdefault(block["block_id"], {})[block["element"]["action_id"]] = entry
            if block.get("dispatch_action"):
                self._click(block["block_id"], block["element"], entry)
        return self

    def press(self, label: str) -> Form:
        """Press a button within the form."""
        for block in self.view["blocks"]:
            for element in elements_of(block):
                if element["type"] == "button" and text_of(element["text"]) == label:
                    self._click(block["block_id"], element, {})
                    return self
        raise NotPossible(f"no button says {label!r}; there is {self.buttons}")

    def submit(self, *, twice: bool = False) -> None:
        """Send the form; raises FormErrors if it stays open. Afterwards this is the next view, or `closed` is true.

        `twice` sends it as a double click would that the client did not prevent.
        """
        answer = self._client.post("submit", view_id=self.view["id"], values=self._values, twice=twice)
        if not answer["ok"]:
            raise FormErrors(self._by_label(answer))
        self._reload()

    def cancel(self) -> None:
        """Close the form without sending it."""
        self._client.post("close", view_id=self.view["id"])
        self._reload()

    def _reload(self) -> None:
        stack = self._client.get("views")["stack"]
        if stack:
            self._set_view(stack[-1])
        else:
            self.closed = True

    def _click(self, block_id: str, element: Json, chosen: Json) -> None:
        click = {"block_id": block_id, "action_id": element["action_id"], **chosen}
        answer = self._client.post("action", view_id=self.view["id"], values=self._values, **click)
        if not answer["ok"]:
            raise NotPossible(answer["error"])
        self._reload()

    def _inputs(self) -> list[Json]:
        return [block for block in self.view["blocks"] if block["type"] == "input"]

    def _input(self, label: str) -> Json:
        found = [block for block in self._inputs() if text_of(block["label"]) == label]
        found += [block for block in self._inputs() if text_of(block["label"]).startswith(label)]
        if not found:
            raise NotPossible(f"no field is called {label!r}; there is {self.labels}")
        return found[0]

    def _by_label(self, answer: Json) -> dict[str, str]:
        labels = {block["block_id"]: text_of(block["label"]) for block in self._inputs()}
        errors = answer.get("errors", {})
        return {labels[block_id]: error for block_id, error in errors.items()} or {"": answer["error"]}
