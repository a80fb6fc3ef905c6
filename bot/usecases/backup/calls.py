"""What every step of a call for backup has in common: locking it, its entry in the audit log, its messages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import IntEnum

from bot.rules.audit import WORKSPACE, Act
from bot.rules.backup import (
    ASKED_AFTER,
    MOST_AT_ONCE,
    BackupCall,
    CallFile,
    Circle,
    HowEnded,
    Named,
    first_name_in,
    names_in,
)
from bot.rules.name_matching import strict_key
from bot.rules.notices import NoticeKind
from bot.rules.people import is_user
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from bot.usecases.permissions.colleagues import is_member
from bot.usecases.permissions.permissions import profile_denial, stakes_in
from bot.usecases.shared.conclude import Done, conclude
from bot.usecases.shared.nearly_called import all_nearly_called
from storage.transaction import Transaction

WAITING = (TaskKind.BACKUP_WIDER, TaskKind.BACKUP_ALONE)
"""What is done while a call waits."""


class CallerMessage(IntEnum):
    """The messages to the rep about one call: rounds of the notice. Each is new, since an edit notifies nobody."""

    STATUS = 0  # how it stands; kept in step
    COMING = 1
    ALONE = 2  # nobody has come: what to do alone
    REPORT = 3  # no report was made within a day


def lock_chain(tx: Transaction, customer: int) -> int:
    """Lock the chain of the audit log that a call is in: the customer's, or that of what is about nobody.

    Whom it is about then: the record may have been merged.
    """
    if customer == WORKSPACE:
        tx.audit.lock_workspace()
        return WORKSPACE
    return tx.customers.lock(customer).number


def lock_call(tx: Transaction, number: int) -> BackupCall:
    """The call, locked to the end of the transaction: of two who press at once, the second waits. Raises Unknown."""
    lock_chain(tx, tx.backup_calls.get(number).customer)
    return tx.backup_calls.get(number)


def conclude_call(
    tx: Transaction, context: Context, call: BackupCall, by: str, act: Act, facts: Mapping[str, object], now: datetime
) -> None:
    """Write the entry of the audit log."""
    conclude(tx, context, Done(act, by, call.customer, {"call": call.number, **facts}), now)


def show_call(tx: Transaction, call: BackupCall, now: datetime, *messages: CallerMessage) -> None:
    """Have all messages about the call show how it stands, and tell the rep these things as well."""
    tx.backup_calls.refresh_messages(call.number, now)
    for each in messages:
        tx.notices.refresh(
            NoticeKind.BACKUP_REP,
            call.number,
            call.caller,
            now,
            customer=call.customer or None,
            urgent=True,
            round_=each,
        )


def ask_people(
    tx: Transaction, context: Context, call: BackupCall, now: datetime
) -> tuple[BackupCall, tuple[str, ...]]:
    """Ask the next people; the call with them, and whom it asked. They are the channel's where nobody else is left."""
    circle, people = _next(tx, context, call, now)
    for target in people or (context.firm.management_channel,):
        tx.notices.refresh(NoticeKind.BACKUP, call.number, target, now, customer=call.customer or None, urgent=True)
    if circle is not Circle.CHANNEL:
        tx.scheduled_tasks.set(TaskKind.BACKUP_WIDER, call.number, now + context.policy.backup.wider_after)
    return replace(call, circle=circle, asked=(*call.asked, *people)), people


def end_call(
    tx: Transaction, context: Context, call: BackupCall, by: str | None, actor: str, how: HowEnded, now: datetime
) -> None:
    """Store how it ended, and have everybody notified. `by`: a person; else it ended by itself.

    A day later the rep is asked for a report, unless they needed nobody after all.
    """
    tx.backup_calls.end(call.number, by, how, now)
    for kind in (*WAITING, TaskKind.BACKUP_OVER):
        tx.scheduled_tasks.cancel(kind, call.number)
    if how is not HowEnded.STOOD_DOWN or call.taken_by:
        tx.scheduled_tasks.set(TaskKind.BACKUP_REPORT, call.number, now + ASKED_AFTER)
    conclude_call(tx, context, call, actor, Act.END_BACKUP, {"how": how.value}, now)
    show_call(tx, call, now)


