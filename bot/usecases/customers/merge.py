"""Two records of one customer become one; and become two again where that was a mistake."""

from dataclasses import replace
from datetime import datetime

from bot.language import _
from bot.rules.audit_acts import Act
from bot.rules.cases import Case, Outcome
from bot.rules.customer_cards import CustomerFile
from bot.rules.customers import Customer, Standing
from bot.rules.mergers import Moved, going_on, higher
from bot.rules.refusals import MergedSince, Wrong
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context, new_salt
from bot.usecases.customers.commands import Merge, UndoMerge
from bot.usecases.customers.edit import lock_customer
from bot.usecases.customers.look_up import customer_file
from bot.usecases.shared.schedule import plan_deadline
from bot.usecases.shared.stale_messages import show_case, show_customer
from bot.usecases.shared.verdicts import due_at, judge, note_verdict, overtake, settle, verdict_facts
from storage.transaction import Transaction

GOES_ON = _("Two records of one customer became one. The matter goes on in case {case}.")
SAME = _("This is the same record. Please pick the other one.")


def merge(context: Context, command: Merge) -> CustomerFile:
    """Everything about the duplicate is about the other one from now on, and the policy is asked anew.

    Of two open cases one goes on, with the reports of both and the earlier deadline. The duplicate's name leads to
    the customer. Sent twice, it is done once.

    Raises:
        Wrong: it is one and the same record.
        NotEntitled: not a manager, or with a stake in an open case of either.
        Unknown, NotRecorded.
    """
    if command.duplicate == command.into:
        raise Wrong({"duplicate": SAME})
    now = context.clock()
    with context.begin(command.by.team) as tx:
        found = {
            number: lock_customer(tx, context, command.by, number, now)
            for number in sorted((command.duplicate, command.into))
        }
        duplicate, into = found[command.duplicate], found[command.into]
        if duplicate.number != into.number:
            _merge(tx, context, duplicate, into, command.by.user, now)
        return customer_file(tx, context, command.by, into.number, now)


def undo_merge(context: Context, command: UndoMerge) -> CustomerFile:
    """What was the duplicate's is theirs again, and the policy is asked anew about both.

    What came after the merger stays where it is: new reports, and what was decided in cases that were the other's.
    Undone twice, it is undone once.

    Raises:
        MergedSince: the customer was merged into yet another one.
        NotEntitled: not a manager, or with a stake in the customer's open case.
        Unknown, NotRecorded.
    """
    now = context.clock()
    with context.begin(command.by.team) as tx:
        merger = tx.mergers.get(command.merger)[0]
        for number in sorted((merger.duplicate, merger.customer)):
            tx.customers.lock(number)
        into = lock_customer(tx, context, command.by, merger.customer, now)
        merger, moved = tx.mergers.get(command.merger)
        if not merger.undone_at:
            if into.number != merger.customer:
                raise MergedSince(into.number)
            _undo(tx, context, command, moved, now)
        return customer_file(tx, context, command.by, merger.customer, now)


def _merge(tx: Transaction, context: Context, duplicate: Customer, into: Customer, by: str, now: datetime) -> None:
    case, joined, closed = _one_case(tx, context, duplicate, into, by, now)
    if not into.crm_reference:
        tx.roll.describe(replace(duplicate, crm_reference=None))  # one reference leads to one customer
    tx.roll.describe(_filled(into, duplicate))
    moved = replace(
        tx.mergers.move(duplicate.number, into.number),
        joined=joined,
        closed=closed.number if closed else None,
        survivor=case.number if case else None,
        owner=None if into.owner else duplicate.owner,
        worth=None if into.worth else duplicate.worth,
        crm_reference=None if into.crm_reference else duplicate.crm_reference,
    )
    tx.mergers.lead(duplicate.number, into.number)
    tx.customers.stand(duplicate.number, Standing.CLEAR)
    for kind in (TaskKind.POINTS_EXPIRY, TaskKind.WARNING_EXPIRY):
        tx.scheduled_tasks.cancel(kind, duplicate.number)
    if case and closed:
        tx.mergers.bring(joined, replace(case, version=case.version + 1))
    merger = tx.mergers.note(duplicate.number, into.number, moved, by, now)
    facts: dict[str, object] = {"merger": merger, "into": into.number, "closed": moved.closed}
    tx.audit.append(duplicate.number, by, Act.MERGED_INTO, facts, now)
    told = {"merger": merger, "duplicate": duplicate.number, "reports": list(moved.reports), "cases": list(moved.cases)}
    _judge(tx, context, into.number, by, Act.MERGE, told, now)
    show_case(tx, context, tx.cases.get(closed.number) if closed else None, now)


