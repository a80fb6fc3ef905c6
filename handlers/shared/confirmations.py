"""What replaces a manager's form once it is sent."""

from typing import Final

from bot.language import _, ngettext
from bot.rules.case_files import RecordedCase
from bot.rules.cases import Outcome
from bot.rules.customers import Customer
from bot.rules.decisions import Choice, Decision
from bot.rules.fields import LONGEST_TEXT
from bot.rules.policy.verdicts import Rung
from handlers.blockkit.blocks import (
    Block,
    Element,
    Inline,
    View,
    bold,
    filled,
    joined,
    line,
    note,
    paragraph,
    quote,
    rich,
    when,
)
from handlers.blockkit.text import DATE_ONLY, day, fit
from handlers.names import CallbackId
from handlers.shared.labels import name_of

IS_WARNED: Final = _("{customer} is warned.")
NO_WARNING: Final = _("{customer} gets no warning for now. Your reason is on record.")
ENDED: Final = _("{customer} · the case has ended.")
ISSUED: Final = _("{customer}: the warning is issued.")
APPROVED: Final = _("{customer}: your approval is recorded.")
ON_RECORD: Final = _("{customer}: recorded.")
IS_KEPT: Final = _("{customer} is kept.")
IS_DROPPED: Final = _("{customer} is dropped.")
DROPPED_FROM: Final = _("{customer} is dropped, with effect from {day}.")
REVIEWED: Final = _("Management reviews the decision by {day}.")
SEND_LETTER: Final = _(
    "Please send it now, then press Mark delivered: the warning is valid only once it has reached them."
)
SEND_IT: Final = _("Please send the letter now, then press Mark as sent in the notice.")
COUNTS_UNTIL: Final = _("The warning is valid until {day}.")
REPS_NOTIFIED: Final = _("I tell the reps who reported it, in their direct messages.")
STILL_OPEN: Final = _("The case stays open, and the notice in the channel shows how it stands.")
THE_LETTER: Final = _("The letter to send")


def recorded_view(file: RecordedCase) -> View:
    """What is on record now, and what happens next."""
    return note(CallbackId.NOTE, _("Recorded"), [paragraph(*joined(_state(file), " ")), *_letter(file)])


def confirmation(customer: Customer, template: str, **parts: Inline) -> View:
    """After any other form: one sentence, with the customer's name at {customer}."""
    said = filled(template, customer=bold(name_of(customer)), **parts)
    return note(CallbackId.NOTE, _("Recorded"), [paragraph(*said)])


def _state(file: RecordedCase) -> list[list[Inline]]:
    """What is on record now, a sentence each."""
    name = bold(name_of(file.customer))
    if file.decision and file.case.outcome:
        return [*_decision(file.decision, name), [REPS_NOTIFIED]]
    warning = file.warning
    if file.case.outcome is Outcome.WARNED and warning and warning.expires_at:
        until = filled(COUNTS_UNTIL, day=when(warning.expires_at, DATE_ONLY))
        return [filled(IS_WARNED, customer=name), until, [REPS_NOTIFIED]]
    if file.case.outcome:
        ended = NO_WARNING if file.case.outcome is Outcome.NOT_NOW else ENDED
        return [filled(ended, customer=name), [REPS_NOTIFIED]]
    if file.case.rung is Rung.WARN and warning:
        return [filled(ISSUED, customer=name), [SEND_LETTER]]
    if n := file.still_to_approve:
        more = ngettext(
            "Another manager has to approve it as well.", "{n} more managers have to approve it as well.", n
        )
        return [filled(APPROVED, customer=name), [more.format(n=n)]]
    return [filled(ON_RECORD, customer=name), [STILL_OPEN]]


def _decision(decision: Decision, name: Element) -> list[list[Inline]]:
    review = [filled(REVIEWED, day=day(decision.review_on))] if decision.binds else []
    letter: list[list[Inline]] = [[SEND_IT]] if decision.letter else []
    return [_kept_or_dropped(decision, name), *review, *letter]


def _kept_or_dropped(decision: Decision, name: Element) -> list[Inline]:
    if decision.choice is Choice.DROP:
        since = decision.effective_on
        return filled(DROPPED_FROM, customer=name, day=day(since)) if since else filled(IS_DROPPED, customer=name)
    n = len(decision.conditions)
    if not n:
        return filled(IS_KEPT, customer=name)
    kept = ngettext("{customer} is kept, with {n:,} condition.", "{customer} is kept, with {n:,} conditions.", n)
    return filled(kept, customer=name, n=n)


def _letter(file: RecordedCase) -> list[Block]:
    warning = file.warning
    sent = warning is None or warning.delivered_at is not None
    letter = file.decision.letter if file.decision else None if sent or warning is None else warning.letter
    return [rich(line(bold(THE_LETTER)), quote(fit(letter, LONGEST_TEXT)))] if letter else []
