"""Who may look again at a disputed warning or an appealed decision: somebody who took no part in the first."""

from collections.abc import Mapping
from datetime import datetime

from bot.rules.cases import Case, Left
from bot.rules.notices import NoticeKind
from bot.rules.objections import Appeal
from bot.rules.people import Person
from bot.rules.refusals import Denial, NotEntitled
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import (
    Available,
    is_manager,
    profile_denial,
    refuse_unless_without_stake,
)
from storage.outbox.channels import told
from storage.transaction import Transaction


def refuse_unless_uninvolved(
    tx: Transaction, context: Context, by: Person, case: Case, involved: Mapping[str, Denial], now: datetime
) -> None:
    """As `refuse_unless_without_stake`; raises NotEntitled also for everybody `involved`."""
    refuse_unless_without_stake(tx, context, by, case.customer, now, case.number)
    if by.user in involved:
        raise NotEntitled(involved[by.user], case.number)


def uninvolved(
    tx: Transaction, context: Context, case: Case, involved: Mapping[str, Denial], listed: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Everybody who may look again, of the users and groups `listed`; by default, of all managers and directors."""
    return Available(tx, context, case).of(listed or context.firm.management, involved)


def who_looks_again(tx: Transaction, context: Context, case: Case, involved: Mapping[str, Denial]) -> Left:
    """Who is left to look again: managers, else directors, or nobody."""
    available = Available(tx, context, case)
    if available.has_enough(context.firm.managers, 1, involved):
        return Left.MANAGERS
    return Left.DIRECTORS if available.has_enough(context.firm.management, 1, involved) else Left.NOBODY


def refuse_unless_appeal_answerer(
    tx: Transaction, context: Context, by: Person, case: Case, appeal: Appeal, now: datetime
) -> None:
    """Managers who took no part in the decision may answer an appeal; such directors too once it has come to them.

    Raises NotEntitled for anybody else.
    """
    refuse_unless_uninvolved(tx, context, by, case, took_part(tx, case), now)
    if not (is_manager(tx, context, by, now) or directors_may_answer(tx, context, case, appeal, now)):
        raise NotEntitled(Denial.NOT_YET, case.number)


def took_part(tx: Transaction, case: Case) -> dict[str, Denial]:
    """Who took part in what led to how the case ended, a warning or a decision: see `Involved.in_case`."""
    return dict.fromkeys(tx.involved.in_case(case.number), Denial.TOOK_PART)


def directors_may_answer(tx: Transaction, context: Context, case: Case, appeal: Appeal, now: datetime) -> bool:
    """Whether directors may answer an appeal too: it is overdue, or every manager took part."""
    return who_answers(tx, context, case, appeal, now) is not Left.MANAGERS


def who_answers(tx: Transaction, context: Context, case: Case, appeal: Appeal, now: datetime) -> Left:
    """Who is left to answer an appeal: until it is overdue, managers who took no part; else directors; or nobody."""
    left = who_looks_again(tx, context, case, took_part(tx, case))
    return Left.DIRECTORS if left is Left.MANAGERS and now >= appeal.due_at else left


def directors_told(tx: Transaction, context: Context, case: Case | None) -> bool:
    """Whether the case is overdue, and a director who was told of it is still one, with a stake or not."""
    if case is None or not case.is_open or context.clock() < case.due_at:
        return False
    named = set(told(tx.notices, NoticeKind.ESCALATION, case.number)).intersection(
        tx.people.behind(context.firm.directors)
    )
    profiles = tx.people.profiles(sorted(named))
    return any(profile_denial(profiles.get(user)) is None for user in named)
