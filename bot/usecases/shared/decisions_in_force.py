"""What follows from a decision by itself: it comes up for review, lapses unless renewed, and is looked back at."""

from dataclasses import replace
from datetime import datetime

from bot.rules.cases import Case
from bot.rules.decisions import Choice, Decision, Ending, Review, Reviewed, follow_up_at, lapses_at, review_opens_at
from bot.rules.objections import Answer
from bot.rules.refusals import NothingToReview
from bot.usecases.context import Desk, new_salt
from bot.usecases.shared.schedule import CLOCK
from bot.usecases.shared.stale_messages import show_case, show_homes
from bot.usecases.shared.verdicts import settle
from storage.transaction import Transaction

REVIEW = "review"
APPEAL = "appeal"
FOLLOW_UP = "followup"


def plan_aftermath(record: Transaction, desk: Desk, decision: Decision) -> None:
    """What comes of a decision that holds the customer to something."""
    if not decision.binds:
        return
    plan_review(record, desk, decision)
    if decision.appeal_until:
        record.steps.set(APPEAL, decision.case, decision.appeal_until)
    if decision.choice is Choice.DROP:
        record.steps.set(FOLLOW_UP, decision.case, follow_up_at(decision, desk.policy))


def plan_review(record: Transaction, desk: Desk, decision: Decision) -> None:
    """When managers are asked to renew it. To be called whenever its review date moves."""
    record.steps.set(REVIEW, decision.case, review_opens_at(decision, running_since(record, decision), desk.policy))


def running_since(record: Transaction, decision: Decision) -> datetime:
    """When it was made or last renewed."""
    renewed = [review.at for review in record.reviews.of_case(decision.case) if review.outcome is Reviewed.RENEWED]
    return max(renewed, default=decision.at)


def take_decision(record: Transaction, number: int) -> tuple[Case, Decision]:
    """A case and its decision, locked to the end of the transaction.

    Raises:
        Unknown: there is no such case.
        NothingToReview: nothing was decided that holds the customer to anything.
    """
    record.customers.lock(record.cases.get(number).customer)
    decision = record.cases.decision(number)
    if decision is None or not decision.binds:
        raise NothingToReview(number)
    return record.cases.get(number), decision


def review_due(record: Transaction, desk: Desk, number: int) -> None:
    """Managers are asked to renew the decision; at the end of its review date's business it lapses.

    A decision that a newer one about the customer has replaced is not put up for renewal: it only lapses.
    """
    case, decision = take_decision(record, number)
    now, ends = desk.clock(), lapses_at(decision, desk.policy)
    if not decision.in_force:
        return
    if now >= ends:
        _lapse(record, desk, case, decision, now)
    elif now < review_opens_at(decision, running_since(record, decision), desk.policy):
        plan_review(record, desk, decision)
    else:
        if not _is_replaced(record, decision, case.customer):
            _ask_to_renew(record, desk, number, now)
            show_homes(record, desk, (case.customer,), now)
        record.steps.set(REVIEW, number, ends)


def end(record: Transaction, desk: Desk, case: Case, how: Ending, now: datetime) -> None:
    """The decision is in force no more: the standing follows, and an appeal that nobody has answered is moot.

    What it was drawn from stays on record. A decision that this one had replaced comes up for review again.
    """
    record.cases.end(case.number, how, now)
    record.steps.cancel(REVIEW, case.number)
    appeal = record.appeals.of_case(case.number)
    if appeal and appeal.is_open:
        record.appeals.settle(replace(appeal, answer=Answer.MOOT, answered_at=now))
        record.steps.cancel(APPEAL, case.number)
    earlier = record.cases.in_force(case.customer)
    if earlier and earlier.binds:
        plan_review(record, desk, earlier)
    settle(record, case.customer, now)
    show_aftermath(record, desk, case, now)


def show_aftermath(record: Transaction, desk: Desk, case: Case, now: datetime) -> None:
    """Every message that says what was decided is to say how it stands now, those of later reports included."""
    record.cases.touch(case.number)
    show_case(record, desk, case, now)
    record.notices.want_reports_about(case.customer, now)
    for kind in (REVIEW, APPEAL, FOLLOW_UP):
        record.notices.want_again(kind, case.number, now)
    current = record.cases.open_about(case.customer)
    if current:
        record.cases.touch(current.number)
        show_case(record, desk, current, now)


def _lapse(record: Transaction, desk: Desk, case: Case, decision: Decision, now: datetime) -> None:
    if not _is_replaced(record, decision, case.customer):
        _ask_to_renew(record, desk, case.number, now)
    done = len(record.reviews.of_case(case.number))
    review = Review(case.number, done, Reviewed.LAPSED, None, now, "", decision.review_on)
    record.reviews.add(review, new_salt())  # only what was erased has none
    facts: dict[str, object] = {"case": case.number, "due_on": decision.review_on.isoformat()}
    record.audit.append(case.customer, CLOCK, "lapse", facts, now)
    end(record, desk, case, Ending.LAPSED, now)


def _ask_to_renew(record: Transaction, desk: Desk, number: int, now: datetime) -> None:
    """A message for each review of a decision; the one before it keeps saying what came of that."""
    round_ = len(record.reviews.of_case(number))
    record.notices.want(REVIEW, number, desk.firm.management_channel, now, round_=round_)


def _is_replaced(record: Transaction, decision: Decision, customer: int) -> bool:
    newest = record.cases.in_force(customer)
    return newest is not None and newest.case != decision.case
