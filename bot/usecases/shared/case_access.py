"""What every step of a manager has in common: the right case, in the right state, by somebody entitled to it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bot.rules.cases import Case, Outcome
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import AlreadyClosed, AlreadyDecided, Outdated, WrongRung
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import refuse_unless_entitled, refuse_unless_manager
from storage.transaction import Transaction

File = TypeVar("File")

Check = Callable[[Transaction, Context, Person, int, datetime], object]
"""Whether somebody may do something now about the record of this number: raises the refusal where they may not."""


def lock_case(
    tx: Transaction, context: Context, by: Person, number: int, rung: Rung, now: datetime, *, seen: int | None = None
) -> Case:
    """The case, locked to the end of the transaction, if this person may act on it at this rung now.

    `seen`: the version on which what they chose rests, where it rests on one.

    Raises:
        Unknown: there is no such case.
        NotEntitled: they may not act on it.
        AlreadyDecided, AlreadyClosed: it has ended.
        WrongRung: something else is asked of management by now.
        Outdated: a report came, or was withdrawn or discounted, since the version that they saw.
    """
    tx.customers.lock(tx.cases.get(number).customer)
    case = tx.cases.get(number)
    refuse_unless_entitled(tx, context, by, case, now)
    refuse_ended(tx, case)
    if case.rung is not rung:
        raise WrongRung(number)
    news = () if seen is None else tx.reports.news(number, seen)
    if news:
        raise Outdated(number, case.version, news)
    return case


def ended_by(tx: Transaction, by: Person, number: int) -> Outcome | None:
    """How this person ended the case, if they did: whoever sends a form twice gets the same answer."""
    tx.customers.lock(tx.cases.get(number).customer)
    ended_it = tx.cases.closing(number)[0] == by.user
    return tx.cases.get(number).outcome if ended_it else None


def refuse_ended(tx: Transaction, case: Case) -> None:
    """An ended case stays as it is.

    Raises:
        AlreadyDecided, AlreadyClosed: with who ended it, when and how.
    """
    decision = tx.cases.decision(case.number)
    if decision:
        raise AlreadyDecided(case.number, decision.by, decision.at, decision.choice)
    if case.closed_at:
        raise AlreadyClosed(case.number, case.outcome or Outcome.WITHDRAWN, case.closed_at)


def for_form(
    context: Context, by: Person, number: int, check: Check, read: Callable[[Transaction, Context, int], File]
) -> File:
    """What a form shows, if this person may send it now. Changes nothing; raises what `check` raises.

    `check` is what the use case behind the form asks as well; `read` gathers what is shown.
    """
    with context.read(by.team) as tx:
        check(tx, context, by, number, context.clock())
        return read(tx, context, number)


def check_manager(tx: Transaction, context: Context, by: Person, _: int, now: datetime) -> None:
    """Managers and directors read every case. Raises NotEntitled."""
    refuse_unless_manager(tx, context, by, now)
