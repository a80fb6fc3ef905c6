"""Management decides to drop a customer, or to keep them."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.language import _
from bot.rules.audit import Act
from bot.rules.business_time import add_months
from bot.rules.case_files import RecordedCase
from bot.rules.cases import Case, Outcome
from bot.rules.decisions import Choice, Decision, appeal_deadline
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import NotWarned, Wrong
from bot.rules.text import day
from bot.usecases.context import Context, new_salt
from bot.usecases.decisions.approvals import decision_facts, other_approvers, record_approval
from bot.usecases.shared.case_access import lock_case, lock_case_at_rung, refuse_unless_at_rung
from bot.usecases.shared.conclude import conclude, done_in, is_recorded
from bot.usecases.shared.decisions_in_force import schedule_after_decision
from bot.usecases.shared.read_models import recorded_case
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Drop:
    """Approve a drop, with all that a drop must say. `version`: of the case as the manager saw it."""

    by: Person
    case: int
    version: int
    rationale: str
    effective_on: date
    review_on: date
    reason_class: str
    safeguards_considered: bool
    letter: str


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep the customer, with or without conditions (keys of the policy). `version`: of the case as it was seen."""

    by: Person
    case: int
    version: int
    rationale: str
    review_on: date
    conditions: tuple[str, ...] = ()


def drop(context: Context, command: Drop) -> RecordedCase:
    """End the relationship with the customer, or wait for another approval where the policy asks for two.

    Idempotent. Raises as `lock_case_at_rung` and `refuse_unwarned`; also Wrong (a field is invalid) and Outdated.
    """
    _refuse_wrong_drop(context, command)
    decision = replace(
        _decision(context, command, Choice.DROP),
        effective_on=command.effective_on,
        reason_class=command.reason_class,
        letter=command.letter.strip(),
    )
    return _decide(context, command, decision)


def keep(context: Context, command: Keep) -> RecordedCase:
    """Keep the customer. Idempotent. Raises as `drop`, except NotWarned."""
    wrong = _wrong_rationale(command.rationale) | _wrong_review(context, command.review_on)
    if set(command.conditions) - set(context.policy.conditions):
        wrong["conditions"] = _("A condition is no longer in the policy. Please pick again.")
    if wrong:
        raise Wrong(wrong)
    decision = replace(_decision(context, command, Choice.KEEP), conditions=command.conditions)
    return _decide(context, command, decision)


def _decision(context: Context, command: Drop | Keep, choice: Choice) -> Decision:
    rationale = command.rationale.strip()
    return Decision(command.case, choice, command.by.user, context.clock(), rationale, command.review_on)


def _decide(context: Context, command: Drop | Keep, sent: Decision) -> RecordedCase:
    with context.begin(command.by.team) as tx:
        case, now = lock_case(tx, context, command.case)
        if not _is_recorded(tx, command.by, case, sent):
            refuse_unless_at_rung(tx, context, command.by, case, Rung.DECIDE, now, seen=command.version)
            decision = replace(sent, at=now)
            if decision.choice is Choice.DROP:
                refuse_unwarned(tx, case, now)
            others = other_approvers(tx, context, case, decision)
            if others is None:
                record_approval(tx, context, case, command.by, decision, command.version)
            else:
                _record(tx, context, case, command.by, replace(decision, approved_by=others))
        return recorded_case(tx, context, command.case)


def _is_recorded(tx: Transaction, by: Person, case: Case, sent: Decision) -> bool:
    """By this form, or from a second window: the same decision, of which this person was a part."""
    if is_recorded(tx, by, Act.DECIDE):
        return True
    made = None if case.is_open else tx.cases.decision(case.number)
    return made is not None and made.choice is sent.choice and by.user in (made.by, *made.approved_by)


def _record(tx: Transaction, context: Context, case: Case, by: Person, decision: Decision) -> None:
    salt = new_salt()
    outcome = Outcome.DROPPED if decision.choice is Choice.DROP else Outcome.KEPT
    if decision.binds:
        decision = replace(decision, appeal_until=appeal_deadline(decision.at, context.policy))
    tx.cases.add_decision(decision, case.customer, salt)
    tx.cases.close(case.number, outcome, decision.at, decision.by, None)
    schedule_after_decision(tx, context, decision)
    conclude(tx, context, done_in(case, by, Act.DECIDE, decision_facts(decision, salt)), decision.at)


def check_drop(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `drop`, except Wrong and Outdated."""
    case, now = lock_case_at_rung(tx, context, by, number, Rung.DECIDE)
    refuse_unwarned(tx, case, now)


def check_keep(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `keep`, except Wrong and Outdated."""
    lock_case_at_rung(tx, context, by, number, Rung.DECIDE)


def refuse_unwarned(tx: Transaction, case: Case, now: datetime) -> None:
    """Only zero tolerance allows a drop without a delivered warning (product.md).

    Reports of zero tolerance that were withdrawn or discounted do not. Raises NotWarned.
    """
    warned = any(warning.is_valid_at(now) for warning in tx.warnings.delivered(case.customer))
    if not (warned or tx.verdicts.newest(case.customer).urgent):
        raise NotWarned(case.number)


def _refuse_wrong_drop(context: Context, command: Drop) -> None:
    wrong = _wrong_rationale(command.rationale) | _wrong_review(context, command.review_on)
    if command.effective_on < context.today():
        wrong["effective_on"] = _("This day has passed. Please pick today or a later day.")
    elif command.review_on <= command.effective_on:
        wrong["review_on"] = _("The review comes after the day on which the drop takes effect.")
    if command.reason_class not in context.policy.reason_classes:
        wrong["reason_class"] = _("This reason is no longer in the policy. Please pick another.")
    if not command.safeguards_considered:
        wrong["safeguards_considered"] = _("Please look at the safeguards first, then confirm here.")
    if not command.letter.strip():
        wrong["letter"] = _("The customer is told in writing. Please keep a letter here.")
    if wrong:
        raise Wrong(wrong)


def _wrong_rationale(rationale: str) -> dict[str, str]:
    return {} if rationale.strip() else {"rationale": _("Please say in a sentence why. It goes on record.")}


def _wrong_review(context: Context, review_on: date) -> dict[str, str]:
    today = context.today()
    longest = add_months(today, context.policy.longest_months)
    if today < review_on <= longest:
        return {}
    return {"review_on": _("A decision is reviewed after today and by {day} at the latest.").format(day=day(longest))}
