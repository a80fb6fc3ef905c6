"""What a rep may do when this customer gets in touch again: the firm's own sentences, and what was decided."""

from collections.abc import Sequence
from typing import Final

from bot.rules.policy import Policy
from bot.rules.values import Choice, Decision
from handlers.views.blocks import Block, Element, bullets, line, person, rich, strong, words
from handlers.views.text import day, shorten

IF_THEY_CALL: Final = "If they get in touch again."
SET_BOUNDARY: Final = " You may set a boundary: "
END_CONTACT: Final = " If it goes on, you may end the contact: "
BEFORE: Final = " Before {day} you may end the contact at the first raised voice: "
OR_ELSE: Final = " Or pass them to "
AFTERWARDS: Final = " From {day} on: "
FROM_NOW_ON: Final = " You may say: "
NEEDS_PATIENCE: Final = "Needs patience:"
MOST_WORDS: Final = 3
HELD_TO: Final = "They are held to this:"


def guidance(decision: Decision | None, policy: Policy, patience: Sequence[str] = ()) -> Block:
    """What to do from now on, under the decision in force (None: there is none). `patience`: of safeguards."""
    if decision is None:
        return rich(*_patience(patience), _boundary(policy))
    if decision.choice is Choice.DROP:
        return rich(_dropped(decision, policy))
    return rich(*_patience(patience), *_conditions(decision, policy), _boundary(policy))


def _patience(patience: Sequence[str]) -> list[Element]:
    """What reps see of a safeguard: its words, and nothing of the note behind it."""
    return [line(strong(NEEDS_PATIENCE), f" {shorten(words, 300)}") for words in patience[:MOST_WORDS]]


def _boundary(policy: Policy) -> Element:
    texts = policy.texts
    return line(strong(IF_THEY_CALL), SET_BOUNDARY, _said(texts.boundary), END_CONTACT, _said(texts.end_contact))


def _dropped(decision: Decision, policy: Policy) -> Element:
    when_dropped = _said(policy.texts.when_dropped)
    if decision.effective_on is None:
        return line(strong(IF_THEY_CALL), FROM_NOW_ON, when_dropped)
    last = day(decision.effective_on)
    before = BEFORE.format(day=last), _said(policy.texts.end_contact), OR_ELSE, person(decision.by), "."
    return line(strong(IF_THEY_CALL), *before, AFTERWARDS.format(day=last), when_dropped)


def _conditions(decision: Decision, policy: Policy) -> Sequence[Element]:
    if not decision.conditions:
        return ()
    known = policy.conditions
    texts = (known[key].words if key in known else key for key in decision.conditions[:10])
    return line(strong(HELD_TO)), bullets([line(shorten(text, 120)) for text in texts])


def _said(text: str) -> Element:
    return words(f"“{shorten(text, 300)}”", italic=True)
