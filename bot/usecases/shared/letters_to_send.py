"""Which letters about a decision are to be sent, by whom, and when they are asked to again."""

from collections.abc import Sequence
from datetime import datetime

from bot.rules.business_time import next_business_day
from bot.rules.cases import Case
from bot.rules.decisions import Decision
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.sent_letters import Letter, letters_of
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import Available
from storage.transaction import Transaction


def letters_about(tx: Transaction, case: Case) -> tuple[Letter, ...]:
    """The letters of a case that has ended, but for a warning as it was issued; the newest first."""
    decision, objection = tx.cases.decision(case.number), tx.objections.of_case(case.number)
    if decision is None and objection is None:
        return ()
    newest = tx.cases.in_force(case.customer) if decision else None
    replaced = bool(newest and decision and (newest.at, newest.case) > (decision.at, decision.case))
    sent, erased = tx.sent_letters.of_case(case.number), tx.sent_letters.erased(case.number)
    return letters_of(decision, objection, sent, erased, replaced=replaced)


def letter_to_send(tx: Transaction, case: Case) -> Letter | None:
    """The letter of the case that somebody is asked to send; there is at most one."""
    return next((letter for letter in letters_about(tx, case) if letter.asked), None)


def who_sends(tx: Transaction, context: Context, case: Case, letter: Letter) -> tuple[str, ...]:
    """Whoever wrote it; where they take no part any more, the managers who may, else such directors."""
    available = Available(tx, context, case)
    if letter.by in available.of(context.firm.management):
        return (letter.by,)
    return available.of(context.firm.managers) or available.of(context.firm.directors)


def senders_of(tx: Transaction, context: Context, case: Case, letters: Sequence[Letter]) -> tuple[str, ...]:
    """Who is asked to send the one of these that is to be sent."""
    return tuple(user for letter in letters if letter.asked for user in who_sends(tx, context, case, letter))


def who_owes_letter(tx: Transaction, context: Context, decision: Decision | None) -> str | None:
    """Who is to send the customer our letter about this decision; None if they know what holds.

    Whoever objected knows of the decision: they wait for our letter only where their objection changed it.
    """
    case = tx.cases.get(decision.case) if decision and decision.binds and decision.in_force else None
    objection = tx.objections.of_case(case.number) if case else None
    if objection and objection.before is None:
        return None
    letter = letter_to_send(tx, case) if case else None
    return next(iter(who_sends(tx, context, case, letter)), letter.by) if case and letter else None


def plan_letters(tx: Transaction, context: Context, customer: int, now: datetime) -> None:
    """Have somebody asked for each letter to this customer on each business day until it is sent or not true any more.

    Call it whenever a letter is written or sent, and whenever what one says may not hold any more, or again.
    """
    decided = [decision.case for decision in tx.cases.decisions_about(customer)]
    for number in (*decided, *(objection.case for objection in tx.objections.to_warnings(customer))):
        if letter_to_send(tx, tx.cases.get(number)) is None:
            tx.scheduled_tasks.cancel(TaskKind.LETTER, number)
        elif tx.scheduled_tasks.scheduled_at(TaskKind.LETTER, number) is None:
            tx.scheduled_tasks.set(TaskKind.LETTER, number, next_business_day(now, context.policy.hours))
