from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import payloads
from bot.sandbox.block_kit.check import check_options
from bot.sandbox.elements import find_element, options_of
from bot.sandbox.errors import BotFailed, Refused, SlackError
from bot.sandbox.messages import app_message
from bot.sandbox.replies import reply

if TYPE_CHECKING:
    from bot.sandbox.bot_requests import BotRequests
    from bot.sandbox.choices import Choices
    from bot.sandbox.conversations import Conversation, Message
    from bot.sandbox.modals import View
    from bot.sandbox.state import State
    from bot.sandbox.workspace import User

Json = dict[str, Any]


class Interactions:
    """Carries out what a person does with the app: commands, shortcuts, clicks, type-ahead and the Home tab."""

    def __init__(self, state: State, bot_requests: BotRequests, choices: Choices) -> None:
        self._state = state
        self._choices = choices
        self._bot_requests = bot_requests

    async def command(self, user: User, conversation: Conversation, command: str, text: str) -> Json:
        """Send a slash command. The ack's text goes into the channel, as its response_type says."""
        if command not in {known.command for known in self._state.app.commands}:
            return {"ok": False, "error": f"{command} is not a valid command."}
        url, key = self._new_response_url(conversation, user)
        fields = payloads.slash_command(self._state, user, conversation, command=command, text=text, response_url=url)
        try:
            ack = await self._bot_requests.command(fields)
        except BotFailed as failed:
            return self._show_failure(user, conversation, f"{command} failed with the error “{failed.reason}”")
        if ack.get("text") or ack.get("blocks"):
            return self._apply_ack(user, conversation, command, key, ack)
        return {"ok": True}

    async def shortcut(self, user: User, conversation: Conversation, message: Message, callback_id: str) -> Json:
        """Send a message shortcut."""
        name = self._name_of(callback_id, everywhere=False)
        url, _ = self._new_response_url(conversation, user, message["ts"])
        payload = payloads.message_action(
            self._state, user, conversation, message, callback_id=callback_id, response_url=url
        )
        return await self._send_interaction(user, conversation, payload, f"{name} failed")

    async def global_shortcut(self, user: User, callback_id: str) -> Json:
        """Send a global shortcut."""
        name = self._name_of(callback_id, everywhere=True)
        payload = payloads.global_shortcut(self._state, user, callback_id)
        return await self._send_interaction(user, None, payload, f"{name} failed")

    async def click_message(self, user: User, conversation: Conversation, message: Message, click: Json) -> Json:
        """Send a click on an element of a message."""
        blocks = message.get("blocks", [])
        action = self._action(blocks, click)
        url, _ = self._new_response_url(conversation, user, message["ts"])
        values = self._choices.state(user, message["ts"], blocks, _values_with_click(click))
        payload = payloads.message_block_actions(
            self._state, user, conversation, message, action=action, values=values, response_url=url
        )
        return await self._send_interaction(user, conversation, payload, "That did not work")

    async def click_view(self, user: User, view: View, click: Json) -> Json:
        """Send a click on an element of a modal or of the Home tab."""
        action = self._action(view["blocks"], click)
        view["state"] = {"values": self._choices.state(user, view["id"], view["blocks"], _values_with_click(click))}
        payload = payloads.view_block_actions(self._state, user, view, action)
        return await self._send_interaction(user, None, payload, "That did not work")

    async def suggest(self, user: User, view: View, block_id: str, action_id: str, value: str) -> Json:
        """The options for the text typed into an external select; none if the bot fails."""
        element = find_element(view["blocks"], block_id, action_id)
        if element is None or not element["type"].endswith("external_select"):
            raise Refused(404, "no such external select")
        payload = payloads.block_suggestion(
            self._state, user, view, block_id=block_id, action_id=action_id, value=value
        )
        try:
            ack = await self._bot_requests.interaction(payload)
            check_options(ack)
        except (BotFailed, SlackError) as failed:
            self._state.live_events.send({user.id}, "notice", text=f"Options could not be loaded ({failed}).")
            return {"options": []}
        self._choices.remember_options(view["id"], block_id, action_id, ack)
        return ack

    async def open_home(self, user: User) -> None:
        """Send the event that the person opened the Home tab."""
        view = self._state.modals.home(user.id)
        event = payloads.app_home_opened(self._state, user, self._state.direct_message(user.id), view)
        await self._bot_requests.event(payloads.event_callback(self._state, event))

    def app_wrote(self, conversation: Conversation, message: Message, before: str) -> None:
        """The app hears of its own direct messages as of a person's, whenever Slack comes to it."""
        if conversation.kind == "dm" and self._bot_requests.has_bot:
            self._bot_requests.later(self.wrote(conversation, dict(message), before=before))

    async def wrote(
        self, conversation: Conversation, message: Message, *, twice: bool = False, before: str = ""
    ) -> None:
        """Send the event of a new message, or of one that said `before` until now, if the app may hear of it."""
        app = self._state.app
        if conversation.kind == "dm" and "im:history" in app.scopes:
            event = payloads.direct_message(self._state, conversation, message, before)
        elif (
            conversation.kind != "dm"
            and "app_mentions:read" in app.scopes
            and app.bot_user in conversation.members
            and f"<@{app.bot_user}>" in message.get("text", "")
        ):
            event = payloads.app_mention(self._state, conversation, message)
        else:
            return
        await self._bot_requests.event(payloads.event_callback(self._state, event), twice=twice)

    async def _send_interaction(
        self, user: User, conversation: Conversation | None, payload: Json, failure: str
    ) -> Json:
        try:
            await self._bot_requests.interaction(payload)
        except BotFailed as failed:
            return self._show_failure(user, conversation, f"{failure} ({failed.reason}).", failed.reason)
        return {"ok": True}

    def _name_of(self, callback_id: str, *, everywhere: bool) -> str:
        for known in self._state.app.shortcuts:
            if (known.callback_id, known.everywhere) == (callback_id, everywhere):
                return known.name
        raise Refused(404, "no such shortcut")

    def _action(self, blocks: list[Json], click: Json) -> Json:
        element = find_element(blocks, click["block_id"], click["action_id"])
        if element is None:
            raise Refused(404, "no such element")
        chosen = click.get("selected_option")
        if chosen and options_of(element) and chosen not in options_of(element):
            raise Refused(400, "not one of the options")
        return payloads.clicked(self._state, element, click["block_id"], click)

    def _new_response_url(
        self, conversation: Conversation, user: User, message_ts: str | None = None
    ) -> tuple[str, str]:
        key = self._state.response_urls.issue(conversation.id, user.id, message_ts)
        return f"{self._state.base_url}hooks/{key}", key

    def _apply_ack(self, user: User, conversation: Conversation, command: str, key: str, ack: Json) -> Json:
        try:
            reply(self._state, self._state.response_urls.use(key), ack)
        except SlackError as error:
            return self._show_failure(user, conversation, f"{command} failed with the error “{error.name}”")
        return {"ok": True}

    def _show_failure(self, user: User, conversation: Conversation | None, text: str, error: str = "") -> Json:
        self._state.live_events.send({user.id}, "notice", text=text)
        if conversation is not None:
            self._state.post_ephemeral(conversation, user.id, app_message(self._state, text, None))
        return {"ok": False, "error": error or text}


def _values_with_click(click: Json) -> Json:
    """The values of the view or message, including the clicked element's."""
    values = click.get("values") or {}
    block_id, action_id = click["block_id"], click["action_id"]
    block = values.get(block_id, {})
    return {**values, block_id: {**block, action_id: {**block.get(action_id, {}), **click}}}
