"""Management decides: drop the customer, or keep them."""

from dataclasses import replace
from datetime import date, datetime

from bot.language import _
from bot.rules.business_time import add_months
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case, Outcome
from bot.rules.date_text import day
from bot.rules.decisions import Choice, Decision, appeal_until
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import AlreadyDecided, NotWarned, Wrong
from bot.usecases.context import Desk, new_salt
from bot.usecases.decisions.approvals import decision_facts, enough, wait_for_another
from bot.usecases.decisions.commands import Drop, Keep
from bot.usecases.shared.case_access import take_up
from bot.usecases.shared.decisions_in_force import plan_aftermath
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.stale_messages import show_case
from bot.usecases.shared.verdicts import settle
from storage.transaction import Transaction


def drop(desk: Desk, command: Drop) -> CaseFile:
    """End the relationship with the customer, or wait for another's approval where the policy wants two.

    Sent twice by the same manager, it answers the same.

    Raises:
        Wrong: a field cannot stand.
        NotWarned: no delivered warning counts, and it is not a matter of zero tolerance.
        NotEntitled, AlreadyDecided, AlreadyClosed, WrongRung, Outdated, Unknown, NotRecorded: see `take_up`.
    """
    now = desk.clock()
    _refuse_wrong_drop(desk, command)
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
    return _decide(desk, command, decision)


def keep(desk: Desk, command: Keep) -> CaseFile:
    """Keep the customer, with or without conditions. Sent twice by the same manager, it answers the same.

    Raises:
        Wrong: a field cannot stand.
        NotEntitled, AlreadyDecided, AlreadyClosed, WrongRung, Outdated, Unknown, NotRecorded: see `take_up`.
    """
    wrong = _wrong_rationale(command.rationale) | _wrong_review(desk, command.review_on)
    if set(command.conditions) - set(desk.policy.conditions):
        wrong["conditions"] = _("A condition is no longer in the policy. Please pick again.")
    if wrong:
        raise Wrong(wrong)
    decision = Decision(
        case=command.case,
        choice=Choice.KEEP,
        by=command.by.user,
        at=desk.clock(),
        rationale=command.rationale.strip(),
        review_on=command.review_on,
        conditions=command.conditions,
    )
    return _decide(desk, command, decision)


def _decide(desk: Desk, command: Drop | Keep, decision: Decision) -> CaseFile:
    with desk.begin(command.by.team) as record:
        try:
            case = take_up(record, desk, command.by, command.case, Rung.DECIDE, decision.at, seen=command.version)
        except AlreadyDecided:
            if not _is_theirs(record.cases.decision(command.case), decision):
                raise
            return case_file(record, desk, command.case)
        if decision.choice is Choice.KEEP:
            _note(record, desk, case, decision)
        else:
            _approve(record, desk, case, decision, command.version)
        return case_file(record, desk, command.case)


def _is_theirs(made: Decision | None, sent: Decision) -> bool:
    return made is not None and made.choice is sent.choice and sent.by in (made.by, *made.approved_by)


def _approve(record: Transaction, desk: Desk, case: Case, drop: Decision, seen: int) -> None:
    refuse_unwarned(record, case, drop.at)
    others = enough(record, desk, case, drop)
    if others is None:
        wait_for_another(record, desk, case, drop, seen)
    else:
        _note(record, desk, case, replace(drop, approved_by=others))


def _note(record: Transaction, desk: Desk, case: Case, decision: Decision) -> None:
    salt = new_salt()
    outcome = Outcome.DROPPED if decision.choice is Choice.DROP else Outcome.KEPT
    if decision.binds:
        decision = replace(decision, appeal_until=appeal_until(decision.at, desk.policy))
    record.cases.decide(decision, case.customer, salt)
    record.cases.close(case.number, outcome, decision.at, decision.by, None)
    record.audit.append(case.customer, decision.by, "decide", decision_facts(decision, salt), decision.at)
    plan_aftermath(record, desk, decision)
    settle(record, case.customer, decision.at)
    show_case(record, desk, case, decision.at)
    record.notices.want_reports_about(case.customer, decision.at)


def look_before_drop(desk: Desk, by: Person, number: int) -> CaseFile:
    """What the form of a drop shows. Raises as `drop`, fields aside."""
    now = desk.clock()
    with desk.read(by.team) as record:
        refuse_unwarned(record, take_up(record, desk, by, number, Rung.DECIDE, now), now)
        return case_file(record, desk, number)


def refuse_unwarned(record: Transaction, case: Case, now: datetime) -> None:
    """A drop without a delivered warning is refused except for zero tolerance (product.md). What was reported of that
    kind and then withdrawn or discounted is no reason any more.

    Raises:
        NotWarned: no warning counts, and the policy does not call it urgent.
    """
    warned = any(warning.counts_at(now) for warning in record.warnings.delivered(case.customer))
    if not (warned or record.verdicts.newest(case.customer).urgent):
        raise NotWarned(case.number)


def _refuse_wrong_drop(desk: Desk, command: Drop) -> None:
    wrong = _wrong_rationale(command.rationale) | _wrong_review(desk, command.review_on)
    if command.effective_on < desk.today():
        wrong["effective_on"] = _("This day has passed. Please pick today or a later day.")
    elif command.review_on <= command.effective_on:
        wrong["review_on"] = _("The review comes after the day on which the drop takes effect.")
    if command.reason_class not in desk.policy.reason_classes:
        wrong["reason_class"] = _("This reason is no longer in the policy. Please pick another.")
    if not command.safeguards_considered:
        wrong["safeguards_considered"] = _("Please look at the safeguards first, then confirm here.")
    if not command.letter.strip():
        wrong["letter"] = _("The customer is told in writing. Please keep a letter here.")
    if wrong:
        raise Wrong(wrong)


def _wrong_rationale(rationale: str) -> dict[str, str]:
    return {} if rationale.strip() else {"rationale": _("Please say in a sentence why. It goes on record.")}


def _wrong_review(desk: Desk, review_on: date) -> dict[str, str]:
    today = desk.today()
    longest = add_months(today, desk.policy.longest_months)
    if today < review_on <= longest:
        return {}
    return {"review_on": _("A decision is reviewed after today and by {day} at the latest.").format(day=day(longest))}
