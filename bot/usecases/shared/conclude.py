"""The end of every use case: what follows from an act, carried out here by the table `effects.EFFECTS`.

A use case changes what it is about, then calls `conclude`: the policy is asked, the entry of the audit log written, the
standing updated, the schedule kept, and every message and App Home that shows the customer is refreshed.

What differs is named here. The outcome of a hearing chooses the case's next step from the verdict, before the entry is
written (`next_step`). A merger and its undoing concern two customers, and are concluded for each. An import is a batch:
of a customer that it adds nothing is shown yet, so `import_list` writes that entry itself. Of an export nothing is
shown either: `access` writes its entry. Erasing never asks the policy. A change of the roster has no customer: it only
has each case that waits for somebody checked for who is left. A task that only asks again (a review), takes a button
away (the end of the time to object) or changes a tense (the day on which a drop takes effect) is no act, and refreshes
what it changes itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bot.rules.audit import CLOCK, Act
from bot.rules.cases import Case, Left
from bot.rules.customers import Standing, standing
from bot.rules.decisions import Choice, Decision
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.policy.verdicts import DeliveredWarning, Incident
from bot.rules.refusals import Denial
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from bot.usecases.shared.effects import EFFECTS, AskPolicy
from bot.usecases.shared.protection import follow_policy
from bot.usecases.shared.schedule import schedule_expiry, schedule_who_is_left_about
from bot.usecases.shared.verdicts import Assessment, ask_policy
from storage.transaction import Transaction

NextStep = Callable[[Assessment], Assessment]
"""Carries out what follows from the verdict besides what the policy asks for; what is so then."""

NO_FACTS: Final[Mapping[str, object]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody has done about a customer, and what the audit log says of it. `by`: a user ID, or CLOCK.

    `form`: the key of the form that they sent. `once`: the key by which `is_recorded` finds an act without a form that
    is done once, such as "pack-12-29384910". `case`: the one that they acted on. `report`: the one that the verdict
    follows. `changed`: the reports that count otherwise from now on. `incidents`: all about the customer, where the use
    case knows them.
    """

    act: Act
    by: str
    customer: int
    facts: Mapping[str, object]
    form: str = ""
    once: str = ""
    case: Case | None = None
    report: int | None = None
    changed: tuple[int, ...] = ()
    incidents: tuple[Incident, ...] | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is so after an act that asks the policy. `decision`: the one in force about the customer.

    `n`: of its entry in the customer's audit chain.
    """

    assessment: Assessment
    standing: Standing
    decision: Decision | None
    n: int


def done_in(case: Case, by: Person, act: Act, facts: Mapping[str, object] = NO_FACTS) -> Done:
    """What somebody has done in a case."""
    return Done(act, by.user, case.customer, {"case": case.number, **facts}, by.form, case=case)


def is_recorded(tx: Transaction, by: Person, act: Act, once: str = "") -> bool:
    """Whether this person has sent this form before. From a second window it is another form, and refused.

    Call it with the customer locked. `once`: as in `Done`.
    """
    return tx.audit.recorded(by.user, act, by.form, once) is not None


def conclude(tx: Transaction, context: Context, done: Done, now: datetime) -> None:
    """Carry out what follows from an act, by its row in `EFFECTS`. The customer is locked."""
    effects = EFFECTS[done.act]
    if effects.asks is not AskPolicy.NOT:
        conclude_by_verdict(tx, context, done, now)
        return
    tx.audit.append(done.customer, done.by, done.act, done.facts, now, form=done.form, once=done.once)
    case = done.case or (tx.cases.open_about(done.customer) if effects.shows else None)
    if effects.standing:
        open_case, warnings = tx.cases.open_about(done.customer), tx.warnings.delivered(done.customer)
        _update_standing(tx, done, open_case, warnings, now)
    if effects.shows:
        _show(tx, context, done, case, now)


def conclude_left(
    tx: Transaction, context: Context, case: Case, left: Left, excluded: Mapping[str, Denial], now: datetime
) -> None:
    """By the clock: who is left to act on the case, to answer an objection or to send a letter, and who is not."""
    facts = {"case": case.number, "left": left.value, "excluded": {user: why.value for user, why in excluded.items()}}
    conclude(tx, context, Done(Act.LEFT, CLOCK, case.customer, facts, case=case), now)


def conclude_by_verdict(
    tx: Transaction, context: Context, done: Done, now: datetime, next_step: NextStep = lambda assessment: assessment
) -> Conclusion:
    """As `conclude`, for an act that asks the policy."""
    assessment = next_step(_ask(tx, context, done, now))
    case, history = assessment.case, assessment.history
    if case and case.is_open:
        tx.reports.join_case(case, now - context.policy.points_expire_after)
    changed_in = case or done.case
    if changed_in:
        for number in done.changed:
            tx.reports.mark_changed(number, changed_in)
    protection = follow_policy(tx, context, case, now) if case and case.is_open else None
    set_now = {"protection": protection.value} if protection else {}
    facts = {**_verdict_facts(assessment), **set_now, **done.facts}
    n = tx.audit.append(done.customer, done.by, done.act, facts, now, form=done.form, once=done.once)
    _record_verdict(tx, context, done, assessment, n, now)
    new, decision = _update_standing(tx, done, case, history.warnings, now)
    _show(tx, context, done, case, now)
    return Conclusion(assessment, new, decision, n)


def _ask(tx: Transaction, context: Context, done: Done, now: datetime) -> Assessment:
    effects = EFFECTS[done.act]
    return ask_policy(
        tx, context, done.customer, now, asks=effects.asks, ends_as=effects.ends_as, incidents=done.incidents
    )


def _verdict_facts(assessment: Assessment) -> dict[str, object]:
    return {
        "rung": assessment.verdict.rung.value,
        "points": assessment.verdict.points,
        "policy": assessment.verdict.policy_digest,
        "case": assessment.case.number if assessment.case else None,
    }


def _record_verdict(
    tx: Transaction, context: Context, done: Done, assessment: Assessment, n: int, now: datetime
) -> None:
    """Store the verdict with its reasons, its policy, and what the case is compared by. `n`: of its audit entry."""
    case = assessment.case.number if assessment.case else None
    tx.verdicts.keep_policy(context.policy, now)
    tx.verdicts.add(assessment.verdict, done.customer, n, done.report, case, now)
    if case:
        tx.precedents.save(case, done.customer, assessment.verdict)


def _update_standing(
    tx: Transaction, done: Done, case: Case | None, warnings: tuple[DeliveredWarning, ...], now: datetime
) -> tuple[Standing, Decision | None]:
    """Update the standing from the case, if it is open, the decision in force and the valid warnings."""
    if EFFECTS[done.act].warnings:
        moments = [warning.expires_at for warning in warnings]
        schedule_expiry(tx, TaskKind.WARNING_EXPIRY, done.customer, moments, now)
    decision = tx.cases.in_force(done.customer)
    new = _standing_from(case, decision, warnings, now)
    tx.customers.set_standing(done.customer, new)
    return new, decision


def _standing_from(
    case: Case | None, decision: Decision | None, warnings: tuple[DeliveredWarning, ...], now: datetime
) -> Standing:
    return standing(
        case.rung if case and case.is_open else None,
        dropped=decision is not None and decision.choice is Choice.DROP,
        restricted=decision is not None and bool(decision.conditions),
        warned=any(warning.is_valid_at(now) for warning in warnings),
    )


def _show(tx: Transaction, context: Context, done: Done, case: Case | None, now: datetime) -> None:
    """Refresh all that shows the customer; schedule the check of who is left. The message of a new case is made here.

    Where somebody waits, the messages about the case go first, not those about the customer's other cases.
    """
    urgent, customer = EFFECTS[done.act].urgent, done.customer
    if EFFECTS[done.act].who_is_left:
        schedule_who_is_left_about(tx, customer, now)
    if case:
        target, first = context.firm.management_channel, case.urgent or urgent
        tx.notices.refresh(NoticeKind.CASE, case.number, target, now, customer=customer, urgent=first)
    tx.notices.refresh_about(customer, now, urgent_case=case.number if case and urgent else None)
    tx.homes.refresh((customer,), context.firm.management, now)
