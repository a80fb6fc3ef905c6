"""Customers come onto the record, or are described, from a list that the firm keeps elsewhere."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.rules.audit_acts import Act
from bot.rules.customer_import import CannotImport, Imported, Listed, Problem
from bot.rules.customers import Customer
from bot.usecases.context import Context
from bot.usecases.shared.schedule import plan_a_look
from bot.usecases.shared.stale_messages import show_case
from storage.transaction import Transaction

ACTOR = "import"  # who acts, in the audit log


def enrol(context: Context, team: str, listed: Sequence[Listed]) -> Imported:
    """Take the list over, all of it or nothing. The same list again changes nothing.

    A customer is known by the CRM reference, else by the name, whatever its case, spaces and punctuation. What the list
    says nothing of stays as it is.

    Raises:
        CannotImport: lines that are about one customer, or name one customer and refer to another.
        NotRecorded: the database could not take it.
    """
    with context.begin(team) as tx:
        known = [_known(tx, each) for each in listed]
        problems = [*_clashes(tx, listed, known), *_same(listed, known)]
        if problems:
            raise CannotImport(problems)
        now = context.clock()
        done = Counter(_enter(tx, context, each, found, now) for each, found in zip(listed, known, strict=True))
    return Imported(done["added"], done["changed"], done["unchanged"])


def _known(tx: Transaction, listed: Listed) -> Customer | None:
    by_reference = tx.roll.by_reference(listed.crm_reference) if listed.crm_reference else None
    return tx.customers.current(by_reference) if by_reference else tx.customers.same(listed.name)


def _clashes(tx: Transaction, listed: Sequence[Listed], known: Sequence[Customer | None]) -> list[Problem]:
    """Lines whose name is another customer's than their reference."""
    problems = []
    for each, found in zip(listed, known, strict=True):
        named = tx.customers.same(each.name) if found else None
        if found and named and named.number != found.number:
            what = f"{each.crm_reference} is {found.name!r} on record, and {named.name!r} is another customer"
            problems.append(Problem(each.line, what, "Give the reference or the name of the one you mean."))
    return problems


def _same(listed: Sequence[Listed], known: Sequence[Customer | None]) -> list[Problem]:
    """Lines that turn out to be about the customer of a line further up."""
    first: dict[int, int] = {}
    problems = []
    for each, found in zip(listed, known, strict=True):
        if found and first.setdefault(found.number, each.line) != each.line:
            what = f"{found.name!r} on record is meant here and in line {first[found.number]}"
            problems.append(Problem(each.line, what, "Keep one of the two lines."))
    return problems


def _enter(tx: Transaction, context: Context, listed: Listed, known: Customer | None, now: datetime) -> str:
    before = tx.customers.lock(known.number) if known else tx.customers.add(listed.name, now)
    after = replace(
        before,
        name=listed.name,
        crm_reference=_said(listed.crm_reference, before.crm_reference),
        worth=_said(listed.worth, before.worth),
        owner=_said(listed.owner, before.owner),
    )
    if known and before == after:
        return "unchanged"
    if before.name != after.name:
        tx.roll.rename(before, after.name)
    tx.roll.describe(after)
    tx.audit.append(after.number, ACTOR, Act.IMPORT, _facts(before, after, new=known is None), now)
    _show(tx, context, before, after, now)
    return "changed" if known else "added"


def _said(new: str | None, old: str | None) -> str | None:
    """What the list says; None where it says nothing and nothing is known, or empties it."""
    return old if new is None else new or None


def _facts(before: Customer, after: Customer, *, new: bool) -> dict[str, object]:
    """What the audit log keeps: which fields, and who the owner is, since owners decide nothing."""
    fields = ("name", "crm_reference", "worth", "owner")
    changed = [name for name in fields if getattr(after, name) != getattr(before, name)]
    return {"new": new, "changed": changed, "owner": after.owner}


def _show(tx: Transaction, context: Context, before: Customer, after: Customer, now: datetime) -> None:
    """What Slack shows of the customer follows, and so does who is left to act on their case."""
    case = tx.cases.open_about(after.number)
    if case:
        tx.cases.touch(case.number)
        show_case(tx, context, case, now, clicked=False)
        plan_a_look(tx, case.number, now)
    if before.name != after.name:
        tx.notices.want_reports_about(after.number, now)
