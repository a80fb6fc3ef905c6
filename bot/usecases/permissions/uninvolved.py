"""Who may answer an objection: somebody who took no part in the warning or the decision."""

from collections.abc import Mapping
from datetime import datetime

from bot.rules.cases import Case, Left
from bot.rules.notices import NoticeKind
from bot.rules.objections import Objection
from bot.rules.people import Person
from bot.rules.refusals import Denial, NotEntitled
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import (
    Available,
    is_manager,
    profile_denial,
    refuse_unless_without_stake,
)
from storage.transaction import Transaction


def refuse_unless_answerer(
    tx: Transaction, context: Context, by: Person, case: Case, objection: Objection, now: datetime
) -> None:
    """Managers who took no part may answer an objection; such directors too once it has come to them.

    Raises as `refuse_unless_without_stake`; NotEntitled for anybody else.
    """
    refuse_unless_without_stake(tx, context, by, case.customer, now, case.number)
    if by.user in took_part(tx, case):
        raise NotEntitled(Denial.TOOK_PART, case.number)
    with_directors = who_answers(tx, context, case, objection, now) is not Left.MANAGERS
    if not (is_manager(tx, context, by, now) or with_directors):
        raise NotEntitled(Denial.NOT_YET, case.number)


def uninvolved(
    tx: Transaction, context: Context, case: Case, involved: Mapping[str, Denial], listed: tuple[str, ...]
) -> tuple[str, ...]:
    """Everybody who may answer, of the users and groups `listed`."""
    return Available(tx, context, case).of(listed, involved)


def took_part(tx: Transaction, case: Case) -> dict[str, Denial]:
    """Who took part in what led to how the case ended, a warning or a decision: see `Involved.in_case`."""
    return dict.fromkeys(tx.involved.in_case(case.number), Denial.TOOK_PART)


def who_answers(tx: Transaction, context: Context, case: Case, objection: Objection, now: datetime) -> Left:
    """Who is left to answer: until it is overdue, managers who took no part; else such directors; or nobody."""
    available, involved = Available(tx, context, case), took_part(tx, case)
    if now < objection.due_at and available.has_enough(context.firm.managers, 1, involved):
        return Left.MANAGERS
    return Left.DIRECTORS if available.has_enough(context.firm.management, 1, involved) else Left.NOBODY


def directors_notified(tx: Transaction, context: Context, case: Case | None) -> bool:
    """Whether the case is overdue, and a director who was notified of it is still one, with a stake or not."""
    if case is None or not case.is_open or context.clock() < case.due_at:
        return False
    named = set(tx.sent_notices.sent_to(NoticeKind.ESCALATION, case.number)).intersection(
        tx.people.behind(context.firm.directors)
    )
    profiles = tx.people.profiles(sorted(named))
    return any(profile_denial(profiles.get(user)) is None for user in named)
