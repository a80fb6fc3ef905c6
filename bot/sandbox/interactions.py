from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import payloads
from bot.sandbox.elements import find_element, options_of
from bot.sandbox.errors import BotFailed, Refused, SlackError
from bot.sandbox.kit import check_options
from bot.sandbox.messages import app_message
from bot.sandbox.replies import reply

if TYPE_CHECKING:
    from bot.sandbox.choices import Choices
    from bot.sandbox.conversations import Conversation, Message
    from bot.sandbox.delivery import Delivery
    from bot.sandbox.modals import View
    from bot.sandbox.state import State
    from bot.sandbox.workspace import User

Json = dict[str, Any]


class Interactions:
    """What a person does with the app outside forms: commands, shortcuts, clicks, type-ahead and the Home tab."""

    def __init__(self, state: State, delivery: Delivery, choices: Choices) -> None:
        self._state = state
        self._choices = choices
        self._delivery = delivery

    async def command(self, user: User, where: Conversation, command: str, text: str) -> Json:
        """A slash command; its ack's words go into the channel as it says."""
        if command not in {known.command for known in self._state.app.commands}:
            return {"ok": False, "error": f"{command} is not a valid command."}
        url, key = self._hook(where, user)
        fields = payloads.slash_command(self._state, user, where, command=command, text=text, response_url=url)
        try:
            ack = await self._delivery.command(fields)
        except BotFailed as failed:
            return self._failed(user, where, f"{command} failed with the error “{failed.reason}”")
        if ack.get("text") or ack.get("blocks"):
            return self._say(user, where, command, key, ack)
        return {"ok": True}

    async def shortcut(self, user: User, where: Conversation, message: Message, callback_id: str) -> Json:
        """A message shortcut."""
        names = {known.callback_id: known.name for known in self._state.app.shortcuts}
        if callback_id not in names:
            raise Refused(404, "no such shortcut")
        url, _ = self._hook(where, user, message["ts"])
        payload = payloads.message_action(self._state, user, where, message, callback_id=callback_id, response_url=url)
        return await self._tell(user, where, payload, f"{names[callback_id]} failed")

    async def click_message(self, user: User, where: Conversation, message: Message, click: Json) -> Json:
        """A click on an element of a message."""
        blocks = message.get("blocks", [])
        action = self._action(blocks, click)
        url, _ = self._hook(where, user, message["ts"])
        values = self._choices.state(user, message["ts"], blocks, _with_click(click))
        payload = payloads.message_block_actions(
            self._state, user, where, message, action=action, values=values, response_url=url
        )
        return await self._tell(user, where, payload, "That did not work")

    async def click_view(self, user: User, view: View, click: Json) -> Json:
        """A click on an element of a modal or of the Home tab."""
        action = self._action(view["blocks"], click)
        view["state"] = {"values": self._choices.state(user, view["id"], view["blocks"], _with_click(click))}
        payload = payloads.view_block_actions(self._state, user, view, action)
        return await self._tell(user, None, payload, "That did not work")

    async def suggest(self, user: User, view: View, block_id: str, action_id: str, value: str) -> Json:
        """The options for what was typed into an external select; none when the bot fails."""
        element = find_element(view["blocks"], block_id, action_id)
        if element is None or not element["type"].endswith("external_select"):
            raise Refused(404, "no such external select")
        payload = payloads.block_suggestion(
            self._state, user, view, block_id=block_id, action_id=action_id, value=value
        )
        try:
            ack = await self._delivery.interaction(payload)
            check_options(ack)
        except (BotFailed, SlackError) as failed:
            self._state.feed.tell({user.id}, "notice", text=f"Options could not be loaded ({failed}).")
            return {"options": []}
        self._choices.offer(view["id"], block_id, action_id, ack)
        return ack

    async def open_home(self, user: User) -> None:
        """The person opened the Home tab."""
        view = self._state.modals.home(user.id)
        event = payloads.app_home_opened(self._state, user, self._state.direct(user.id), view)
        await self._delivery.event(payloads.event_callback(self._state, event))

    async def _tell(self, user: User, where: Conversation | None, payload: Json, words: str) -> Json:
        try:
            await self._delivery.interaction(payload)
        except BotFailed as failed:
            return self._failed(user, where, f"{words} ({failed.reason}).", failed.reason)
        return {"ok": True}

    def _action(self, blocks: list[Json], click: Json) -> Json:
        element = find_element(blocks, click["block_id"], click["action_id"])
        if element is None:
            raise Refused(404, "no such element")
        chosen = click.get("selected_option")
        if chosen and options_of(element) and chosen not in options_of(element):
            raise Refused(400, "not one of the options")
        return payloads.clicked(self._state, element, click["block_id"], click)

    def _hook(self, where: Conversation, user: User, message_ts: str | None = None) -> tuple[str, str]:
        key = self._state.hooks.issue(where.id, user.id, message_ts)
        return f"{self._state.base_url}hooks/{key}", key

    def _say(self, user: User, where: Conversation, command: str, key: str, ack: Json) -> Json:
        try:
            reply(self._state, self._state.hooks.use(key), ack)
        except SlackError as error:
            return self._failed(user, where, f"{command} failed with the error “{error.name}”")
        return {"ok": True}

    def _failed(self, user: User, where: Conversation | None, words: str, error: str = "") -> Json:
        self._state.feed.tell({user.id}, "notice", text=words)
        if where is not None:
            self._state.whisper(where, user.id, app_message(self._state, words, None))
        return {"ok": False, "error": error or words}


def _with_click(click: Json) -> Json:
    """The values of the whole, what was just chosen among them."""
    values = click.get("values") or {}
    block_id, action_id = click["block_id"], click["action_id"]
    block = values.get(block_id, {})
    return {**values, block_id: {**block, action_id: {**block.get(action_id, {}), **click}}}
