"""How a case stands with its deadline and with those who may act: the lines that its messages share."""

from typing import Final

from bot.rules.files import CaseFile
from bot.rules.policy import Policy
from bot.rules.values import Approval, Left, Rung
from handlers.views.blocks import Block, Element, Part, joined, line, paragraph, person, quote, rich, strong, when
from handlers.views.text import DATE_ON, moment, one_line, shorten

MOST_NAMED: Final = 3
NOTE: Final = 60  # characters of what somebody said when stepping aside

DUE: Final = "{urgent}Due {at} · case {case}"
OVERDUE: Final = "{urgent}*Overdue since {at}*, now with the directors · case {case}"
URGENT: Final = "*Urgent* · "

NO_MANAGER: Final = "No manager is left who may act."
FEW_MANAGERS: Final = "Fewer managers are left who may act than the two approvals of a drop need."
WITH_DIRECTORS: Final = " It is with the directors now."
NOBODY: Final = "Nobody is left who may act, not even a director."
FEW_PEOPLE: Final = "Fewer people are left who may act than the two approvals of a drop need, directors included."
NAME_MORE: Final = " Whoever set up Backstop has to name more people in MANAGERS or DIRECTORS."
KEEPING: Final = " One of them can still keep the customer."

APART: Final = {
    "reporter": "reported it",
    "owner": "looks after the account",
    "recused": "stepped aside",
    "guest": "is a guest here",
    "outsider": "belongs to another workspace",
    "bot": "is a bot",
    "deactivated": "has a deactivated account",
}
APPROVED: Final = "Approved so far by "
NEEDED: Final = ". {n} approvals are needed to drop; one is enough to keep."
TAKE_BACK: Final = " Whoever has approved can take it back by pressing Approve drop again."


def deadline(file: CaseFile) -> str:
    """Until when management has to act, or since when it should have; mrkdwn."""
    case = file.case
    template = OVERDUE if file.overdue else DUE
    return template.format(urgent=URGENT if case.urgent else "", at=moment(case.due_at), case=case.number)


def left(file: CaseFile, policy: Policy) -> Block | None:
    """That too few are left who may act, where that is so: another thing than a deadline that nobody kept."""
    if file.case.left is Left.MANAGERS:
        return None
    two = file.case.rung is Rung.DECIDE and policy.approvals_to_drop > 1
    if file.case.left is Left.DIRECTORS:
        return paragraph(strong(FEW_MANAGERS if two else NO_MANAGER), WITH_DIRECTORS)
    return paragraph(strong(FEW_PEOPLE if two else NOBODY), NAME_MORE, *([KEEPING] if two else []))


def apart(file: CaseFile) -> Element | None:
    """Which managers and directors take no part, and why."""
    if not file.excluded:
        return None
    said: list[list[Part]] = [
        [person(each.user), f" {APART[each.why]}{_note(each.note)}"] for each in file.excluded[:MOST_NAMED]
    ]
    rest = len(file.excluded) - MOST_NAMED
    return line(strong("Takes no part"), " ", *joined(said), f" and {rest} more." if rest > 0 else ".")


def approved(file: CaseFile, policy: Policy) -> Block | None:
    """Who has approved so far, where a drop needs another's approval."""
    if not file.approvals:
        return None
    by = joined([person(each.by)] for each in file.approvals[:MOST_NAMED])
    return paragraph(APPROVED, *by, NEEDED.format(n=policy.approvals_to_drop), TAKE_BACK)


def first_approval(given: Approval, most: int) -> Block:
    """What who approved first has said, for who is asked next."""
    said = line("Approved by ", person(given.by), " on ", when(given.drop.at, DATE_ON), ":")
    return rich(said, quote(shorten(given.drop.rationale, most)))


def _note(note: str) -> str:
    return f" (“{shorten(one_line(note), NOTE)}”)" if note.strip() else ""
