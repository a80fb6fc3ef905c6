"""Customers are added or changed from a list that the firm keeps elsewhere."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.rules.audit import Act
from bot.rules.customer_import import CannotImport, Imported, ImportLine, LineProblem
from bot.rules.customers import Customer
from bot.usecases.context import Context
from bot.usecases.shared.conclude import Done, conclude
from storage.transaction import Transaction

ACTOR = "import"  # in the audit log
FIELDS = ("name", "crm_reference", "worth", "owner")

Lines = list[tuple[ImportLine, Customer | None]]
"""Each line, and the customer on record whom it is about."""


def import_customers(context: Context, team: str, listed: Sequence[ImportLine]) -> Imported:
    """Import all of the list or nothing. Idempotent.

    A customer is known by the CRM reference, else by the name, whatever its case, spaces and punctuation. What the list
    does not mention stays as it is.

    Raises:
        CannotImport: two lines are about one customer, or a line's name and reference are of different customers.
        NotRecorded.
    """
    with context.begin(team) as tx:
        lines = [(each, _known(tx, each)) for each in listed]
        problems = [*_clashes(tx, lines), *_repeats(lines)]
        if problems:
            raise CannotImport(problems)
        now = context.clock()
        done = Counter(_import(tx, context, each, known, now) for each, known in lines)
    return Imported(done["added"], done["changed"], done["unchanged"])


def _known(tx: Transaction, listed: ImportLine) -> Customer | None:
    by_reference = tx.customers.by_reference(listed.crm_reference) if listed.crm_reference else None
    return tx.customers.current(by_reference) if by_reference else tx.customers.same(listed.name)


def _clashes(tx: Transaction, lines: Lines) -> Iterator[LineProblem]:
    """Lines whose name is another customer's than their reference."""
    for each, known in lines:
        named = tx.customers.same(each.name) if known else None
        if known and named and named.number != known.number:
            what = f"{each.crm_reference} is {known.name!r} on record, and {named.name!r} is another customer"
            yield LineProblem(each.line, what, "Give the reference or the name of the one you mean.")


def _repeats(lines: Lines) -> Iterator[LineProblem]:
    """Lines about the same customer as a line further up."""
    first: dict[int, int] = {}
    for each, known in lines:
        if known and first.setdefault(known.number, each.line) != each.line:
            what = f"{known.name!r} on record is meant here and in line {first[known.number]}"
            yield LineProblem(each.line, what, "Keep one of the two lines.")


def _import(tx: Transaction, context: Context, listed: ImportLine, known: Customer | None, now: datetime) -> str:
    before = tx.customers.lock(known.number) if known else tx.customers.add(listed.name, now)
    after = replace(
        before,
        name=listed.name,
        crm_reference=_listed_or_known(listed.crm_reference, before.crm_reference),
        worth=_listed_or_known(listed.worth, before.worth),
        owner=_listed_or_known(listed.owner, before.owner),
    )
    if known and before == after:
        return "unchanged"
    if before.name != after.name:
        tx.customers.rename(before, after.name)
    tx.customers.set_details(after)
    changed = [name for name in FIELDS if getattr(after, name) != getattr(before, name)]
    facts = {"new": known is None, "changed": changed, "owner": after.owner}
    if known is None:  # nothing shows them yet
        tx.audit.append(after.number, ACTOR, Act.IMPORT, facts, now)
        return "added"
    conclude(tx, context, Done(Act.IMPORT, ACTOR, after.number, facts), now)
    return "changed"


def _listed_or_known(listed: str | None, known: str | None) -> str | None:
    """The new value, None where it is empty; the old one where the list does not mention it."""
    return known if listed is None else listed or None
