"""What follows from a decision by itself: it comes up for review, lapses unless renewed, and is looked back at."""

from dataclasses import replace
from datetime import datetime

from bot.rules.audit_acts import Act
from bot.rules.cases import Case
from bot.rules.decisions import Choice, Decision, Ending, Review, Reviewed, follow_up_at, lapses_at, review_opens_at
from bot.rules.notices import NoticeKind
from bot.rules.objections import Answer
from bot.rules.refusals import NothingToReview
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context, new_salt
from bot.usecases.shared.schedule import CLOCK
from bot.usecases.shared.stale_messages import show_case, show_homes
from bot.usecases.shared.verdicts import settle
from storage.transaction import Transaction


def plan_aftermath(tx: Transaction, context: Context, decision: Decision) -> None:
    """What comes of a decision that holds the customer to something."""
    if not decision.binds:
        return
    plan_review(tx, context, decision)
    if decision.appeal_until:
        tx.scheduled_tasks.set(TaskKind.APPEAL_DUE, decision.case, decision.appeal_until)
    if decision.choice is Choice.DROP:
        tx.scheduled_tasks.set(TaskKind.LESSON, decision.case, follow_up_at(decision, context.policy))


def plan_review(tx: Transaction, context: Context, decision: Decision) -> None:
    """When managers are asked to renew it. To be called whenever its review date moves."""
    tx.scheduled_tasks.set(
        TaskKind.REVIEW, decision.case, review_opens_at(decision, running_since(tx, decision), context.policy)
    )


def running_since(tx: Transaction, decision: Decision) -> datetime:
    """When it was made or last renewed."""
    renewed = [review.at for review in tx.reviews.of_case(decision.case) if review.outcome is Reviewed.RENEWED]
    return max(renewed, default=decision.at)


def take_decision(tx: Transaction, number: int) -> tuple[Case, Decision]:
    """A case and its decision, locked to the end of the transaction.

    Raises:
        Unknown: there is no such case.
        NothingToReview: nothing was decided that holds the customer to anything.
    """
    tx.customers.lock(tx.cases.get(number).customer)
    decision = tx.cases.decision(number)
    if decision is None or not decision.binds:
        raise NothingToReview(number)
    return tx.cases.get(number), decision


def review_due(tx: Transaction, context: Context, number: int) -> None:
    """Managers are asked to renew the decision; at the end of its review date's business it lapses.

    A decision that a newer one about the customer has replaced is not put up for renewal: it only lapses.
    """
    case, decision = take_decision(tx, number)
    now, ends = context.clock(), lapses_at(decision, context.policy)
    if not decision.in_force:
        return
    if now >= ends:
        _lapse(tx, context, case, decision, now)
    elif now < review_opens_at(decision, running_since(tx, decision), context.policy):
        plan_review(tx, context, decision)
    else:
        if not _is_replaced(tx, decision, case.customer):
            _ask_to_renew(tx, context, number, now)
            show_homes(tx, context, (case.customer,), now)
        tx.scheduled_tasks.set(TaskKind.REVIEW, number, ends)


def end(tx: Transaction, context: Context, case: Case, how: Ending, now: datetime) -> None:
    """The decision is in force no more: the standing follows, and an appeal that nobody has answered is moot.

    What it was drawn from stays on record. A decision that this one had replaced comes up for review again.
    """
    tx.cases.end(case.number, how, now)
    tx.scheduled_tasks.cancel(TaskKind.REVIEW, case.number)
    appeal = tx.appeals.of_case(case.number)
    if appeal and appeal.is_open:
        tx.appeals.settle(replace(appeal, answer=Answer.MOOT, answered_at=now))
        tx.scheduled_tasks.cancel(TaskKind.APPEAL_DUE, case.number)
    earlier = tx.cases.in_force(case.customer)
    if earlier and earlier.binds:
        plan_review(tx, context, earlier)
    settle(tx, case.customer, now)
    show_aftermath(tx, context, case, now)


def show_aftermath(tx: Transaction, context: Context, case: Case, now: datetime) -> None:
    """Every message that says what was decided is to say how it stands now, those of later reports included."""
    tx.cases.touch(case.number)
    show_case(tx, context, case, now)
    tx.notices.want_reports_about(case.customer, now)
    for kind in (NoticeKind.REVIEW, NoticeKind.APPEAL, NoticeKind.LESSON):
        tx.notices.want_again(kind, case.number, now)
    current = tx.cases.open_about(case.customer)
    if current:
        tx.cases.touch(current.number)
        show_case(tx, context, current, now)


def _lapse(tx: Transaction, context: Context, case: Case, decision: Decision, now: datetime) -> None:
    if not _is_replaced(tx, decision, case.customer):
        _ask_to_renew(tx, context, case.number, now)
    done = len(tx.reviews.of_case(case.number))
    review = Review(case.number, done, Reviewed.LAPSED, None, now, "", decision.review_on)
    tx.reviews.add(review, new_salt())  # only what was erased has none
    facts: dict[str, object] = {"case": case.number, "due_on": decision.review_on.isoformat()}
    tx.audit.append(case.customer, CLOCK, Act.LAPSE, facts, now)
    end(tx, context, case, Ending.LAPSED, now)


def _ask_to_renew(tx: Transaction, context: Context, number: int, now: datetime) -> None:
    """A message for each review of a decision; the one before it keeps saying what came of that."""
    round_ = len(tx.reviews.of_case(number))
    tx.notices.want(NoticeKind.REVIEW, number, context.firm.management_channel, now, round_=round_)


def _is_replaced(tx: Transaction, decision: Decision, customer: int) -> bool:
    newest = tx.cases.in_force(customer)
    return newest is not None and newest.case != decision.case
