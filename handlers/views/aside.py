"""Stepping aside from a case, and taking back an approval."""

from typing import Final

from bot.rules.files import CaseFile
from bot.rules.values import Approval
from handlers.views import ids
from handlers.views.blocks import View, field, form, line, note, paragraph, rich, strong, text_input
from handlers.views.deadline import first_approval
from handlers.views.facts import tally
from handlers.views.labels import name_of

LONGEST_REASON: Final = 300
APPROVED: Final = 1_000  # characters of a rationale

FROM_NOW_ON: Final = (
    "From now on you take no part in this case, whatever it comes to. This can't be undone. "
    "If too few managers are left, the directors are asked."
)
REASON: Final = "Why? One sentence is enough, and none is fine."
REASON_HINT: Final = "The notice shows it to the managers."
STEPPED_ASIDE: Final = " You take no part in this case any more. The notice says so; the others carry on."
WAITS: Final = (
    "Your approval waits for another manager's. To keep the customer instead, close this and press Keep customer."
)
TAKEN_BACK: Final = " Your approval counts no longer. The case stays open."


def recuse_form(file: CaseFile) -> View:
    """*Recuse me*."""
    reason = text_input() | {"max_length": LONGEST_REASON}
    return form(
        ids.RECUSE_FORM,
        "Step aside",
        "Step aside",
        [
            rich(line(strong(name_of(file.customer)), f" · case {file.case.number}"), line(tally(file))),
            paragraph(FROM_NOW_ON),
            field(ids.REASON, REASON, reason, hint=REASON_HINT, optional=True),
        ],
        ids.case_value(file.case.number, file.case.version),
    )


def take_back_form(file: CaseFile, given: Approval) -> View:
    """*Approve drop* by somebody who has approved already."""
    return form(
        ids.TAKE_BACK_FORM,
        "Your approval",
        "Take it back",
        [
            rich(line(strong(name_of(file.customer)), f" · case {file.case.number}")),
            first_approval(given, APPROVED),
            paragraph(WAITS),
        ],
        ids.case_value(file.case.number, file.case.version),
    )


def recused(file: CaseFile) -> View:
    """After *Step aside*."""
    return note(ids.NOTE, "Recorded", [paragraph(strong(name_of(file.customer)), ".", STEPPED_ASIDE)])


def taken_back(file: CaseFile) -> View:
    """After *Take it back*."""
    return note(ids.NOTE, "Recorded", [paragraph(strong(name_of(file.customer)), ".", TAKEN_BACK)])
