"""Who one is, where one is, when it is, and what arrives live."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.conftest import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.browser.conftest import Firm, Visits


def say(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name=re.compile("^Message "))
    field.fill(text)
    field.press("Enter")


def test_choosing_a_person_shows_what_that_person_sees(firm: Firm, visits: Visits) -> None:
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    expect(page.get_by_role("link", name="management")).to_have_count(0)
    page.get_by_role("link", name="Priya Raman, Manager").click()
    page.get_by_role("link", name="management").click()
    expect(page.get_by_role("heading", name="management")).to_be_visible()
    expect(page).to_have_url(re.compile(r"as=U0PRIYA&channel=C0MANAGE$"))
    page.go_back()
    expect(page.get_by_role("heading", name="#support")).to_be_visible()


def test_an_address_without_a_person_still_opens_the_page(firm: Firm, visits: Visits) -> None:
    page = visits.open(firm.url, "")
    expect(page.get_by_role("heading", name="#support")).to_be_visible()


def test_a_message_reaches_somebody_else_at_once_as_the_text_that_was_typed(firm: Firm, visits: Visits) -> None:
    ana, joe = visits.open(firm.url, "U0ANA", "C0SUPPORT"), visits.open(firm.url, "U0JOE", "C0SUPPORT")
    say(ana, "<img src=x onerror=alert(1)> & <!channel>")
    said = joe.get_by_role("log").get_by_role("article", name="Ana Ribeiro")
    expect(said).to_contain_text("<img src=x onerror=alert(1)> & <!channel>")
    expect(said.locator("img")).to_have_count(0)


def test_an_unread_mark_counts_what_others_wrote_elsewhere_until_one_looks(firm: Firm, visits: Visits) -> None:
    ana, joe = visits.open(firm.url, "U0ANA", "C0GENERAL"), visits.open(firm.url, "U0JOE", "C0SUPPORT")
    say(joe, "One")
    say(joe, "Two")
    unread = ana.get_by_role("link", name="support 2 unread")
    expect(unread).to_be_visible()
    expect(ana).to_have_title(re.compile(r"^\(2\)"))
    unread.click()
    expect(ana.get_by_text("New", exact=True)).to_be_visible()
    expect(ana.get_by_role("link", name="unread")).to_have_count(0)
    ana.reload()
    expect(ana.get_by_role("log")).to_contain_text("Two")
    expect(ana.get_by_role("link", name="unread")).to_have_count(0)


def test_what_arrives_before_ones_eyes_is_read(firm: Firm, visits: Visits) -> None:
    ana, joe = visits.open(firm.url, "U0ANA", "C0SUPPORT"), visits.open(firm.url, "U0JOE", "C0SUPPORT")
    with ana.expect_response("**/sandbox/messages?*"):
        say(joe, "One")
    elsewhere = visits.open(firm.url, "U0ANA", "C0GENERAL")
    expect(elsewhere.get_by_role("link", name="support")).to_be_visible()
    expect(elsewhere.get_by_role("link", name="unread")).to_have_count(0)


def test_a_thread_opens_beside_the_channel_and_takes_replies_live(firm: Firm, visits: Visits) -> None:
    ana, joe = visits.open(firm.url, "U0ANA", "C0SUPPORT"), visits.open(firm.url, "U0JOE", "C0SUPPORT")
    say(ana, "Who takes Zenith?")
    joe.get_by_role("button", name="More actions").press("Enter")
    joe.get_by_role("menuitem", name="Reply in thread").press("Enter")
    thread = joe.get_by_role("complementary", name="Thread")
    thread.get_by_role("textbox", name="Reply in thread").fill("I do.")
    thread.get_by_role("button", name="Send").click()
    expect(thread.get_by_role("log")).to_contain_text("I do.")
    ana.get_by_role("button", name="1 reply").click()
    expect(ana.get_by_role("complementary", name="Thread")).to_contain_text("I do.")
    ana.keyboard.press("Escape")
    expect(ana.get_by_role("complementary", name="Thread")).to_be_hidden()
    expect(ana.get_by_role("button", name="1 reply")).to_be_focused()
    expect(ana.get_by_role("log")).not_to_contain_text("I do.")


def test_moving_the_clock_moves_it_for_everybody(firm: Firm, visits: Visits) -> None:
    ana, joe = visits.open(firm.url, "U0ANA", "C0SUPPORT"), visits.open(firm.url, "U0JOE", "C0SUPPORT")
    ana.get_by_role("button", name="+1 week").click()
    ana.get_by_role("button", name="+1 day").click()
    expect(joe.get_by_role("timer")).to_contain_text("8 days ahead")
    ana.get_by_role("button", name="Next business morning").click()
    expect(joe.get_by_role("timer")).to_contain_text(re.compile(r"(Mon|Tue|Wed|Thu|Fri) .*, 09:00"))


def test_the_day_of_a_message_follows_the_clock(firm: Firm, visits: Visits) -> None:
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    say(page, "Morning")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.get_by_role("button", name="+1 day").click()
    expect(page.get_by_role("heading", name="Yesterday")).to_be_visible()


def test_a_lost_connection_is_said(firm: Firm, visits: Visits) -> None:
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    expect(page.get_by_text("The connection is lost")).to_be_hidden()
    firm.sandbox.stop()
    expect(page.get_by_text("The connection is lost")).to_be_visible()
    say(page, "Anybody there?")
    expect(page.get_by_role("alert")).to_contain_text("The sandbox can't be reached.")


def test_on_a_phone_people_clock_and_channels_are_in_a_drawer(firm: Firm, visits: Visits) -> None:
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT", PHONE)
    opener = page.get_by_role("button", name="People, clock and channels")
    expect(page.get_by_role("link", name="general")).to_be_hidden()
    opener.press("Enter")
    expect(page.get_by_role("link", name="support")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(page.get_by_role("link", name="general")).to_be_hidden()
    opener.click()
    page.get_by_role("link", name="Brad Keller, Manager").click()
    opener.click()
    page.get_by_role("link", name="management").click()
    expect(page.get_by_role("heading", name="management")).to_be_visible()
    expect(page.get_by_role("link", name="general")).to_be_hidden()


def test_what_is_being_written_outlives_the_clock(firm: Firm, visits: Visits) -> None:
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    field = page.get_by_role("textbox", name="Message #support")
    field.fill("Half a sen")
    page.get_by_role("button", name="+1 hour").click()
    expect(page.get_by_role("timer")).to_contain_text("1 hour ahead")
    expect(field).to_have_value("Half a sen")


def test_a_home_that_the_app_publishes_before_the_page_reads_of_the_one_before_stays(
    firm: Firm, visits: Visits
) -> None:
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    home = page.get_by_role("region", name="Home")

    def answered_late(route: Route) -> None:
        before = route.fetch()
        blocks = [{"type": "section", "text": {"type": "plain_text", "text": "The newest"}}]
        firm.bot.call("views.publish", user_id="U0ANA", view={"type": "home", "blocks": blocks})
        expect(home).to_contain_text("The newest")
        route.fulfill(response=before)

    page.route("**/sandbox/home", answered_late)
    with page.expect_response("**/sandbox/home"):
        page.get_by_role("link", name="Backstop").click()
    expect(page.get_by_role("main")).to_have_attribute("aria-busy", "false")
    expect(home).to_contain_text("The newest")
