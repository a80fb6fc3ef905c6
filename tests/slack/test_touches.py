"""What each step costs: touches, sentences and words, from the notice to the answer, counted in the forms as they come.

A touch is a press of a button, an item of a menu, a box or a radio button; a list costs two, to open it and to pick.
What is filled in already costs none, nor does closing the answer. The letter and what people wrote are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.handlers.reading import count, fields, words
from tests.slack.steps import people, pressed, reports

if TYPE_CHECKING:
    from bot.sandbox.form import Form
    from bot.sandbox.person import Home, Message, Person
    from bot.sandbox.server import Sandbox

HERE = "C0MANAGE"
LISTS = {"static_select", "external_select", "users_select", "multi_static_select"}
DECISION = {"touches": 5, "inputs": 1, "words": 150}


@dataclass
class Cost:
    """What somebody has spent so far."""

    touches: int = 0
    inputs: int = 0
    words: int = 0

    def read(self, blocks: list[dict[str, Any]]) -> None:
        self.words += words(blocks, quotes=False) + fields(blocks)

    def notice(self, seen: Message | Home) -> None:
        self.read(seen.raw["blocks"] if hasattr(seen, "raw") else seen.view["blocks"])

    def press(self, person: Person, seen: Message | Home, button: str) -> Form:
        self.touches += 1
        form = pressed(person, seen, button)
        self.read(form.view["blocks"])
        return form

    def send(self, form: Form, **answers: object) -> None:
        """Fill in what is asked for by `answers`, and send the form."""
        for block in form.view["blocks"]:
            if block.get("block_id") in answers:
                kind = block["element"]["type"]
                self.touches += 2 if kind in LISTS else 0 if kind == "plain_text_input" else 1
                self.inputs += kind == "plain_text_input"
                form.fill({block["label"]["text"]: answers[block["block_id"]]})
        self.touches += 1
        form.submit()
        self.read(form.view["blocks"])

    def within(self, most: dict[str, int]) -> bool:
        return all(getattr(self, name) <= limit for name, limit in most.items())


WHY = "Third rep in six weeks, after a clear warning."
CONSIDERED = ["I have considered the safeguards"]


def costs(firm: Sandbox) -> dict[str, Cost]:
    """Each step, lived through in order."""
    ana, joe, mia, priya, brad, ruth = people(firm, "ANA", "JOE", "MIA", "PRIYA", "BRAD", "RUTH")
    spent = {name: Cost() for name in ("report", "warn to delivered", "drop", "keep", "objection", "its answer")}

    cost = spent["report"]
    cost.touches += 1  # the command is sent
    form = ana.command("/report-abuse", "Zenith Corp")
    cost.read(form.view["blocks"])
    cost.send(form, category="Verbal abuse", severity="Serious", narrative="He screamed.")

    cost, notice = spent["warn to delivered"], priya.message(HERE, "Warn Zenith Corp?")
    cost.notice(notice)
    cost.send(cost.press(priya, notice, "Issue warning"))
    notice = priya.message(HERE, "Deliver the warning")
    cost.send(cost.press(priya, notice, "Mark delivered"), how="By e-mail")
    priya.forward(hours=1)

    reports(joe, "Zenith Corp")
    cost, notice = spent["drop"], priya.message(HERE, "Drop or keep Zenith Corp?")
    cost.notice(notice)
    form = cost.press(priya, notice, "Approve drop")
    cost.send(form, rationale=WHY, reason_class="Abuse after a warning", safeguards_considered=CONSIDERED)
    cost.send(form)

    reports(mia, "Borealis Foods", category="Threat of violence")
    cost, notice = spent["keep"], priya.message(HERE, "Drop or keep Borealis Foods?")
    cost.notice(notice)
    cost.send(cost.press(priya, notice, "Keep customer"), rationale=WHY)

    cost, notice = spent["objection"], priya.message(HERE, "Zenith Corp is dropped")
    cost.send(cost.press(priya, notice, "Record an objection"), contact="Their director", words="He has left.")
    cost, asked = spent["its answer"], brad.message(HERE, "Objection: Zenith Corp")
    cost.notice(asked)
    form = cost.press(brad, asked, "Answer the objection")
    cost.send(form, answer="It stands", rationale=WHY)
    cost.send(form)
    assert ruth
    return spent


def test_no_step_costs_more_touches_sentences_or_words_than_it_may(firm: Sandbox) -> None:
    spent = costs(firm)
    limits = {
        **dict.fromkeys(("warn to delivered", "drop", "keep", "its answer"), DECISION),
        "report": {"touches": 6, "inputs": 1, "words": 150},
        "objection": {"touches": 3, "inputs": 2, "words": 150},
    }
    assert {name: cost for name, cost in spent.items() if not cost.within(limits[name])} == {}


def test_the_form_to_report_is_seventy_five_words_and_asks_first_for_what_is_needed(firm: Sandbox) -> None:
    (ana,) = people(firm, "ANA")
    blocks = ana.command("/report-abuse").view["blocks"]
    placeholders = (block["element"].get("placeholder", {}).get("text", "") for block in blocks if "element" in block)
    assert words(blocks) + fields(blocks) + count(" ".join(placeholders)) <= 75
    needed = [not block["optional"] for block in blocks if block["type"] == "input"]
    assert needed == sorted(needed, reverse=True)
