"""Hearings, safeguards and objections, through Bolt over HTTP."""

import re

import pytest

from bot.rules.evidence_pack.archive import unzipped
from bot.sandbox.client import NotPossible
from bot.sandbox.form import FormErrors
from bot.sandbox.person import Message
from bot.sandbox.server import Sandbox
from tests.slack.steps import content, people, pressed, reports, with_letter

HERE = "C0MANAGE"


def warned(firm: Sandbox) -> Message:
    """Ana reported, and Priya warned the customer."""
    ana, priya = people(firm, "ANA", "PRIYA")
    reports(ana)
    notice = priya.message(HERE, "Warn Zenith Corp?")
    form = pressed(priya, notice, "Issue warning")
    form.submit()
    form.cancel()
    form = pressed(priya, priya.message(HERE, "Deliver the warning"), "Mark delivered")
    form.fill({"How did it reach the customer?": "By e-mail"}).submit()
    form.cancel()
    return priya.message(HERE, "Zenith Corp was warned")


def test_a_hearing_is_taken_taken_over_and_finds_a_misunderstanding(firm: Sandbox) -> None:
    ana, priya, brad, ruth = people(firm, "ANA", "PRIYA", "BRAD", "RUTH")
    reports(ana, doubted=True)
    notice = priya.message(HERE, "Hear both sides: Zenith Corp")
    assert "it may have been a misunderstanding" in notice.text
    assert "The managers have this case for now" in pressed(ruth, notice, "Take the hearing").text()
    assert priya.press(notice, "Take the hearing") is None
    taken = brad.message(HERE, "@U0PRIYA hears both sides")
    assert "Take the hearing" not in taken.buttons
    assert "@U0PRIYA took this hearing" in pressed(brad, taken, "Record the outcome").text()

    form = pressed(brad, taken, "Take over")
    assert "@U0PRIYA took this hearing" in form.text()
    form.fill({"Why do you take it over?": "Priya is away until Monday."}).submit()
    assert "I tell @U0PRIYA, who had it" in form.text()
    assert "@U0BRAD took over this hearing from you" in priya.direct_message("Priya is away until Monday.").text
    form = pressed(brad, brad.message(HERE, "@U0BRAD hears both sides"), "Record the outcome")
    form.fill({"What came out?": "A misunderstanding"})
    with pytest.raises(FormErrors) as refusal:
        form.submit()
    assert {"Which reports were a misunderstanding?", "How did the misunderstanding come about?"} <= set(
        refusal.value.errors
    )
    form.fill(
        {
            "Which reports were a misunderstanding?": ["Report 1"],
            "How did the misunderstanding come about?": "He is hard of hearing and speaks loudly.",
        }
    )
    form.submit(twice=True)
    assert brad.message(HERE, "A misunderstanding: Zenith Corp").ts == notice.ts
    received = ana.direct_message("it was a misunderstanding")
    assert "@U0BRAD heard both sides, and says:" in received.text
    assert "He is hard of hearing and speaks loudly." in received.text
    assert "It was right to report it" in received.text
    with pytest.raises(NotPossible):
        brad.press(notice, "Record the outcome")


def test_a_safeguard_is_set_from_the_menu_seen_by_those_who_judge_and_lifted_again(firm: Sandbox) -> None:
    ana, joe, priya, brad, ruth = people(firm, "ANA", "JOE", "PRIYA", "BRAD", "RUTH")
    reports(ana)
    notice = priya.message(HERE, "Warn Zenith Corp?")
    assert "The managers have this case for now" in pressed(ruth, notice, "Set a safeguard").text()
    form = pressed(priya, notice, "Set a safeguard")
    form.fill({"What kind of tolerance do they need?": "Health", "What is known?": "Their daughter says: dementia."})
    form.submit(twice=True)
    heard = brad.message(HERE, "Hear both sides: Zenith Corp")
    assert "a safeguard is on record" in heard.text
    assert "Safeguard Health" in heard.text
    assert "dementia" not in heard.text  # the account's owner may read the channel
    assert "dementia" in pressed(brad, heard, "See the case").text()
    received = ana.direct_message("They may need more patience.")
    assert "dementia" not in received.text + received.notification
    form = joe.command("/report-abuse", "Zenith Corp")
    form.fill({"What kind of conduct?": "Something else", "How serious?": "Minor", "What happened?": "He hung up."})
    form.submit()
    assert "They may need more patience." in form.text()
    assert "dementia" not in form.text()

    form = pressed(brad, brad.message(HERE, "2 reports by 2 reps"), "Lift a safeguard")
    form.fill({"Which safeguard?": "Health", "Why is it no longer needed?": "It is somebody else who calls."}).submit()
    assert "dementia" not in brad.message(HERE, "Warn Zenith Corp?").text


