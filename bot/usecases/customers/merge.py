"""Two records of one customer become one; and become two again where that was a mistake."""

from dataclasses import replace
from datetime import datetime

from bot.language import _
from bot.rules.cases import Case, Outcome
from bot.rules.customer_cards import CustomerFile
from bot.rules.customers import Customer, Standing
from bot.rules.mergers import Moved, going_on, higher
from bot.rules.refusals import MergedSince, Wrong
from bot.usecases.context import Desk, new_salt
from bot.usecases.customers.commands import Merge, UndoMerge
from bot.usecases.customers.edit import take_up_customer
from bot.usecases.customers.look_up import customer_file
from bot.usecases.shared.schedule import POINTS_END, WARNING_ENDS, plan_deadline
from bot.usecases.shared.stale_messages import show_case, show_customer
from bot.usecases.shared.verdicts import due_at, judge, note_verdict, overtake, settle, verdict_facts
from storage.transaction import Transaction

GOES_ON = _("Two records of one customer became one. The matter goes on in case {case}.")
SAME = _("This is the same record. Please pick the other one.")


def merge(desk: Desk, command: Merge) -> CustomerFile:
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
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        found = {
            number: take_up_customer(record, desk, command.by, number, now)
            for number in sorted((command.duplicate, command.into))
        }
        duplicate, into = found[command.duplicate], found[command.into]
        if duplicate.number != into.number:
            _merge(record, desk, duplicate, into, command.by.user, now)
        return customer_file(record, desk, command.by, into.number, now)


def undo_merge(desk: Desk, command: UndoMerge) -> CustomerFile:
    """What was the duplicate's is theirs again, and the policy is asked anew about both.

    What came after the merger stays where it is: new reports, and what was decided in cases that were the other's.
    Undone twice, it is undone once.

    Raises:
        MergedSince: the customer was merged into yet another one.
        NotEntitled: not a manager, or with a stake in the customer's open case.
        Unknown, NotRecorded.
    """
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        merger = record.mergers.get(command.merger)[0]
        for number in sorted((merger.duplicate, merger.customer)):
            record.customers.lock(number)
        into = take_up_customer(record, desk, command.by, merger.customer, now)
        merger, moved = record.mergers.get(command.merger)
        if not merger.undone_at:
            if into.number != merger.customer:
                raise MergedSince(into.number)
            _undo(record, desk, command, moved, now)
        return customer_file(record, desk, command.by, merger.customer, now)


def _merge(record: Transaction, desk: Desk, duplicate: Customer, into: Customer, by: str, now: datetime) -> None:
    case, joined, closed = _one_case(record, desk, duplicate, into, by, now)
    if not into.crm_reference:
        record.roll.describe(replace(duplicate, crm_reference=None))  # one reference leads to one customer
    record.roll.describe(_filled(into, duplicate))
    moved = replace(
        record.mergers.move(duplicate.number, into.number),
        joined=joined,
        closed=closed.number if closed else None,
        survivor=case.number if case else None,
        owner=None if into.owner else duplicate.owner,
        worth=None if into.worth else duplicate.worth,
        crm_reference=None if into.crm_reference else duplicate.crm_reference,
    )
    record.mergers.lead(duplicate.number, into.number)
    record.customers.stand(duplicate.number, Standing.CLEAR)
    for kind in (POINTS_END, WARNING_ENDS):
        record.steps.cancel(kind, duplicate.number)
    if case and closed:
        record.mergers.bring(joined, replace(case, version=case.version + 1))
    merger = record.mergers.note(duplicate.number, into.number, moved, by, now)
    facts: dict[str, object] = {"merger": merger, "into": into.number, "closed": moved.closed}
    record.audit.append(duplicate.number, by, "merged into", facts, now)
    told = {"merger": merger, "duplicate": duplicate.number, "reports": list(moved.reports), "cases": list(moved.cases)}
    _judge(record, desk, into.number, by, "merge", told, now)
    show_case(record, desk, record.cases.get(closed.number) if closed else None, now)


