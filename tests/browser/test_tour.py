"""The strip of steps on top of the page, links to messages, and who one is then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Route, expect

from bot.sandbox.client import Client
from bot.sandbox.person import Person
from bot.sandbox.story_tour import tour
from tests.browser.conftest import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Firm, Visits


def tell(firm: Firm, **story: Any) -> None:  # noqa: ANN401 - the tour's own words
    Client(firm.url, "U0PRIYA").post("tour", **tour(**story))


@pytest.fixture
def played(firm: Firm) -> Firm:
    """A firm with a story played: Zenith's case is the first of many messages, and Ana has a message about it."""
    case = Person(firm.url, "U0PRIYA").say("C0MANAGE", "Drop or keep Zenith Corp?")
    for n in range(40):
        Person(firm.url, "U0BRAD").say("C0MANAGE", f"Something else {n}")
    message = firm.bot.call("chat.postMessage", channel="U0ANA", text="Your report about Zenith Corp")
    tell(firm, progress="", case=case.ts, rep_message=message["ts"])
    return firm


def step(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="The story in steps").get_by_role("button", name=name).click()


def test_the_page_opens_where_the_story_begins_and_says_how_far_it_is(firm: Firm, visits: Visits) -> None:
    tell(firm, progress="Telling the last twelve weeks: week 5 of 12 …")
    page = visits.open(firm.url, "")
    expect(page.get_by_role("heading", name="management")).to_be_visible()
    expect(page.get_by_role("link", name="Priya Raman, Manager")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("status")).to_contain_text(["week 5 of 12"])
    expect(page.get_by_role("button", name="A manager decides")).to_be_disabled()
    case = Person(firm.url, "U0PRIYA").say("C0MANAGE", "Drop or keep Zenith Corp?")
    tell(firm, progress="", case=case.ts, rep_message=case.ts)
    expect(page.locator(".pointed")).to_contain_text("Drop or keep Zenith Corp?")
    expect(page.get_by_role("status")).to_contain_text(["You are Priya, a manager."])


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_the_first_screen_shows_the_case_that_waits(played: Firm, visits: Visits, size: Any) -> None:  # noqa: ANN401 - Playwright's
    page = visits.open(played.url, "", **({"size": size} if size else {}))
    expect(page.get_by_text("Drop or keep Zenith Corp?")).to_be_in_viewport()
    expect(page.get_by_text("Something else 39")).not_to_be_in_viewport()


def test_each_step_shows_just_that(played: Firm, visits: Visits) -> None:
    page = visits.open(played.url, "")
    step(page, "A rep reports")
    form = page.get_by_role("dialog")
    expect(form).to_be_visible()
    expect(page.locator("#me .face")).to_have_text("AR")
    form.get_by_role("button", name="Close").click()
    step(page, "The rep hears")
    expect(page.locator(".pointed")).to_contain_text("Your report about Zenith Corp")
    expect(page.get_by_label("The story in steps")).to_contain_text("and later what was decided")  # nobody has yet
    step(page, "A manager decides")
    expect(page.locator(".pointed")).to_contain_text("Drop or keep Zenith Corp?")


def test_a_week_passes_until_the_next_summary_is_there(played: Firm, visits: Visits) -> None:
    page = visits.open(played.url, "")
    step(page, "A week passes")
    expect(page.get_by_role("timer")).to_contain_text(re.compile("Mon .*, 09:00"))
    played.bot.call("chat.postMessage", channel="C0MANAGE", text="Week 48")
    expect(page.locator(".pointed")).to_contain_text("Week 48")


def test_the_strip_says_whom_one_is_only_while_that_is_so_and_can_be_closed(played: Firm, visits: Visits) -> None:
    page = visits.open(played.url, "")
    strip = page.get_by_role("navigation", name="The story in steps")
    expect(strip).to_contain_text("You are Priya, a manager.")
    page.get_by_role("link", name="Brad Keller, Manager").click()
    expect(strip).to_contain_text("Press a step, or look around")
    strip.get_by_role("button", name="Close the tour").click()
    expect(strip).to_be_hidden()
    expect(page.get_by_role("heading", name="management")).to_be_focused()


