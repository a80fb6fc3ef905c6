"""Carries out a row of the table in `handlers/entry_points.py`: parse, use case, view, answer to Slack.

Whatever raises on the way is answered by `handlers/errors.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from slack_bolt import Ack, BoltResponse

from bot.rules.people import Person
from bot.rules.refusals import Wrong
from bot.usecases.context import Context
from bot.usecases.shared.fields import wrong_fields
from handlers.client.forms import Forms
from handlers.entry_point import Body, EntryPoint, Response, RowByValue
from handlers.names import CallbackId, Event
from handlers.parsing.form import Form
from handlers.parsing.reading import Malformed

Listener: TypeAlias = Callable[..., BoltResponse | None]


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Makes Bolt's listeners. `read_profile` asks the worker to read a person's profile from Slack."""

    context: Context
    forms: Forms
    read_profile: Callable[[Person], None]

    def listener(self, row: EntryPoint) -> Listener:
        """The listener of a row. Bolt itself acknowledges events."""
        if isinstance(row.name, Event):
            return lambda body: self._carry_out(row, body, row.response)
        return lambda ack, body: self._answer(row, ack, body, row.response)

    def listener_by_value(self, choice: RowByValue) -> Listener:
        """The listener of a button or menu whose value names a row."""

        def listener(ack: Ack, body: Body) -> BoltResponse | None:
            row = choice.rows.get(choice.read_name(body))
            if row is None:
                raise Malformed("actions", 0, "selected_option", "value")
            return self._answer(row, ack, body, choice.response or row.response)

        return listener

    def _answer(self, row: EntryPoint, ack: Ack, body: Body, response: Response) -> BoltResponse | None:
        view = self._carry_out(row, body, response)
        match response:
            case Response.UPDATE:
                return ack(response_action="update", view=view)
            case Response.OPTIONS:
                return ack(options=view)
            case _:
                return ack()

    def _carry_out(self, row: EntryPoint, body: Body, response: Response) -> Any:  # noqa: ANN401 - a view or options
        """What the row shows: a view, options, or None. A view that is to be opened is open by then."""
        parsed = self._parsed(row, body)
        result = row.use_case(self.context, parsed)
        view: Any = row.view(result, self.context, parsed) if row.view else None
        if response is Response.OPEN:
            self.forms.open(body, view)
        elif response is Response.REPLACE:
            self.forms.replace(body, view)
        if row.reads_profile:
            self.read_profile(parsed if isinstance(parsed, Person) else parsed.by)
        return view

    def _parsed(self, row: EntryPoint, body: Body) -> Any:  # noqa: ANN401 - what the use case takes
        """Raises Wrong for a form in which a choice was not made; it names what else is wrong, too."""
        if not isinstance(row.name, CallbackId):
            return row.parse(body)
        form = Form(body)
        command = row.parse(form)
        if form.problems:
            raise Wrong(wrong_fields(self.context, command) | form.problems)
        return command
