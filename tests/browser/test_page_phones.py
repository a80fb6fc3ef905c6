"""The page shows what would notify a phone, and what would not: on each message, each channel and each person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from bot.sandbox.person import Person
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_accessible import problems

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Firm, Visits

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
RINGS, SILENT, EDITED = "Notifies you", "This message does not notify you", "This edit does not notify you"


def post(firm: Firm, channel: str, text: str, **more: Any) -> str:  # noqa: ANN401 - any argument of the method
    return str(firm.bot.call("chat.postMessage", channel=channel, text=text, **more)["ts"])


def card(text: str) -> list[dict[str, Any]]:
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]


def opened_drawer(page: Page) -> None:
    opener = page.get_by_role("button", name="People, clock and channels")
    if opener.is_visible():
        opener.click()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@SIZES
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_message_says_whether_it_notifies_and_an_edit_that_it_does_not(
    firm: Firm,
    visits: Visits,
    size: Any,  # noqa: ANN401 - Playwright's
    colours: str,
) -> None:
    ana = Person(firm.url, "U0ANA")
    post(firm, "C0SUPPORT", "x", blocks=card("<@U0PRIYA>: somebody needs you."))
    said = ana.say("C0SUPPORT", "Who takes Zenith?")
    Person(firm.url, "U0JOE").say("C0SUPPORT", "I do.", said.ts)
    page = visits.open(firm.url, "U0PRIYA", "C0SUPPORT", size, color_scheme=colours, bypass_csp=True)
    mention = page.get_by_role("article").filter(has_text="somebody needs you")
    expect(mention.get_by_text(RINGS)).to_be_visible()
    expect(page.get_by_role("article").filter(has_text="Who takes").get_by_text(SILENT)).to_be_attached()
    ts = mention.get_attribute("data-ts")
    firm.bot.call("chat.update", channel="C0SUPPORT", ts=ts, text="x", blocks=card("<@U0PRIYA> <@U0JOE>: taken."))
    taken = page.get_by_role("article").filter(has_text="taken.")
    expect(taken.get_by_text(EDITED)).to_be_attached()
    expect(taken.get_by_text(RINGS)).to_be_visible()
    page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("article").filter(has_text="I do.").get_by_text(SILENT)).to_be_attached()
    assert fits(page)
    assert problems(page) == []


@SIZES
def test_whose_phone_has_buzzed_stands_beside_each_person_and_channel_until_they_look(
    firm: Firm,
    visits: Visits,
    size: Any,  # noqa: ANN401 - Playwright's
) -> None:
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT", size, bypass_csp=True)
    joes = visits.open(firm.url, "U0JOE", "C0SUPPORT", size)
    post(firm, "C0GENERAL", "<@U0ANA>")
    post(firm, "U0ANA", "For you.")
    post(firm, "U0PRIYA", "For you.")
    Person(firm.url, "U0ANA").forward(seconds=2)  # Slack takes one post a second in a channel
    edited = post(firm, "C0GENERAL", "For nobody.")
    firm.bot.call("chat.update", channel="C0GENERAL", ts=edited, text="<@U0ANA> <!channel>")
    if size is PHONE:
        expect(page.get_by_role("button", name="People, clock and channels, 2 notifications")).to_be_visible()
    opened_drawer(page)
    expect(page.get_by_role("link", name="Ana Ribeiro, Rep, 2 notifications")).to_be_visible()
    expect(page.get_by_role("link", name="Priya Raman, Manager, 1 notification")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Joe Lindqvist, Rep$"))).to_be_visible()
    expect(page.get_by_role("link", name="general 2 unread, 1 notification")).to_be_visible()
    assert fits(page)
    assert problems(page) == []
    page.get_by_role("link", name="general 2 unread, 1 notification").focus()
    post(firm, "U0BRAD", "For you.")
    expect(page.get_by_role("link", name="Brad Keller, Manager, 1 notification")).to_be_visible()
    expect(page.get_by_role("link", name="general 2 unread, 1 notification")).to_be_focused()
    page.get_by_role("link", name="general 2 unread, 1 notification").click()
    opened_drawer(joes)
    expect(joes.get_by_role("link", name="Ana Ribeiro, Rep, 1 notification")).to_be_visible()


def test_messages_of_one_person_do_not_share_the_mark_of_one_that_notifies(firm: Firm, visits: Visits) -> None:
    ana = Person(firm.url, "U0ANA")
    mine = Person(firm.url, "U0JOE").say("C0SUPPORT", "Who takes Zenith?")
    ana.say("C0SUPPORT", "Noodles?")
    ana.say("C0SUPPORT", "I do.", mine.ts)
    page = visits.open(firm.url, "U0JOE", "C0SUPPORT")
    page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("article").filter(has_text="I do.").get_by_text(RINGS)).to_be_visible()
    expect(page.get_by_role("log", name="Messages").get_by_text(SILENT)).to_have_count(1)
    expect(thread.get_by_role("article").filter(has_text="Who takes").get_by_text("notif")).to_have_count(0)
