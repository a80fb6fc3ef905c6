"""Check-ins and their answers, through Bolt over HTTP, with the sandbox's clock moved."""

import pytest

from bot.sandbox.client import NotPossible
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from tests.slack.steps import reports

SECRET = "He knows where I live, he said."


def reports_and_is_answered(rep: Person, customer: str) -> None:
    reports(rep, customer, category="Something else", severity="Serious", narrative=SECRET)
    rep.direct_message(f"Your report on {customer}")


def test_a_rep_is_asked_and_put_in_touch_and_may_ask_not_to_be_asked(firm: Sandbox) -> None:
    ana, cora = (Person(firm.url, user) for user in ("U0ANA", "U0CORA"))
    reports_and_is_answered(ana, "Zenith Corp")
    ana.forward(days=1)
    question = ana.direct_message("How are you today?")
    assert question.buttons == ["I'm fine", "I would like someone to talk to", "Please don't ask"]

    ana.press(question, "I would like someone to talk to")
    received = cora.direct_message("would like someone to talk to")
    assert received.text.startswith("@U0ANA ")
    assert "Zenith" not in received.text
    assert SECRET not in received.text
    assert ana.direct_message("to get in touch with you").ts == question.ts
    with pytest.raises(NotPossible):
        ana.press(question, "I would like someone to talk to")
    assert len([m for m in cora.direct_messages() if "someone to talk to" in m.text]) == 1
    cora.press(received, "I have talked to them")
    closed = cora.direct_message("You talked to them on")
    assert (closed.ts, closed.buttons) == (received.ts, [])

    ana.forward(days=6)
    again = ana.direct_message("How are you by now?")
    ana.press(again, "Please don't ask")
    assert ana.direct_message("I won't ask again").ts == again.ts
    reports_and_is_answered(ana, "Acme Ltd")
    joe = Person(firm.url, "U0JOE")
    reports_and_is_answered(joe, "Acme Ltd")
    ana.forward(days=1)
    joe.direct_message("How are you today?")
    assert not [m for m in ana.direct_messages() if "How are you" in m.text and "Acme" in m.text]
