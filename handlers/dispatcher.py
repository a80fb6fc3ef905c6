"""Carries out a row of the table of entry points: reads the request, runs the use case, answers Slack."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.rules.people import Person
from bot.usecases.context import Context
from handlers.client.forms import Forms
from handlers.entry_point import Answer, Body, Choice, EntryPoint, Kind
from handlers.entry_points import ENTRY_POINTS
from handlers.parsing.reading import Malformed


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Makes Bolt's listeners. `read_profile` is told whom to read from Slack soon."""

    context: Context
    forms: Forms
    read_profile: Callable[[Person], None]

    def listener(self, entry: EntryPoint) -> Callable[..., BoltResponse | None]:
        """The listener for a row. Bolt itself acknowledges events."""
        if entry.kind is Kind.EVENT:
            return lambda body: self._done(entry, body)
        return lambda ack, body: self._run(entry, ack, body, entry.answer)

    def chooser(self, choice: Choice) -> Callable[..., BoltResponse | None]:
        """The listener for a button or menu whose value names a row."""
        rows = {str(entry.name): entry for entry in ENTRY_POINTS if entry.kind is choice.among}

        def choose(ack: Ack, body: Body) -> BoltResponse | None:
            entry = rows.get(choice.read(body))
            if entry is None:
                raise Malformed("actions", 0, "selected_option", "value")
            return self._run(entry, ack, body, choice.answer or entry.answer)

        return choose

    def _run(self, entry: EntryPoint, ack: Ack, body: Body, answer: Answer) -> BoltResponse | None:
        shown = self._done(entry, body, answer)
        match answer:
            case Answer.UPDATE:
                return ack(response_action="update", view=shown)
            case Answer.OPTIONS:
                return ack(options=shown)
            case _:
                return ack()

    def _done(self, entry: EntryPoint, body: Body, answer: Answer = Answer.ACK) -> Any:  # noqa: ANN401 - a view or options
        """What is to be shown, where anything is; a form that opens is open before this returns."""
        asked = entry.parse(body, self.context.clock()) if entry.takes_now else entry.parse(body)
        result = entry.use_case(self.context, asked)
        shown: Any = entry.view(result, self.context, asked) if entry.view else None
        if answer is Answer.OPEN:
            self.forms.open(body, shown)
        elif answer is Answer.REPLACE:
            self.forms.replace(body, shown)
        if entry.reads_profile:
            self.read_profile(asked if isinstance(asked, Person) else asked.by)
        return shown
