"""The clock erases what the policy keeps no longer, every night. See docs/decisions/retention.md."""

from datetime import datetime, time, timedelta
from typing import Final

from bot.rules.audit import CLOCK, Act
from bot.rules.business_time import add_months
from bot.rules.erasure import instead_of_text
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context, new_salt
from bot.usecases.customers.erase import erase_calls, erase_everything, lock_with_merged
from bot.usecases.shared.conclude import Done, conclude
from bot.usecases.shared.letters_to_send import plan_letters
from storage.customers.retention import Limits
from storage.transaction import Transaction

LOOKED_AT: Final = 200  # customers in one step
NIGHT: Final = time(3)  # in the firm's time zone
BEGINNING: Final = 0  # the task's subject is the customer after whom it goes on
POLICY: Final = "the policy's time is over"


def schedule_retention(context: Context, team: str) -> None:
    """Called at each start: look at once, unless it is known when. Raises NotRecorded."""
    with context.begin(team) as tx:
        if tx.scheduled_tasks.scheduled_at(TaskKind.RETENTION, BEGINNING) is None:
            tx.scheduled_tasks.set(TaskKind.RETENTION, BEGINNING, context.clock())


def erase_what_is_due(tx: Transaction, context: Context, after: int) -> None:
    """The task "retention": look at the customers after this one, erase what is due about the first, and schedule the
    rest; after the last customer, the next night.

    A step is short, so that nobody waits for it, and one that was interrupted is done again as a whole.
    """
    now, limits = context.clock(), _limits(context)
    numbers = tx.retention.page(after, LOOKED_AT)
    if after == BEGINNING:
        _erase_about_nobody(tx, context, limits, now)
    if not numbers:
        tx.scheduled_tasks.set(TaskKind.RETENTION, BEGINNING, _next_night(context))
        return
    due = tx.retention.first_due(after, numbers[-1], limits)
    if due is not None:
        _erase(tx, context, due, limits)
    tx.scheduled_tasks.set(TaskKind.RETENTION, numbers[-1] if due is None else due, now)


def _erase_about_nobody(tx: Transaction, context: Context, limits: Limits, now: datetime) -> None:
    """The words of calls for backup that were about no customer on record."""
    old = [number for number, _, made_at in tx.backup_calls.words_about_nobody() if made_at < limits.texts_before]
    erase_calls(tx, context, old, CLOCK, {"why": POLICY}, now)


def _erase(tx: Transaction, context: Context, number: int, limits: Limits) -> None:
    customer, now = lock_with_merged(tx, number), context.clock()
    removed = tx.retention.erase_due(number, limits, instead_of_text(context.today()), new_salt(), now)
    tx.files.forget_unnamed(number)
    facts = {"why": POLICY, "texts": removed.texts, "files": removed.files, "reports": removed.reports}
    plan_letters(tx, context, customer, now)
    conclude(tx, context, Done(Act.ERASE, CLOCK, number, facts), now)
    if removed.texts or removed.files:
        tx.sent_files.erase_about((number,), now)
    if tx.retention.details_due(number, limits):
        erase_everything(tx, context, tx.cards.with_merged(number), CLOCK, {"why": POLICY})


def _limits(context: Context) -> Limits:
    """Each limit is the beginning of a day in the firm's time zone."""
    kept, hours, today = context.policy.retention, context.policy.hours, context.today()
    months = (kept.texts_months, kept.files_months, kept.support_months, kept.dropped_months)
    return Limits(*(hours.at(add_months(today, -each), time.min) for each in months))


def _next_night(context: Context) -> datetime:
    hours, today = context.policy.hours, context.today()
    tonight = hours.at(today, NIGHT)
    return tonight if tonight > context.clock() else hours.at(today + timedelta(days=1), NIGHT)