def test_a_warning_is_read_objected_to_and_cancelled_by_somebody_who_took_no_part(firm: Sandbox) -> None:
    priya, brad, ana = people(firm, "PRIYA", "BRAD", "ANA")
    notice = warned(firm)
    letter = pressed(brad, notice, "Read the letter")
    assert "Zenith Corp" in letter.text()
    assert "Select the text to copy it" in letter.text()
    letter.cancel()
    form = pressed(priya, notice, "Record an objection")
    contact = {"Who objects, and how did they get in touch?": "Their director, by phone"}
    form.fill(contact | {"What do they say?": "They were on holiday on that day."})
    form.submit(twice=True)
    objection = brad.message(HERE, "Objection: Zenith Corp")
    assert "They were on holiday on that day." in objection.text
    assert "Record an objection" not in brad.message(HERE, "The customer objected").buttons
    assert "You were involved in what" in pressed(priya, objection, "Answer the objection").text()

    form = pressed(brad, objection, "Answer the objection")
    form.fill({"Your answer": "It is cancelled", "Why?": "Their travel papers show it."}).submit()
    assert "We have cancelled the warning. It is no longer valid." in form.value("The letter to the customer")["value"]
    with_letter(form)
    assert "the warning is cancelled and no longer valid" in form.text()
    answered = priya.message(HERE, "Objection answered: Zenith Corp")
    assert answered.ts == objection.ts
    assert "Their travel papers show it." in answered.text
    assert "cancelled since" in priya.message(HERE, "Zenith Corp was warned").text
    assert "was cancelled" in ana.direct_message("They objected to the warning of").text


def test_both_sides_are_heard_once_before_a_decision_and_the_deadline_moves(firm: Sandbox) -> None:
    joe, priya, brad = people(firm, "JOE", "PRIYA", "BRAD")
    warned(firm)
    joe.forward(hours=1)
    reports(joe, narrative="He shouted at me as well.")
    notice = priya.message(HERE, "Drop or keep Zenith Corp?")
    form = pressed(priya, notice, "Hear both sides")
    form.fill({"Who takes the hearing?": "U0JOE", "What do you want to find out?": "Was it the same person?"})
    with pytest.raises(FormErrors) as refusal:
        form.submit()
    assert "may not hear this case" in refusal.value.errors["Who takes the hearing?"]
    form.fill({"Who takes the hearing?": "U0BRAD"}).submit()
    asked = brad.direct_message("Please hear both sides: Zenith Corp")
    assert "Was it the same person?" in asked.text
    heard = priya.message(HERE, "@U0BRAD hears both sides")
    assert "asked for by @U0PRIYA" in pressed(priya, heard, "See the case").text()
    with pytest.raises(NotPossible):
        priya.press(notice, "Approve drop")

    form = pressed(brad, heard, "Record the outcome")
    form.fill(
        {
            "What came out?": "Upheld",
            "What does the rep say?": "He shouted until I hung up.",
            "What does the customer say?": "I was under pressure.",
        }
    ).submit()
    decide = priya.message(HERE, "Both sides heard by @U0BRAD")
    assert decide.ts == notice.ts
    with pytest.raises(NotPossible):
        priya.press(decide, "Hear both sides")
    assert "The customer: “I was under pressure.”" in pressed(priya, decide, "See the case").text()
    assert "This hearing is over" in brad.direct_message("This hearing is over").text


def test_a_manager_without_a_stake_takes_the_evidence_pack_from_the_menu(firm: Sandbox) -> None:
    ana, priya = people(firm, "ANA", "PRIYA")
    reports(ana)
    notice = priya.message(HERE, "Warn Zenith Corp?")
    assert "in a direct message" in pressed(priya, notice, "Evidence pack").text()
    sent = priya.direct_message("The evidence pack of case 1")
    [file] = sent.raw["files"]
    assert file["title"] == "case-1.zip"
    files = unzipped(content(file["url_private"]))
    assert b"Zenith Corp" in files["report.html"]
    assert b"U0ANA" in files["names.html"]
    assert b"U0ANA" not in files["report.html"] + files["case.json"]
    assert re.search(b"<bdi>Ana [A-Z]", files["names.html"])
