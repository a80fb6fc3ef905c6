"""What follows from a decision: its review, its lapse unless it is renewed, and the question what was learnt."""

from dataclasses import replace
from datetime import datetime, time

from bot.rules.audit import CLOCK, Act
from bot.rules.cases import Case
from bot.rules.decisions import Choice, Decision, Ending, Review, Reviewed, follow_up_at, lapses_at, review_opens_at
from bot.rules.notices import EARLY, NoticeKind
from bot.rules.objections import Answer
from bot.rules.refusals import NothingToReview
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context, new_salt
from bot.usecases.shared.case_access import lock_case
from bot.usecases.shared.conclude import Done, conclude
from bot.usecases.shared.contacts import contacts_gone
from bot.usecases.shared.letters_to_send import plan_letters
from storage.transaction import Transaction


def schedule_after_decision(tx: Transaction, context: Context, decision: Decision) -> None:
    """Schedule the review, the end of the time to object, and after a drop the question what was learnt."""
    if not decision.binds:
        return
    schedule_review(tx, context, decision)
    if decision.objection_until:
        tx.scheduled_tasks.set(TaskKind.OBJECTION_DUE, decision.case, decision.objection_until)
    if decision.choice is Choice.DROP:
        tx.scheduled_tasks.set(TaskKind.LESSON, decision.case, follow_up_at(decision, context.policy))
        schedule_effect(tx, context, decision)


def schedule_effect(tx: Transaction, context: Context, decision: Decision) -> None:
    """Schedule the moment from which a drop is in effect: midnight in the firm's zone, if that is still to come."""
    begins = context.policy.hours.at(decision.effective_on, time()) if decision.effective_on else None
    if begins and begins > context.clock():
        tx.scheduled_tasks.set(TaskKind.EFFECT, decision.case, begins)
    else:
        tx.scheduled_tasks.cancel(TaskKind.EFFECT, decision.case)


def effect_begins(tx: Transaction, context: Context, number: int) -> None:
    """The day has come on which a drop takes effect: what was said of the future is said of the present."""
    case, now = lock_case(tx, context, number)
    tx.notices.refresh_about(case.customer, now)
    tx.homes.refresh((case.customer,), context.firm.management, now)


def schedule_review(tx: Transaction, context: Context, decision: Decision) -> None:
    """Schedule when managers are asked to renew the decision. Call it whenever the review date changes."""
    tx.scheduled_tasks.set(
        TaskKind.REVIEW, decision.case, review_opens_at(decision, running_since(tx, decision), context.policy)
    )


def running_since(tx: Transaction, decision: Decision) -> datetime:
    """When the decision was made or last renewed."""
    renewed = [review.at for review in tx.reviews.of_case(decision.case) if review.outcome is Reviewed.RENEWED]
    return max(renewed, default=decision.at)


def lock_decision(tx: Transaction, number: int) -> tuple[Case, Decision]:
    """A case and its binding decision, locked to the end of the transaction. Raises Unknown, NothingToReview."""
    tx.customers.lock(tx.cases.get(number).customer)
    decision = tx.cases.decision(number)
    if decision is None or not decision.binds:
        raise NothingToReview(number)
    return tx.cases.get(number), decision


def review_due(tx: Transaction, context: Context, number: int) -> None:
    """Ask managers to renew the decision; at the end of business on its review date it lapses.

    They are asked at once where a colleague whom the conditions name has left, and again at the usual time. Nobody is
    asked to renew a decision that a newer one about the customer has replaced: it only lapses.
    """
    case, decision = lock_decision(tx, number)
    now, ends = context.clock(), lapses_at(decision, context.policy)
    if not decision.in_force:
        return
    opens = review_opens_at(decision, running_since(tx, decision), context.policy)
    if now >= ends:
        _lapse(tx, context, case, decision, now)
    elif now < opens and not contacts_gone(tx, decision):
        schedule_review(tx, context, decision)
    else:
        _ask_to_renew(tx, context, case, now, early=now < opens)
        tx.homes.refresh((case.customer,), context.firm.management, now)
        tx.scheduled_tasks.set(TaskKind.REVIEW, number, opens if now < opens else ends)


def end_decision(tx: Transaction, context: Context, case: Case, how: Ending, now: datetime) -> None:
    """End the decision, and with it an unanswered objection, which becomes moot.

    The reports behind it stay on record. A decision that this one had replaced comes up for review again.
    """
    tx.cases.end_decision(case.number, how, now)
    tx.scheduled_tasks.cancel(TaskKind.REVIEW, case.number)
    objection = tx.objections.of_case(case.number)
    if objection and objection.is_open:
        tx.objections.answer(replace(objection, answer=Answer.MOOT, answered_at=now))
        tx.scheduled_tasks.cancel(TaskKind.OBJECTION_DUE, case.number)
    earlier = tx.cases.in_force(case.customer)
    if earlier and earlier.binds:
        schedule_review(tx, context, earlier)
    plan_letters(tx, context, case.customer, now)


def _lapse(tx: Transaction, context: Context, case: Case, decision: Decision, now: datetime) -> None:
    _ask_to_renew(tx, context, case, now)
    done = len(tx.reviews.of_case(case.number))
    review = Review(case.number, done, Reviewed.LAPSED, None, now, "", decision.review_on)
    tx.reviews.add(review, new_salt())  # a review without a salt counts as erased
    end_decision(tx, context, case, Ending.LAPSED, now)
    facts = {"case": case.number, "due_on": decision.review_on.isoformat()}
    conclude(tx, context, Done(Act.LAPSE, CLOCK, case.customer, facts, case=case), now)


def _ask_to_renew(tx: Transaction, context: Context, case: Case, now: datetime, *, early: bool = False) -> None:
    """Each review of a decision has a message of its own, which keeps showing the result of that review.

    A decision that a newer one has replaced has none.
    """
    newest = tx.cases.in_force(case.customer)
    if newest and newest.case == case.number:
        tx.notices.refresh_about(case.customer, now)  # one that asked early says that it is asked again
        round_, target = len(tx.reviews.of_case(case.number)) + (EARLY if early else 0), context.firm.management_channel
        tx.notices.refresh(NoticeKind.REVIEW, case.number, target, now, customer=case.customer, round_=round_)
