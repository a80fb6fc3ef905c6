"""Management decides to drop a customer, or to keep them."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Annotated

from bot.rules.audit import Act
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.cases import Case, Left, Outcome
from bot.rules.conditions import Details, asked_details
from bot.rules.decisions import Choice, Decision, objection_deadline
from bot.rules.fields import (
    FILL_IN,
    REVIEW_TOO_EARLY,
    Conditions,
    Considered,
    DayAhead,
    InPolicy,
    OptionalWords,
    ReviewDay,
    Words,
    is_blank,
)
from bot.rules.objections import Terms
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import NotWarned
from bot.usecases.context import Context, new_salt
from bot.usecases.decisions.approvals import decision_facts, other_approvers, record_approval
from bot.usecases.shared.access import read_in_full
from bot.usecases.shared.case_access import (
    Check,
    lock_case,
    lock_case_at_rung,
    refuse_outdated,
    refuse_unless_at_rung,
)
from bot.usecases.shared.conclude import conclude, done_in, is_recorded
from bot.usecases.shared.decisions_in_force import schedule_after_decision
from bot.usecases.shared.fields import refuse_wrong_fields, wrong_answers
from bot.usecases.shared.letters import Drafted, draft_conditions, draft_drop
from bot.usecases.shared.letters_to_send import plan_letters
from bot.usecases.shared.read_models import case_file, recorded_case
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Drop:
    """Approve a drop, with all that a drop must say. `version`: of the case as the manager saw it."""

    by: Person
    case: int
    version: int
    rationale: Words
    effective_on: DayAhead
    review_on: ReviewDay
    reason_class: Annotated[str, InPolicy(lambda policy: policy.reason_classes)]
    safeguards_considered: Annotated[bool, Considered()]
    letter: Words


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep the customer, with or without conditions (keys of the policy). `version`: of the case as it was seen.

    `letter`: what the customer reads of the conditions; "" where there are none. `details`: what the conditions ask
    for.
    """

    by: Person
    case: int
    version: int
    rationale: Words
    review_on: ReviewDay
    conditions: Conditions = ()
    letter: OptionalWords = ""
    details: Details = ()


def drop(context: Context, command: Drop) -> RecordedCase:
    """End the relationship with the customer, or wait for other approvals where the policy asks for several.

    Idempotent. Raises as `lock_case_at_rung` and `refuse_unwarned`; also Wrong (a field is invalid) and Outdated.
    """
    refuse_wrong_fields(context, command, check_drop, command.case, _wrong_day(command))
    decision = replace(
        _decision(context, command, Choice.DROP),
        effective_on=command.effective_on,
        reason_class=command.reason_class,
        letter=command.letter.strip(),
    )
    return _decide(context, command, decision)


def keep(context: Context, command: Keep) -> RecordedCase:
    """Keep the customer. Idempotent. Raises as `drop`, except NotWarned."""
    letter = command.letter.strip() if command.conditions else None
    blank = {"letter": FILL_IN} if letter is not None and is_blank(letter) else {}
    refuse_wrong_fields(context, command, check_keep, command.case, blank, partial(_wrong_details, context, command))
    decision = replace(
        _decision(context, command, Choice.KEEP),
        conditions=command.conditions,
        details=asked_details(command.conditions, command.details, context.policy),
        letter=letter,
    )
    return _decide(context, command, decision)


def _wrong_details(context: Context, command: Keep, tx: Transaction) -> dict[str, str]:
    """What is wrong with what the conditions ask for."""
    return wrong_answers(tx, context, command.conditions, command.details)


def draft_for_drop(context: Context, command: Drop) -> Drafted[Drop]:
    """The letter of a drop, from the answers given; a blank one is sent with them. Decides nothing. Raises as `drop`.

    Whoever edits it sees what was reported, and that is on record, as for all that shows a case in full.
    """
    unlettered = replace(command, letter=command.rationale)  # nothing can be wrong yet with what is still blank
    refuse_wrong_fields(context, unlettered, check_drop, command.case, _wrong_day(command))
    file = _shown(context, command, check_drop)
    letter = draft_drop(
        context,
        file,
        effective_on=command.effective_on,
        review_on=command.review_on,
        reason_class=command.reason_class,
    )
    return Drafted(file, command, letter)


