"""What happens by itself while a call for backup is open, and a day after it."""

from datetime import datetime, timedelta
from typing import Final

from bot.rules.audit import CLOCK, WORKSPACE, Act
from bot.rules.backup import ASKED_AFTER, LASTS, BackupCall, HowEnded
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.backup.calls import (
    CallerMessage,
    about,
    ask_people,
    conclude_call,
    end_call,
    has_reported,
    is_about_the_same,
    lock_call,
    show_call,
)
from bot.usecases.context import Context
from bot.usecases.shared.conclude import Done, conclude
from storage.transaction import Transaction

A_MOMENT: Final = timedelta(seconds=1)


def ask_more(tx: Transaction, context: Context, number: int) -> None:
    """The task "backup_wider": nobody has come yet, so more people are asked, and the channel at last.

    After downtime, when the call is late, nobody is asked any more.
    """
    call, now = lock_call(tx, number), context.clock()
    if call.waits and not call.is_late(now, context.policy.backup):
        wider, people = ask_people(tx, context, call, now)
        tx.backup_calls.ask(number, wider.circle, wider.asked)
        facts = {"asked": people, "circle": wider.circle.value}
        conclude_call(tx, context, call, CLOCK, Act.WIDEN_BACKUP, facts, now)
        show_call(tx, wider, now)


def nobody_came(tx: Transaction, context: Context, number: int) -> None:
    """The task "backup_alone": the rep reads what to do alone.

    Where Slack shows the call to nobody by the time at which it is late, it was missed, and all are notified of that.
    """
    call, now = lock_call(tx, number), context.clock()
    if call.waits:
        if not tx.backup_calls.is_shown(number):
            _not_shown(tx, context, call, now)
        show_call(tx, call, now, CallerMessage.ALONE)


def _not_shown(tx: Transaction, context: Context, call: BackupCall, now: datetime) -> None:
    rules = context.policy.backup
    if call.is_late(now, rules):
        end_call(tx, context, call, None, CLOCK, HowEnded.MISSED, now)
    else:
        tx.scheduled_tasks.set(TaskKind.BACKUP_ALONE, call.number, call.called_at + rules.late_after + A_MOMENT)


def call_over(tx: Transaction, context: Context, number: int) -> None:
    """The task "backup_over": nobody has said how it ended. Before its time it is scheduled again."""
    call, now = lock_call(tx, number), context.clock()
    last = call.taken_at or call.called_at
    if call.is_open and last <= now < last + LASTS:  # one that a wrong clock made later is over
        tx.scheduled_tasks.set(TaskKind.BACKUP_OVER, number, last + LASTS)
    elif call.is_open:
        end_call(tx, context, call, None, CLOCK, HowEnded.OVER, now)


def ask_for_report(tx: Transaction, context: Context, number: int) -> None:
    """The task "backup_report": a day later the rep is asked for a report, once, if they made none since.

    Whoever has called again about the same customer is asked about the newest call alone. Where they reported somebody
    who was not on record when they called, the call becomes one about this customer: then it is in their evidence pack.
    """
    call = tx.backup_calls.get(number)
    if has_reported(tx, call):
        _name(tx, context, call)
    elif not _is_asked_later(tx, call):
        show_call(tx, call, context.clock(), CallerMessage.REPORT)


def _name(tx: Transaction, context: Context, call: BackupCall) -> None:
    """Once it has ended: until then it stays in the chain whose lock is held by whoever changes it."""
    if call.customer or not (found := about(tx, call)):
        return
    customer = tx.customers.lock(found).number  # before the other chain, as where a customer is erased
    call, now = lock_call(tx, call.number), context.clock()
    if call.customer or call.is_open:
        return
    tx.backup_calls.name(call.number, customer)
    facts = {"call": call.number, "called_at": call.called_at.isoformat()}
    for chain in (WORKSPACE, customer):
        conclude(tx, context, Done(Act.NAME_BACKUP, CLOCK, chain, facts), now)


def _is_asked_later(tx: Transaction, call: BackupCall) -> bool:
    return any(
        is_about_the_same(tx, call, each)
        for each in tx.backup_calls.later_than(call)
        if each.is_open or tx.scheduled_tasks.scheduled_at(TaskKind.BACKUP_REPORT, each.number) is not None
    )


def clock_put_back(tx: Transaction, context: Context, now: datetime) -> None:
    """The clock was ahead and is put right: nothing waits longer than it would from now on."""
    rules, tasks = context.policy.backup, tx.scheduled_tasks
    spans = {
        TaskKind.BACKUP_WIDER: rules.wider_after,
        TaskKind.BACKUP_ALONE: rules.late_after + A_MOMENT,
        TaskKind.BACKUP_OVER: LASTS,
        TaskKind.BACKUP_REPORT: ASKED_AFTER,
    }
    for kind, span in spans.items():
        tasks.bring_forward(kind, now + span, now + span)


def is_to_be_decided(tx: Transaction, call: BackupCall) -> bool:
    """Whether the clock is still to say what became of a late call."""
    return tx.scheduled_tasks.scheduled_at(TaskKind.BACKUP_ALONE, call.number) is not None
