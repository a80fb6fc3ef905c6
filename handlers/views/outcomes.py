"""What somebody is told at once, in the form that they have just sent."""

from typing import Final

from bot.rules.files import CaseFile, Receipt
from bot.rules.policy import Policy
from bot.rules.values import Choice, Decision, IssuedWarning, Outcome, Rung
from handlers.views import ids
from handlers.views.blocks import (
    LONGEST_TEXT,
    Block,
    Part,
    View,
    line,
    note,
    paragraph,
    person,
    quote,
    rich,
    strong,
    when,
)
from handlers.views.guidance import guidance
from handlers.views.labels import asked, name_of
from handlers.views.text import DATE_ON, DATE_ONLY, count, day, fit

RECORDED: Final = "Recorded as report {number}, thank you."
NOBODY: Final = " Nobody has to put up with that."
NEXT: Final = "What happens next."
OTHERS: Final = ("{n} colleague has reported {customer} before", "{n} colleagues have reported {customer} before")
WARNED: Final = "they were warned on "
WERE_WARNED: Final = "{customer} were warned on "
ASKED: Final = " Management is asked to {act} by "
URGENT: Final = " This goes first: management is asked to {act} by "
YOU_WILL_HEAR: Final = ". You will hear from me in a direct message."
NO_STEP: Final = " Nothing more happens for now. Your report counts: if it goes on, management is asked to act."
DROPPED: Final = " Management has already decided to end the relationship with {customer}."
KEPT: Final = " Management decided before to keep {customer}, with conditions."
CARE: Final = " has been asked to get in touch with you. You can write to them first, any time."
SAFETY: Final = "If you or somebody else is in danger, call the emergency services now."

SEND_LETTER: Final = "Please send it now, then press Mark delivered: the warning counts only once it has reached them."
COUNTS_UNTIL: Final = "The warning counts until "
REPS_TOLD: Final = "The reps who reported it are told in their direct messages."
ONE_MORE: Final = "Another manager has to approve as well before the customer is dropped. The case stays open."
STILL_OPEN: Final = "The case stays open, and the notice in the channel shows how it stands."
THE_LETTER: Final = "The letter to send"


def receipt(told: Receipt, policy: Policy) -> View:
    """After *Report*: that it is recorded, and what happens next."""
    blocks = [
        paragraph(strong(RECORDED.format(number=told.report)), NOBODY),
        paragraph(strong(NEXT), *_known(told), *_next(told)),
        *([guidance(told.decision, policy, told.patience)] if told.decision or told.patience else []),
        *([paragraph(person(told.care_contact), CARE)] if told.care_contact else []),
        paragraph(SAFETY),
    ]
    return note(ids.NOTE, "Recorded", blocks)


def done(file: CaseFile) -> View:
    """After a manager's form: what is on record now, and what happens next."""
    return note(ids.NOTE, "Recorded", [paragraph(strong(name_of(file.customer)), *_state(file)), *_letter(file)])


def _known(told: Receipt) -> list[Part]:
    """What was on record before: other reps' reports, a warning."""
    customer = name_of(told.customer)
    said: list[Part] = []
    if told.others:
        said += [" ", OTHERS[told.others != 1].format(n=told.others, customer=customer)]
    if told.warned_at:
        opening = f", and {WARNED}" if said else f" {WERE_WARNED.format(customer=customer)}"
        said += [opening, when(told.warned_at, DATE_ON)]
    return [*said, "."] if said else []


def _next(told: Receipt) -> list[Part]:
    if told.case and told.case.is_open:
        template = URGENT if told.case.urgent else ASKED
        return [template.format(act=asked(told.case)), when(told.case.due_at), YOU_WILL_HEAR]
    if told.decision and told.decision.choice is Choice.DROP:
        return [DROPPED.format(customer=name_of(told.customer))]
    kept = bool(told.decision and told.decision.conditions)
    return [*([KEPT.format(customer=name_of(told.customer))] if kept else []), NO_STEP]


def _state(file: CaseFile) -> list[Part]:
    if file.decision and file.case.outcome:
        return [*_decision(file.decision), REPS_TOLD]
    warning = _warning_of(file)
    if file.case.outcome is Outcome.WARNED and warning and warning.expires_at:
        return [" is warned. ", COUNTS_UNTIL, when(warning.expires_at, DATE_ONLY), ". ", REPS_TOLD]
    if file.case.outcome is Outcome.NOT_NOW:
        return [" gets no warning for now. Your rationale is on record. ", REPS_TOLD]
    if file.case.outcome:
        return [" · the case has ended. ", REPS_TOLD]
    if file.case.rung is Rung.WARN and warning:
        return [": the warning is issued. ", SEND_LETTER]
    return [": your approval is recorded. ", ONE_MORE] if file.approvals else [": recorded. ", STILL_OPEN]


def _decision(decision: Decision) -> list[Part]:
    review = f"The decision is reviewed by {day(decision.review_on)}. " if decision.binds else ""
    if decision.choice is Choice.KEEP:
        held = f" is kept, with {count(len(decision.conditions), 'condition', 'conditions')}. "
        return [held if decision.conditions else " is kept. ", review]
    ends = f" is dropped, with effect from {day(decision.effective_on)}. " if decision.effective_on else " is dropped. "
    return [ends, review]


def _letter(file: CaseFile) -> list[Block]:
    warning = _warning_of(file)
    sent = warning is None or warning.delivered_at is not None
    letter = file.decision.letter if file.decision else None if sent or warning is None else warning.letter
    return [rich(line(strong(THE_LETTER)), quote(fit(letter, LONGEST_TEXT)))] if letter else []


def _warning_of(file: CaseFile) -> IssuedWarning | None:
    return next((warning for warning in file.warnings if warning.case == file.case.number), None)
