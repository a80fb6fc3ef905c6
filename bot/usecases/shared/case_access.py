"""What every step of a manager has in common: the right case, in the right state, by somebody who may act on it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bot.rules.cases import Case, Outcome
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.records import CHANGE, KEY, RecordKind, RecordName
from bot.rules.refusals import AlreadyClosed, AlreadyDecided, Outdated, WrongRung
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import (
    refuse_unless_decider,
    refuse_unless_without_stake,
    valid_approvals,
)
from storage.transaction import Transaction

File = TypeVar("File")

Check = Callable[[Transaction, Context, Person, int], object]
"""Raises the refusal if this person may not act now on the record of this number."""


def lock_case(tx: Transaction, context: Context, number: int) -> tuple[Case, datetime]:
    """The case, with its customer locked to the end of the transaction, and the time.

    The time is read once, after the lock: the transaction may have waited for another one. Raises Unknown, NotRecorded.
    """
    tx.customers.lock(tx.cases.get(number).customer)
    return tx.cases.get(number), context.clock()


def refuse_unless_at_rung(
    tx: Transaction, context: Context, by: Person, case: Case, rung: Rung, now: datetime, *, seen: int | None = None
) -> None:
    """Raises unless this person may act on the case now, at this rung.

    `seen`: the version of the case that they saw, where their choice rests on it.

    Raises:
        NotEntitled: they may not act on it.
        AlreadyDecided, AlreadyClosed: it has ended.
        WrongRung: the case is at another rung by now.
        Outdated: a report was made, withdrawn or discounted, a drop approved, or a safeguard set, since they saw it.
    """
    refuse_unless_decider(tx, context, by, case, now)
    refuse_ended(tx, case)
    if case.rung is not rung:
        raise WrongRung(case.number)
    refuse_outdated(tx, context, by, case, seen)


def refuse_outdated(tx: Transaction, context: Context, by: Person, case: Case, seen: int | None) -> None:
    """Raises Outdated if a report was made, withdrawn or discounted since this version of the case.

    Also if somebody else approved a drop since, or set a safeguard that is in force. And if this version was another
    one: it recurs where a backup was restored. Then all reports are news. None: their choice does not rest on it.
    """
    if seen is None:
        return
    name = RecordName(RecordKind.CASE, case.number)
    change = tx.record_keys.of([name])[name][KEY:]
    behind, news = context.seen.get(case.number, change), tx.reports.news(case.number, seen)
    if not news and behind[:CHANGE] != change[:CHANGE]:
        news = tx.reports.of_case(case.number)
    guarded = behind[CHANGE:] != change[CHANGE:]
    guards = tx.safeguards.about(case.customer, context.clock()) if guarded else ()
    given = tuple(each for each in valid_approvals(tx, context, case) if each.by != by.user and each.version > seen)
    if news or given or guards:
        raise Outdated(case.number, case.version, news, change, given, safeguards=guards)


def lock_case_at_rung(tx: Transaction, context: Context, by: Person, number: int, rung: Rung) -> tuple[Case, datetime]:
    """As `lock_case`, if this person may act on the case. Raises as `lock_case` and `refuse_unless_at_rung`."""
    case, now = lock_case(tx, context, number)
    refuse_unless_at_rung(tx, context, by, case, rung, now)
    return case, now


def refuse_ended(tx: Transaction, case: Case) -> None:
    """Raises AlreadyDecided or AlreadyClosed if the case has ended."""
    decision = tx.cases.decision(case.number)
    if decision:
        raise AlreadyDecided(case.number, decision.by, decision.at, decision)
    if case.closed_at:
        raise AlreadyClosed(case.number, case.outcome or Outcome.WITHDRAWN, case.closed_at)


def for_form(
    context: Context, by: Person, number: int, check: Check, read: Callable[[Transaction, Context, int], File]
) -> File:
    """What a form shows, if this person may send it now: the one way in which a form opens. Changes nothing.

    `check` is what the use case behind the form checks too, and raises what it raises; `read` reads what is shown.
    """
    with context.read(by.team) as tx:
        check(tx, context, by, number)
        return read(tx, context, number)


def check_reader(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """For views that say who reported what. Raises Unknown; NotEntitled for a stake in anybody reported in it."""
    for customer in customers_shown(tx, number):
        refuse_unless_without_stake(tx, context, by, customer, context.clock(), number)


def customers_shown(tx: Transaction, number: int) -> tuple[int, ...]:
    """Of whom a case in full tells: its customer, and whoever else is reported in it.

    A case that ended while two records were one keeps the reports about both. Raises Unknown.
    """
    customer = tx.cases.get(number).customer
    return tuple(dict.fromkeys((customer, *tx.reports.customers_in(number))))
