"""Who took data out of the record or read it in full: an entry of the audit log, written before anything is shown.

docs/decisions/who-read.md says why.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeVar

from bot.rules.audit import WORKSPACE, Act
from bot.rules.case_files import CaseInFull
from bot.rules.cases import Case
from bot.rules.people import Person
from bot.usecases.context import Context
from bot.usecases.shared.case_access import Check, check_reader
from bot.usecases.shared.read_models import case_in_full
from storage.database import Database
from storage.transaction import Transaction

File = TypeVar("File")

CASE: Final = "case"  # what is read
EXPORT: Final = "export"  # the actor in the audit log; the operating system's user is among the facts


def record_export(
    database: Database, team: str, customers: Sequence[int], facts: Mapping[str, object], now: datetime
) -> None:
    """Put an export on record. `customers`: whom it is about, with the records merged into theirs; none: everybody.

    It is recorded before anything is handed out: an export that then fails is on record all the same. The facts are
    what was exported and `by`, the operating system's user.

    Raises Unknown, and NotRecorded: then nothing may be handed out.
    """
    with database.begin(team) as tx:
        for customer in reversed(customers):  # records merged into a customer come first, as in every use case
            tx.customers.lock(customer)
            tx.audit.append(customer, EXPORT, Act.EXPORT, facts, now)
        if not customers:
            record_for_workspace(tx, EXPORT, Act.EXPORT, facts, now)


def see_case(context: Context, by: Person, number: int, page: int) -> CaseInFull:
    """A case in full, with a page of the reports. Raises as `read_in_full`."""
    return read_in_full(context, by, number, lambda tx: case_in_full(tx, context, number, page))


def read_in_full(
    context: Context, by: Person, number: int, read: Callable[[Transaction], File], check: Check | None = None
) -> File:
    """What shows what was reported in a case: that this person reads it is on record before they see it.

    Once for each version of the case and day. `check`: what else must hold for it to be shown. Raises as
    `check_reader` and `check`, and NotRecorded: then nothing is shown.
    """
    with context.read(by.team) as tx:
        check_reader(tx, context, by, number)
        if check:
            check(tx, context, by, number)
        shown, case = read(tx), tx.cases.get(number)
        once = f"{CASE} {number} v{case.version} {context.today()}"
        if _is_recorded(tx, by, once):
            return shown
    _record(context, by, case, once)
    return shown


def _record(context: Context, by: Person, case: Case, once: str) -> None:
    """In a transaction of its own, of one entry: it waits for nothing that is only read. Raises NotRecorded."""
    with context.begin(by.team) as tx:
        customer = tx.customers.lock(case.customer).number
        if not _is_recorded(tx, by, once):
            facts = {"what": CASE, "case": case.number, "version": case.version}
            tx.audit.append(customer, by.user, Act.READ, facts, context.clock(), once=once)


def _is_recorded(tx: Transaction, by: Person, once: str) -> bool:
    return tx.audit.recorded(by.user, Act.READ, "", once) is not None


def record_for_workspace(tx: Transaction, actor: str, act: Act, facts: Mapping[str, object], now: datetime) -> None:
    """Add an entry to the chain of what is about no customer."""
    tx.audit.lock_workspace()
    tx.audit.append(WORKSPACE, actor, act, facts, now)
