"""What replaces a report form once it is sent."""

from typing import Final

from bot.language import _, ngettext
from bot.rules.case_files import Receipt
from bot.rules.decisions import Choice
from bot.rules.fields import LONGEST_NAME
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import (
    Block,
    Inline,
    View,
    bold,
    filled,
    joined,
    note,
    paragraph,
    person,
    when,
)
from handlers.blockkit.text import DATE_ON, one_line, shorten
from handlers.names import CallbackId
from handlers.shared.guidance import guidance
from handlers.shared.labels import ASKED_TO, name_of

RECORDED: Final = _("Recorded as report {number}, thank you.")
NOBODY: Final = _("Nobody has to put up with that.")
NEXT: Final = _("What happens next.")
FIRST: Final = _("Nobody has reported {customer} before.")
WARNED: Final = _("{customer} were warned on {at}.")
# Translators: {act} is "warn them", "hear both sides" or the like.
ASKED: Final = _("Management has until {due} to {act}. You will hear from me in a direct message.")
URGENT: Final = _("This goes first: management has until {due} to {act}. You will hear from me in a direct message.")
LATE: Final = _("Management was to {act} by {due}, and is late. You will hear from me in a direct message.")
NO_STEP: Final = _("Nothing more happens for now. If more is reported, management is asked to act.")
EXPIRED: Final = _("It happened so long ago that it has no points under our policy, so nothing more follows.")
DROPPED: Final = _("Management has already decided to end the relationship with {customer}.")
KEPT: Final = _("Management decided before to keep {customer}, with conditions.")
CARE: Final = _("{who} has been asked to get in touch with you. You can write to them first, any time.")
NOBODY_FOR_CARE: Final = _(
    "Nobody is named here any more to get in touch with you. Please turn to a colleague or a manager you trust."
)
TYPED: Final = _("It is recorded under the name that you typed, “{name}”, and goes to management.")
GOES_ON: Final = _("It goes to management.")
SAFETY: Final = _("If you or somebody else is in danger, call the emergency services now.")


def receipt_view(receipt: Receipt, policy: Policy) -> View:
    """That the report is recorded, and what happens next, which only colleagues are told."""
    if receipt.typed is not None:
        return note(CallbackId.NOTE, _("Recorded"), [*_recorded(receipt), paragraph(_bare(receipt.typed)), _safety()])
    blocks = [
        *_recorded(receipt),
        paragraph(*joined([[bold(NEXT)], *_known(receipt), *_next(receipt)], " ")),
        *([_guidance(receipt, policy)] if receipt.decision or receipt.patience else []),
        *_care(receipt),
        _safety(),
    ]
    return note(CallbackId.NOTE, _("Recorded"), blocks)


def _guidance(receipt: Receipt, policy: Policy) -> Block:
    threatened = receipt.conduct is not None and policy.category(receipt.conduct).zero_tolerance
    patience, kind = receipt.patience, receipt.conduct
    return guidance(receipt.decision, policy, receipt.at, patience, conduct=kind, threatened=threatened)


def _recorded(receipt: Receipt) -> list[Block]:
    return [paragraph(bold(RECORDED.format(number=receipt.report)), f" {NOBODY}")]


def _bare(typed: str) -> str:
    return TYPED.format(name=shorten(one_line(typed), LONGEST_NAME)) if typed else GOES_ON


def _care(receipt: Receipt) -> list[Block]:
    """Who gets in touch with a rep who asked for someone to talk to; or that nobody can be asked to."""
    if receipt.care_contact:
        return [paragraph(*filled(CARE, who=person(receipt.care_contact)))]
    return [paragraph(NOBODY_FOR_CARE)] if receipt.wants_support else []


def _safety() -> Block:
    return paragraph(SAFETY)


def _known(receipt: Receipt) -> list[list[Inline]]:
    """What was on record before, in a sentence: other reps' reports, a warning."""
    customer, n = name_of(receipt.customer), receipt.others
    at = when(receipt.warned_at, DATE_ON) if receipt.warned_at else None
    if not n:
        if at:
            return [filled(WARNED, customer=customer, at=at)]
        return [filled(FIRST, customer=customer)] if receipt.first else []
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


def _next(receipt: Receipt) -> list[list[Inline]]:
    """What happens now, a sentence each."""
    if receipt.case and receipt.case.is_open:
        asked = URGENT if receipt.case.urgent else ASKED
        template = LATE if receipt.case.due_at <= receipt.at else asked
        return [filled(template, act=ASKED_TO[receipt.case.rung], due=when(receipt.case.due_at))]
    customer = name_of(receipt.customer)
    if receipt.decision and receipt.decision.choice is Choice.DROP:
        return [filled(DROPPED, customer=customer)]
    kept = bool(receipt.decision and receipt.decision.conditions)
    return [*([filled(KEPT, customer=customer)] if kept else []), [EXPIRED if receipt.expired else NO_STEP]]
