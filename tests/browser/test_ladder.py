"""The whole ladder by clicks, the clock moved on the page: warned, reported again, dropped, objected to, lapsed."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import bot
from bot.cli.sandbox import sandboxed
from bot.sandbox.person import Person
from tests.browser.conftest import PHONE
from tests.browser.test_story import done, notice, pressed, real_clock, reported, sent, warned
from tests.slack.steps import wait_until_ready

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from bot.sandbox.server import Sandbox
    from tests.browser.conftest import Visits

BUILT_IN = Path(bot.__file__).parent / "policy_file" / "default.toml"
PICTURES = os.environ.get("PICTURES")  # a folder to keep what was seen on the way in


@pytest.fixture
def careful(tmp_path: Path) -> Iterator[Sandbox]:
    """The sandbox of a firm whose policy wants two managers to approve a drop."""
    policy = tmp_path / "policy.toml"
    policy.write_text(BUILT_IN.read_text().replace("approvals_to_drop = 1", "approvals_to_drop = 2"))
    with sandboxed(real_clock, 0, threading.Event(), policy=policy) as sandbox:
        wait_until_ready(sandbox)
        yield sandbox


def seen(page: Page, name: str) -> None:
    """Keeps a picture of the page, where somebody wants to look at it."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def approved(page: Page, review_on: str, name: str) -> None:
    """Approves the drop with a review on this day."""
    form = pressed(page, "Drop or keep Zenith Corp?", "Approve drop")
    form.get_by_role("textbox", name="Why?").fill("Second rep in a week, after a clear warning.")
    form.get_by_role("radio", name="Abuse after a warning").check()
    form.get_by_label("Review").fill(review_on)
    form.get_by_role("group", name="Safeguards").get_by_role("checkbox").check()
    seen(page, name)
    form.get_by_role("button", name="Next: the letter").click()
    sent(page, page.get_by_role("dialog", name="The letter"), "Approve drop")


def direct(visits: Visits, firm: Sandbox, who: str) -> Page:
    """The direct messages of somebody who looks at their phone."""
    return visits.open(firm.url, who, Person(firm.url, who).dm, PHONE)


def objected(page: Page) -> Locator:
    form = pressed(page, "Zenith Corp is dropped", "Record an objection")
    form.get_by_role("textbox", name="Who objects").fill("Their director, by letter")
    form.get_by_role("textbox", name="What do they say?").fill("The man who shouted has left the company.")
    seen(page, "objection-form")
    form.get_by_role("button", name="Record", exact=True).click()
    received = page.get_by_role("dialog", name="Recorded")
    expect(received).to_contain_text("the objection is recorded. Somebody who was not involved has until")
    return received


def to_decide(firm: Sandbox, visits: Visits, priya: Page) -> None:
    """Ana reports, Priya warns the customer, and an hour later Mia reports the same."""
    ana, mia = (visits.open(firm.url, who, "C0SUPPORT", PHONE) for who in ("U0ANA", "U0MIA"))
    done(reported(ana, "Zenith Corp", "Verbal abuse", "Serious", "He screamed until I hung up."))
    warned(priya)
    priya.get_by_role("button", name="+1 hour").click()
    done(reported(mia, "Zenith Corp", "Verbal abuse", "Serious", "He screamed again."))


def dropped_by_two(priya: Page, brad: Page, review_on: str) -> None:
    """Priya approves, may take it back and does not, and Brad's approval decides."""
    approved(priya, review_on, "approve-1280")
    expect(notice(brad, "Drop or keep Zenith Corp?")).to_contain_text("1 of 2 approvals to drop, by")
    seen(brad, "waiting-390")
    seen(priya, "waiting-1280")
    hers = pressed(priya, "Drop or keep Zenith Corp?", "Approve drop")
    expect(hers).to_contain_text("Your approval")
    hers.get_by_role("button", name="Cancel").click()
    approved(brad, review_on, "approve-390")
    expect(notice(priya, "Zenith Corp is dropped")).to_contain_text("Decided by @Brad Keller, @Priya Raman")


def it_stands(priya: Page, brad: Page, ruth: Page) -> None:
    """Both managers took part, so the director answers the objection."""
    done(objected(priya))
    objection = notice(ruth, "Objection: Zenith Corp")
    expect(objection).to_contain_text("The man who shouted has left the company.")
    expect(objection).to_contain_text("decided by @Brad Keller, @Priya Raman")
    seen(ruth, "objection-390")
    expect(pressed(brad, "Objection: Zenith Corp", "Answer the objection")).to_contain_text("You were involved in what")
    seen(brad, "refused-390")
    form = pressed(ruth, "Objection: Zenith Corp", "Answer the objection")
    form.get_by_role("radio", name="It stands").check()
    seen(ruth, "answer-390")
    form.get_by_role("textbox", name="Why?").fill("The next call was no better.")
    form.get_by_role("button", name="Next: the letter").click()
    sent(ruth, ruth.get_by_role("dialog", name="The letter"), "Answer")
    expect(notice(priya, "Zenith Corp is dropped")).to_contain_text("answered the objection on")
    expect(notice(priya, "Zenith Corp is dropped")).to_contain_text(": it stands")
    seen(priya, "stands-1280")


def weeks_later(page: Page, weeks: int) -> None:
    for _ in range(weeks):
        page.get_by_role("button", name="+1 week").click()


def test_a_customer_is_warned_dropped_by_two_objects_and_the_decision_lapses(careful: Sandbox, visits: Visits) -> None:
    priya = visits.open(careful.url, "U0PRIYA", "C0MANAGE")
    brad = visits.open(careful.url, "U0BRAD", "C0MANAGE", PHONE)
    to_decide(careful, visits, priya)
    dropped_by_two(priya, brad, (careful.now() + timedelta(days=20)).date().isoformat())
    it_stands(priya, brad, direct(visits, careful, "U0RUTH"))

    weeks_later(priya, 2)
    expect(notice(priya, "Review: Zenith Corp").get_by_role("button", name="Renew")).to_be_visible()
    seen(priya, "review-1280")
    weeks_later(priya, 1)
    over = notice(priya, "Decision lapsed: Zenith Corp")
    expect(over).to_contain_text("nobody renewed the decision by")
    expect(over.get_by_role("button", name="Record an objection")).to_have_count(0)
    seen(priya, "lapsed-1280")
    received = notice(direct(visits, careful, "U0MIA"), "Your report on Zenith Corp")
    expect(received).to_contain_text("nobody renewed the decision")
    seen(received.page, "rep-lapsed-390")
