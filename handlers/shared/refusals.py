"""The text of every refusal: what is the case, and what to do."""

from typing import Final

from bot.language import _
from bot.rules.backup import NotCalled
from bot.rules.cases import Outcome
from bot.rules.decisions import Choice, Decision, Ending
from bot.rules.objections import Answer
from bot.rules.protection import ProtectionUnchanged
from bot.rules.refusals import (
    AlreadyClosed,
    AlreadyDecided,
    AlreadyLearnt,
    AlreadyObjected,
    AlreadyReviewed,
    AlreadySent,
    AnotherRecord,
    Became,
    CallAnswered,
    CustomerChanged,
    HeardAlready,
    HearingTaken,
    MeantAnother,
    MergedSince,
    NoCareContact,
    NotEntitled,
    NothingToObject,
    NothingToReview,
    NotInForce,
    NotReady,
    NotRecorded,
    NotWarned,
    NotYours,
    ObjectionClosed,
    OtherWorkspace,
    Outdated,
    Refusal,
    TooLate,
    Unknown,
    Wrong,
    WrongRung,
)
from handlers.blockkit.blocks import View, note, section
from handlers.blockkit.text import OR, day, escape, listed, mention, moment, one_line, shorten
from handlers.names import BLOCK_OF, BlockId, CallbackId
from handlers.shared.denials import DENIALS
from handlers.shared.protection_lines import UNCHANGED
from handlers.shared.sentences import NOBODY_FOR_CARE

CLOSED: Final = {
    Outcome.WARNED: _("Case {case} has ended, {at}. The customer has been warned; nothing is left to do."),
    Outcome.NOT_NOW: _("Case {case} has ended, {at}. There is no warning for now; nothing is left to do."),
    Outcome.MISUNDERSTANDING: _(
        "Case {case} has ended, {at}. It was found to be a misunderstanding; nothing is left to do."
    ),
    Outcome.DROPPED: _("Case {case} has ended, {at}. The customer has been dropped; nothing is left to do."),
    Outcome.KEPT: _("Case {case} has ended, {at}. The customer has been kept; nothing is left to do."),
    Outcome.WITHDRAWN: _("Case {case} has ended, {at}. The reports were withdrawn; nothing is left to do."),
    Outcome.MERGED: _(
        "Case {case} has ended, {at}. It is part of another case about the same customer now; nothing is left to "
        "do here."
    ),
}
DROPPED: Final = _("{by} decided to drop the customer, {at}, from {day}. That stands; what you sent was not recorded.")
KEPT: Final = _("{by} decided to keep the customer, {at}. That stands; what you sent was not recorded.")
# Translators: {n} is how many conditions there are.
KEPT_ON: Final = _(
    "{by} decided to keep the customer with conditions ({n}), {at}. That stands; what you sent was not recorded."
)
OVER: Final = {
    Ending.LAPSED: _("The decision of case {case} lapsed, {at}: nobody had renewed it in time. Nothing was recorded."),
    Ending.LET_LAPSE: _("A manager ended the decision of case {case}, {at}. Nothing else was recorded."),
    Ending.CANCELLED: _(
        "The decision of case {case} was cancelled after an objection, {at}. Nothing else was recorded."
    ),
}
ANSWERED: Final = _("{by} has answered this objection, {at}. It is answered once, and nothing else was recorded.")
OBJECTED: Final[dict[Answer | None, str]] = {
    None: _("A customer may object once, and {by} recorded this objection, {at}. It waits for an answer."),
    Answer.MOOT: _("The decision ended, {at}, before this objection was answered. It needs no answer any more."),
}
WARNED_TOO_LITTLE: Final = _(
    "You can drop a customer only after {n} warnings that were delivered and are still valid. Case {case} stays open: "
    "you can keep the customer, with or without conditions."
)
# Translators: {kinds} are kinds of conduct, such as "Threat of violence or Assault".
NEEDS_NO_WARNING: Final = _("A report of {kinds} needs no warning.")
TEXTS: Final[dict[type[Refusal], str]] = {
    HearingTaken: _(
        "{by} took this hearing, {at}. If you are to hear both sides instead, press Take over and say why: "
        "then it is yours."
    ),
    AlreadyReviewed: _("{by} was first, {at}: the decision has another review date now. The notice shows it."),
    AlreadyLearnt: _("{by} has already looked back at this, {at}. The notice in the channel shows what they learnt."),
    ObjectionClosed: _(
        "The customer could object until {at}. They can still say what they want to say before the review."
    ),
    WrongRung: _(
        "Case {case} has changed, and management has to do something else now. The notice in the channel shows what."
    ),
    Outdated: _(
        "Something is new in case {case} since you opened this. Nothing was recorded. "
        "Please read the notice, then press the button again."
    ),
    NotWarned: _(
        "You can drop a customer only after a warning that was delivered and is still valid. Case {case} stays open: "
        "you can keep the customer, with or without conditions."
    ),
    HeardAlready: _(
        "A manager has already heard both sides in case {case}. The notice in the channel shows the outcome."
    ),
    NothingToObject: _("Case {case} has no valid warning and no decision to which the customer could object."),
    AlreadySent: _("{by} has already marked this letter as sent, {at}. Nothing else was recorded."),
    NothingToReview: _("Case {case} has no decision to review."),
    MergedSince: _("This customer has been merged into another one. Please undo that merger first."),
    NotYours: _("Report {report} was made by somebody else. Only they can do this."),
    NoCareContact: NOBODY_FOR_CARE,
    TooLate: _(
        "Report {report} can't be withdrawn any more, since its case has ended. "
        "If something in it was wrong, please tell a manager."
    ),
    AnotherRecord: _(
        "This message does not fit the record any more: an older backup was restored, or the message comes from "
        "another installation. Nothing has changed. Please use the newest message, or look the customer up."
    ),
    OtherWorkspace: _(
        "This Backstop belongs to another workspace, so nothing was opened or recorded. Please use the one of your own "
        "workspace."
    ),
    CallAnswered: _("{caller}'s call for backup ended at {at}."),
    NotReady: _("Backstop has just started and is not ready yet. Nothing was recorded. Please try again in a moment."),
    # Translators: {alone} is what the firm's policy says to do where nobody comes.
    NotCalled: _(
        "I could not call anybody just now. {alone} Please try again in a moment, or ask a colleague near you."
    ),
    NotRecorded: _("The record could not be written just now, so nothing was recorded. Please try again in a moment."),
}
BECAME: Final = {
    Became.MERGED: _(
        "This record was merged into {name} since you opened the form, so nothing was recorded. Please look at {name}."
    ),
    Became.ERASED: _(
        "This customer's personal data has been erased since you opened the form, so nothing was recorded."
    ),
    Became.CHANGED: _(
        "Somebody changed what is known of {name} since you opened the form, so nothing was recorded. "
        "Please open it again."
    ),
}
COMES_ALREADY: Final = _("{by} has been helping {caller} since {at}. Nobody else is needed.")
UNKNOWN: Final = {
    "case": _("There is no case {number} on record here. It may have been erased."),
    "report": _("There is no report {number} on record here. It may have been erased."),
    "customer": _("There is no customer {number} on record here. It may have been erased."),
    "warning": _("There is no warning {number} on record here. It may have been erased."),
    "hearing": _("There is no hearing {number} on record here. It may have been erased."),
    "objection": _("There is no objection in case {number} on record here. It may have been erased."),
    "safeguard": _("There is no safeguard {number} on record here. It may have been erased."),
    "merger": _("There is no merger {number} on record here. It may have been erased."),
    "call": _("There is no call {number} on record here. It may have been erased."),
    "letter": _("There is no such letter in case {number} on record here. It may have been erased."),
    "summary": _("There is no summary {number} on record here. It may have been erased."),
}
MEANT: Final = _("Did you mean {names}? Pick the customer from the list, or pick “New customer” if it is another one.")


