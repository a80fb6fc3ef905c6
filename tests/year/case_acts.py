"""What managers may do about open cases: what the rung offers, and now and then something else."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from bot.rules.hearings import Finding
from bot.rules.policy.verdicts import Rung
from bot.rules.warnings import Delivery
from bot.usecases.cases.protection import LiftProtection, SetProtection, lift_protection, set_protection
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.context import Context
from bot.usecases.customers.safeguards import LiftSafeguard, SetSafeguard, lift_safeguard, set_safeguard
from bot.usecases.decisions.approvals import TakeApprovalBack, take_approval_back
from bot.usecases.decisions.decide import Drop, Keep, drop, keep
from bot.usecases.hearings.hear import HearBothSides, TakeHearing, TakeOver, hear_both_sides, take_hearing, take_over
from bot.usecases.hearings.outcome import RecordOutcome, record_outcome
from bot.usecases.warnings.warn import IssueWarning, MarkDelivered, NotNow, issue_warning, mark_delivered, not_now
from storage.tables.cases import hearing, matter, warning
from storage.tables.customers import safeguard
from storage.tables.reports import report
from tests.builders import someone
from tests.year.chance import DETAILS, MANAGERS, Chance
from tests.year.facts import Facts, Row

Acts = Iterator[tuple[float, Callable[..., object], object]]


def about_cases(context: Context, known: Facts, chance: Chance) -> Acts:
    for case in known.open_cases():
        rung = case.rung if chance.now_and_then(0.95) else chance.one_of([*Rung])
        yield from _BY_RUNG[rung](context, known, chance, case)
        yield 0.15, recuse, Recuse(chance.manager(), case.number, chance.words(310))
        yield from _safeguards(context, known, chance, case)
        yield 0.15, set_protection, SetProtection(chance.manager(), case.number, _seen(chance, case), chance.words())
        yield 0.15, lift_protection, LiftProtection(chance.manager(), case.number, _seen(chance, case), chance.words())
    ended = known.of(matter, lambda row: row.closed_at)
    if ended:
        case = chance.one_of(ended)
        yield from ((0.1, verb, command) for _, verb, command in _BY_RUNG[case.rung](context, known, chance, case))


def _warn(context: Context, known: Facts, chance: Chance, case: Row) -> Acts:
    issued = known.of(warning, lambda row: row.case == case.number)
    yield (
        0.5 if issued else 2,
        issue_warning,
        IssueWarning(chance.manager(), case.number, chance.words(), _seen(chance, case)),
    )
    at = context.clock() - timedelta(minutes=chance.one_of((0, 1, 90)))
    how = chance.one_of([*Delivery])
    yield 3 if issued else 0.1, mark_delivered, MarkDelivered(chance.manager(), case.number, how, at)
    yield 0.3, not_now, NotNow(chance.manager(), case.number, _seen(chance, case), chance.words())


def _hear(context: Context, known: Facts, chance: Chance, case: Row) -> Acts:
    del context
    under_way = known.of(hearing, lambda row: row.case == case.number and row.ended_at is None)
    yield 0.2 if under_way else 2, take_hearing, TakeHearing(chance.manager(), case.number)
    seen = under_way[0].number if under_way else 0  # as the form says it
    yield 0.3, take_over, TakeOver(chance.manager(), case.number, chance.words(), seen)
    by = someone(under_way[0].taken_by) if under_way and chance.now_and_then(0.9) else chance.manager()
    finding = chance.one_of((Finding.UPHELD, Finding.MISUNDERSTANDING))
    reports = [row.number for row in known.of(report, lambda row: row.case == case.number)]
    ticked = chance.random.sample(reports, chance.random.randint(0, len(reports)))
    discounted = tuple(ticked) if finding is Finding.MISUNDERSTANDING else ()
    sides = chance.words(), chance.words()
    outcome = RecordOutcome(by, case.number, finding, *sides, discounted, chance.words(), _seen(chance, case))
    yield 3 if under_way else 0.1, record_outcome, outcome


def _decide(context: Context, known: Facts, chance: Chance, case: Row) -> Acts:
    del known
    yield 1.5, drop, a_drop(context, chance, case)
    conditions = tuple(chance.random.sample([*context.policy.conditions], chance.one_of((0, 1, 2))))
    kept = Keep(
        chance.manager(),
        case.number,
        _seen(chance, case),
        chance.words(),
        chance.review_day(context),
        conditions,
        chance.words(),
        DETAILS,
    )
    yield 1, keep, kept
    taker = chance.one_of(MANAGERS)
    yield 0.5, hear_both_sides, HearBothSides(chance.manager(), case.number, taker, chance.words())
    yield 0.2, take_approval_back, TakeApprovalBack(chance.manager(), case.number)


def a_drop(context: Context, chance: Chance, case: Row) -> Drop:
    return Drop(
        by=chance.manager(),
        case=case.number,
        version=_seen(chance, case),
        rationale=chance.words(),
        effective_on=chance.day(context, 0, 8),
        review_on=chance.review_day(context),
        reason_class=chance.one_of([*context.policy.reason_classes]),
        safeguards_considered=chance.now_and_then(0.95),
        letter=chance.words(),
    )


def _safeguards(context: Context, known: Facts, chance: Chance, case: Row) -> Acts:
    kind = chance.one_of([*context.policy.safeguards])
    until = chance.day(context, 0, 60) if chance.now_and_then(0.7) else None
    yield 0.15, set_safeguard, SetSafeguard(chance.manager(), case.number, kind, chance.words(), until)
    for kept in known.of(safeguard, lambda row: row.removed_at is None):
        yield 0.1, lift_safeguard, LiftSafeguard(chance.manager(), case.number, kept.number, chance.words())


def _nothing(context: Context, known: Facts, chance: Chance, case: Row) -> Acts:
    del context, known
    yield 0.1, take_approval_back, TakeApprovalBack(chance.manager(), case.number)


def _seen(chance: Chance, case: Row) -> int:
    """The version that the manager saw: mostly the newest."""
    return case.version - (chance.random.randint(0, 3) if chance.now_and_then(0.15) else 0)


_BY_RUNG: dict[str, Callable[[Context, Facts, Chance, Row], Acts]] = {
    Rung.RECORD: _nothing,
    Rung.WARN: _warn,
    Rung.HEAR: _hear,
    Rung.DECIDE: _decide,
}
