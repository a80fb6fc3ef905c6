"""Reads the messages around one that somebody reports, if the bot may read them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from slack_sdk import WebClient

from bot.usecases.transport import TransportError
from handlers.blockkit.quote import Nearby, Quote
from handlers.client.answers import call_slack
from handlers.parsing.shown_text import shown_text

TIMEOUT: Final = 1  # seconds: Slack waits three, and the form has to be opened in the rest
PAGE: Final = 200
MOST: Final = 10


def with_nearby(client: WebClient, quote: Quote) -> Quote:
    """The quote with up to ten other messages of its thread: the first one, and those next to it.

    Without them where the bot may not read them, or Slack does not answer soon: the form opens all the same.
    """
    if quote.thread is None:
        return quote
    try:
        found = list(_thread(client, quote.channel, quote.thread, quote.ts))
    except TransportError:
        return quote
    first, rest = found[:1], sorted(found[1:], key=lambda each: abs(float(each.ts) - float(quote.ts)))
    chosen = [each for each in (*first, *rest) if each.ts != quote.ts][:MOST]
    return replace(quote, nearby=tuple(sorted(chosen, key=lambda each: float(each.ts))))


def _thread(client: WebClient, channel: str, thread: str, ts: str) -> Iterator[Nearby]:
    """The messages with words, oldest first. Of a long thread the beginning, and what comes from `ts` on."""
    page = call_slack(lambda: client.conversations_replies(channel=channel, ts=thread, limit=PAGE))
    messages: list[dict[str, Any]] = page.get("messages") or []
    if page.get("has_more") and all(each.get("ts") != ts for each in messages):
        later = call_slack(
            lambda: client.conversations_replies(channel=channel, ts=thread, oldest=ts, inclusive=True, limit=PAGE)
        )
        messages = [*messages[:1], *(each for each in later.get("messages") or [] if each.get("ts") != thread)]
    for each in messages:
        if text := shown_text(each).strip():
            yield Nearby(str(each["ts"]), _writer(each), text)


def _writer(message: dict[str, Any]) -> str:
    """The user's ID, or the name that an integration goes by."""
    named = message.get("user") or message.get("username") or (message.get("bot_profile") or {}).get("name")
    return named if isinstance(named, str) else ""
