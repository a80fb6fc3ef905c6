"""Management decides: drop the customer, or keep them."""

from dataclasses import replace
from datetime import date, datetime

from bot.language import _
from bot.rules.audit_acts import Act
from bot.rules.business_time import add_months
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case, Outcome
from bot.rules.date_text import day
from bot.rules.decisions import Choice, Decision, appeal_until
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import AlreadyDecided, NotWarned, Wrong
from bot.usecases.context import Context, new_salt
from bot.usecases.decisions.approvals import decision_facts, enough, wait_for_another
from bot.usecases.decisions.commands import Drop, Keep
from bot.usecases.shared.case_access import lock_case
from bot.usecases.shared.decisions_in_force import plan_aftermath
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.stale_messages import show_case
from bot.usecases.shared.verdicts import settle
from storage.transaction import Transaction


def drop(context: Context, command: Drop) -> CaseFile:
    """End the relationship with the customer, or wait for another's approval where the policy wants two.

    Sent twice by the same manager, it answers the same.

    Raises:
        Wrong: a field cannot stand.
        NotWarned: no delivered warning counts, and it is not a matter of zero tolerance.
        NotEntitled, AlreadyDecided, AlreadyClosed, WrongRung, Outdated, Unknown, NotRecorded: see `lock_case`.
    """
    now = context.clock()
    _refuse_wrong_drop(context, command)
    decision = Decision(
        case=command.case,
        choice=Choice.DROP,
        by=command.by.user,
        at=now,
        rationale=command.rationale.strip(),
        review_on=command.review_on,
        effective_on=command.effective_on,
        reason_class=command.reason_class,
        letter=command.letter.strip(),
    )
    return _decide(context, command, decision)


def keep(context: Context, command: Keep) -> CaseFile:
    """Keep the customer, with or without conditions. Sent twice by the same manager, it answers the same.

    Raises:
        Wrong: a field cannot stand.
        NotEntitled, AlreadyDecided, AlreadyClosed, WrongRung, Outdated, Unknown, NotRecorded: see `lock_case`.
    """
    wrong = _wrong_rationale(command.rationale) | _wrong_review(context, command.review_on)
    if set(command.conditions) - set(context.policy.conditions):
        wrong["conditions"] = _("A condition is no longer in the policy. Please pick again.")
    if wrong:
        raise Wrong(wrong)
    decision = Decision(
        case=command.case,
        choice=Choice.KEEP,
        by=command.by.user,
        at=context.clock(),
        rationale=command.rationale.strip(),
        review_on=command.review_on,
        conditions=command.conditions,
    )
    return _decide(context, command, decision)


def _decide(context: Context, command: Drop | Keep, decision: Decision) -> CaseFile:
    with context.begin(command.by.team) as tx:
        try:
            case = lock_case(tx, context, command.by, command.case, Rung.DECIDE, decision.at, seen=command.version)
        except AlreadyDecided:
            if not _is_theirs(tx.cases.decision(command.case), decision):
                raise
            return case_file(tx, context, command.case)
        if decision.choice is Choice.KEEP:
            _note(tx, context, case, decision)
        else:
            _approve(tx, context, case, decision, command.version)
        return case_file(tx, context, command.case)


def _is_theirs(made: Decision | None, sent: Decision) -> bool:
    return made is not None and made.choice is sent.choice and sent.by in (made.by, *made.approved_by)


def _approve(tx: Transaction, context: Context, case: Case, drop: Decision, seen: int) -> None:
    refuse_unwarned(tx, case, drop.at)
    others = enough(tx, context, case, drop)
    if others is None:
        wait_for_another(tx, context, case, drop, seen)
    else:
        _note(tx, context, case, replace(drop, approved_by=others))


def _note(tx: Transaction, context: Context, case: Case, decision: Decision) -> None:
    salt = new_salt()
    outcome = Outcome.DROPPED if decision.choice is Choice.DROP else Outcome.KEPT
    if decision.binds:
        decision = replace(decision, appeal_until=appeal_until(decision.at, context.policy))
    tx.cases.decide(decision, case.customer, salt)
    tx.cases.close(case.number, outcome, decision.at, decision.by, None)
    tx.audit.append(case.customer, decision.by, Act.DECIDE, decision_facts(decision, salt), decision.at)
    plan_aftermath(tx, context, decision)
    settle(tx, case.customer, decision.at)
    show_case(tx, context, case, decision.at)
    tx.notices.want_reports_about(case.customer, decision.at)


def check_drop(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> None:
    """Raises what `drop` raises, its fields aside."""
    refuse_unwarned(tx, lock_case(tx, context, by, number, Rung.DECIDE, now), now)


def check_keep(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> None:
    """Raises what `keep` raises, its fields aside."""
    lock_case(tx, context, by, number, Rung.DECIDE, now)


def refuse_unwarned(tx: Transaction, case: Case, now: datetime) -> None:
    """A drop without a delivered warning is refused except for zero tolerance (product.md). What was reported of that
    kind and then withdrawn or discounted is no reason any more.

    Raises:
        NotWarned: no warning counts, and the policy does not call it urgent.
    """
    warned = any(warning.counts_at(now) for warning in tx.warnings.delivered(case.customer))
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
