"""Decisions are objected to, renewed, or lapse: through Bolt over HTTP, with the sandbox's clock moved."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from bot.sandbox.client import NotPossible
from bot.sandbox.form import FormErrors
from bot.sandbox.person import Message, Person
from bot.sandbox.server import Sandbox
from tests.slack.steps import people, pressed, soon, with_letter

HERE = "C0MANAGE"


def sent(person: Person, seen: Message, words: str, fields: Mapping[str, object], *, twice: bool = False) -> str:
    """Press a button, fill its form in and send it; what is said in its place."""
    form = pressed(person, seen, words)
    form.fill(fields)
    form.submit(twice=twice)
    with_letter(form, twice=twice)
    said = form.text()
    form.cancel()
    return said


def dropped(firm: Sandbox, review_in: int = 180) -> tuple[Message, datetime]:
    """Ana reported a threat, and Priya dropped the customer from today on: the case's message."""
    ana, priya = people(firm, "ANA", "PRIYA")
    form = ana.command("/report-abuse", "Zenith Corp")
    said = {"What kind of conduct?": "Threat of violence", "How serious?": "Severe", "What happened?": "He said so."}
    form.fill(said).submit()
    form.cancel()
    today = firm.now()
    fields = {
        "Why?": "Nobody threatens us.",
        "Reason": "Violence",
        "Takes effect": today.date().isoformat(),
        "Review": (today + timedelta(days=review_in)).date().isoformat(),
        "Safeguards": ["I have considered the safeguards"],
    }
    sent(priya, priya.message(HERE, "Drop or keep Zenith Corp?"), "Approve drop", fields)
    return priya.message(HERE, "Zenith Corp is dropped"), today


def test_a_drop_is_objected_to_and_changed_by_somebody_who_took_no_part(firm: Sandbox) -> None:
    ana, priya, brad, ruth = people(firm, "ANA", "PRIYA", "BRAD", "RUTH")
    notice, _ = dropped(firm)
    assert "may object once" in notice.text

    asked = {
        "Who objects, and how did they get in touch?": "Their director, by letter",
        "What do they say?": "He has left us.",
    }
    said = sent(priya, notice, "Record an objection", asked, twice=True)
    assert "the objection is recorded. Somebody who was not involved has until" in said
    objection = brad.message(HERE, "Objection: Zenith Corp")
    assert "He has left us." in objection.text
    assert len([each for each in brad.channel(HERE) if "Objection: Zenith Corp" in each.text]) == 1
    assert "The customer objected" in ana.direct_message("Your report on Zenith Corp").text
    with pytest.raises(NotPossible):
        brad.press(notice, "Record an objection")

    assert "You were involved in what" in pressed(priya, objection, "Answer the objection").text()
    assert "The directors get it when it is overdue" in pressed(ruth, objection, "Answer the objection").text()

    form = pressed(brad, objection, "Answer the objection")
    terms = {
        "Your answer": "It is changed",
        "If changed: to what?": "Keep them instead",
        "Why?": "He was the only one.",
    }
    form.fill(terms | {"Why?": "He was the only one."})
    with pytest.raises(FormErrors) as wrong:
        form.submit()
    assert "at least one condition" in wrong.value.errors["If changed: conditions"]
    form.fill({"If changed: conditions": ["Written contact only"]})
    with pytest.raises(FormErrors) as wrong:
        form.submit()
    assert wrong.value.errors == {"Where may they write to?": "Please fill this in."}
    form.fill({"Where may they write to?": "care@larkspur.example"}).submit()
    assert "at care@larkspur.example. We do not take calls" in form.value("The letter to the customer")["value"]
    with_letter(form)
    assert "the decision is changed" in form.text()

    changed = brad.message(HERE, "Kept after an objection: Zenith Corp")
    assert changed.ts == notice.ts
    assert "@U0BRAD answered the objection" in changed.text
    assert brad.message(HERE, "Objection answered: Zenith Corp").ts == objection.ts
    received = ana.direct_message("So now we keep them, with conditions").text
    assert "Contact in writing only, to care@larkspur.example." in received
    with pytest.raises(NotPossible):
        brad.press(objection, "Answer the objection")


