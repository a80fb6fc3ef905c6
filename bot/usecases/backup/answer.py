"""Who comes, how a call ended, and who is not to be called."""

from dataclasses import dataclass

from bot.rules.audit import Act
from bot.rules.backup import LASTS, BackupCall, Begun, HowEnded, first_name_in, place_in
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.refusals import CallAnswered, Denial, NotEntitled
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.backup.calls import (
    WAITING,
    CallerMessage,
    call_file,
    conclude_call,
    end_call,
    lock_call,
    may_come,
    show_call,
)
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import refuse_unless_rep
from bot.usecases.shared.offered import who_helped


@dataclass(frozen=True, slots=True)
class TakeCall:
    """*I'm on it*."""

    by: Person
    call: int


@dataclass(frozen=True, slots=True)
class EndCall:
    """*No longer needed*, or how it ended."""

    by: Person
    call: int
    how: HowEnded


@dataclass(frozen=True, slots=True)
class SetAvailable:
    """Whether somebody may be called."""

    by: Person
    available: bool


def take_call(context: Context, command: TakeCall) -> None:
    """Store who comes: the first who says so, whoever presses at the same moment.

    Raises:
        NotEntitled: they may not be asked in this call.
        CallAnswered: somebody else comes, or it has ended.
        Unknown, NotRecorded.
    """
    with context.begin(command.by.team) as tx:
        refuse_unless_rep(tx, command.by, context.clock())
        call, user, now = lock_call(tx, command.call), command.by.user, context.clock()
        if call.taken_by == user:
            return
        if not may_come(tx, context, call, user, now):
            raise NotEntitled(Denial.NOT_CALLED)
        _refuse_unless_waiting(call)
        tx.backup_calls.take(call.number, user, now)
        for kind in WAITING:
            tx.scheduled_tasks.cancel(kind, call.number)
        tx.scheduled_tasks.set(TaskKind.BACKUP_OVER, call.number, now + LASTS)
        conclude_call(tx, context, call, user, Act.TAKE_BACKUP, {}, now)
        show_call(tx, call, now, CallerMessage.COMING)


def _refuse_unless_waiting(call: BackupCall) -> None:
    if call.ended_at:
        raise CallAnswered(call.caller, call.ended_at)
    if call.taken_at:
        raise CallAnswered(call.caller, call.taken_at, call.taken_by)


def end_backup(context: Context, command: EndCall) -> None:
    """Store how it ended, as the rep or whoever came says. Said twice, it is answered as the first time.

    Raises:
        NotEntitled: neither of the two.
        CallAnswered: it has ended otherwise.
        Unknown, NotRecorded.
    """
    with context.begin(command.by.team) as tx:
        call, user, now = lock_call(tx, command.call), command.by.user, context.clock()
        if user not in {call.caller, call.taken_by}:
            raise NotEntitled(Denial.NOT_CALLED)
        if call.ended_at:
            if (call.ended_by, call.ended_how) == (user, command.how):
                return
            raise CallAnswered(call.caller, call.ended_at)
        end_call(tx, context, call, user, user, command.how, now)


def set_available(context: Context, command: SetAvailable) -> None:
    """Store whether this person may be called, and show it in their App Home. Raises NotEntitled, NotRecorded."""
    with context.begin(command.by.team) as tx:
        refuse_unless_rep(tx, command.by, context.clock())
        now = context.clock()
        tx.backup_calls.set_available(command.by.user, now, available=command.available)
        tx.notices.refresh(NoticeKind.HOME, 0, command.by.user, now, urgent=True)


def begun_by_call(context: Context, by: Person, number: int) -> Begun:
    """What a report begins with, for who called and who came. Raises NotEntitled, Unknown."""
    with context.read(by.team) as tx:
        refuse_unless_rep(tx, by, context.clock())
        call = tx.backup_calls.get(number)
        if by.user not in {call.caller, call.taken_by}:
            raise NotEntitled(Denial.NOT_CALLED)
        file = call_file(tx, call, by.user)
        typed = file.name or first_name_in(call.words)
        return Begun(number, typed, call.called_at, place_in(call.words), who_helped(tx, call, by.user))