def keep_or_draft(context: Context, command: Keep) -> RecordedCase | Drafted[Keep]:
    """Keep the customer; with conditions, only the letter is drafted yet. Raises as `keep`; see `draft_for_drop`."""
    if not command.conditions:
        return keep(context, command)
    refuse_wrong_fields(context, command, check_keep, command.case, besides=partial(_wrong_details, context, command))
    file = _shown(context, command, check_keep)
    terms = Terms(Choice.KEEP, command.review_on, None, command.conditions, command.details)
    letter = draft_conditions(context, command.by, file, terms)
    return Drafted(file, command, letter)


def _shown(context: Context, command: Drop | Keep, check: Check) -> CaseFile:
    def check_seen(tx: Transaction, context: Context, by: Person, number: int) -> None:
        check(tx, context, by, number)
        refuse_outdated(tx, context, by, tx.cases.get(number), command.version)

    return read_in_full(context, command.by, command.case, lambda tx: case_file(tx, context, command.case), check_seen)


def _decision(context: Context, command: Drop | Keep, choice: Choice) -> Decision:
    rationale = command.rationale.strip()
    return Decision(command.case, choice, command.by.user, context.clock(), rationale, command.review_on)


def _decide(context: Context, command: Drop | Keep, sent: Decision) -> RecordedCase:
    with context.begin(command.by.team) as tx:
        case, now = lock_case(tx, context, command.case)
        if not is_recorded(tx, command.by, Act.DECIDE):
            refuse_unless_at_rung(tx, context, command.by, case, Rung.DECIDE, now, seen=command.version)
            decision = replace(sent, at=now)
            if decision.choice is Choice.DROP:
                refuse_unwarned(tx, context, case, now)
            others = other_approvers(tx, context, case, decision)
            if others is None:
                record_approval(tx, context, case, command.by, decision)
            else:
                _record(tx, context, case, command.by, replace(decision, approved_by=others))
        return recorded_case(tx, context, command.by, command.case)


def _record(tx: Transaction, context: Context, case: Case, by: Person, decision: Decision) -> None:
    salt = new_salt()
    outcome = Outcome.DROPPED if decision.choice is Choice.DROP else Outcome.KEPT
    if decision.binds:
        decision = replace(decision, objection_until=objection_deadline(decision.at, context.policy))
    tx.cases.add_decision(decision, case.customer, salt)
    tx.cases.close(case.number, outcome, decision.at, decision.by, None)
    if case.left is Left.NOBODY:  # one may keep a customer where too few are left to drop them
        tx.cases.set_left(case.number, Left.MANAGERS)
    plan_letters(tx, context, case.customer, decision.at)
    schedule_after_decision(tx, context, decision)
    conclude(tx, context, done_in(case, by, Act.DECIDE, decision_facts(decision, salt)), decision.at)


def check_drop(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `drop`, except Wrong and Outdated."""
    case, now = lock_case_at_rung(tx, context, by, number, Rung.DECIDE)
    refuse_unwarned(tx, context, case, now)


def check_keep(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `keep`, except Wrong and Outdated."""
    lock_case_at_rung(tx, context, by, number, Rung.DECIDE)


def refuse_unwarned(tx: Transaction, context: Context, case: Case, now: datetime) -> None:
    """Only zero tolerance allows a drop without as many delivered warnings as the policy asks for.

    Reports of zero tolerance that were withdrawn or discounted do not. Raises NotWarned.
    """
    asked = context.policy.warnings_before_decision
    warned = sum(warning.is_valid_at(now) for warning in tx.warnings.delivered(case.customer))
    if warned < asked and not tx.verdicts.newest(case.customer).urgent:
        raise NotWarned(case.number, asked, context.policy.zero_tolerance())


def _wrong_day(command: Drop) -> dict[str, str]:
    return {"review_on": REVIEW_TOO_EARLY} if command.review_on <= command.effective_on else {}
