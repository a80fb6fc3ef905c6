"""Reviews of decisions: whoever may decide the case renews the decision, or lets it lapse."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from bot.language import _
from bot.rules.audit import Act, salted_digest
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.cases import Case
from bot.rules.conditions import Details
from bot.rules.decisions import Decision, Ending, Review, Reviewed, lapses_at
from bot.rules.fields import ReviewDay, Words
from bot.rules.objections import Terms
from bot.rules.people import Person
from bot.rules.refusals import AlreadyReviewed, NotInForce
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import refuse_unless_decider
from bot.usecases.shared.conclude import conclude, done_in, is_recorded
from bot.usecases.shared.decisions_in_force import end_decision, lock_decision, schedule_review
from bot.usecases.shared.fields import refuse, refuse_wrong_fields, wrong_answers
from bot.usecases.shared.read_models import case_file, recorded_case
from storage.transaction import Transaction

_ACTS = {Reviewed.RENEWED: Act.RENEW, Reviewed.LET_LAPSE: Act.LET_LAPSE}
TOO_EARLY = _("The next review has to be later than this one. Please pick a later day.")


@dataclass(frozen=True, slots=True)
class Renew:
    """The decision stays in force until another review date. `due_on`: the one that was up for review.

    `details`: what the conditions ask for; what is not said stays as it was.
    """

    by: Person
    case: int
    due_on: date
    reason: Words
    review_on: ReviewDay
    details: Details = ()


@dataclass(frozen=True, slots=True)
class LetLapse:
    """The decision ends now. `due_on`: the review date that was up."""

    by: Person
    case: int
    due_on: date
    reason: Words


def renew(context: Context, command: Renew) -> RecordedCase:
    """The decision stays in force until a review date after the one that is up. Idempotent.

    The new date is limited by `bot.rules.fields.Review`.

    Raises:
        Wrong: a field is invalid.
        AlreadyReviewed: somebody else has renewed it, or the answer to an objection moved its review date.
        NotInForce: it has ended, or its time is over.
        NothingToReview: the case has no decision that holds the customer to anything.
        NotEntitled, Unknown, NotRecorded: see `lock_case`.
    """
    return _review(context, command, Reviewed.RENEWED)


def let_lapse(context: Context, command: LetLapse) -> RecordedCase:
    """The decision ends now, before its review date. Idempotent. Raises as `renew`."""
    return _review(context, command, Reviewed.LET_LAPSE)


def check_review(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `renew` and `let_lapse`, except Wrong and AlreadyReviewed."""
    case, decision = lock_decision(tx, number)
    now = context.clock()
    refuse_unless_decider(tx, context, by, case, now)
    _refuse_ended(context, decision, now)


def decided_case(tx: Transaction, context: Context, number: int) -> tuple[CaseFile, Decision]:
    """The case and its decision. Raises NothingToReview where none holds the customer to anything."""
    return case_file(tx, context, number), lock_decision(tx, number)[1]


def _review(context: Context, command: Renew | LetLapse, outcome: Reviewed) -> RecordedCase:
    besides = partial(_wrong_details, context, command) if isinstance(command, Renew) and command.details else None
    refuse_wrong_fields(context, command, check_review, command.case, _wrong_day(command), besides)
    with context.begin(command.by.team) as tx:
        case, decision = lock_decision(tx, command.case)
        now = context.clock()
        refuse_unless_decider(tx, context, command.by, case, now)
        if not is_recorded(tx, command.by, _ACTS[outcome]):
            earlier = tx.reviews.of_case(case.number)
            review = _made(command, outcome, len(earlier), now)
            _refuse_ended(context, decision, now)
            if decision.review_on != review.due_on:
                raise AlreadyReviewed(case.number, *_last_change(tx, decision, earlier))
            _record(tx, context, case, _with_details(tx, context, decision, command), review, command)
        return recorded_case(tx, context, command.by, case.number)


def _made(command: Renew | LetLapse, outcome: Reviewed, n: int, now: datetime) -> Review:
    until = command.review_on if isinstance(command, Renew) else None
    return Review(command.case, n, outcome, command.by.user, now, command.reason.strip(), command.due_on, until)


def _wrong_details(context: Context, command: Renew, tx: Transaction) -> dict[str, str]:
    decision = lock_decision(tx, command.case)[1]
    return wrong_answers(tx, context, decision.conditions, _details(decision, command))


def _with_details(tx: Transaction, context: Context, decision: Decision, command: Renew | LetLapse) -> Decision:
    """The decision with what its conditions ask for as it is renewed. Raises Wrong."""
    if isinstance(command, LetLapse):
        return decision
    details = _details(decision, command)
    refuse(wrong_answers(tx, context, decision.conditions, details))
    return replace(decision, details=details)


def _details(decision: Decision, command: Renew) -> Details:
    said = {key: value.strip() for key, value in command.details if key in decision.conditions}
    return tuple((dict(decision.details) | said).items())


def _refuse_ended(context: Context, decision: Decision, now: datetime) -> None:
    """Once its time is over a decision has ended, even if the scheduler has not recorded that yet."""
    ends = lapses_at(decision, context.policy)
    if decision.ended_at:
        raise NotInForce(decision.case, decision.ended_how or Ending.LAPSED, decision.ended_at)
    if now >= ends:
        raise NotInForce(decision.case, Ending.LAPSED, ends)


def _last_change(tx: Transaction, decision: Decision, reviews: tuple[Review, ...]) -> tuple[str, datetime]:
    """Who moved the review date last, and when."""
    changes = [(review.at, review.by) for review in reviews]
    objection = tx.objections.of_case(decision.case)
    if objection and objection.answered_at:
        changes.append((objection.answered_at, objection.answered_by))
    at, by = max(changes, default=(decision.at, decision.by))
    return by or decision.by, at


def _wrong_day(command: Renew | LetLapse) -> dict[str, str]:
    return {"review_on": TOO_EARLY} if isinstance(command, Renew) and command.review_on <= command.due_on else {}


def _record(
    tx: Transaction, context: Context, case: Case, decision: Decision, review: Review, command: Renew | LetLapse
) -> None:
    salt = new_salt()
    tx.reviews.add(review, salt)
    if review.until is None:
        end_decision(tx, context, case, Ending.LET_LAPSE, review.at)
    else:
        renewed = replace(decision, review_on=review.until)
        tx.cases.set_terms(case.number, Terms.of(renewed))
        schedule_review(tx, context, renewed)
    facts = {
        "due_on": review.due_on.isoformat(),
        "until": review.until.isoformat() if review.until else None,
        "reason": salted_digest(salt, review.reason),
    }
    conclude(tx, context, done_in(case, command.by, _ACTS[review.outcome], facts), review.at)
