"""Carries out a row of the table in `handlers/entry_points.py`: parse, use case, view, answer to Slack.

Whatever raises on the way is answered by `handlers/errors.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from slack_bolt import Ack, BoltResponse

from bot.rules.people import Person
from bot.rules.records import RecordName
from bot.rules.refusals import NotReady, NotRecorded, OtherWorkspace
from bot.usecases.context import Context, without_record
from bot.usecases.permissions.colleagues import is_known
from bot.usecases.shared.fields import refuse, refusing, wrong_fields
from bot.usecases.shared.record_keys import holding_to, read_keys
from handlers.client.forms import Forms
from handlers.entry_point import Body, EntryPoint, Response, RowByValue
from handlers.names import CallbackId, Event
from handlers.parsing.form import Form
from handlers.parsing.people import workspace
from handlers.parsing.reading import Malformed, string
from handlers.record_keys import Stripped, with_keys, without_keys

PROFILE_PATIENCE: Final = 1.0  # seconds: Slack waits three, and the form has to be opened in the rest

Listener: TypeAlias = Callable[..., BoltResponse | None]


@dataclass(frozen=True, slots=True)
class Asks:
    """What a request asks the worker, which asks Slack.

    `our_team`: the workspace of the bot's token; empty while Slack has not said. `read_profile` has somebody's profile
    read, and waits for that so many seconds at most. `reads_threads`: the bot may read the thread of a message that
    somebody reports.
    """

    our_team: Callable[[], str]
    read_profile: Callable[[Person, float], None]
    reads_threads: bool = True


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Makes Bolt's listeners."""

    context: Context
    forms: Forms
    asks: Asks

    def listener(self, row: EntryPoint) -> Listener:
        """The listener of a row. Bolt itself acknowledges events."""
        if isinstance(row.name, Event):
            return lambda body: self._carry_out(row, self._ours(body), row.response)
        return lambda ack, body: self._answer(row, ack, self._ours(body), row.response)

    def listener_by_value(self, choice: RowByValue) -> Listener:
        """The listener of a button or menu whose value names a row."""

        def listener(ack: Ack, body: Body) -> BoltResponse | None:
            request = self._ours(body)
            row = choice.rows.get(choice.read_name(request.body))
            if row is None:
                raise Malformed("actions", 0, "selected_option", "value")
            return self._answer(row, ack, request, choice.response or row.response)

        return listener

    def _answer(self, row: EntryPoint, ack: Ack, request: Stripped, response: Response) -> BoltResponse | None:
        view = self._carry_out(row, request, response)
        match response:
            case Response.UPDATE:
                return ack(response_action="update", view=view)
            case Response.OPTIONS:
                return ack(options=view)
            case Response.SAY:
                return ack(text=view, response_type="ephemeral")
            case _:
                return ack()

    def _carry_out(self, row: EntryPoint, request: Stripped, response: Response) -> Any:  # noqa: ANN401 - a view or options
        """What the row shows: a view, options, or None. A view that is to be opened is open by then."""
        body = request.body
        parsed, wrong = self._parsed(row, body)
        context = refusing(holding_to(self.context, request.keys), wrong)
        if row.reads_profile and parsed:  # an event may be about nobody
            away = self._read_profile(row, parsed if isinstance(parsed, Person) else parsed.by)
            context = without_record(context, away) if away else context
        result = row.use_case(context, parsed)
        refuse(wrong)  # in case the use case opened no transaction
        if row.reads_thread:
            result = result._replace(quote=self.forms.with_nearby(result.quote))
        held = request.keys if response is Response.AGAIN else None
        view: Any = self.keyed(row.view(result, context, parsed), held) if row.view else None
        if response is Response.OPEN:
            self.forms.open(body, view)
        elif response in {Response.REPLACE, Response.AGAIN}:
            self.forms.replace(string(body, "view", "id"), view)
        return view

    def keyed(self, view: Any, held: Mapping[RecordName, str] | None = None) -> Any:  # noqa: ANN401 - a view or options
        """The view with the keys of the records that it names. `held`: those with which it was opened.

        Raises NotRecorded.
        """
        return with_keys(view, lambda names: held or read_keys(self.context, self.asks.our_team(), names))

    def _ours(self, body: Body) -> Stripped:
        """The request, if it is for the workspace of our token: nothing else of it is read before.

        Somebody of another workspace who acts in ours is an outsider: their request is for our workspace. Raises
        OtherWorkspace, NotReady while it is not known which workspace is ours, and as `without_keys`.
        """
        ours = self.asks.our_team()
        if not ours:
            raise NotReady
        if workspace(body) != ours:
            raise OtherWorkspace
        return without_keys(body)

    def _read_profile(self, row: EntryPoint, by: Person) -> NotRecorded | None:
        """Have the profile read soon. Of somebody who is not known yet it is waited for, before anything opens.

        Returns why the record cannot be read, if so. Then nobody is waited for, and the use case says what it makes of
        it: without trying again, as a database that does not answer was waited for, and Slack waits three seconds.
        """
        patience, away = 0.0, None
        try:
            patience = 0.0 if isinstance(row.name, Event) or is_known(self.context, by) else PROFILE_PATIENCE
        except NotRecorded as why:
            away = why
        with self.forms.slots.released():
            self.asks.read_profile(by, patience)
        return away

    def _parsed(self, row: EntryPoint, body: Body) -> tuple[Any, dict[str, str]]:
        """What the use case takes; and where a choice was not made in a form, all that is wrong with it by itself."""
        if not isinstance(row.name, CallbackId):
            return row.parse(body), {}
        form = Form(body)
        command = row.parse(form)
        return command, wrong_fields(self.context, command) | form.problems if form.problems else {}