def call_file(tx: Transaction, call: BackupCall, reader: str, *, comes_late: bool = False) -> CallFile:
    """What a message about the call shows to this person, or in this channel.

    A customer's name is for members of whom Slack has said that they are. The channel, which the account's owner may
    read, reads who needs somebody and nothing else.
    """
    if not is_user(reader):
        return CallFile(replace(call, words=""), comes_late=comes_late)
    reported = has_reported(tx, call)
    if not call.customer or not is_member(tx, reader):
        return CallFile(call, comes_late=comes_late, reported=reported)
    customer = tx.customers.current(tx.customers.get(call.customer))
    return CallFile(call, customer.name, customer.standing, comes_late=comes_late, reported=reported)


def who_is_meant(tx: Transaction, typed: str) -> tuple[set[int], str]:
    """The customers of the first name in what was typed, and what stands beside it. Nobody can be asked now."""
    for each in names_in(typed):
        if found := _called(tx, each):
            return found, each.beside
    return set(), typed


def may_be_meant(tx: Transaction, typed: str) -> set[int]:
    """Every customer whose name stands in what was typed, or one that is nearly theirs."""
    return {number for each in names_in(typed) for number in _called(tx, each)}


def _called(tx: Transaction, named: Named) -> set[int]:
    """The customers of this name, else of nearly this name."""
    if not strict_key(named.name):
        return set()
    same = tx.customers.same(named.name)
    if same or not named.single:
        return {same.number} if same else set()
    found = {each.number for each in tx.customers.alike(named.name)}
    return found or {each.number for each in all_nearly_called(tx, named.name)}


def may_read_words(tx: Transaction, context: Context, call: BackupCall, reader: str) -> bool:
    """Whether what was typed cannot be about a customer in whom this person has a stake, as far as that is known."""
    now, named = context.clock(), may_be_meant(tx, call.words) | ({_customer(tx, call)} if call.customer else set())
    return not any(reader in stakes_in(tx, context, customer, now) for customer in named)


def may_come(tx: Transaction, context: Context, call: BackupCall, user: str, now: datetime) -> bool:
    """Whether this person may join the rep: whoever was asked, and everybody who may be asked.

    Who is in a group need not have been read just now: a rep waits.
    """
    firm = context.firm
    listed = {*call.asked, *tx.people.behind((*firm.to_call, *firm.management))}
    return user in listed and user != call.caller and user not in _with_stake(tx, context, call, now)


def _next(tx: Transaction, context: Context, call: BackupCall, now: datetime) -> tuple[Circle, tuple[str, ...]]:
    """The people to ask next, so many at once: each time a wider circle, where there is somebody to ask.

    Who is left of a narrower one is asked with it, as far as there is room: where there are very many leads, the
    managers do not wait until all of them were asked.
    """
    firm = context.firm
    directory = tx.people.directory((*firm.to_call, *firm.management))
    out = {call.caller, *call.asked, *tx.backup_calls.unavailable(), *_with_stake(tx, context, call, now)}
    out |= {user for user, profile in directory.profiles.items() if profile_denial(profile)}
    left: list[str] = []
    for circle, listed in (
        (Circle.LEADS, firm.to_call),
        (Circle.MANAGERS, firm.managers),
        (Circle.DIRECTORS, firm.directors),
    ):
        left = [*(user for user in directory.people(listed) if user not in (*out, *left)), *left]
        if left and (not call.asked or circle.is_wider_than(call.circle)):
            return circle, tuple(left[:MOST_AT_ONCE])
    return Circle.CHANNEL, ()


def has_reported(tx: Transaction, call: BackupCall) -> bool:
    """Whether the rep has made the report that is offered after the call."""
    return tx.backup_calls.has_reported(call.caller, about(tx, call), call.called_at)


def is_about_the_same(tx: Transaction, call: BackupCall, other: BackupCall) -> bool:
    """Whether two calls are about the same customer: on record, else of the same name as it was typed."""
    customer, customer_of_other = about(tx, call), about(tx, other)
    if customer or customer_of_other:
        return customer == customer_of_other
    return strict_key(first_name_in(call.words)) == strict_key(first_name_in(other.words))


def about(tx: Transaction, call: BackupCall) -> int:
    """The customer; where they came on record after the call, the one whom the words mean. WORKSPACE: nobody knows."""
    meant = set() if call.customer else who_is_meant(tx, call.words)[0]
    return meant.pop() if len(meant) == 1 else _customer(tx, call)


def _customer(tx: Transaction, call: BackupCall) -> int:
    """The customer as they are on record now; WORKSPACE where the call names none."""
    return tx.customers.current(tx.customers.get(call.customer)).number if call.customer else WORKSPACE


def _with_stake(tx: Transaction, context: Context, call: BackupCall, now: datetime) -> Sequence[str]:
    return tuple(stakes_in(tx, context, _customer(tx, call), now)) if call.customer else ()
