"""A letter from its decision until it is sent: through Bolt over HTTP, with the sandbox's clock moved."""

from bot.sandbox.server import Sandbox
from tests.slack.steps import people, pressed, reports
from tests.slack.test_second_looks import HERE, dropped, sent


def test_a_letter_is_asked_for_until_it_is_marked_as_sent(firm: Sandbox) -> None:
    ana, priya, brad = people(firm, "ANA", "PRIYA", "BRAD")
    notice, _ = dropped(firm)
    assert "Letter not sent yet. @U0PRIYA: please send it, then mark it as sent." in notice.text
    received = ana.direct_message("do not have our letter yet, so say nothing of it, and pass them to @U0PRIYA")
    assert "Send the letter: Zenith Corp" in priya.home("not sent yet").text
    ana.forward(days=4)
    asked = priya.direct_message("Letter not sent yet: Zenith Corp")
    assert "You wrote it on" in asked.text
    assert "the letter is marked as sent" in sent(priya, asked, "Mark as sent", {"How was it sent?": "By post"})
    shown = brad.message(HERE, "by post, marked by @U0PRIYA")
    assert shown.ts == notice.ts
    assert "Mark as sent" not in shown.buttons
    assert priya.direct_message("by post, marked by @U0PRIYA").ts == asked.ts
    assert ana.direct_message("We no longer do business with you").ts == received.ts


def test_the_letter_with_the_answer_to_an_objection_is_named_as_such(firm: Sandbox) -> None:
    ana, brad, ruth = people(firm, "ANA", "BRAD", "RUTH")
    notice, _ = dropped(firm)
    sent(brad, notice, "Mark as sent", {"How was it sent?": "By post"})
    asked = {"Who objects, and how did they get in touch?": "Their director", "What do they say?": "Somebody else."}
    received = sent(brad, notice, "Record an objection", asked)
    assert "Somebody who was not involved has until" in received
    ana.forward(days=17)
    answer = {"Your answer": "It stands", "Why?": "The recording says so."}
    sent(ruth, ruth.direct_message("Objection: Zenith Corp"), "Answer the objection", answer)
    shown = brad.message(HERE, "Letter about the objection not sent yet. @U0RUTH: please send it")
    assert shown.ts == notice.ts
    assert "do not have our letter" not in ana.direct_message("it stands").text


def test_a_warnings_letter_can_be_taken_as_a_file_as_others_can(firm: Sandbox) -> None:
    ana, brad = people(firm, "ANA", "BRAD")
    reports(ana)
    form = pressed(brad, brad.message(HERE, "Warn Zenith Corp?"), "Issue warning")
    assert "Sign and send it." in form.view["blocks"][1]["hint"]["text"]
    form.submit()
    form.cancel()
    form = pressed(brad, brad.message(HERE, "Deliver the warning"), "Read the letter")
    form.press("Download")
    [file] = brad.direct_message("The letter of case 1 that you asked for.").raw["files"]
    assert file["title"] == "case-1-warning.txt"


def test_a_letter_can_be_read_and_taken_as_a_file_afterwards(firm: Sandbox) -> None:
    (brad,) = people(firm, "BRAD")
    notice, _ = dropped(firm)
    form = pressed(brad, notice, "Read the letter")
    assert "Dear Zenith Corp" in form.text()
    form.press("Download")
    [file] = brad.direct_message("The letter of case 1 that you asked for.").raw["files"]
    assert file["title"] == "case-1-decision.txt"


def test_the_button_of_a_form_says_which_step_comes_next(firm: Sandbox) -> None:
    mia, priya = people(firm, "MIA", "PRIYA")
    reports(mia, "Borealis Foods", category="Threat of violence")
    form = pressed(priya, priya.message(HERE, "Drop or keep Borealis Foods?"), "Keep customer")

    def button() -> str:
        return str(form.view["submit"]["text"])

    form.fill({"Why?": "He has apologised.", "Where may they write": "care@borealis.example"})
    assert button() == "Keep customer"
    form.fill({"Conditions": ["Written contact only"]})
    assert (button(), form.value("Why?")["value"]) == ("Next: the letter", "He has apologised.")
    form.fill({"Conditions": []})
    assert button() == "Keep customer"
    form.fill({"Conditions": ["Written contact only"]})
    form.submit()
    assert (form.title, button()) == ("The letter", "Keep customer")
    form.submit()
    assert "is kept, with 1 condition" in form.text()