def refusal_text(refusal: Refusal) -> str:
    """What is the case, and what to do; mrkdwn in which nothing that people wrote is parsed."""
    if isinstance(refusal, Wrong | MeantAnother):
        texts = refusal.fields.values() if isinstance(refusal, Wrong) else [_meant(refusal)]
        return escape("\n".join(texts))
    if isinstance(refusal, NotEntitled):
        return DENIALS[refusal.denial]
    values = dict(vars(refusal))
    if "at" in values:
        values["at"] = moment(values["at"])
    if "name" in values:
        values["name"] = escape(shorten(one_line(values["name"]), 100))
    if "kinds" in values:
        values["kinds"] = escape(listed([shorten(one_line(each), 75) for each in values["kinds"]], OR))
    if "alone" in values:
        values["alone"] = escape(one_line(values["alone"]))
    values |= {name: mention(values[name]) for name in ("by", "caller") if values.get(name)}
    if isinstance(refusal, AlreadyDecided):
        terms = refusal.decision
        values |= {"n": len(terms.conditions), "day": day(terms.effective_on or terms.review_on)}
    template = BECAME[refusal.became] if isinstance(refusal, CustomerChanged) else _template(refusal)
    return template.format(**values)


def _decided(decision: Decision) -> str:
    kept = KEPT_ON if decision.conditions else KEPT
    return DROPPED if decision.choice is Choice.DROP else kept


def _template(refusal: Refusal) -> str:
    template = TEXTS.get(type(refusal), "")
    match refusal:
        case Unknown():
            template = UNKNOWN[refusal.what]
        case AlreadyClosed():
            template = CLOSED[refusal.outcome]
        case AlreadyDecided():
            template = _decided(refusal.decision)
        case NotInForce():
            template = OVER[refusal.how]
        case AlreadyObjected():
            template = OBJECTED.get(refusal.answer, ANSWERED)
        case ProtectionUnchanged():
            template = UNCHANGED[refusal.in_force, bool(refusal.by)]
        case CallAnswered() if refusal.by:
            template = COMES_ALREADY
        case NotWarned():
            template = WARNED_TOO_LITTLE if refusal.n > 1 else template
            template = f"{template} {NEEDS_NO_WARNING}" if refusal.kinds else template
    return template


def refusal_view(refusal: Refusal) -> View:
    """A view that says why nothing was done."""
    return note(CallbackId.NOTE, _("Nothing has changed"), [section(refusal_text(refusal))])


def beside_fields(error: Exception) -> dict[str, str]:
    """A plain text for each block that the error is about; empty if it is about none."""
    if isinstance(error, Wrong):
        return {BLOCK_OF.get(name, name): text for name, text in error.fields.items()}
    if isinstance(error, MeantAnother):
        return {BlockId.CUSTOMER: _meant(error)}
    return {}


def _meant(refusal: MeantAnother) -> str:
    return MEANT.format(names=listed([shorten(one_line(likely.name), 100) for likely in refusal.likely[:5]], OR))
