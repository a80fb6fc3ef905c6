"""The App Home, /customer, and merging customers, through Bolt over HTTP."""

import time
from datetime import timedelta

import pytest

from bot.sandbox.form import FormErrors
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from storage.outbox.rate_limits import HOME, PACES
from tests.slack.office import counts
from tests.slack.steps import people, pressed, reports

HERE = "C0MANAGE"


def managers_are_read(manager: Person) -> None:
    """Until the bot has read from Slack who manages, nobody does."""
    manager.home("What you have to do")


def test_the_home_is_there_on_opening_and_follows_the_record(firm: Sandbox) -> None:
    ana, mia, priya = people(firm, "ANA", "MIA", "PRIYA")
    managers_are_read(priya)
    for person, words in ((ana, "You have not reported anybody."), (priya, "Nothing is waiting for you.")):
        assert words in person.home().text
    reports(ana)
    ana.current_home("to warn them.")
    assert "1 report by 1 rep" in priya.current_home("Warn Zenith Corp?").text
    reports(mia, "Acme")
    priya.current_home("2 cases")
    assert "Acme" not in ana.current_home().text


def test_a_burst_of_openings_publishes_the_newest_state_and_keeps_slacks_pace(firm: Sandbox) -> None:
    (ana,) = people(firm, "ANA")
    began = time.monotonic()
    for _ in range(60):
        ana.home()
    reports(ana)
    ana.current_home("Zenith Corp")
    published, pace = counts(firm)["views.publish"], PACES[HOME]
    took = timedelta(seconds=time.monotonic() - began)
    assert published <= pace.at_once + took / pace.gap + 1


def test_a_name_that_nobody_has_reported_can_be_reported_from_the_answer(firm: Sandbox) -> None:
    ana, brad = people(firm, "ANA", "BRAD")
    reports(brad)
    for typed, button in (("Nobody Ltd", "Report them"), ("Zenth Crop", "None of these: report them")):
        answer = ana.command("/customer", typed)
        assert f"No customer is called “{typed}”." in answer.text()
        form = answer.press(button)
        assert form.title == "Report a customer"
        assert form.value("Customer")["selected_option"]["text"]["text"] == typed
        while form := ana.form():
            form.cancel()


def test_somebody_reports_and_looks_up_from_their_home(firm: Sandbox) -> None:
    (ana,) = people(firm, "ANA")
    form = pressed(ana, ana.home(), "Report a customer")
    assert form.title == "Report a customer"
    form.cancel()
    reports(ana)
    form = pressed(ana, ana.current_home("Zenith Corp"), "Look up a customer")
    form.fill({"Customer": "zenith"})
    form.submit()
    assert form.title == "Customer"
    assert "Zenith Corp" in form.text()
    assert "Timeline" not in form.text()


def test_a_customer_is_looked_up_before_the_call(firm: Sandbox) -> None:
    ana, joe = people(firm, "ANA", "JOE")
    reports(ana)
    form = joe.command("/customer", "zenith")
    assert "You may set a boundary" in form.text()
    assert "to warn them" in form.text()
    assert "You reported them" not in form.text()
    assert "He shouted at me." not in form.text()
    form.cancel()
    assert "You reported them" in ana.command("/customer", "Zenith Corp").text()


def test_several_none_and_nothing_typed(firm: Sandbox) -> None:
    (ana,) = people(firm, "ANA")
    for name in ("Zenith Corp", "Zenon Partners"):
        reports(ana, name)
    form = ana.command("/customer", "zen")
    assert "Which one do you mean?" in form.text()
    form.press("Open")
    assert ana.form() is not None
    for _ in range(2):
        if stacked := ana.form():
            stacked.cancel()
    form = ana.command("/customer", "Zennit")
    assert "No customer is called “Zennit”. Did you mean one of these?" in form.text()
    form.cancel()
    form = ana.command("/customer")
    assert "/customer Zenith" in form.text()


def test_guests_look_nobody_up(firm: Sandbox) -> None:
    ana, gus = people(firm, "ANA", "GUS")
    reports(ana)
    assert "Guests of this workspace can't do this." in gus.command("/customer", "Zenith Corp").text()


def test_a_manager_merges_a_duplicate_edits_and_takes_it_apart_again(firm: Sandbox) -> None:
    ana, joe, priya = people(firm, "ANA", "JOE", "PRIYA")
    reports(ana, "Zenith Corp")
    reports(joe, "Zenit Corporatoin")
    priya.message(HERE, "Warn Zenit Corporatoin?")
    form = priya.command("/customer", "Zenith Corp")
    form.press("Merge a duplicate")
    form.fill({"Which record is the duplicate?": "zenit corp"}).submit()
    said = form.text()
    assert "Zenit Corporatoin is the duplicate. no reference · clear · 1 report · on record since" in " ".join(
        said.split()
    )
    assert "Zenith Corp stays." in said
    assert "case 1 is open" in said
    form.fill({"Are these two one customer?": "Yes, one and the same"}).submit()
    assert "Recorded." in form.text()
    assert "2 reports by 2 reps" in form.text()
    assert "Zenit Corporatoin was merged into this record." in form.text()
    priya.message(HERE, "Merged with another case: Zenith Corp")
    joe.direct_message("Your report on Zenith Corp")
    form.press("Edit")
    form.fill({"Name": "Zenith Holdings", "Worth": "£18,000 a year"})
    form.submit()
    assert "Zenith Holdings" in form.text()
    assert "£18,000 a year" in form.text()
    priya.message(HERE, "Warn Zenith Holdings?")
    form.press("Timeline")
    assert "Record 2 merged into this one" in form.text()
    form.cancel()
    form.press("Undo")
    assert "was merged into this record" not in form.text()
    priya.message(HERE, "Warn Zenit Corporatoin?")
    joe.direct_message("Your report on Zenit Corporatoin")


def test_a_safeguard_is_set_on_a_customer_without_a_case(firm: Sandbox) -> None:
    ana, priya = people(firm, "ANA", "PRIYA")
    reports(ana, "Acme", category="Unreasonable demands")
    managers_are_read(priya)
    form = priya.command("/customer", "Acme")
    form.press("Set a safeguard")
    form.fill({"What kind of tolerance do they need?": "Language", "What is known?": "Speaks little English."})
    form.submit()
    assert "Speaks little English." in form.text()
    form.press("Lift a safeguard")
    form.cancel()
    seen = ana.command("/customer", "Acme").text()
    assert "Needs patience: They may sound harsher than they mean." in seen
    assert "Speaks little English." not in seen


def test_a_name_that_is_taken_is_said_beside_the_field(firm: Sandbox) -> None:
    ana, priya = people(firm, "ANA", "PRIYA")
    for name in ("Zenith Corp", "Acme"):
        reports(ana, name)
    priya.message(HERE, "Warn Acme?")
    form = priya.command("/customer", "Zenith Corp")
    form.press("Edit")
    form.fill({"Name": "ACME"})
    with pytest.raises(FormErrors, match="merge the two records instead"):
        form.submit()
