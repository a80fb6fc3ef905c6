"""A rep calls for somebody to join them now."""

from dataclasses import dataclass

from bot.rules.audit import CLOCK, WORKSPACE, Act
from bot.rules.backup import LASTS, BackupCall, CallFile, Circle, HowEnded, NotCalled
from bot.rules.people import Person
from bot.rules.refusals import NotRecorded
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.backup.calls import (
    CallerMessage,
    ask_people,
    conclude_call,
    end_call,
    lock_call,
    lock_chain,
    show_call,
    who_is_meant,
)
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import refuse_unless_rep
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class CallBackup:
    """Somebody calls. `typed`: the customer's name or where they are, in their words. `customer`: who was picked."""

    by: Person
    typed: str = ""
    customer: int = WORKSPACE


def call_backup(context: Context, command: CallBackup) -> CallFile:
    """Ask the leads to come, at once. Calling again within the same call is answered as the first time.

    Raises:
        NotEntitled: a guest, an outsider, a bot or a deactivated account.
        NotCalled: the database could not take it.
    """
    try:
        return _called(context, command)
    except NotRecorded as why:
        raise NotCalled(why, context.policy.backup.alone) from why


def _called(context: Context, command: CallBackup) -> CallFile:
    """The names are searched while nobody waits for a lock, as it takes long with many customers."""
    by = command.by
    with context.read(by.team) as tx:
        known = refuse_unless_rep(tx, by, context.clock())
        meant, words = _whom(tx, command) if known else (WORKSPACE, command.typed)
        former = tx.backup_calls.open_of(by.user)
    _end_former(context, by, former)
    with context.begin(by.team) as tx:
        refuse_unless_rep(tx, by, context.clock())
        customer = lock_chain(tx, meant)
        number = tx.backup_calls.take_number()
        call = tx.backup_calls.open_of(by.user)
        if call:
            tx.backup_calls.give_number_back()
        else:
            call = _begin(tx, context, number, by.user, customer, words)
        return CallFile(call)


def _begin(tx: Transaction, context: Context, number: int, caller: str, customer: int, words: str) -> BackupCall:
    now, rules = context.clock(), context.policy.backup
    new = BackupCall(number, customer, caller, now, words, Circle.LEADS, ())
    call, people = ask_people(tx, context, new, now)
    tx.backup_calls.add(call, new_salt())
    tx.scheduled_tasks.set(TaskKind.BACKUP_ALONE, number, now + rules.alone_after)
    tx.scheduled_tasks.set(TaskKind.BACKUP_OVER, number, now + LASTS)
    conclude_call(tx, context, call, caller, Act.CALL_BACKUP, {"asked": people, "circle": call.circle.value}, now)
    show_call(tx, call, now, CallerMessage.STATUS)
    return call


def _end_former(context: Context, by: Person, former: BackupCall | None) -> None:
    """Somebody who calls long after they did before needs others: what they have not ended is over."""
    if former and not former.is_joined(context.clock(), context.policy.backup):
        with context.begin(by.team) as tx:
            call, now = lock_call(tx, former.number), context.clock()
            if call.is_open and not call.is_joined(now, context.policy.backup):
                end_call(tx, context, call, None, CLOCK, HowEnded.OVER, now)


def _whom(tx: Transaction, command: CallBackup) -> tuple[int, str]:
    """The customer, and the words besides their name. What names nobody on record is kept as it was typed."""
    if command.customer != WORKSPACE:
        return tx.customers.current(tx.customers.get(command.customer)).number, ""
    found, beside = who_is_meant(tx, command.typed)
    return (found.pop(), beside) if len(found) == 1 else (WORKSPACE, command.typed)
