"""Who takes a second look, at a disputed warning or at an appeal: somebody who took no part in the first."""

from collections.abc import Mapping
from datetime import datetime

from bot.rules.cases import Case, Left
from bot.rules.decisions import Decision
from bot.rules.objections import Appeal
from bot.rules.people import Person
from bot.rules.refusals import Bar, NotEntitled
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import PROFILE_LIFE, free, is_manager, refuse_unless_manager, stakes
from storage.transaction import Transaction


def refuse_unless_uninvolved(
    tx: Transaction, context: Context, by: Person, case: Case, involved: Mapping[str, Bar], now: datetime
) -> None:
    """Managers and directors without a stake in the case, and not among those `involved` in what is looked at again.

    Raises:
        NotEntitled: with the bar that applies; also where Slack's word on them is older than it may be.
    """
    refuse_unless_manager(tx, context, by, now)
    profile = tx.people.profile(by.user)
    bar = stakes(tx, case).get(by.user) or involved.get(by.user)
    if bar:
        raise NotEntitled(bar, case.number)
    if profile is None or profile.read_at < now - PROFILE_LIFE:
        raise NotEntitled(Bar.UNCONFIRMED, case.number)


def uninvolved(
    tx: Transaction, context: Context, case: Case, involved: Mapping[str, Bar], listed: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Everybody who may look at it, of those `listed`: users and groups; all managers and directors by default."""
    whom = listed or (*context.firm.managers, *context.firm.directors)
    return tuple(user for user in free(tx, context, case, whom) if user not in involved)


def refuse_unless_theirs(
    tx: Transaction, context: Context, by: Person, case: Case, appeal: Appeal, decision: Decision, now: datetime
) -> None:
    """Managers who took no part answer an appeal, and directors who took none once it has come to them.

    Raises:
        NotEntitled: with the bar that applies.
    """
    refuse_unless_uninvolved(tx, context, by, case, took_part(tx, decision), now)
    if is_manager(tx, context, by, now) or directors_answer(tx, context, case, appeal, decision, now):
        return
    raise NotEntitled(Bar.NOT_YET, case.number)


def took_part(tx: Transaction, decision: Decision) -> dict[str, Bar]:
    """Who decided, approved or renewed it, and who heard both sides before: none of them looks at it again."""
    heard = (hearing.taken_by for hearing in tx.hearings.of_case(decision.case))
    renewed = (review.by for review in tx.reviews.of_case(decision.case) if review.by)
    return dict.fromkeys((decision.by, *decision.approved_by, *heard, *renewed), Bar.TOOK_PART)


def directors_answer(
    tx: Transaction, context: Context, case: Case, appeal: Appeal, decision: Decision, now: datetime
) -> bool:
    """Whether an appeal is with the directors as well: it is overdue, or every manager took part."""
    return who_answers(tx, context, case, appeal, decision, now) is not Left.MANAGERS


def who_answers(
    tx: Transaction, context: Context, case: Case, appeal: Appeal, decision: Decision, now: datetime
) -> Left:
    """Who is left to answer an appeal: managers who took no part, in time; else the directors; or nobody at all.

    A group that Slack has not told of yet counts as somebody: a start must not look like a firm without managers.
    """
    involved, firm = took_part(tx, decision), context.firm
    everybody = (*firm.managers, *firm.directors)
    if now < appeal.due_at and _some(tx, context, case, involved, firm.managers):
        return Left.MANAGERS
    return Left.DIRECTORS if _some(tx, context, case, involved, everybody) else Left.NOBODY


def _some(tx: Transaction, context: Context, case: Case, involved: Mapping[str, Bar], listed: tuple[str, ...]) -> bool:
    unread = any(entry.startswith("S") and tx.people.group_read_at(entry) is None for entry in listed)
    return unread or bool(uninvolved(tx, context, case, involved, listed))
