"""A decision is up for review: management renews it, or lets it lapse. Whoever may decide the case may do either."""

from dataclasses import replace
from datetime import date, datetime

from bot.language import _
from bot.rules.audit_chain import seal
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case
from bot.rules.date_text import day
from bot.rules.decisions import Decision, Ending, Review, Reviewed, lapses_at, latest_review
from bot.rules.objections import Terms
from bot.rules.people import Person
from bot.rules.refusals import AlreadyReviewed, NotInForce, Wrong
from bot.usecases.context import Desk, new_salt
from bot.usecases.decisions.commands import LetLapse, Renew
from bot.usecases.permissions.permissions import refuse_unless_entitled
from bot.usecases.shared.decisions_in_force import end, plan_review, show_aftermath, take_decision
from bot.usecases.shared.read_models import case_file
from storage.transaction import Transaction

WHY = _("Please say in a sentence why. It goes on record.")


def renew(desk: Desk, command: Renew) -> CaseFile:
    """The decision stays in force until another review date. Sent twice by the same manager, it answers the same.

    The new date lies after the one that is up, and at most the policy's longest time after today: a renewal starts
    that time anew (see `bot.rules.afterwards.latest_review`).

    Raises:
        Wrong: a field cannot stand.
        AlreadyReviewed: somebody else has renewed it, or an appeal moved its review.
        NotInForce: it has ended, or its time was up.
        NothingToReview: the case has no such decision.
        NotEntitled, Unknown, NotRecorded: see `acting.take_up`.
    """
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        case, decision = _allowed(record, desk, command.by, command.case, now)
        if not _done(record, command, Reviewed.RENEWED):
            _refuse_settled(record, desk, decision, command, now)
            _refuse_wrong(desk, command)
            _renew(record, desk, case, decision, command)
        return case_file(record, desk, case.number)


def let_lapse(desk: Desk, command: LetLapse) -> CaseFile:
    """The decision ends now, before its review date. Sent twice by the same manager, it answers the same.

    Raises:
        Wrong: no word why.
        AlreadyReviewed, NotInForce, NothingToReview, NotEntitled, Unknown, NotRecorded: see `renew`.
    """
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        case, decision = _allowed(record, desk, command.by, command.case, now)
        if not _done(record, command, Reviewed.LET_LAPSE):
            _refuse_settled(record, desk, decision, command, now)
            if not command.reason.strip():
                raise Wrong({"reason": WHY})
            _let_lapse(record, desk, case, command)
        return case_file(record, desk, case.number)


def look_at_review(desk: Desk, by: Person, number: int) -> tuple[CaseFile, Decision]:
    """What the forms show, if this person may act on the review now. Changes nothing; raises as `renew`."""
    with desk.read(by.team) as record:
        decision = _allowed(record, desk, by, number, desk.clock())[1]
        _refuse_ended(desk, decision, desk.clock())
        return case_file(record, desk, number), decision


def _allowed(record: Transaction, desk: Desk, by: Person, number: int, now: datetime) -> tuple[Case, Decision]:
    case, decision = take_decision(record, number)
    refuse_unless_entitled(record, desk, by, case, now)
    return case, decision


def _done(record: Transaction, command: Renew | LetLapse, outcome: Reviewed) -> bool:
    until = command.review_on if isinstance(command, Renew) else None
    sent = (command.by.user, command.due_on, outcome, until)
    return any((r.by, r.due_on, r.outcome, r.until) == sent for r in record.reviews.of_case(command.case))


def _refuse_ended(desk: Desk, decision: Decision, now: datetime) -> None:
    """Once its time is up a decision is over, whether the clock has got round to saying so or not."""
    ends = lapses_at(decision, desk.policy)
    if decision.ended_at:
        raise NotInForce(decision.case, decision.ended_how or Ending.LAPSED, decision.ended_at)
    if now >= ends:
        raise NotInForce(decision.case, Ending.LAPSED, ends)


def _refuse_settled(record: Transaction, desk: Desk, decision: Decision, sent: Renew | LetLapse, now: datetime) -> None:
    _refuse_ended(desk, decision, now)
    if decision.review_on != sent.due_on:
        raise AlreadyReviewed(decision.case, *_last_change(record, decision))


def _last_change(record: Transaction, decision: Decision) -> tuple[str, datetime]:
    """Who moved the review date, and when."""
    changes = [(review.at, review.by) for review in record.reviews.of_case(decision.case)]
    appeal = record.appeals.of_case(decision.case)
    if appeal and appeal.answered_at:
        changes.append((appeal.answered_at, appeal.answered_by))
    at, by = max(changes, default=(decision.at, decision.by))
    return by or decision.by, at


def _refuse_wrong(desk: Desk, command: Renew) -> None:
    wrong = {} if command.reason.strip() else {"reason": WHY}
    latest = latest_review(desk.today(), desk.policy)
    if not max(desk.today(), command.due_on) < command.review_on <= latest:
        wrong["review_on"] = _("The next review comes after the one that is up, and by {day} at the latest.").format(
            day=day(latest)
        )
    if wrong:
        raise Wrong(wrong)


def _renew(record: Transaction, desk: Desk, case: Case, decision: Decision, command: Renew) -> None:
    now = desk.clock()
    facts = _note(record, command, Reviewed.RENEWED, now, command.review_on)
    record.audit.append(case.customer, command.by.user, "renew", facts, now)
    renewed = replace(decision, review_on=command.review_on)
    record.cases.hold_to(case.number, Terms.of(renewed))
    plan_review(record, desk, renewed)
    show_aftermath(record, desk, case, now)


def _let_lapse(record: Transaction, desk: Desk, case: Case, command: LetLapse) -> None:
    now = desk.clock()
    facts = _note(record, command, Reviewed.LET_LAPSE, now)
    record.audit.append(case.customer, command.by.user, "let lapse", facts, now)
    end(record, desk, case, Ending.LET_LAPSE, now)


def _note(
    record: Transaction, command: Renew | LetLapse, outcome: Reviewed, now: datetime, until: date | None = None
) -> dict[str, object]:
    """Keep what came of the review; what the audit log keeps of it."""
    salt, reason = new_salt(), command.reason.strip()
    n = len(record.reviews.of_case(command.case))
    record.reviews.add(Review(command.case, n, outcome, command.by.user, now, reason, command.due_on, until), salt)
    return {
        "case": command.case,
        "due_on": command.due_on.isoformat(),
        "until": until.isoformat() if until else None,
        "reason": seal(salt, reason),
    }