def test_an_objection_that_nobody_answers_goes_to_the_director_who_cancels_the_decision(firm: Sandbox) -> None:
    ana, priya, brad, ruth = people(firm, "ANA", "PRIYA", "BRAD", "RUTH")
    notice, _ = dropped(firm)
    asked = {
        "Who objects, and how did they get in touch?": "Their director",
        "What do they say?": "It was somebody else.",
    }
    sent(brad, notice, "Record an objection", asked)
    brad.message(HERE, "Objection: Zenith Corp")
    ana.forward(days=17)
    received = ruth.direct_message("Objection: Zenith Corp")
    answer = {"Your answer": "It is cancelled", "Why?": "The recording says so."}
    assert "The directors have it as well now." in received.text
    assert "the decision is cancelled" in sent(ruth, received, "Answer the objection", answer)
    assert priya.message(HERE, "Decision cancelled after an objection: Zenith Corp").ts == notice.ts
    assert "The decision has ended" in ana.direct_message("it is cancelled").text
    assert ruth.direct_message("Objection answered").ts == received.ts


def test_a_form_to_answer_an_objection_keeps_what_was_typed_and_shows_who_renewed_the_decision(firm: Sandbox) -> None:
    priya, brad = people(firm, "PRIYA", "BRAD")
    notice, today = dropped(firm, review_in=14)
    asked = {"Who objects, and how did they get in touch?": "Their director", "What do they say?": "He has left us."}
    sent(priya, notice, "Record an objection", asked)
    brad.forward(days=9)
    objection = brad.message(HERE, "Objection: Zenith Corp")
    form = pressed(brad, objection, "Answer the objection")
    form.fill({"Your answer": "It stands", "Why?": "He still writes to us."})
    _renewed(priya, 2, today + timedelta(days=30))
    form.submit()
    assert form.title == "Answer the objection"
    assert "New since you opened this form" in form.text()
    assert "@U0PRIYA renewed the decision" in form.text()
    assert form.value("Why?")["value"] == "He still writes to us."

    form.submit()
    form.fill({"The letter to the customer": "Dear Zenith Corp, it stands."})
    _renewed(priya, 10, today + timedelta(days=60))
    form.submit()
    assert "Your letter was drafted before that" in form.text()
    assert form.value("The letter to the customer")["value"] == "Dear Zenith Corp, it stands."
    form.submit()
    assert "the decision stands" in form.text()


def _renewed(manager: Person, days: int, until: datetime) -> None:
    """The decision, whose review is up after so many days, is renewed."""
    manager.forward(days=days)
    fields = {"Why?": "It goes on.", "Next review": until.date().isoformat()}
    assert soon(lambda: "Renew" in manager.message(HERE, "Review: Zenith Corp").buttons)
    review = manager.message(HERE, "Review: Zenith Corp")
    assert "the decision is renewed" in sent(manager, review, "Renew", fields)
    manager.message(HERE, "Decision renewed: Zenith Corp")  # or the next time it would still say "Renew"


def test_a_drop_is_renewed_once_and_then_lapses_by_the_clock(firm: Sandbox) -> None:
    ana, priya, brad = people(firm, "ANA", "PRIYA", "BRAD")
    notice, today = dropped(firm)
    ana.forward(days=170)
    review = brad.message(HERE, "Review: Zenith Corp")
    assert "No report." in review.text

    form = pressed(priya, review, "Renew")
    form.fill({"Why?": "He still writes.", "Next review": (today + timedelta(days=700)).date().isoformat()})
    with pytest.raises(FormErrors) as wrong:
        form.submit()
    assert "at the latest" in wrong.value.errors["Next review"]
    form.cancel()

    until = (today + timedelta(days=200)).date().isoformat()
    assert "the decision is renewed" in sent(priya, review, "Renew", {"Why?": "He still writes.", "Next review": until})
    assert brad.message(HERE, "Decision renewed: Zenith Corp").ts == review.ts
    assert "He still writes." in ana.direct_message("until ").text
    with pytest.raises(NotPossible):
        brad.press(review, "Let it lapse")

    ana.forward(days=31)
    lapsed = brad.message(HERE, "Decision lapsed: Zenith Corp")
    assert lapsed.ts == notice.ts
    assert "nobody renewed the decision by" in lapsed.text
    assert "The decision has ended" in ana.direct_message("nobody renewed the decision").text
    assert brad.message(HERE, "Decision ended: Zenith Corp").buttons == []


def test_a_month_after_a_drop_management_is_asked_what_it_learnt(firm: Sandbox) -> None:
    ana, brad = people(firm, "ANA", "BRAD")
    dropped(firm)
    ana.forward(days=35)
    asked = brad.message(HERE, "What did we learn? Zenith Corp")
    lesson = {
        "What did we learn?": "We saw it too late.",
        "Was it the right decision?": "In part",
        "What was the account worth a year?": "£18,000",
        "In one line": "Warn earlier.",
    }
    assert "thank you" in sent(brad, asked, "Look back", lesson, twice=True)
    received = brad.message(HERE, "Looked back: Zenith Corp")
    assert received.ts == asked.ts
    assert "Warn earlier." in received.text
    assert received.buttons == []
