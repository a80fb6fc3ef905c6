"""Slack's limits, counted in the strictest way: an emoji counts as two, and texts are escaped."""

from collections.abc import Iterator
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bot.rules.text import units
from bot.sandbox.block_kit.check import check_message, check_view
from bot.usecases.transport import Message
from handlers.blockkit.text import escape
from tests.handlers import view_samples as sample

LIMITS: Final = {
    "header": 150,
    "section": 3_000,
    "button": 75,
    "option": 75,
    "description": 75,
    "value": 150,
    "title": 24,
}
MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
ALL_TEXT: Final = 8_000
TEXT: Final = 4_000

POLICIES: Final = (sample.POLICY, sample.longest_policy(sample.POLICY))
policies = st.sampled_from(POLICIES)
# Each run makes others: what one does not find another one does.
wildly = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def every(node: object) -> Iterator[dict[str, Any]]:
    """Every dict within blocks or a view."""
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from every(child)
    if isinstance(node, list):
        for child in node:
            yield from every(child)


def texts(node: object) -> list[str]:
    """Every text that is shown."""
    return [each["text"] for each in every(node) if isinstance(each.get("text"), str)]


def mrkdwn(node: object) -> list[str]:
    """Every text that Slack parses."""
    return [each["text"] for each in every(node) if each.get("type") == "mrkdwn"]


def too_long(node: object) -> list[str]:
    """The texts that are longer than Slack allows."""
    shown = [(each, kind) for each in every(node) for kind in _kinds(each)]
    return [f"{kind}: {said}" for each, kind in shown if _length(said := _said(each, kind), kind) > LIMITS[kind]]


def _length(said: str, kind: str) -> int:
    return units(said if kind == "value" else escape(said))


def _kinds(node: dict[str, Any]) -> list[str]:
    if node.get("type") in {"header", "section", "button"}:
        return [node["type"]]
    if "value" in node and "text" in node:
        return ["option", "value", *(["description"] if "description" in node else [])]
    return ["title"] if node.get("type") == "modal" else []


def _said(node: dict[str, Any], kind: str) -> str:
    key = kind if kind in {"title", "value", "description"} else "text"
    found = node[key]
    said: str = found if isinstance(found, str) else found["text"]
    return said


def message_problems(message: Message) -> list[str]:
    """Which of Slack's limits a message breaks."""
    length = sum(units(escape(said)) for said in texts(message.blocks))
    counted = {
        "blocks": len(message.blocks) > MESSAGE_BLOCKS,
        f"all text {length}": length >= ALL_TEXT,
        f"text {units(message.text)}": units(message.text) >= TEXT,
    }
    return [*too_long(message.blocks), *(what for what, wrong in counted.items() if wrong)]


def view_problems(view: dict[str, Any]) -> list[str]:
    """Which of Slack's limits a view breaks."""
    counted = {
        "blocks": len(view["blocks"]) > VIEW_BLOCKS,
        "submit": units(view.get("submit", {}).get("text", "")) > LIMITS["title"],
        "metadata": units(view["private_metadata"]) > LIMITS["section"],
    }
    return [*too_long(view), *(what for what, wrong in counted.items() if wrong)]


def taken(message: Message) -> None:
    assert message_problems(message) == []
    check_message(message.text, message.blocks)


def shown(view: dict[str, Any]) -> None:
    assert view_problems(view) == []
    check_view(view, ("modal",))
