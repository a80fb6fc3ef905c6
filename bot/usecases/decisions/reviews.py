"""A decision is up for review: management renews it, or lets it lapse. Whoever may decide the case may do either."""

from dataclasses import replace
from datetime import date, datetime

from bot.language import _
from bot.rules.audit_acts import Act
from bot.rules.audit_chain import seal
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case
from bot.rules.date_text import day
from bot.rules.decisions import Decision, Ending, Review, Reviewed, lapses_at, latest_review
from bot.rules.objections import Terms
from bot.rules.people import Person
from bot.rules.refusals import AlreadyReviewed, NotInForce, Wrong
from bot.usecases.context import Context, new_salt
from bot.usecases.decisions.commands import LetLapse, Renew
from bot.usecases.permissions.permissions import refuse_unless_entitled
from bot.usecases.shared.decisions_in_force import end, plan_review, show_aftermath, take_decision
from bot.usecases.shared.read_models import case_file
from storage.transaction import Transaction

WHY = _("Please say in a sentence why. It goes on record.")


def renew(context: Context, command: Renew) -> CaseFile:
    """The decision stays in force until another review date. Sent twice by the same manager, it answers the same.

    The new date lies after the one that is up, and at most the policy's longest time after today: a renewal starts
    that time anew (see `bot.rules.afterwards.latest_review`).

    Raises:
        Wrong: a field cannot stand.
        AlreadyReviewed: somebody else has renewed it, or an appeal moved its review.
        NotInForce: it has ended, or its time was up.
        NothingToReview: the case has no such decision.
        NotEntitled, Unknown, NotRecorded: see `acting.lock_case`.
    """
    now = context.clock()
    with context.begin(command.by.team) as tx:
        case, decision = _allowed(tx, context, command.by, command.case, now)
        if not _done(tx, command, Reviewed.RENEWED):
            _refuse_settled(tx, context, decision, command, now)
            _refuse_wrong(context, command)
            _renew(tx, context, case, decision, command)
        return case_file(tx, context, case.number)


def let_lapse(context: Context, command: LetLapse) -> CaseFile:
    """The decision ends now, before its review date. Sent twice by the same manager, it answers the same.

    Raises:
        Wrong: no word why.
        AlreadyReviewed, NotInForce, NothingToReview, NotEntitled, Unknown, NotRecorded: see `renew`.
    """
    now = context.clock()
    with context.begin(command.by.team) as tx:
        case, decision = _allowed(tx, context, command.by, command.case, now)
        if not _done(tx, command, Reviewed.LET_LAPSE):
            _refuse_settled(tx, context, decision, command, now)
            if not command.reason.strip():
                raise Wrong({"reason": WHY})
            _let_lapse(tx, context, case, command)
        return case_file(tx, context, case.number)


def check_review(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> None:
    """Raises what `renew` and `let_lapse` raise, their fields aside."""
    _refuse_ended(context, _allowed(tx, context, by, number, now)[1], now)


def decided_case(tx: Transaction, context: Context, number: int) -> tuple[CaseFile, Decision]:
    """The case, and its decision that binds the customer. Raises NothingToReview where there is none."""
    return case_file(tx, context, number), take_decision(tx, number)[1]


def _allowed(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> tuple[Case, Decision]:
    case, decision = take_decision(tx, number)
    refuse_unless_entitled(tx, context, by, case, now)
    return case, decision


def _done(tx: Transaction, command: Renew | LetLapse, outcome: Reviewed) -> bool:
    until = command.review_on if isinstance(command, Renew) else None
    sent = (command.by.user, command.due_on, outcome, until)
    return any((r.by, r.due_on, r.outcome, r.until) == sent for r in tx.reviews.of_case(command.case))


def _refuse_ended(context: Context, decision: Decision, now: datetime) -> None:
    """Once its time is up a decision is over, whether the clock has got round to saying so or not."""
    ends = lapses_at(decision, context.policy)
    if decision.ended_at:
        raise NotInForce(decision.case, decision.ended_how or Ending.LAPSED, decision.ended_at)
    if now >= ends:
        raise NotInForce(decision.case, Ending.LAPSED, ends)


def _refuse_settled(
    tx: Transaction, context: Context, decision: Decision, sent: Renew | LetLapse, now: datetime
) -> None:
    _refuse_ended(context, decision, now)
    if decision.review_on != sent.due_on:
        raise AlreadyReviewed(decision.case, *_last_change(tx, decision))


def _last_change(tx: Transaction, decision: Decision) -> tuple[str, datetime]:
    """Who moved the review date, and when."""
    changes = [(review.at, review.by) for review in tx.reviews.of_case(decision.case)]
    appeal = tx.appeals.of_case(decision.case)
    if appeal and appeal.answered_at:
        changes.append((appeal.answered_at, appeal.answered_by))
    at, by = max(changes, default=(decision.at, decision.by))
    return by or decision.by, at


def _refuse_wrong(context: Context, command: Renew) -> None:
    wrong = {} if command.reason.strip() else {"reason": WHY}
    latest = latest_review(context.today(), context.policy)
    if not max(context.today(), command.due_on) < command.review_on <= latest:
        wrong["review_on"] = _("The next review comes after the one that is up, and by {day} at the latest.").format(
            day=day(latest)
        )
    if wrong:
        raise Wrong(wrong)


def _renew(tx: Transaction, context: Context, case: Case, decision: Decision, command: Renew) -> None:
    now = context.clock()
    facts = _note(tx, command, Reviewed.RENEWED, now, command.review_on)
    tx.audit.append(case.customer, command.by.user, Act.RENEW, facts, now)
    renewed = replace(decision, review_on=command.review_on)
    tx.cases.hold_to(case.number, Terms.of(renewed))
    plan_review(tx, context, renewed)
    show_aftermath(tx, context, case, now)


def _let_lapse(tx: Transaction, context: Context, case: Case, command: LetLapse) -> None:
    now = context.clock()
    facts = _note(tx, command, Reviewed.LET_LAPSE, now)
    tx.audit.append(case.customer, command.by.user, Act.LET_LAPSE, facts, now)
    end(tx, context, case, Ending.LET_LAPSE, now)


def _note(
    tx: Transaction, command: Renew | LetLapse, outcome: Reviewed, now: datetime, until: date | None = None
) -> dict[str, object]:
    """Keep what came of the review; what the audit log keeps of it."""
    salt, reason = new_salt(), command.reason.strip()
    n = len(tx.reviews.of_case(command.case))
    tx.reviews.add(Review(command.case, n, outcome, command.by.user, now, reason, command.due_on, until), salt)
    return {
        "case": command.case,
        "due_on": command.due_on.isoformat(),
        "until": until.isoformat() if until else None,
        "reason": seal(salt, reason),
    }
