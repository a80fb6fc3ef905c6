"""What people may do next in the present state, each act with its weight in the random choice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from bot.rules.people import Person
from bot.rules.policy.verdicts import Severity
from bot.rules.reports import CheckInAnswer, Evidence, NewReport, PickedCustomer, Place, TypedCustomer
from bot.usecases.context import Context
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.home.home import open_home
from bot.usecases.reports.check_ins import AnswerCheckIn, answer_check_in
from bot.usecases.reports.report import report
from bot.usecases.reports.withdraw import Withdraw, withdraw
from storage.tables import reports as tables_reports
from storage.tables.customers import customer, merger
from tests.year.after_acts import about_decisions
from tests.year.case_acts import about_cases
from tests.year.chance import MANAGERS, Chance
from tests.year.facts import Facts

NAMES = ("Zenith Corp", "Zenith Corporation", "Borealis", "Kronos", "O'Hara & <Sons>", "N" * 140)


@dataclass(frozen=True)
class Act:
    """An act of a person. `once`: repeating it immediately changes nothing."""

    name: str
    weight: float
    do: Callable[[], object]
    once: bool = True


def next_act(context: Context, known: Facts, chance: Chance) -> Act:
    acts = [
        Act(name, weight, partial(verb, context, command))
        for source in (about_reports, about_customers, about_cases, about_decisions)
        for weight, verb, command in source(context, known, chance)
        if (name := f"{command}"[:400])
    ]
    by = chance.manager()
    acts.append(Act(f"open home {by.user}", 0.5, partial(open_home, context, by), once=False))
    return chance.random.choices(acts, [act.weight for act in acts])[0]


def about_reports(
    context: Context, known: Facts, chance: Chance
) -> Iterator[tuple[float, Callable[..., object], object]]:
    yield 4, report, _report(context, known, chance)
    reports = known.of(tables_reports.report)
    if reports:
        row = chance.one_of(reports[-6:])
        yield 0.7, withdraw, Withdraw(chance.rep() if chance.now_and_then(0.2) else _by(chance, row), row.number)
        round_ = chance.one_of((1, 2))
        answer = chance.one_of(
            (CheckInAnswer.FINE, CheckInAnswer.FINE, CheckInAnswer.TALK, CheckInAnswer.TALK, CheckInAnswer.DECLINED)
        )
        yield 0.5, answer_check_in, AnswerCheckIn(_by(chance, row), row.number, round_, answer)


def about_customers(
    context: Context, known: Facts, chance: Chance
) -> Iterator[tuple[float, Callable[..., object], object]]:
    del context
    customers = known.of(customer)
    if not customers:
        return
    one, other = chance.one_of(customers), chance.one_of(customers)
    owner = chance.one_of((None, None, None, *MANAGERS))
    worth = chance.one_of(("", "£18,000 a year", "&" * 140))
    name = one.name if chance.now_and_then(0.8) else chance.one_of(NAMES) + "."
    yield 0.4, edit_customer, EditCustomer(chance.manager(), one.number, name, owner, worth, "")
    yield 0.25, merge, Merge(chance.manager(), one.number, other.number)
    mergers = known.of(merger)
    if mergers:
        yield 0.3, undo_merge, UndoMerge(chance.manager(), chance.one_of(mergers).number)


def _by(chance: Chance, row: Any) -> Person:  # noqa: ANN401 - a row, by the names of its columns
    by = chance.rep()
    return type(by)(by.team, row.reporter, by.team)


def _report(context: Context, known: Facts, chance: Chance) -> NewReport:
    customers = known.of(customer)
    if customers and chance.now_and_then(0.8):
        whom: PickedCustomer | TypedCustomer = PickedCustomer(chance.one_of(customers[:3]).number)
    else:
        whom = TypedCustomer(chance.one_of(NAMES), new=chance.now_and_then(0.7))
    category = "other" if chance.now_and_then(0.02) else chance.one_of([*context.policy.categories])
    if context.policy.category(category).zero_tolerance and chance.now_and_then(0.6):
        category = "verbal_abuse"
    ago = timedelta(days=chance.random.randint(1, 200)) if chance.now_and_then(0.1) else timedelta(minutes=9)
    link = Evidence("link", "https://example.com/<&>", chance.words(150))
    return NewReport(
        by=chance.rep(),
        customer=whom,
        category=category,
        severity=chance.one_of([*Severity]),
        place=chance.one_of([*Place]),
        happened_at=context.clock() - ago,
        narrative=chance.words(),
        evidence=(link,) * chance.one_of((0, 0, 1, 9)),
        doubted=chance.now_and_then(0.15),
        wants_support=chance.now_and_then(0.15),
    )
