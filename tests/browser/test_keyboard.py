"""A report and a decision without a mouse: every key is one that a keyboard has, and the focus is always somewhere."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from bot.cli.sandbox import sandboxed
from tests.browser.test_story import notice, real_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from bot.sandbox.server import Sandbox
    from tests.browser.conftest import Visits

FAR = 80  # presses of Tab from one end of a page to the other, at most
IS_FOCUSED = "(node) => node === document.activeElement"


@pytest.fixture
def workplace() -> Iterator[Sandbox]:
    with sandboxed(real_clock, 0, threading.Event()) as sandbox:
        yield sandbox


def tab_to(page: Page, wanted: Locator) -> None:
    """Presses Tab until this has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(FAR):
        if wanted.evaluate(IS_FOCUSED):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")


def chosen(page: Page, field: Locator, typed: str) -> None:
    """Chooses from a list by typing a part of what is wanted."""
    tab_to(page, field)
    page.keyboard.type(typed)
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_a_rep_reports_and_a_manager_decides_by_keyboard_alone(workplace: Sandbox, visits: Visits) -> None:
    ana = visits.open(workplace.url, "U0ANA", "C0SUPPORT")
    tab_to(ana, ana.get_by_role("textbox", name="Message #support"))
    ana.keyboard.type("/report-abuse Zenith Corp")
    ana.keyboard.press("Enter")
    form = ana.get_by_role("dialog", name="Report a customer")
    chosen(ana, form.get_by_role("combobox", name="What kind of conduct?"), "Threat")
    tab_to(ana, form.get_by_role("radio").first)
    ana.keyboard.press("ArrowDown")
    ana.keyboard.press("ArrowDown")
    tab_to(ana, form.get_by_role("textbox", name="What happened?"))
    ana.keyboard.type("He knows where I live.")
    tab_to(ana, form.get_by_role("button", name="Report", exact=True))
    ana.keyboard.press("Enter")
    received = ana.get_by_role("dialog", name="Recorded")
    tab_to(ana, received.get_by_role("button", name="Done"))
    ana.keyboard.press("Enter")
    expect(received).to_be_hidden()

    priya = visits.open(workplace.url, "U0PRIYA", "C0MANAGE")
    tab_to(priya, notice(priya, "Zenith Corp").get_by_role("button", name="Keep customer"))
    priya.keyboard.press("Enter")
    form = priya.get_by_role("dialog", name="Keep customer")
    tab_to(priya, form.get_by_role("textbox", name="Why?"))
    priya.keyboard.type("He has apologised in writing.")
    priya.keyboard.press("Control+Enter")
    expect(priya.get_by_role("dialog")).to_contain_text("kept")
    priya.keyboard.press("Escape")
    expect(priya.get_by_role("dialog")).to_be_hidden()
    expect(notice(priya, "Zenith Corp")).to_contain_text("He has apologised in writing.")
