"""Lines about a case's deadline and about who may act. Several messages share them."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile, Excluded
from bot.rules.cases import Left
from bot.rules.decisions import Approval
from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import Denial
from handlers.blockkit.blocks import (
    Block,
    Element,
    Inline,
    bold,
    filled,
    joined,
    line,
    paragraph,
    person,
    quote,
    rich,
    when,
)
from handlers.blockkit.text import DATE_ON, moment, one_line, shorten

MOST_NAMED: Final = 2
NAME: Final = 40  # characters of who may not act: they are not mentioned, which would notify them
NOTE: Final = 60  # characters of what somebody said when they recused themselves

DUE: Final = _("By {at} · case {case}")
OVERDUE: Final = _("*Overdue since {at}* · case {case}")
OVERDUE_AND_NOTIFIED: Final = _("*Overdue since {at}*, now with the directors · case {case}")
URGENT: Final = _("*Urgent*")

NO_MANAGER: Final = _("No manager is left who may act.")
FEW_MANAGERS: Final = _("Too few managers can approve.")
WITH_DIRECTORS: Final = _("The directors have it.")
NOBODY: Final = _("Nobody is left who may act, not even a director.")
# Translators: {n} is 2 or more.
FEW_PEOPLE: Final = _("Too few people are left for {n} approvals, directors included.")
NAME_MORE: Final = _("Whoever set up Backstop has to name more people in MANAGERS or DIRECTORS.")
KEEPING: Final = _("One of them can still keep the customer.")

APART: Final = _("You cannot act on this case any more. You do not have to do anything.")
WHY_EXCLUDED: Final = {
    # Translators: why somebody may not act on a case.
    "owner": _("{who} (account owner)"),
    "former_owner": _("{who} (owned the account)"),
    "recused": _("{who} (recused)"),
    "guest": _("{who} (guest)"),
    "outsider": _("{who} (another workspace)"),
    "bot": _("{who} (a bot)"),
    "deactivated": _("{who} (deactivated)"),
}
# Translators: {words} is why, as they said it.
RECUSED_SAYING: Final = _("{who} (recused: {words})")
# Translators: {people} is such as "@Ana (account owner), @Joe (recused)".
EXCLUDED: Final = _("May not act: {people}.")
EXCLUDED_AND_MORE: Final = _("May not act: {people} and {n:,} more.")
# Translators: {n} is 1 or more, {people} who has approved.
APPROVED: Final = _("{n:,} of {needed:,} approvals to drop, by {people}.")
APPROVED_BY: Final = _("Approved by {by} on {at}:")


def deadline(file: CaseFile) -> str:
    """When the case is due, or since when it is overdue; mrkdwn."""
    case = file.case
    late = OVERDUE_AND_NOTIFIED if file.directors_notified else OVERDUE
    template = late if file.overdue else DUE
    due = template.format(at=moment(case.due_at), case=case.number)
    return f"{URGENT} · {due}" if case.urgent else due


def too_few_left(file: CaseFile, policy: Policy) -> Block | None:
    """That too few people are left who may act; None if enough are."""
    if file.case.left is Left.MANAGERS:
        return None
    several = file.case.rung is Rung.DECIDE and policy.approvals_to_drop > 1
    if file.case.left is Left.DIRECTORS:
        return paragraph(bold(FEW_MANAGERS if several else NO_MANAGER), " ", WITH_DIRECTORS)
    few = FEW_PEOPLE.format(n=policy.approvals_to_drop) if several else NOBODY
    return paragraph(bold(few), f" {NAME_MORE}", *([f" {KEEPING}"] if several else []))


def excluded_line(file: CaseFile) -> Element | None:
    """Which managers and directors take no part, and why; None if all do. It does not tell who reported."""
    excluded = [each for each in file.excluded if each.why != Denial.REPORTER]
    if not excluded:
        return None
    most = 1 if file.protection and len(excluded) > MOST_NAMED else MOST_NAMED  # the notice has a line more then
    people = joined(_excluded(each) for each in excluded[:most])
    rest = len(excluded) - most
    if rest <= 0:
        return line(*filled(EXCLUDED, people=people))
    return line(*filled(EXCLUDED_AND_MORE, people=people, n=rest))


def takes_no_part(file: CaseFile, user: str) -> bool:
    """Whether this manager or director may not act on the case: nothing is offered in their direct messages."""
    return any(each.user == user for each in file.excluded)


def approvals_so_far(file: CaseFile, policy: Policy) -> Block | None:
    """Who has approved so far; None if nobody has."""
    if not file.approvals:
        return None
    by = joined([person(each.by)] for each in file.approvals)
    return paragraph(*filled(APPROVED, n=len(file.approvals), needed=policy.approvals_to_drop, people=by))


def approval(given: Approval, most: int) -> Block:
    """Who approved, and their rationale, for the next one to read."""
    said = line(*filled(APPROVED_BY, by=person(given.by), at=when(given.drop.at, DATE_ON)))
    return rich(said, quote(shorten(given.drop.rationale, most)))


def _excluded(each: Excluded) -> list[Inline]:
    who: Inline = shorten(one_line(each.name), NAME) or person(each.user)
    if each.note.strip():
        return filled(RECUSED_SAYING, who=who, words=f"“{shorten(one_line(each.note), NOTE)}”")
    return filled(WHY_EXCLUDED[each.why], who=who)
