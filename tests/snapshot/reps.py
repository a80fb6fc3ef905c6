"""What reps see: the form, the receipt, their message, the look-up, the Home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.person import Person
from tests.snapshot.stage import KIND, WHAT

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.snapshot.stage import Stage

CARE = "I need a break or someone to talk to"
SHOUTED = "She called me an idiot in front of her whole team, twice. I said the boundary sentence and ended the call."


def reporting(stage: Stage) -> None:
    """The form in its three states, from a message, and the answer after sending."""
    form = stage.pictured(stage.ana, stage.ana.command("/report-abuse"), "report-form")
    stage.camera.form(stage.ana, "report-form-incomplete", _send)
    form.cancel()
    form = stage.ana.command("/report-abuse", "Northwind Travel Ltd.")
    stage.camera.form(stage.ana, "report-form-did-you-mean", _fill_and_send)
    form.cancel()
    said = Person(stage.ana.url, "U0OLEK").say("C0SUPPORT", "You are all useless, and Ana is the worst of you.")
    stage.pictured(stage.joe, stage.joe.shortcut(said, "Report customer"), "report-form-from-message").cancel()
    what = "He kept me on the line for an hour about a fee that he had signed for, and would not take no for an answer."
    stage.reported(stage.joe, "Pemberton Dental", "Unreasonable demands, Minor", what, name="receipt-on-record")
    stage.reported(stage.mia, "Northwind Travel", "Verbal abuse, Serious", SHOUTED, CARE, name="receipt-asked")
    stage.received(stage.cora, "asked for a break", "care-notice")


def messages(stage: Stage) -> None:
    """The message about a report that stays on record, one that is before management, and one withdrawn."""
    stage.received(stage.joe, "Your report on Pemberton Dental", "rep-on-record")
    stage.received(stage.ana, "Your report on Zenith Corp", "rep-with-management")
    stage.received(stage.joe, "Your report on Borealis Foods", "rep-kept")
    mine = stage.received(stage.joe, "Your report on Pemberton Dental")
    stage.joe.press(mine, "Withdraw")
    stage.received(stage.joe, "You withdrew it", "rep-withdrawn")


def looking(stage: Stage) -> None:
    """Before the call: /customer as reps see it, and their Home."""
    stage.command(stage.ana, "Zenith Corp", "customer-rep", until="You reported them")
    stage.command(stage.joe, "Borealis", "customer-conditions")
    stage.command(stage.joe, "north", "customer-one-of-them")
    stage.command(stage.joe, "Zennith", "customer-not-found")
    stage.command(stage.joe, "", "customer-usage")
    stage.command(stage.gus, "Zenith Corp", "refused-guest", until="Guests of this workspace")
    stage.joe.home("Your reports")
    stage.camera.home(stage.joe, "home-rep")


def _send(form: Locator) -> None:
    form.get_by_role("button", name="Report", exact=True).click()
    form.get_by_role("alert").filter(has_text="required").first.wait_for()


def _fill_and_send(form: Locator) -> None:
    form.get_by_role("combobox", name=KIND).click()
    form.get_by_role("option", name="Verbal abuse").click()
    form.get_by_label("Serious").check()
    form.get_by_role("textbox", name=WHAT).fill(SHOUTED)
    form.get_by_role("button", name="Report", exact=True).click()
    form.get_by_role("alert").filter(has_text="Did you mean").first.wait_for()
