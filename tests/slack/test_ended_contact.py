"""A rep ends a contact and reports it, over HTTP: what they read, and what a colleague reads before the next call."""

from bot.sandbox.server import Sandbox
from tests.slack.steps import people

ENDED = "I ended the contact"
NOT_AGAINST_YOU = "within our policy and does not count against you (report 1)"


def report(firm: Sandbox, rep: str, **answers: object) -> str:
    """What the rep reads after sending."""
    (person,) = people(firm, rep)
    form = person.command("/report-abuse", "Zenith Corp")
    form.fill({"How serious?": "Minor", "What happened?": "He shouted at me."} | answers)
    form.submit()
    return form.text()


def test_a_contact_ended_after_a_clear_warning_does_not_count_against_the_rep(firm: Sandbox) -> None:
    (ana,) = people(firm, "ANA")
    kind = {"What kind of conduct?": "Verbal abuse"}
    said = report(firm, "ANA", **kind, **{ENDED: "Yes, they were told first"})
    assert f"You ended the contact after a clear warning: that is {NOT_AGAINST_YOU}" in said
    received = ana.direct_message("Your report on Zenith Corp")
    assert "You ended it within our policy: that does not count against you (report 1)." in received.text
    assert "end the contact in the same way" in received.text


def test_of_a_contact_that_the_policy_does_not_let_end_nothing_is_said(firm: Sandbox) -> None:
    (ana,) = people(firm, "ANA")
    said = report(firm, "ANA", **{"What kind of conduct?": "Verbal abuse", ENDED: "No, they were not told first"})
    for text in (said, ana.direct_message("Your report on Zenith Corp").text):
        assert "ended" not in text
        assert "policy" not in text


def test_the_card_has_the_words_to_set_a_boundary_and_to_end_the_contact_by_kind(firm: Sandbox) -> None:
    (joe,) = people(firm, "JOE")
    report(
        firm,
        "ANA",
        **{"What kind of conduct?": "Persistent contact", "Anything else?": ["It had gone on for 10 minutes"]},
    )
    said = joe.command("/customer", "Zenith Corp").text()
    assert "Please wait for our answer before you get in touch again." in said
    assert "If it goes on for 10 minutes, you may end the contact: “We have said all that we can today" in said
