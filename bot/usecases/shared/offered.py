"""The report that is offered after a call for backup: what it begins with, and what of it is the rep's own."""

from typing import Final

from bot.language import _
from bot.rules.audit import Act
from bot.rules.backup import BackupCall
from bot.rules.reports import NewReport
from storage.transaction import Transaction

# Translators: begins what a rep writes about what happened.
CAME_TO_HELP: Final = _("{who} came to help.")


def who_helped(tx: Transaction, call: BackupCall, reader: str) -> str:
    """Who came, in a sentence that begins what the reader writes; empty where nobody else came."""
    came = tx.people.profile(call.taken_by) if call.taken_by and call.taken_by != reader else None
    return CAME_TO_HELP.format(who=came.name) if came and came.name else ""


def says_nothing_more(tx: Transaction, new: NewReport) -> bool:
    """Whether the report says what it began with, and not what happened."""
    call = tx.backup_calls.get(new.call) if new.call else None
    return call is not None and new.narrative.strip() == who_helped(tx, call, new.by.user)


def reported_once(tx: Transaction, new: NewReport, customer: int) -> str:
    """The key by which a person reports a customer only once after a call, from any window; empty without a call.

    Whoever has withdrawn that report may make another one.
    """
    once = f"call {new.call} customer {customer}" if new.call else ""
    while once and (found := tx.audit.recorded(new.by.user, Act.REPORT, "", once)):
        number = int(str(found["report"]))
        if tx.reports.get(number).withdrawn_at is None:
            break
        once = f"call {new.call} customer {customer}:{number}"
    return once
