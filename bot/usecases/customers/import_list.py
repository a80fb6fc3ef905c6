"""Customers are added or changed from a list that the firm keeps elsewhere."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.rules.audit import Act
from bot.rules.customer_import import CannotImport, Imported, ImportLine, LineProblem
from bot.rules.customers import Customer
from bot.usecases.context import Context
from bot.usecases.shared.conclude import Done, conclude
from storage.transaction import Transaction

ACTOR = "import"  # in the audit log
FIELDS = ("name", "crm_reference", "worth", "owner")
BATCH = 50  # lines in one transaction: a report that comes meanwhile waits for as long as one takes


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list, and the customers on record who have its CRM reference and its name."""

    listed: ImportLine
    referred: Customer | None
    named: Customer | None

    @property
    def known(self) -> Customer | None:
        """The customer whom the line is about; None for a new one."""
        return self.referred or self.named


def import_customers(context: Context, team: str, listed: Sequence[ImportLine]) -> Imported:
    """Import the list, if nothing in it is wrong. Idempotent: doing it again finishes what was interrupted.

    A customer is known by the CRM reference, else by the name, whatever its case, spaces and punctuation. What the list
    does not mention stays as it is. It is imported in several transactions, with as much time in between for others.

    Raises:
        CannotImport: two lines are about one customer, or a line's name and reference are of different customers.
        NotRecorded.
    """
    batches = [listed[first : first + BATCH] for first in range(0, len(listed), BATCH)]
    with context.read(team) as tx:
        _refuse([line for batch in batches for line in _found(tx, batch)])
    done: Counter[str] = Counter()
    for batch in batches:
        start = time.monotonic()
        with context.begin(team) as tx:
            tx.customers.lock_numbers()
            lines = _found(tx, batch)
            _refuse(lines, imported=done.total())
            outcomes = _import(tx, context, lines, context.clock())
        done.update(outcomes)
        if batch is not batches[-1]:  # on SQLite whoever waits only looks now and then whether it is their turn
            time.sleep(time.monotonic() - start)
    return Imported(done["added"], done["changed"], done["unchanged"])


def _found(tx: Transaction, listed: Sequence[ImportLine]) -> list[Line]:
    by_reference = tx.customers.with_references([each.crm_reference for each in listed if each.crm_reference])
    named = tx.customers.named([each.name for each in listed])
    return [Line(each, by_reference.get(each.crm_reference or ""), named.get(each.name)) for each in listed]


def _refuse(lines: Sequence[Line], imported: int = 0) -> None:
    problems = [*_clashes(lines), *_repeats(lines)]
    if problems:
        raise CannotImport(problems, imported)


def _clashes(lines: Sequence[Line]) -> Iterator[LineProblem]:
    """Lines whose name is another customer's than their reference."""
    for line in lines:
        if line.referred and line.named and line.referred.number != line.named.number:
            reference, known, named = line.listed.crm_reference, line.referred.name, line.named.name
            what = f"{reference} is {known!r} on record, and {named!r} is another customer"
            yield LineProblem(line.listed.line, what, "Give the reference or the name of the one you mean.")


def _repeats(lines: Sequence[Line]) -> Iterator[LineProblem]:
    """Lines about the same customer as a line further up."""
    first: dict[int, int] = {}
    for line in lines:
        number, known = line.listed.line, line.known
        if known and first.setdefault(known.number, number) != number:
            what = f"{known.name!r} on record is meant here and in line {first[known.number]}"
            yield LineProblem(number, what, "Keep one of the two lines.")


def _import(tx: Transaction, context: Context, lines: Sequence[Line], now: datetime) -> list[str]:
    """Import these lines. For each, whether it was "added", "changed" or "unchanged"."""
    new = [line.listed for line in lines if not line.known]
    for added in tx.customers.add_listed(new, now):
        facts = _facts(Customer(added.number, added.name), added, new=True)
        tx.audit.append(added.number, ACTOR, Act.IMPORT, facts, now)  # nothing shows them yet
    known = sorted(((line.known, line.listed) for line in lines if line.known), key=lambda each: each[0].number)
    changed = [
        _change(tx, context, listed, customer, now) for customer, listed in known
    ]  # locked by number, as mergers
    return ["added"] * len(new) + ["changed" if each else "unchanged" for each in changed]


def _change(tx: Transaction, context: Context, listed: ImportLine, known: Customer, now: datetime) -> bool:
    """Give a customer on record the details of the list; whether any were different."""
    if _as_listed(known, listed) == known:
        return False
    before = tx.customers.lock(known.number)
    after = _as_listed(before, listed)
    if before.name != after.name:
        tx.customers.rename(before, after.name)
    tx.customers.set_details(after)
    tx.stakes.owner_changed(before, after, now)
    conclude(tx, context, Done(Act.IMPORT, ACTOR, after.number, _facts(before, after, new=False)), now)
    return True


def _as_listed(known: Customer, listed: ImportLine) -> Customer:
    return replace(
        known,
        name=listed.name,
        crm_reference=_listed_or_known(listed.crm_reference, known.crm_reference),
        worth=_listed_or_known(listed.worth, known.worth),
        owner=_listed_or_known(listed.owner, known.owner),
    )


def _listed_or_known(listed: str | None, known: str | None) -> str | None:
    """The new value, None where it is empty; the old one where the list does not mention it."""
    return known if listed is None else listed or None


def _facts(before: Customer, after: Customer, *, new: bool) -> dict[str, object]:
    changed = [name for name in FIELDS if getattr(after, name) != getattr(before, name)]
    return {"new": new, "changed": changed, "owner": after.owner}
