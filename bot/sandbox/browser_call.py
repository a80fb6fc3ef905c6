from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.errors import Refused

if TYPE_CHECKING:
    from aiohttp import web

    from bot.sandbox.conversations import Conversation, Message
    from bot.sandbox.modals import View
    from bot.sandbox.state import State
    from bot.sandbox.workspace import User

Json = dict[str, Any]


class BrowserCall:
    """One call of the browser's API: the person, and the arguments. Raises Refused for what no client would offer."""

    def __init__(self, state: State, args: Json) -> None:
        self.args = args
        self._state = state
        user = state.workspace.user(str(args.get("as")))
        if user is None or user.bot:
            raise Refused(404, "nobody of that ID is here")
        self.user: User = user

    @classmethod
    async def of(cls, state: State, request: web.Request) -> BrowserCall:
        """Read the arguments from the query or the JSON body."""
        return cls(state, await read_body(request))

    def text(self, name: str) -> str:
        """A required argument."""
        if not isinstance(self.args.get(name), str):
            raise Refused(400, f"{name} is missing")
        return str(self.args[name])

    def values(self) -> Json:
        """The state of a form, as {block_id: {action_id: value}}."""
        values = self.args.get("values") or {}
        if not isinstance(values, dict):
            raise Refused(400, "values is no object")
        return values

    def channel(self) -> Conversation:
        """The conversation in the arguments; the person has to be a member."""
        found = self._state.conversations.get(self.text("channel"))
        if found is None:
            raise Refused(404, "no such channel")
        if self.user.id not in found.members:
            raise Refused(403, "not_in_channel")
        return found

    def message(self, conversation: Conversation) -> Message:
        """The message in the arguments; it may be one that only this person sees."""
        ts = self.text("ts")
        found = [message for message, _ in conversation.seen_by(self.user.id) if message["ts"] == ts]
        if not found:
            raise Refused(404, "no such message")
        return found[0]

    def modal(self) -> View:
        """The modal in the arguments; it has to be the person's topmost one."""
        stack = self._state.modals.stack(self.user.id)
        if not stack or stack[-1]["id"] != self.text("view_id"):
            raise Refused(404, "no such view in front")
        return stack[-1]

    def view(self) -> View:
        """The modal in the arguments, or the person's Home tab."""
        home = self._state.modals.home(self.user.id)
        return home if home and home["id"] == self.text("view_id") else self.modal()


async def read_body(request: web.Request) -> Json:
    """A request's JSON body, or the query of a GET."""
    if request.method == "GET":
        return dict(request.query)
    try:
        body = await request.json()
    except ValueError:
        raise Refused(400, "the body is no JSON") from None
    if not isinstance(body, dict):
        raise Refused(400, "the body is no object")
    return body