def _one_case(
    record: Transaction, desk: Desk, duplicate: Customer, into: Customer, by: str, now: datetime
) -> tuple[Case | None, tuple[int, ...], Case | None]:
    """The open case that goes on, the reports that join it, and the one that ended for it."""
    one, other = record.cases.open_about(into.number), record.cases.open_about(duplicate.number)
    if one is None or other is None:
        return one or other, (), None
    stays, ends = going_on(one, other, bound=frozenset(c.number for c in (one, other) if _is_bound(record, c)))
    joined = record.mergers.reports_in(ends.number)
    overtake(record, record.hearings.newest(ends.number), now)
    record.cases.close(ends.number, Outcome.MERGED, now, by, GOES_ON.format(case=stays.number), new_salt())
    moved = record.cases.move(
        stays, higher(one.rung, other.rung), min(one.due_at, other.due_at), urgent=one.urgent or other.urgent
    )
    if moved.due_at != stays.due_at:
        plan_deadline(record, desk, moved, now)
    return moved, joined, ends


def _is_bound(record: Transaction, case: Case) -> bool:
    hearing = record.hearings.newest(case.number)
    return record.warnings.of_case(case.number) is not None or (hearing is not None and hearing.under_way)


def _filled(into: Customer, duplicate: Customer) -> Customer:
    """The customer with what is known of the duplicate and not of them."""
    return replace(
        into,
        owner=into.owner or duplicate.owner,
        worth=into.worth or duplicate.worth,
        crm_reference=into.crm_reference or duplicate.crm_reference,
    )


def _undo(record: Transaction, desk: Desk, command: UndoMerge, moved: Moved, now: datetime) -> None:
    merger, by = record.mergers.get(command.merger)[0], command.by.user
    record.mergers.lead(merger.duplicate, None)
    record.mergers.move_back(moved, merger.duplicate)
    into, duplicate = map(record.customers.get, (merger.customer, merger.duplicate))
    _give_back(record, into, duplicate, moved)
    reopened = _reopened(record, desk, moved, now)
    record.mergers.let_go((merger.customer, merger.duplicate))
    record.mergers.undone(merger.number, by, now)
    facts: dict[str, object] = {"merger": merger.number, "duplicate": merger.duplicate, "reopened": reopened}
    for customer in (merger.duplicate, merger.customer):
        _judge(record, desk, customer, by, "undo merger", facts, now)


def _give_back(record: Transaction, into: Customer, duplicate: Customer, moved: Moved) -> None:
    """What the customer had got from the duplicate, unless somebody has changed it since."""
    record.roll.describe(
        replace(
            into,
            owner=None if moved.owner == into.owner else into.owner,
            worth=None if moved.worth == into.worth else into.worth,
            crm_reference=None if moved.crm_reference == into.crm_reference else into.crm_reference,
        )
    )
    if moved.crm_reference and moved.crm_reference == into.crm_reference:
        record.roll.describe(replace(duplicate, crm_reference=moved.crm_reference))


def _reopened(record: Transaction, desk: Desk, moved: Moved, now: datetime) -> int | None:
    """The case that had ended in the other one is before management again, with its reports and its time anew.

    Where its customer has another case by now, the reports join that one.
    """
    if moved.closed is None:
        return None
    ended = record.cases.get(moved.closed)
    other = record.cases.open_about(ended.customer)
    case = other or record.mergers.reopen(ended.number, due_at(desk, ended.rung, now, urgent=ended.urgent))
    record.mergers.bring(moved.joined, case)
    if other is None:
        plan_deadline(record, desk, case, now)
    return case.number


def _judge(
    record: Transaction, desk: Desk, customer: int, by: str, act: str, facts: dict[str, object], now: datetime
) -> None:
    """Ask the policy anew about all that is on record now, and show it."""
    judged = judge(record, desk, record.customers.get(customer), now)
    if judged.case:
        record.reports.join(judged.case, now - desk.policy.points_expire_after)
    n = record.audit.append(customer, by, act, facts | verdict_facts(judged), now)
    note_verdict(record, desk, judged, customer, n, now)
    settle(record, customer, now)
    show_customer(record, desk, customer, judged.case, now)
    record.notices.want_reports_about(customer, now)
