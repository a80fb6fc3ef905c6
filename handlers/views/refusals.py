"""Why something was not done, in words: the one place that translates the desk's refusals."""

from typing import Final

from bot.desk.refusals import (
    AlreadyClosed,
    Bar,
    HeardAlready,
    MeantAnother,
    MergedSince,
    NoCareContact,
    NotEntitled,
    NothingToDispute,
    NothingToReview,
    NotRecorded,
    NotWarned,
    NotYours,
    Outdated,
    Refusal,
    TooLate,
    Unknown,
    Wrong,
    WrongRung,
)
from bot.rules.values import Outcome
from handlers.views import ids
from handlers.views.blocks import View, note, section
from handlers.views.overtaken import Overtaken, overtaken
from handlers.views.text import escape, listed, moment, one_line, shorten

BARS: Final = {
    Bar.NOT_A_MANAGER: "Only managers act on cases. If you should be one, please ask whoever set up Backstop.",
    Bar.NOT_YET: (
        "The managers have this case for now. It comes to the directors when it is overdue, or when too few managers "
        "are left who may act."
    ),
    Bar.REPORTER: "You reported something in this case, so somebody else decides. Your report speaks for itself.",
    Bar.OWNER: "You look after this account, so somebody else decides.",
    Bar.TOOK_PART: "You took part in this decision, so somebody who did not answers the appeal.",
    Bar.ISSUER: "You issued this warning, so somebody who was not involved looks at what is disputed.",
    Bar.RECUSED: "You stepped aside from this case, so somebody else decides.",
    Bar.GUEST: "Guests of this workspace can't do this. Please ask a colleague who is a full member.",
    Bar.OUTSIDER: "Only members of this workspace can do this. Please ask somebody who works here.",
    Bar.BOT: "Bots can't do this. A person has to.",
    Bar.DEACTIVATED: "This account is deactivated, and can do nothing here.",
    Bar.UNCONFIRMED: "I could not confirm just now who may do this. Please try again in a minute.",
}
ENDED: Final = {
    Outcome.WARNED: "The customer has been warned",
    Outcome.NOT_NOW: "There is no warning for now",
    Outcome.MISUNDERSTANDING: "It was found to be a misunderstanding",
    Outcome.DROPPED: "The customer has been dropped",
    Outcome.KEPT: "The customer has been kept",
    Outcome.WITHDRAWN: "The reports were withdrawn",
    Outcome.MERGED: "The matter goes on in another case about the same customer",
}
CLOSED: Final = "Case {case} has ended, {at}. {how}; nothing is left to do."
IN_PLACE: Final[dict[type[Refusal], str]] = {
    WrongRung: (
        "Case {it.case} has moved on, and something else is asked by now. The notice in the channel shows what."
    ),
    Outdated: (
        "Something is new in case {it.case} since you opened this. Nothing was recorded. "
        "Please read the notice, then press the button again."
    ),
    NotWarned: (
        "A customer is dropped only after a warning that was delivered and is still valid, threats and assaults aside. "
        "Case {it.case} stays open: you can keep the customer, with or without conditions."
    ),
    HeardAlready: "Both sides have been heard in case {it.case}. What came out stands in the notice in the channel.",
    NothingToDispute: (
        "Case {it.case} has no warning that counts: it was not delivered yet, has expired, or was withdrawn. "
        "Nothing needs to be disputed."
    ),
    NothingToReview: "Case {it.case} has no decision that holds the customer to anything, so nothing is reviewed.",
    MergedSince: "This customer was merged into another one since. Please undo that merger first.",
    NotYours: "Report {it.report} was made by somebody else. Only they can do this.",
    NoCareContact: (
        "Nobody is named here any more to get in touch with you. Please turn to a colleague or a manager you trust."
    ),
    TooLate: (
        "Report {it.report} can't be withdrawn any more, since its case has ended. "
        "If something in it was wrong, please tell a manager."
    ),
    Unknown: "There is no {it.what} {it.number} on record here. It may have been erased.",
    NotRecorded: "The record could not be written just now, so nothing was recorded. Please try again in a moment.",
}
MEANT: Final = "Did you mean {names}? Pick the customer from the list, or pick “New customer” if it is another one."
TROUBLE: Final = (
    "Something went wrong on our side, and nothing was recorded. Please try again. "
    "If it happens again, tell whoever set up Backstop: reference {reference}."
)


def refusal_text(refusal: Refusal) -> str:
    """What is so, and what to do; mrkdwn in which nothing that people wrote is parsed."""
    match refusal:
        case NotEntitled():
            return BARS[refusal.bar]
        case _ if isinstance(refusal, Overtaken):
            return overtaken(refusal)
        case AlreadyClosed():
            return CLOSED.format(case=refusal.case, at=moment(refusal.at), how=ENDED[refusal.outcome])
        case Wrong():
            return escape("\n".join(refusal.fields.values()))
        case MeantAnother():
            return escape(_meant(refusal))
    return IN_PLACE[type(refusal)].format(it=refusal)


def refused(refusal: Refusal) -> View:
    """A small view that says why nothing was done."""
    return note(ids.NOTE, "Nothing has changed", [section(refusal_text(refusal))])


def beside_fields(refusal: Refusal) -> dict[str, str]:
    """The refusal as plain texts beside the fields of the open form; empty where it is not about a field."""
    if isinstance(refusal, Wrong):
        return {ids.BLOCK_OF[name]: text for name, text in refusal.fields.items()}
    if isinstance(refusal, MeantAnother):
        return {ids.CUSTOMER: _meant(refusal)}
    return {}


def trouble(reference: str) -> View:
    """Something failed that nobody foresaw. `reference` is what the log has it under."""
    return note(ids.NOTE, "Please try again", [section(trouble_text(reference))])


def trouble_text(reference: str) -> str:
    """The same beside a field, so that the form stays with all that is in it."""
    return TROUBLE.format(reference=escape(reference))


def _meant(refusal: MeantAnother) -> str:
    return MEANT.format(names=listed([shorten(one_line(likely.name), 100) for likely in refusal.likely[:5]], "or"))
