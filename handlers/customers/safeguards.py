"""Setting and lifting safeguards: notes that a customer needs tolerance."""

from collections.abc import Sequence
from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.customers import Safeguard
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import (
    Block,
    Element,
    View,
    day_input,
    field,
    filled,
    note,
    option,
    paragraph,
    radio,
    rich,
    strong,
    text_input,
)
from handlers.blockkit.text import day, one_line, shorten
from handlers.names import BlockId, CallbackId
from handlers.shared.case_header import case_form, who
from handlers.shared.customer_lines import safeguard_lines
from handlers.shared.labels import name_of

KIND: Final = _("What kind of tolerance do they need?")
KIND_HINT: Final = _("Reps read the words below a kind, and nothing else.")
NOTE: Final = _("What is known?")
NOTE_HINT: Final = _("Managers read this, reps do not. Only what is needed to judge fairly.")
# Translators: the label of a date.
UNTIL: Final = _("Until")
UNTIL_HINT: Final = _("The last day of it. Empty: until somebody lifts it.")
WHAT_IT_DOES: Final = _(
    "From now on nothing happens by itself: both sides are heard before a warning or a decision. "
    "Threats and assaults still go to a decision at once."
)
WHICH: Final = _("Which safeguard?")
WHY: Final = _("Why is it no longer needed?")

# Translators: {customer}'s name stands in bold.
SET: Final = _("{customer} · the safeguard is on record. The notice shows it, and the policy was asked anew.")
LIFTED: Final = _(
    "{customer} · the safeguard is lifted. The policy was asked anew, and the notice shows what holds now."
)
# Translators: {safeguard} is a kind of safeguard.
IT_ENDS: Final = _("{safeguard}, until {day}")


def set_form(file: CaseFile, policy: Policy) -> View:
    """*Set a safeguard*."""
    return case_form(
        file,
        (CallbackId.SET_SAFEGUARD_FORM, _("Set a safeguard"), _("Set")),
        rich(*who(file), *safeguard_lines(file.safeguards, policy)),
        *set_fields(policy),
    )


def set_fields(policy: Policy) -> list[Block]:
    """What is asked of whoever sets one."""
    kinds = [option(each.name, key, each.words) for key, each in policy.safeguards.items()]
    return [
        paragraph(WHAT_IT_DOES),
        field(BlockId.KIND, KIND, radio(kinds), hint=KIND_HINT),
        field(BlockId.SAFEGUARD_NOTE, NOTE, text_input(), hint=NOTE_HINT),
        field(BlockId.UNTIL, UNTIL, day_input(), hint=UNTIL_HINT, optional=True),
    ]


def lift_form(file: CaseFile, policy: Policy) -> View:
    """*Lift a safeguard*: which, and why."""
    fields = lift_fields(file.safeguards, policy)
    return case_form(
        file, (CallbackId.LIFT_SAFEGUARD_FORM, _("Lift a safeguard"), _("Lift")), rich(*who(file)), *fields
    )


def lift_fields(safeguards: Sequence[Safeguard], policy: Policy) -> list[Block]:
    """What is asked of whoever lifts one of these."""
    choices = [_choice(each, policy) for each in safeguards[-10:]]
    return [field(BlockId.SAFEGUARD, WHICH, radio(choices)), field(BlockId.REASON, WHY, text_input())]


def safeguard_set(file: CaseFile) -> View:
    """After *Set a safeguard*."""
    return note(CallbackId.NOTE, _("Recorded"), [paragraph(*filled(SET, customer=strong(name_of(file.customer))))])


def safeguard_lifted(file: CaseFile) -> View:
    """After *Lift a safeguard*."""
    return note(CallbackId.NOTE, _("Recorded"), [paragraph(*filled(LIFTED, customer=strong(name_of(file.customer))))])


def _choice(safeguard: Safeguard, policy: Policy) -> Element:
    known = policy.safeguards.get(safeguard.kind)
    name = known.name if known else safeguard.kind
    name = IT_ENDS.format(safeguard=name, day=day(safeguard.until)) if safeguard.until else name
    return option(name, str(safeguard.number), shorten(one_line(safeguard.note), 70) or None)
