"""Names of 140 characters without a space, right to left, narratives of 3,000 characters: nothing leaves its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from bot.sandbox.demo_blocks import mrkdwn, option, plain
from bot.sandbox.person import Person
from tests.browser.conftest import DESKTOP, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Firm, Visits

Json = dict[str, Any]
WORDS = {"one word": "Z" * 140, "right to left": "شركة زينيث للتجارة الدولية والخدمات اللوجستية المحدودة " * 3}
WIDE = """() => [...document.querySelectorAll(".scroller, .form-body, main, dialog[open], body")]
    .filter((node) => node.scrollWidth > node.clientWidth)
    .map((node) => `${node.className || node.tagName}: ${node.scrollWidth} > ${node.clientWidth}`)"""


def message(word: str) -> list[Json]:
    """Every block that shows text, as full as Slack takes it."""
    name, label, narrative = word[:140], plain(word[:75]), (word * 30)[:2_900]
    buttons = [{"type": "button", "text": label, "action_id": f"button-{n}"} for n in range(3)]
    text = {"type": "text", "text": name, "style": {"bold": True}}
    line = {
        "type": "rich_text_section",
        "elements": [text, {"type": "link", "url": "https://example.com", "text": name}],
    }
    return [
        {"type": "header", "text": plain(name)},
        {"type": "section", "text": mrkdwn(narrative)},
        {"type": "section", "text": mrkdwn(f"<https://example.com|{name}>"), "accessory": buttons[0]},
        {"type": "section", "fields": [mrkdwn(narrative[:1_900]), mrkdwn(f"*{name}*")]},
        {"type": "context", "elements": [mrkdwn(f"> {name}")]},
        {"type": "rich_text", "elements": [line, {"type": "rich_text_list", "style": "bullet", "elements": [line]}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [text]}]},
        {"type": "actions", "elements": buttons},
    ]


def form(word: str) -> Json:
    """A form whose fields hold as much as they can."""
    options = [option(word[:75], "1", word[:75]), option("Another", "2")]
    elements: list[Json] = [
        {"type": "plain_text_input", "multiline": True, "initial_value": (word * 30)[:2_900]},
        {"type": "plain_text_input", "initial_value": word},
        {"type": "static_select", "options": options, "initial_option": options[0]},
        {"type": "radio_buttons", "options": options},
        {"type": "checkboxes", "options": options},
    ]
    fields = [
        {"type": "input", "label": plain(word), "hint": plain(word), "element": element | {"action_id": f"field-{n}"}}
        for n, element in enumerate(elements)
    ]
    return {"type": "modal", "title": plain(word[:24]), "submit": plain(word[:24]), "blocks": [*message(word), *fields]}


def fits(page: Page) -> None:
    page.evaluate("document.fonts.ready")
    assert page.evaluate(WIDE) == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("word", WORDS.values(), ids=WORDS)
def test_nothing_is_wider_than_its_place(firm: Firm, visits: Visits, word: str, size: Any) -> None:  # noqa: ANN401 - Playwright's
    assert firm.bot.call("chat.postMessage", channel="C0SUPPORT", text=word, blocks=message(word))["ok"]
    Person(firm.url, "U0JOE").say("C0SUPPORT", word * 20)
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT", size)
    expect(page.get_by_role("article")).to_have_count(2)
    fits(page)
    firm.bot.form = form(word)
    Person(firm.url, "U0ANA").command("/report-abuse", "form")
    expect(page.get_by_role("dialog")).to_be_visible()
    fits(page)
    home = {"type": "home", "blocks": message(word)}
    assert firm.bot.call("views.publish", user_id="U0BRAD", view=home)["ok"]
    page = visits.open(firm.url, "U0BRAD", "home", size)
    expect(page.locator(".home-page")).to_be_visible()
    fits(page)
