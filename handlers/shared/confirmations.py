"""What somebody is told at once, in the form that they have just sent."""

from typing import Final

from bot.language import _, ngettext
from bot.rules.case_files import CaseFile, Receipt
from bot.rules.cases import Outcome
from bot.rules.decisions import Choice, Decision
from bot.rules.policy.verdicts import Rung
from bot.rules.warnings import IssuedWarning
from handlers.blockkit.blocks import (
    LONGEST_TEXT,
    Block,
    Element,
    TextPiece,
    View,
    filled,
    joined,
    line,
    note,
    paragraph,
    quote,
    rich,
    strong,
    when,
)
from handlers.blockkit.text import DATE_ON, DATE_ONLY, day, fit
from handlers.names import CallbackId
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

IS_WARNED: Final = _("{customer} is warned.")
NO_WARNING: Final = _("{customer} gets no warning for now. Your rationale is on record.")
ENDED: Final = _("{customer} · the case has ended.")
ISSUED: Final = _("{customer}: the warning is issued.")
APPROVED: Final = _("{customer}: your approval is recorded.")
ON_RECORD: Final = _("{customer}: recorded.")
IS_KEPT: Final = _("{customer} is kept.")
IS_DROPPED: Final = _("{customer} is dropped.")
DROPPED_FROM: Final = _("{customer} is dropped, with effect from {day}.")
REVIEWED: Final = _("The decision is reviewed by {day}.")
SEND_LETTER: Final = _(
    "Please send it now, then press Mark delivered: the warning counts only once it has reached them."
)
COUNTS_UNTIL: Final = _("The warning counts until {day}.")
REPS_TOLD: Final = _("The reps who reported it are told in their direct messages.")
ONE_MORE: Final = _("Another manager has to approve as well before the customer is dropped. The case stays open.")
STILL_OPEN: Final = _("The case stays open, and the notice in the channel shows how it stands.")
THE_LETTER: Final = _("The letter to send")


def done(file: CaseFile) -> View:
    """After a manager's form: what is on record now, and what happens next."""
    return note(CallbackId.NOTE, _("Recorded"), [paragraph(*joined(_state(file), " ")), *_letter(file)])


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


def _state(file: CaseFile) -> list[list[TextPiece]]:
    """How it stands now, a sentence each."""
    name = strong(name_of(file.customer))
    if file.decision and file.case.outcome:
        return [*_decision(file.decision, name), [REPS_TOLD]]
    warning = _warning_of(file)
    if file.case.outcome is Outcome.WARNED and warning and warning.expires_at:
        until = filled(COUNTS_UNTIL, day=when(warning.expires_at, DATE_ONLY))
        return [filled(IS_WARNED, customer=name), until, [REPS_TOLD]]
    if file.case.outcome:
        ended = NO_WARNING if file.case.outcome is Outcome.NOT_NOW else ENDED
        return [filled(ended, customer=name), [REPS_TOLD]]
    if file.case.rung is Rung.WARN and warning:
        return [filled(ISSUED, customer=name), [SEND_LETTER]]
    if file.approvals:
        return [filled(APPROVED, customer=name), [ONE_MORE]]
    return [filled(ON_RECORD, customer=name), [STILL_OPEN]]


def _decision(decision: Decision, name: Element) -> list[list[TextPiece]]:
    review = [filled(REVIEWED, day=day(decision.review_on))] if decision.binds else []
    return [_kept_or_dropped(decision, name), *review]


def _kept_or_dropped(decision: Decision, name: Element) -> list[TextPiece]:
    if decision.choice is Choice.DROP:
        since = decision.effective_on
        return filled(DROPPED_FROM, customer=name, day=day(since)) if since else filled(IS_DROPPED, customer=name)
    n = len(decision.conditions)
    if not n:
        return filled(IS_KEPT, customer=name)
    kept = ngettext("{customer} is kept, with {n:,} condition.", "{customer} is kept, with {n:,} conditions.", n)
    return filled(kept, customer=name, n=n)


def _letter(file: CaseFile) -> list[Block]:
    warning = _warning_of(file)
    sent = warning is None or warning.delivered_at is not None
    letter = file.decision.letter if file.decision else None if sent or warning is None else warning.letter
    return [rich(line(strong(THE_LETTER)), quote(fit(letter, LONGEST_TEXT)))] if letter else []


def _warning_of(file: CaseFile) -> IssuedWarning | None:
    return next((warning for warning in file.warnings if warning.case == file.case.number), None)
