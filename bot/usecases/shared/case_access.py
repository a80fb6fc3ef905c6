"""What every step of a manager has in common: the right case, in the right state, by somebody entitled to it."""

from datetime import datetime

from bot.rules.case_files import CaseFile
from bot.rules.cases import Case, Outcome
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import AlreadyClosed, AlreadyDecided, Outdated, WrongRung
from bot.usecases.context import Desk
from bot.usecases.permissions.permissions import refuse_unless_entitled, refuse_unless_manager
from bot.usecases.shared.read_models import case_file
from storage.transaction import Transaction


def take_up(
    record: Transaction, desk: Desk, by: Person, number: int, rung: Rung, now: datetime, *, seen: int | None = None
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
    record.customers.lock(record.cases.get(number).customer)
    case = record.cases.get(number)
    refuse_unless_entitled(record, desk, by, case, now)
    refuse_ended(record, case)
    if case.rung is not rung:
        raise WrongRung(number)
    news = () if seen is None else record.reports.news(number, seen)
    if news:
        raise Outdated(number, case.version, news)
    return case


def ended_by(record: Transaction, by: Person, number: int) -> Outcome | None:
    """How this person ended the case, if they did: whoever sends a form twice gets the same answer."""
    record.customers.lock(record.cases.get(number).customer)
    ended_it = record.cases.closing(number)[0] == by.user
    return record.cases.get(number).outcome if ended_it else None


def refuse_ended(record: Transaction, case: Case) -> None:
    """An ended case stays as it is.

    Raises:
        AlreadyDecided, AlreadyClosed: with who ended it, when and how.
    """
    decision = record.cases.decision(case.number)
    if decision:
        raise AlreadyDecided(case.number, decision.by, decision.at, decision.choice)
    if case.closed_at:
        raise AlreadyClosed(case.number, case.outcome or Outcome.WITHDRAWN, case.closed_at)


def look(desk: Desk, by: Person, number: int, rung: Rung) -> CaseFile:
    """What a form about this case shows, if this person may act on it now. Changes nothing; raises as `take_up`."""
    with desk.read(by.team) as record:
        take_up(record, desk, by, number, rung, desk.clock())
        return case_file(record, desk, number)


def read_case(desk: Desk, by: Person, number: int) -> CaseFile:
    """The case with the reports in full, for managers.

    Raises:
        NotEntitled: not a manager.
        Unknown: there is no such case.
    """
    with desk.read(by.team) as record:
        refuse_unless_manager(record, desk, by, desk.clock())
        return case_file(record, desk, number)
