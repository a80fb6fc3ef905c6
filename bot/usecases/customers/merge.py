"""Merging two records of one customer, and undoing that where it was a mistake."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.language import _
from bot.rules.audit import Act
from bot.rules.cases import Case, Outcome
from bot.rules.customer_cards import CustomerFile, ToJoin
from bot.rules.customers import Customer, Standing
from bot.rules.mergers import Merger, Moved, higher_rung, surviving_case
from bot.rules.people import Person
from bot.rules.refusals import MergedSince, Wrong
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context, new_salt
from bot.usecases.customers.edit import lock_customer, refuse_changed
from bot.usecases.customers.look_up import customer_file
from bot.usecases.customers.safeguards import void_unguarded
from bot.usecases.shared.conclude import Done, conclude, is_recorded
from bot.usecases.shared.letters_to_send import plan_letters
from bot.usecases.shared.nearly_called import looks_like
from bot.usecases.shared.protection import bring_protection
from bot.usecases.shared.schedule import schedule_deadline
from bot.usecases.shared.verdicts import due_as_opened, end_overtaken_hearing
from storage.transaction import Transaction

GOES_ON = _("Two records of one customer were merged. Case {case} now has this matter.")
COPIED = ("owner", "worth", "crm_reference")  # what a customer gets from the duplicate where they have none
GONE = _("This record has been erased, or merged into another one. Please look for the duplicate again.")
SAME = _("This is the same record. Please pick the other one.")


@dataclass(frozen=True, slots=True)
class Merge:
    """`duplicate` is the same customer as `into`, under another name. `seen…`: how the form showed each."""

    by: Person
    duplicate: int
    into: int
    seen: str = ""
    seen_duplicate: str = ""


@dataclass(frozen=True, slots=True)
class UndoMerge:
    """They were two customers after all."""

    by: Person
    merger: int


@dataclass(frozen=True, slots=True)
class ToMerge:
    """What the form to merge shows: the record that stays, and the duplicate if it is known already."""

    into: CustomerFile
    duplicate: Customer | None


def to_merge(context: Context, by: Person, number: int) -> ToMerge:
    """The form for a customer whose name looks like a mistyped one. Raises as `lock_customer`, for both records."""
    with context.read(by.team) as tx:
        customer, now = lock_customer(tx, context, by, number)
        into = looks_like(tx, customer)
        if into:
            lock_customer(tx, context, by, into.number)
        stays = (into or customer).number
        return ToMerge(customer_file(tx, context, by, stays, now), customer if into else None)


def both_records(context: Context, command: Merge) -> tuple[ToJoin, ToJoin]:
    """The duplicate and the record that stays, for whoever is about to merge them. Raises as `merge`."""
    with context.read(command.by.team) as tx:
        into, _ = lock_customer(tx, context, command.by, command.into)  # permission before anything else is said
        _refuse_same(command)
        refuse_changed(tx, command.into, command.seen)
        _refuse_gone(tx, command.duplicate)
        duplicate, _ = lock_customer(tx, context, command.by, command.duplicate)
        duplicate_now, into_now = (
            ToJoin(tx.cards.on_record(each), tx.cases.open_about(each.number)) for each in (duplicate, into)
        )
        return duplicate_now, into_now


def merge(context: Context, command: Merge) -> CustomerFile:
    """From now on everything about the duplicate is about the other customer, and the policy is asked again.

    Of two open cases one goes on, with the reports of both and the earlier deadline. The duplicate's name leads to
    the customer. Idempotent.

    Raises:
        Wrong: it is one and the same record, or the duplicate is gone.
        CustomerChanged: one of them is not as the form showed them.
        NotEntitled: not a manager, or with a stake in an open case of either.
        Unknown, NotRecorded.
    """
    with context.read(command.by.team) as tx:
        lock_customer(tx, context, command.by, command.into)  # permission before anything is said of the other record
    _refuse_same(command)
    with context.begin(command.by.team) as tx:
        numbers = sorted((command.duplicate, command.into))
        locked = {number: lock_customer(tx, context, command.by, number)[0] for number in numbers}
        duplicate, into, now = locked[command.duplicate], locked[command.into], context.clock()
        if duplicate.number != into.number and not is_recorded(tx, command.by, Act.MERGE):
            refuse_changed(tx, command.into, command.seen)
            _refuse_gone(tx, command.duplicate)
            refuse_changed(tx, command.duplicate, command.seen_duplicate)
            _merge(tx, context, duplicate, into, command.by, now)
        return customer_file(tx, context, command.by, into.number, now)


def undo_merge(context: Context, command: UndoMerge) -> CustomerFile:
    """Give the duplicate back what was theirs, and ask the policy again about both. Idempotent.

    What came after the merger stays: new reports, and what was decided in cases that were the other's.

    Raises:
        MergedSince: the customer was merged into yet another one.
        NotEntitled: not a manager, or with a stake in the customer's open case.
        Unknown, NotRecorded.
    """
    with context.begin(command.by.team) as tx:
        merger = tx.mergers.get(command.merger)[0]
        for number in (merger.duplicate, merger.customer):  # in the order of a report about the duplicate
            tx.customers.lock(number)
        into, now = lock_customer(tx, context, command.by, merger.customer)
        merger, moved = tx.mergers.get(command.merger)
        if not merger.undone_at:
            if into.number != merger.customer:
                raise MergedSince(into.number)
            _undo(tx, context, merger, moved, command.by, now)
        return customer_file(tx, context, command.by, merger.customer, now)


def _refuse_same(command: Merge) -> None:
    if command.duplicate == command.into:
        raise Wrong({"duplicate": SAME})


def _refuse_gone(tx: Transaction, duplicate: int) -> None:
    if tx.erasures.is_erased(duplicate) or tx.customers.get(duplicate).merged_into:
        raise Wrong({"duplicate": GONE})


def _merge(tx: Transaction, context: Context, duplicate: Customer, into: Customer, by: Person, now: datetime) -> None:
    void_unguarded(tx, duplicate.number, into.number, now)
    case, joined, closed = _join_cases(tx, context, duplicate, into, by.user, now)
    tx.stakes.bring(duplicate, into)
    if not into.crm_reference:
        tx.customers.set_details(replace(duplicate, crm_reference=None))  # one reference leads to one customer
    copied = {name: getattr(duplicate, name) for name in COPIED if not getattr(into, name)}
    tx.customers.set_details(replace(into, **copied))
    moved = replace(
        tx.mergers.move(duplicate.number, into.number),
        joined=joined,
        closed=closed.number if closed else None,
        survivor=case.number if case else None,
        **copied,
    )
    tx.mergers.redirect(duplicate.number, into.number)
    tx.customers.set_standing(duplicate.number, Standing.CLEAR)
    for kind in (TaskKind.POINTS_EXPIRY, TaskKind.WARNING_EXPIRY):
        tx.scheduled_tasks.cancel(kind, duplicate.number)
    if case and closed:
        tx.mergers.move_reports(joined, replace(case, version=case.version + 1))
    plan_letters(tx, context, into.number, now)
    tx.erasures.refresh_mentions((into.number,), now)
    merger = tx.mergers.add(duplicate.number, into.number, moved, by.user, now)
    facts: dict[str, object] = {"merger": merger, "into": into.number, "closed": moved.closed}
    conclude(tx, context, Done(Act.MERGED_INTO, by.user, duplicate.number, facts), now)
    facts = {"merger": merger, "duplicate": duplicate.number}
    facts |= {"reports": list(moved.reports), "cases": list(moved.cases)}
    conclude(tx, context, Done(Act.MERGE, by.user, into.number, facts, by.form), now)


def _join_cases(
    tx: Transaction, context: Context, duplicate: Customer, into: Customer, by: str, now: datetime
) -> tuple[Case | None, tuple[int, ...], Case | None]:
    """The open case that goes on, the reports that join it, and the one that ended for it."""
    one, other = tx.cases.open_about(into.number), tx.cases.open_about(duplicate.number)
    if one is None or other is None:
        return one or other, (), None
    stays, ends = surviving_case(one, other, bound=frozenset(c.number for c in (one, other) if _is_bound(tx, c)))
    joined = tx.mergers.reports_in(ends.number)
    end_overtaken_hearing(tx, tx.hearings.newest(ends.number), now)
    tx.cases.close(ends.number, Outcome.MERGED, now, by, GOES_ON.format(case=stays.number), new_salt())
    moved = tx.cases.move(
        stays, higher_rung(one.rung, other.rung), min(one.due_at, other.due_at), urgent=one.urgent or other.urgent
    )
    bring_protection(tx, ends, moved, now)
    if moved.due_at != stays.due_at:
        schedule_deadline(tx, context, moved, now)
    return moved, joined, ends


def _is_bound(tx: Transaction, case: Case) -> bool:
    hearing = tx.hearings.newest(case.number)
    return tx.warnings.of_case(case.number) is not None or (hearing is not None and hearing.under_way)


def _undo(tx: Transaction, context: Context, merger: Merger, moved: Moved, by: Person, now: datetime) -> None:
    tx.mergers.redirect(merger.duplicate, None)
    into, duplicate = map(tx.customers.get, (merger.customer, merger.duplicate))
    tx.stakes.give_back(into, duplicate, merger.at, now)
    tx.mergers.move_back(moved, merger.duplicate)
    _give_back(tx, into, duplicate, moved, now)
    reopened = _reopen(tx, context, merger, moved, now)
    tx.mergers.release_reports((merger.customer, merger.duplicate))
    tx.notices.follow_records((merger.customer, merger.duplicate))
    tx.mergers.mark_undone(merger.number, by.user, now)
    facts = {"merger": merger.number, "duplicate": merger.duplicate, "reopened": reopened}
    tx.erasures.refresh_mentions((merger.duplicate, merger.customer), now)
    for customer in (merger.duplicate, merger.customer):
        _outdate(tx, customer)
        plan_letters(tx, context, customer, now)
        conclude(tx, context, Done(Act.UNDO_MERGER, by.user, customer, facts), now)


def _outdate(tx: Transaction, customer: int) -> None:
    """What was approved or chosen with the reports of both counts no longer: managers look at the case again."""
    if case := tx.cases.open_about(customer):
        tx.mergers.move_reports(tx.mergers.reports_in(case.number), replace(case, version=case.version + 1))


def _give_back(tx: Transaction, into: Customer, duplicate: Customer, moved: Moved, now: datetime) -> None:
    """What the customer got from the duplicate, unless somebody has changed it since."""
    given: dict[str, Any] = {name: None for name in COPIED if getattr(moved, name) == getattr(into, name)}
    tx.customers.set_details(replace(into, **given))
    tx.stakes.owner_changed(into, replace(into, **given), now)
    if moved.crm_reference and "crm_reference" in given:
        tx.customers.set_details(replace(duplicate, crm_reference=moved.crm_reference))


def _reopen(tx: Transaction, context: Context, merger: Merger, moved: Moved, now: datetime) -> int | None:
    """Reopen the case that the merger ended, with its reports and what time it had left, so that nobody postpones it.

    Where its customer has another case by now, the reports join that one.
    """
    if moved.closed is None:
        return None
    ended = tx.cases.get(moved.closed)
    other = tx.cases.open_about(ended.customer)
    left = max(ended.due_at - merger.at, timedelta())
    due = min(now + left, due_as_opened(tx, context, ended, now)) if left else ended.due_at
    case = other or tx.mergers.reopen(ended.number, due)
    tx.mergers.move_reports(moved.joined, case)
    if other is None:
        schedule_deadline(tx, context, case, now)
    return case.number
