"""Somebody or the clock was quicker: whose it was, when, and where to look."""

from typing import Final

from bot.language import _
from bot.rules.decisions import Choice, Ending
from bot.rules.objections import Answer
from bot.rules.refusals import (
    AlreadyAppealed,
    AlreadyDecided,
    AlreadyDisputed,
    AlreadyLearnt,
    AlreadyReviewed,
    AppealClosed,
    HearingTaken,
    NotInForce,
)
from handlers.blockkit.text import mention, moment

Overtaken = (
    AlreadyAppealed
    | AlreadyDecided
    | AlreadyDisputed
    | AlreadyLearnt
    | AlreadyReviewed
    | AppealClosed
    | HearingTaken
    | NotInForce
)

DECIDED: Final = {
    Choice.DROP: _("{by} decided to drop the customer, {at}. That decision stands, and nothing else was recorded."),
    Choice.KEEP: _("{by} decided to keep the customer, {at}. That decision stands, and nothing else was recorded."),
}
TAKEN: Final = _(
    "{by} took this hearing, {at}. If you are to hear both sides instead, press Take over and say why: "
    "then it is yours."
)
DISPUTED: Final = _(
    "A warning is looked at once, and {by} was first, {at}. The notice in the channel shows how the dispute stands."
)
REVIEWED: Final = _("{by} was first, {at}: the decision has another review date by now. The notice shows it.")
LEARNT: Final = _("{by} has looked back at this already, {at}. The notice in the channel shows what was learnt.")
APPEAL_CLOSED: Final = _(
    "The customer could appeal until {at}. What speaks for them can still be said when the decision is reviewed."
)
OVER: Final = {
    Ending.LAPSED: _("The decision of case {case} lapsed, {at}: nobody had renewed it in time. Nothing was recorded."),
    Ending.LET_LAPSE: _("A manager ended the decision of case {case}, {at}. Nothing else was recorded."),
    Ending.OVERTURNED: _("The decision of case {case} was overturned on appeal, {at}. Nothing else was recorded."),
}
ANSWERED: Final = _("{by} has answered this appeal, {at}. An appeal is answered once, and nothing else was recorded.")
APPEALED: Final[dict[Answer | None, str]] = {
    None: _("A decision is appealed once, and {by} put this appeal down, {at}. It waits for an answer."),
    Answer.MOOT: _("The decision ended, {at}, before this appeal was answered. It needs no answer any more."),
}
PLAINLY: Final[dict[type, str]] = {
    HearingTaken: TAKEN,
    AlreadyDisputed: DISPUTED,
    AlreadyReviewed: REVIEWED,
    AlreadyLearnt: LEARNT,
    AppealClosed: APPEAL_CLOSED,
}


def overtaken(refusal: Overtaken) -> str:
    """What is so by now; mrkdwn."""
    by = "" if isinstance(refusal, NotInForce | AppealClosed) else mention(refusal.by)
    return _template(refusal).format(by=by, at=moment(refusal.at), case=refusal.case)


def _template(refusal: Overtaken) -> str:
    match refusal:
        case AlreadyDecided():
            return DECIDED[refusal.choice]
        case NotInForce():
            return OVER[refusal.how]
        case AlreadyAppealed():
            return APPEALED.get(refusal.answer, ANSWERED)
    return PLAINLY[type(refusal)]
