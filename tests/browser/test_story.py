"""The whole story by clicks, with the real bot behind the page: three reps, one customer, a manager who decides."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from bot.cli.sandbox import sandboxed
from bot.sandbox.person import Person
from tests.browser.conftest import PHONE
from tests.slack.steps import NOT_SURE_YET, wait_until_ready

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from bot.sandbox.server import Sandbox
    from tests.browser.conftest import Visits


def real_clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - signatures are checked against the real time


@pytest.fixture
def workplace() -> Iterator[Sandbox]:
    """The sandbox with Backstop behind it, and nothing on record."""
    with sandboxed(real_clock, 0, threading.Event()) as sandbox:
        wait_until_ready(sandbox)
        yield sandbox


def reported(page: Page, customer: str, kind: str, how_bad: str, what: str) -> Locator:
    """Reports a customer from #support; the form as it stands after sending."""
    field = page.get_by_role("textbox", name="Message #support")
    field.fill(f"/report-abuse {customer}")
    field.press("Enter")
    form = page.get_by_role("dialog", name="Report a customer")
    expect(form.get_by_role("combobox", name="Customer")).to_have_value(customer)
    form.get_by_role("combobox", name="What kind of conduct?").click()
    form.get_by_role("option", name=kind).click()
    form.get_by_label(how_bad).check()
    form.get_by_role("textbox", name="What happened?").fill(what)
    form.get_by_role("button", name="Report", exact=True).click()
    return page.get_by_role("dialog", name="Recorded")


def notice(page: Page, title: str) -> Locator:
    """The message in front that has this title, once it is there."""
    found = page.get_by_role("article").filter(has_text=title)
    expect(found).to_be_visible()
    return found


def pressed(page: Page, title: str, button: str) -> Locator:
    """Presses a button under a notice, again where the bot asks for that; the form that opens."""
    form = page.get_by_role("dialog")
    while True:
        notice(page, title).get_by_role("button", name=button).click()
        expect(form).to_be_visible()
        if NOT_SURE_YET not in form.inner_text():
            return form
        page.keyboard.press("Escape")
        expect(form).to_be_hidden()


def sent(page: Page, form: Locator, button: str) -> None:
    """Sends the form and closes what is said in its place."""
    form.get_by_role("button", name=button).click()
    received = page.get_by_role("dialog", name="Recorded")
    expect(received).to_be_visible()
    done(received)


def done(received: Locator) -> None:
    """Closes what is said after sending."""
    received.get_by_role("button", name="Done").click()
    expect(received).not_to_be_visible()


def warned(priya: Page) -> None:
    sent(priya, pressed(priya, "Warn Zenith Corp?", "Issue warning"), "Issue warning")
    form = pressed(priya, "Deliver the warning to Zenith Corp", "Mark delivered")
    form.get_by_label("E-mail").check()
    sent(priya, form, "Mark delivered")
    notice(priya, "Zenith Corp was warned")


def test_three_reps_report_and_a_manager_drops_the_customer(workplace: Sandbox, visits: Visits) -> None:
    ana, mia = (visits.open(workplace.url, who, "C0SUPPORT", PHONE) for who in ("U0ANA", "U0MIA"))
    priya = visits.open(workplace.url, "U0PRIYA", "C0MANAGE")

    received = reported(ana, "Zenith Corp", "Verbal abuse", "Serious", "He screamed until I hung up.")
    expect(received).to_contain_text(
        "Recorded as report 1 about Zenith Corp (new), thank you. Nobody has to put up with that."
    )
    expect(received).to_contain_text("Management has until")
    done(received)
    warned(priya)
    priya.get_by_role("button", name="+1 hour").click()

    received = reported(mia, "zenith corp.", "Verbal abuse", "Serious", "Screamed again, <!channel> & <b>worse</b>.")
    expect(received).to_contain_text("(known, under review, warned on")
    expect(received).to_contain_text("1 colleague has reported them before.")
    decide = notice(priya, "Drop or keep Zenith Corp?")
    expect(decide).to_contain_text("“Screamed again, <!channel> &…”")

    brad = visits.open(workplace.url, "U0BRAD", "C0MANAGE", PHONE)
    kept = pressed(brad, "Drop or keep Zenith Corp?", "Keep customer")
    dropped = pressed(priya, "Drop or keep Zenith Corp?", "Approve drop")
    dropped.get_by_role("button", name="Next: the letter").click()
    expect(dropped.get_by_role("textbox", name="Why?")).to_have_attribute("aria-invalid", "true")
    dropped.get_by_role("textbox", name="Why?").fill("Second rep in a week, after a clear warning.")
    dropped.get_by_role("radio", name="Abuse after a warning").check()
    dropped.get_by_role("group", name="Safeguards").get_by_role("checkbox").check()
    dropped.get_by_role("button", name="Next: the letter").click()
    sent(priya, priya.get_by_role("dialog", name="The letter"), "Drop customer")

    kept.get_by_role("textbox", name="Why?").fill("He is a friend of mine.")
    kept.get_by_role("button", name="Keep customer").click()
    expect(brad.get_by_role("dialog")).to_contain_text("@Priya Raman decided to drop the customer")

    over = notice(priya, "Zenith Corp is dropped")
    expect(over).to_contain_text("Second rep in a week, after a clear warning.")
    expect(over.get_by_role("button", name="Approve drop")).to_have_count(0)

    for rep in ("U0ANA", "U0MIA"):
        message = visits.open(workplace.url, rep, Person(workplace.url, rep).dm, PHONE)
        received = notice(message, "Your report on Zenith Corp")
        expect(received).to_contain_text("we end the relationship on")
        expect(received.get_by_role("button", name="Withdraw")).to_have_count(0)


def test_whoever_may_not_decide_reads_why_and_nothing_changes(workplace: Sandbox, visits: Visits) -> None:
    ana = visits.open(workplace.url, "U0ANA", "C0SUPPORT")
    done(reported(ana, "Zenith Corp", "Threat of violence", "Severe", "He knows where I live."))
    ruth = visits.open(workplace.url, "U0RUTH", "C0MANAGE")
    refused = pressed(ruth, "Drop or keep Zenith Corp?", "Approve drop")
    expect(refused).to_contain_text("The managers have this case for now.")
    expect(notice(ruth, "Drop or keep Zenith Corp?").get_by_role("button", name="Approve drop")).to_be_visible()


def test_a_rep_takes_a_report_back(workplace: Sandbox, visits: Visits) -> None:
    ana = visits.open(workplace.url, "U0ANA", "C0SUPPORT", PHONE)
    done(reported(ana, "Zenith Corp", "Verbal abuse", "Serious", "It was about the weather, really."))
    page = visits.open(workplace.url, "U0ANA", Person(workplace.url, "U0ANA").dm, PHONE)
    message = notice(page, "Your report on Zenith Corp")
    message.get_by_role("button", name="Withdraw").click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(message).to_contain_text("You withdrew it")
    priya = visits.open(workplace.url, "U0PRIYA", "C0MANAGE")
    expect(priya.get_by_role("article").filter(has_text="Zenith Corp")).to_contain_text("withdrawn", ignore_case=True)