def test_without_a_story_there_is_no_strip_and_a_rep_may_report(firm: Firm, visits: Visits) -> None:
    page = visits.open(firm.url, "")
    expect(page.get_by_role("heading", name="#support")).to_be_visible()
    expect(page.get_by_role("navigation", name="The story in steps")).to_be_hidden()


@pytest.mark.parametrize("host", ["slack.com", "firm.slack.com", "here"])
def test_a_link_to_a_message_leads_there_within_the_page(played: Firm, visits: Visits, host: str) -> None:
    messages = Person(played.url, "U0PRIYA").channel("C0MANAGE")
    path = f"archives/C0MANAGE/p{messages[3].ts.replace('.', '')}"
    address = f"{played.url}{path}" if host == "here" else f"https://{host}/{path}"
    played.bot.call("chat.postMessage", channel="C0SUPPORT", text=f"See <{address}|the case>")
    page = visits.open(played.url, "U0PRIYA", "C0SUPPORT")
    page.get_by_role("link", name="the case").click()
    expect(page.locator(".pointed")).to_contain_text(messages[3].text)
    expect(page.locator(".pointed")).to_be_in_viewport()
    assert len(page.context.pages) == 1
    assert page.url.startswith(played.url)


def test_a_link_to_a_reply_opens_its_thread(played: Firm, visits: Visits) -> None:
    priya = Person(played.url, "U0PRIYA")
    root = priya.channel("C0MANAGE")[5]
    reply = priya.say("C0MANAGE", "In the thread", root.ts)
    address = f"https://slack.com/archives/C0MANAGE/p{reply.ts.replace('.', '')}"
    played.bot.call("chat.postMessage", channel="C0SUPPORT", text=f"See <{address}|the answer>")
    page = visits.open(played.url, "U0PRIYA", "C0SUPPORT")
    page.get_by_role("link", name="the answer").click()
    expect(page.get_by_role("complementary", name="Thread")).to_contain_text("In the thread")


def test_a_link_to_what_one_may_not_see_says_so(played: Firm, visits: Visits) -> None:
    played.bot.call(
        "chat.postMessage", channel="C0SUPPORT", text="<https://slack.com/archives/C0MANAGE/p1700000000000100|x>"
    )
    page = visits.open(played.url, "U0ANA", "C0SUPPORT")
    page.get_by_role("log").get_by_role("link", name="x", exact=True).click()
    expect(page.get_by_text("Ana Ribeiro cannot see that message here.")).to_be_visible()


def test_being_somebody_else_keeps_the_place(played: Firm, visits: Visits) -> None:
    page = visits.open(played.url, "U0PRIYA", "C0MANAGE")
    page.get_by_role("link", name="Ana Ribeiro, Rep").click()
    expect(page.get_by_role("heading", name="#support")).to_be_visible()
    page.get_by_role("link", name="Brad Keller, Manager").click()
    expect(page.get_by_role("heading", name="management")).to_be_visible()
    page = visits.open(played.url, "U0ANA", Person(played.url, "U0ANA").dm)
    page.get_by_role("link", name="Joe Lindqvist, Rep").click()
    expect(page.get_by_role("textbox", name="Message Backstop")).to_be_visible()
    expect(page.locator("#me .face")).to_have_text("JL")
    page.get_by_role("link", name="Home", exact=True).click()
    page.get_by_role("link", name="Mia Tanaka, Rep").click()
    expect(page.get_by_role("region", name="Home")).to_be_visible()


def test_what_arrives_for_somebody_whom_the_page_is_no_longer_is_not_drawn(played: Firm, visits: Visits) -> None:
    page, held = visits.open(played.url, "U0PRIYA", "C0MANAGE"), list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/sandbox/home", hold)
    with page.expect_request("**/sandbox/home"):
        page.get_by_role("link", name="Backstop").click()
    page.route("**/sandbox/state*", hold)
    with page.expect_request("**/sandbox/state*"):
        page.get_by_role("link", name="Ana Ribeiro").click()
    with page.expect_response("**/sandbox/home"):
        held[0].continue_()
    page.unroute("**/sandbox/home")
    held[1].continue_()
    expect(page.get_by_role("main")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#me .face")).to_have_text("AR")