def _one_case(
    tx: Transaction, context: Context, duplicate: Customer, into: Customer, by: str, now: datetime
) -> tuple[Case | None, tuple[int, ...], Case | None]:
    """The open case that goes on, the reports that join it, and the one that ended for it."""
    one, other = tx.cases.open_about(into.number), tx.cases.open_about(duplicate.number)
    if one is None or other is None:
        return one or other, (), None
    stays, ends = going_on(one, other, bound=frozenset(c.number for c in (one, other) if _is_bound(tx, c)))
    joined = tx.mergers.reports_in(ends.number)
    overtake(tx, tx.hearings.newest(ends.number), now)
    tx.cases.close(ends.number, Outcome.MERGED, now, by, GOES_ON.format(case=stays.number), new_salt())
    moved = tx.cases.move(
        stays, higher(one.rung, other.rung), min(one.due_at, other.due_at), urgent=one.urgent or other.urgent
    )
    if moved.due_at != stays.due_at:
        plan_deadline(tx, context, moved, now)
    return moved, joined, ends


def _is_bound(tx: Transaction, case: Case) -> bool:
    hearing = tx.hearings.newest(case.number)
    return tx.warnings.of_case(case.number) is not None or (hearing is not None and hearing.under_way)


def _filled(into: Customer, duplicate: Customer) -> Customer:
    """The customer with what is known of the duplicate and not of them."""
    return replace(
        into,
        owner=into.owner or duplicate.owner,
        worth=into.worth or duplicate.worth,
        crm_reference=into.crm_reference or duplicate.crm_reference,
    )


def _undo(tx: Transaction, context: Context, command: UndoMerge, moved: Moved, now: datetime) -> None:
    merger, by = tx.mergers.get(command.merger)[0], command.by.user
    tx.mergers.lead(merger.duplicate, None)
    tx.mergers.move_back(moved, merger.duplicate)
    into, duplicate = map(tx.customers.get, (merger.customer, merger.duplicate))
    _give_back(tx, into, duplicate, moved)
    reopened = _reopened(tx, context, moved, now)
    tx.mergers.let_go((merger.customer, merger.duplicate))
    tx.mergers.undone(merger.number, by, now)
    facts: dict[str, object] = {"merger": merger.number, "duplicate": merger.duplicate, "reopened": reopened}
    for customer in (merger.duplicate, merger.customer):
        _judge(tx, context, customer, by, Act.UNDO_MERGER, facts, now)


def _give_back(tx: Transaction, into: Customer, duplicate: Customer, moved: Moved) -> None:
    """What the customer had got from the duplicate, unless somebody has changed it since."""
    tx.roll.describe(
        replace(
            into,
            owner=None if moved.owner == into.owner else into.owner,
            worth=None if moved.worth == into.worth else into.worth,
            crm_reference=None if moved.crm_reference == into.crm_reference else into.crm_reference,
        )
    )
    if moved.crm_reference and moved.crm_reference == into.crm_reference:
        tx.roll.describe(replace(duplicate, crm_reference=moved.crm_reference))


def _reopened(tx: Transaction, context: Context, moved: Moved, now: datetime) -> int | None:
    """The case that had ended in the other one is before management again, with its reports and its time anew.

    Where its customer has another case by now, the reports join that one.
    """
    if moved.closed is None:
        return None
    ended = tx.cases.get(moved.closed)
    other = tx.cases.open_about(ended.customer)
    case = other or tx.mergers.reopen(ended.number, due_at(context, ended.rung, now, urgent=ended.urgent))
    tx.mergers.bring(moved.joined, case)
    if other is None:
        plan_deadline(tx, context, case, now)
    return case.number


def _judge(
    tx: Transaction, context: Context, customer: int, by: str, act: Act, facts: dict[str, object], now: datetime
) -> None:
    """Ask the policy anew about all that is on record now, and show it."""
    judged = judge(tx, context, tx.customers.get(customer), now)
    if judged.case:
        tx.reports.join(judged.case, now - context.policy.points_expire_after)
    n = tx.audit.append(customer, by, act, facts | verdict_facts(judged), now)
    note_verdict(tx, context, judged, customer, n, now)
    settle(tx, customer, now)
    show_customer(tx, context, customer, judged.case, now)
    tx.notices.want_reports_about(customer, now)
