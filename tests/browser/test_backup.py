"""A call for backup lived through by clicks: as rep, as two leads at once, as manager, and with nobody there."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from bot.cli.sandbox import sandboxed
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_story import real_clock
from tests.slack.steps import NOT_SURE_YET, wait_until_ready

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from bot.sandbox.server import Sandbox
    from tests.browser.conftest import Visits

IN_A_MOMENT = 500  # milliseconds, so that both pages know of it before
PRESS_AT = """at => {
  const press = () => [...document.querySelectorAll("button")].find((each) => each.textContent === "I'm on it").click();
  setTimeout(press, at - Date.now());
}"""


@pytest.fixture
def workplace() -> Iterator[Sandbox]:
    """Two leads, Mia and Cora; Priya and Brad are the managers, Ruth is the director. Customers are on record."""
    with sandboxed(real_clock, 0, threading.Event(), customers=True, leads="U0MIA,U0CORA") as sandbox:
        wait_until_ready(sandbox)
        yield sandbox


def calls(page: Page, words: str = "") -> None:
    """Types /backup in #support; what is asked is answered there."""
    field = page.get_by_role("textbox", name="Message #support")
    field.fill(f"/backup {words}")
    field.press("Enter")
    expect(page.get_by_role("article").filter(has_text="I am calling somebody for you.")).to_be_visible()


def calls_from_card(page: Page, customer: str) -> None:
    """Looks a customer up in #support, and presses the button on the card: two touches."""
    field = page.get_by_role("textbox", name="Message #support")
    field.fill(f"/customer {customer}")
    field.press("Enter")
    page.get_by_role("dialog", name="Customer").get_by_role("button", name="Get backup").click()
    answer = page.get_by_role("dialog", name="Get backup")
    expect(answer).to_contain_text("I am calling somebody for you.")
    answer.get_by_role("button", name="Done").click()
    page.get_by_role("dialog").get_by_role("button", name="Done").click()


def message(page: Page, words: str) -> Locator:
    """The newest message that says this, once it is there."""
    found = page.get_by_role("log", name="Messages").get_by_role("article").filter(has_text=words).last
    expect(found).to_be_visible()
    return found


def rings(page: Page, words: str) -> Locator:
    """A message that notifies whoever reads it."""
    found = message(page, words)
    expect(found.get_by_text("Notifies you")).to_be_visible()
    return found


def press_at_once(leads: list[Page]) -> None:
    """All press at the same moment, and again while the bot asks all of them for that."""
    not_sure = leads
    while len(not_sure) == len(leads):
        at = leads[0].evaluate("Date.now()") + IN_A_MOMENT
        for lead in leads:
            lead.evaluate(PRESS_AT, at)
        for lead in leads:
            answered = lead.get_by_role("article").filter(has_text="helping @Ana Ribeiro since")
            expect(lead.get_by_role("dialog").or_(answered).first).to_be_visible()
        not_sure = [lead for lead in leads if lead.get_by_role("dialog").filter(has_text=NOT_SURE_YET).is_visible()]
        for lead in leads:
            lead.keyboard.press("Escape")


def a_minute_later(page: Page) -> None:
    opener = page.get_by_role("button", name="People, clock and channels")
    if opener.is_visible():
        opener.click()
    page.get_by_role("button", name="+1 minute").click()
    page.keyboard.press("Escape")


def test_a_rep_calls_two_leads_press_at_the_same_moment_and_one_comes(workplace: Sandbox, visits: Visits) -> None:
    rep = visits.open(workplace.url, "U0ANA", "C0SUPPORT", PHONE)
    leads = [visits.open(workplace.url, user, "dm", size) for user, size in (("U0MIA", PHONE), ("U0CORA", DESKTOP))]
    calls(rep, "Zenith Corp, on the phone")
    for lead in leads:
        rings(lead, "@Ana Ribeiro needs somebody now")
    press_at_once(leads)
    rep.get_by_role("button", name="People, clock and channels").click()
    rep.get_by_role("link", name="Backstop").click()
    rings(rep, "is coming.")
    over = [message(lead, "helping @Ana Ribeiro since") for lead in leads]
    mine, theirs = (0, 1) if "You have been" in over[0].inner_text() else (1, 0)
    expect(over[mine]).to_contain_text("You have been helping @Ana Ribeiro since")
    expect(over[theirs]).to_contain_text("has been helping @Ana Ribeiro since")
    expect(over[theirs].get_by_role("button", name="I'm on it")).to_have_count(0)
    expect(over[theirs].get_by_text("This edit does not notify you")).to_be_attached()
    who = ("Mia Tanaka", "Cora Weiss")[mine]
    expect(message(rep, "is coming.")).to_contain_text(f"@{who} is coming.")

    over[mine].get_by_role("button", name="Contact ended").click()
    ended = message(rep, "The contact was ended.")
    ended.get_by_role("button", name="Report what happened").click()
    form = rep.get_by_role("dialog", name="Report a customer")
    expect(form.get_by_role("combobox", name="Customer")).to_have_value("Zenith Corp")
    expect(form.get_by_role("textbox", name="What happened?")).to_have_value(f"{who} came to help.")


def test_nobody_of_the_leads_so_a_manager_comes_after_a_minute(workplace: Sandbox, visits: Visits) -> None:
    rep = visits.open(workplace.url, "U0ANA", "C0SUPPORT")
    priya = visits.open(workplace.url, "U0PRIYA", "dm", PHONE)
    calls_from_card(rep, "Acme Ltd")
    rep.get_by_role("link", name="Backstop").click()
    expect(message(rep, "I am asking")).to_contain_text("@Mia Tanaka")
    expect(priya.get_by_role("article")).to_have_count(0)
    a_minute_later(rep)
    asked = rings(priya, "@Ana Ribeiro needs somebody now · Acme Ltd (clear)")
    expect(message(rep, "I am asking")).to_contain_text("@Priya Raman")
    asked.get_by_role("button", name="I'm on it").click()
    expect(rings(rep, "is coming.")).to_contain_text("@Priya Raman is coming.")
    expect(message(priya, "You have been helping @Ana Ribeiro since")).to_be_visible()


def test_nobody_is_there_so_after_three_minutes_the_rep_reads_what_to_do_alone(
    workplace: Sandbox, visits: Visits
) -> None:
    rep = visits.open(workplace.url, "U0ANA", "home", PHONE)
    rep.get_by_role("button", name="Get backup").click()
    rep.get_by_role("dialog", name="Get backup").get_by_role("button", name="Close").click()
    rep.get_by_role("link", name="Messages").click()
    message(rep, "I am calling somebody for you.")
    for _ in range(3):
        a_minute_later(rep)
    rings(rep, "Nobody has come yet. End the contact now")
    brad = visits.open(workplace.url, "U0BRAD", "C0MANAGE", PHONE)
    in_channel = message(brad, "@Ana Ribeiro needs somebody now")
    in_channel.get_by_role("button", name="I'm on it").click()
    expect(rings(rep, "is coming.")).to_contain_text("@Brad Keller is coming.")
    expect(message(rep, "answered at")).to_be_visible()
