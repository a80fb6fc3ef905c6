"""Setting and lifting safeguards: notes that a customer needs tolerance."""

from collections.abc import Sequence
from typing import Final

from bot.rules.files import CaseFile
from bot.rules.policy import Policy
from bot.rules.values import Safeguard
from handlers.views import ids
from handlers.views.about import case_form, who
from handlers.views.blocks import (
    Block,
    Element,
    View,
    day_input,
    field,
    note,
    option,
    paragraph,
    radio,
    rich,
    strong,
    text_input,
)
from handlers.views.facts import safeguard_lines
from handlers.views.labels import name_of
from handlers.views.text import day, one_line, shorten

KIND: Final = "What kind of tolerance do they need?"
KIND_HINT: Final = "Reps read the words below a kind, and nothing else."
NOTE: Final = "What is known?"
NOTE_HINT: Final = "Managers read this, reps do not. Only what is needed to judge fairly."
UNTIL: Final = "Until"
UNTIL_HINT: Final = "The last day of it. Empty: until somebody lifts it."
WHAT_IT_DOES: Final = (
    "From now on nothing happens by itself: both sides are heard before a warning or a decision. "
    "Threats and assaults still go to a decision at once."
)
WHICH: Final = "Which safeguard?"
WHY: Final = "Why is it no longer needed?"

SET: Final = " · the safeguard is on record. The notice shows it, and the policy was asked anew."
LIFTED: Final = " · the safeguard is lifted. The policy was asked anew, and the notice shows what holds now."


def set_form(file: CaseFile, policy: Policy) -> View:
    """*Set a safeguard*."""
    return case_form(
        file,
        (ids.SET_SAFEGUARD_FORM, "Set a safeguard", "Set"),
        rich(*who(file), *safeguard_lines(file.safeguards, policy)),
        *set_fields(policy),
    )


def set_fields(policy: Policy) -> list[Block]:
    """What is asked of whoever sets one."""
    kinds = [option(each.name, key, each.words) for key, each in policy.safeguards.items()]
    return [
        paragraph(WHAT_IT_DOES),
        field(ids.KIND, KIND, radio(kinds), hint=KIND_HINT),
        field(ids.SAFEGUARD_NOTE, NOTE, text_input(), hint=NOTE_HINT),
        field(ids.UNTIL, UNTIL, day_input(), hint=UNTIL_HINT, optional=True),
    ]


def lift_form(file: CaseFile, policy: Policy) -> View:
    """*Lift a safeguard*: which, and why."""
    fields = lift_fields(file.safeguards, policy)
    return case_form(file, (ids.LIFT_SAFEGUARD_FORM, "Lift a safeguard", "Lift"), rich(*who(file)), *fields)


def lift_fields(safeguards: Sequence[Safeguard], policy: Policy) -> list[Block]:
    """What is asked of whoever lifts one of these."""
    choices = [_choice(each, policy) for each in safeguards[-10:]]
    return [field(ids.SAFEGUARD, WHICH, radio(choices)), field(ids.REASON, WHY, text_input())]


def safeguard_set(file: CaseFile) -> View:
    """After *Set a safeguard*."""
    return note(ids.NOTE, "Recorded", [paragraph(strong(name_of(file.customer)), SET)])


def safeguard_lifted(file: CaseFile) -> View:
    """After *Lift a safeguard*."""
    return note(ids.NOTE, "Recorded", [paragraph(strong(name_of(file.customer)), LIFTED)])


def _choice(safeguard: Safeguard, policy: Policy) -> Element:
    known = policy.safeguards.get(safeguard.kind)
    until = f", until {day(safeguard.until)}" if safeguard.until else ""
    name = f"{known.name if known else safeguard.kind}{until}"
    return option(name, str(safeguard.number), shorten(one_line(safeguard.note), 70) or None)
