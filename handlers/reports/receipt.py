"""What replaces a report form once it is sent."""

from typing import Final

from bot.language import _, ngettext
from bot.rules.case_files import Receipt
from bot.rules.customers import Standing
from bot.rules.decisions import Choice
from bot.rules.fields import LONGEST_NAME
from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import Severity
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
from handlers.shared.ending import ended_within
from handlers.shared.guidance import what_to_do
from handlers.shared.labels import ASKED_TO, STANDINGS, name_of
from handlers.shared.sentences import (
    NOBODY_FOR_CARE,
    ON_THEIR_WAY,
    SAFETY,
    asked_of_management,
)

RECORDED: Final = _("Recorded as report {number}, thank you. Nobody has to put up with that.")
# Translators: {customer} is the name, {known} the next text, or "known" and how they stand.
ABOUT: Final = _("Recorded as report {number} about {customer} ({known}), thank you. Nobody has to put up with that.")
NEW: Final = _("new")
KNOWN: Final = _("known, {standing}")
# Translators: of a customer who is on record.
KNOWN_WARNED: Final = _("known")
WARNED: Final = _("warned on {at}")
URGENT: Final = _("This goes first.")
YOU_WILL_HEAR: Final = _("You will hear from me in a direct message.")
NO_STEP: Final = _("Nothing more happens for now. If more is reported, management may have to act.")
EXPIRED: Final = _("It happened so long ago that it has no points any more, so nothing more happens.")
DROPPED: Final = _("Management has already decided to end the relationship with them.")
KEPT: Final = _("Management decided before to keep them, with conditions.")
TYPED: Final = _("It is recorded under the name that you typed, “{name}”, and goes to management.")
GOES_ON: Final = _("It goes to management.")


def receipt_view(receipt: Receipt, policy: Policy) -> View:
    """That the report is recorded, and what happens next, which only colleagues read.

    After a threat, and whatever is severe, whom to turn to comes before what management does.
    """
    if receipt.typed is not None:
        recorded = RECORDED.format(number=receipt.report)
        return note(
            CallbackId.NOTE, _("Recorded"), [paragraph(bold(recorded)), paragraph(_bare(receipt.typed)), _safety()]
        )
    grave = policy.category(receipt.conduct).zero_tolerance or receipt.severity is Severity.SEVERE
    turn_to = [_safety(), *_care(receipt)]
    blocks = [
        paragraph(*_recorded(receipt)),
        *(turn_to if grave else []),
        paragraph(*joined([*_before(receipt), *_next(receipt)], " ")),
        *ended_within(receipt.ended_within, receipt.report),
        *([_what_to_do(receipt, policy)] if receipt.decision or receipt.patience or receipt.protection else []),
        *([] if grave else turn_to),
    ]
    return note(CallbackId.NOTE, _("Recorded"), blocks)


def _what_to_do(receipt: Receipt, policy: Policy) -> Block:
    kind, letter_owed_by = receipt.conduct, receipt.letter_owed_by
    threatened = policy.category(kind).zero_tolerance
    return what_to_do(
        receipt.decision,
        policy,
        receipt.at,
        receipt.patience,
        conduct=kind,
        threatened=threatened,
        letter_owed_by=letter_owed_by,
        gone=receipt.gone,
        protection=receipt.protection,
    )


def _recorded(receipt: Receipt) -> list[Inline]:
    """Who it is about, so that a name that was mistyped shows."""
    stands, warned = receipt.customer.standing, _warned(receipt)
    says_so = bool(warned) and stands is Standing.WARNED
    standing = KNOWN_WARNED if says_so else KNOWN.format(standing=STANDINGS[stands])
    known: list[Inline] = [NEW] if receipt.is_new else [standing, *warned]
    customer = bold(name_of(receipt.customer))
    return filled(ABOUT, number=receipt.report, customer=customer, known=known)


def _warned(receipt: Receipt) -> list[Inline]:
    at = receipt.warned_at
    return [", ", *filled(WARNED, at=when(at, DATE_ON))] if at else []


def _bare(typed: str) -> str:
    return TYPED.format(name=shorten(one_line(typed), LONGEST_NAME)) if typed else GOES_ON


def _care(receipt: Receipt) -> list[Block]:
    """Who gets in touch with a rep who asked for someone to talk to; or that nobody can be asked to."""
    if receipt.care_contact:
        return [paragraph(*filled(ON_THEIR_WAY, who=person(receipt.care_contact)))]
    return [paragraph(NOBODY_FOR_CARE)] if receipt.wants_support else []


def _safety() -> Block:
    return paragraph(SAFETY)


def _before(receipt: Receipt) -> list[list[Inline]]:
    """How many other reps have reported them, in a sentence."""
    n = receipt.others
    counted = ngettext("{n:,} colleague has reported them before.", "{n:,} colleagues have reported them before.", n)
    return [filled(counted, n=n)] if n else []


def _next(receipt: Receipt) -> list[list[Inline]]:
    """What happens now, a sentence each."""
    if receipt.case and receipt.case.is_open:
        late = receipt.case.due_at <= receipt.at
        first: list[list[Inline]] = [[URGENT]] if receipt.case.urgent and not late else []
        asked = asked_of_management(ASKED_TO[receipt.case.rung], receipt.case.due_at, receipt.at)
        return [*first, asked, [YOU_WILL_HEAR]]
    if receipt.decision and receipt.decision.choice is Choice.DROP:
        return [[DROPPED]]
    kept: list[list[Inline]] = [[KEPT]] if receipt.decision and receipt.decision.conditions else []
    return [*kept, [EXPIRED if receipt.expired else NO_STEP]]
