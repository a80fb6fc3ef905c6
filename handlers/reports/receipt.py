"""What somebody is told at once, in the form that they have just sent."""

from typing import Final

from bot.language import _, ngettext
from bot.rules.case_files import Receipt
from bot.rules.decisions import Choice
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import (
    TextPiece,
    View,
    filled,
    joined,
    note,
    paragraph,
    person,
    strong,
    when,
)
from handlers.blockkit.text import DATE_ON
from handlers.names import CallbackId
from handlers.shared.guidance import guidance
from handlers.shared.labels import asked, name_of

RECORDED: Final = _("Recorded as report {number}, thank you.")
NOBODY: Final = _("Nobody has to put up with that.")
NEXT: Final = _("What happens next.")
WARNED: Final = _("{customer} were warned on {at}.")
# Translators: {act} is "warn them", "hear both sides" or the like.
ASKED: Final = _("Management is asked to {act} by {due}. You will hear from me in a direct message.")
URGENT: Final = _("This goes first: management is asked to {act} by {due}. You will hear from me in a direct message.")
NO_STEP: Final = _("Nothing more happens for now. Your report counts: if it goes on, management is asked to act.")
DROPPED: Final = _("Management has already decided to end the relationship with {customer}.")
KEPT: Final = _("Management decided before to keep {customer}, with conditions.")
CARE: Final = _("{who} has been asked to get in touch with you. You can write to them first, any time.")
SAFETY: Final = _("If you or somebody else is in danger, call the emergency services now.")


def receipt(told: Receipt, policy: Policy) -> View:
    """After *Report*: that it is recorded, and what happens next."""
    blocks = [
        paragraph(strong(RECORDED.format(number=told.report)), f" {NOBODY}"),
        paragraph(*joined([[strong(NEXT)], *_known(told), *_next(told)], " ")),
        *([guidance(told.decision, policy, told.patience)] if told.decision or told.patience else []),
        *([paragraph(*filled(CARE, who=person(told.care_contact)))] if told.care_contact else []),
        paragraph(SAFETY),
    ]
    return note(CallbackId.NOTE, _("Recorded"), blocks)


def _known(told: Receipt) -> list[list[TextPiece]]:
    """What was on record before, in a sentence: other reps' reports, a warning."""
    customer, n = name_of(told.customer), told.others
    at = when(told.warned_at, DATE_ON) if told.warned_at else None
    if not n:
        return [filled(WARNED, customer=customer, at=at)] if at else []
    if at is None:
        counted = ngettext(
            "{n:,} colleague has reported {customer} before.", "{n:,} colleagues have reported {customer} before.", n
        )
        return [filled(counted, n=n, customer=customer)]
    counted = ngettext(
        "{n:,} colleague has reported {customer} before, and they were warned on {at}.",
        "{n:,} colleagues have reported {customer} before, and they were warned on {at}.",
        n,
    )
    return [filled(counted, n=n, customer=customer, at=at)]


def _next(told: Receipt) -> list[list[TextPiece]]:
    """What happens now, a sentence each."""
    if told.case and told.case.is_open:
        return [filled(URGENT if told.case.urgent else ASKED, act=asked(told.case), due=when(told.case.due_at))]
    customer = name_of(told.customer)
    if told.decision and told.decision.choice is Choice.DROP:
        return [filled(DROPPED, customer=customer)]
    kept = bool(told.decision and told.decision.conditions)
    return [*([filled(KEPT, customer=customer)] if kept else []), [NO_STEP]]
