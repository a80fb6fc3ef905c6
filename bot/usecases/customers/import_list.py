"""Customers are added or changed from a list that the firm keeps elsewhere."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.rules.audit import Act
from bot.rules.customer_import import (
    CannotImport,
    Imported,
    ImportLine,
    LineProblem,
    Planned,
    SameName,
    changed_fields,
    namesake,
)
from bot.rules.customers import Customer
from bot.rules.fields import LONGEST_NAME
from bot.rules.name_matching import strict_key
from bot.rules.refusals import NotRecorded
from bot.rules.text import units
from bot.usecases.context import Context
from bot.usecases.shared.conclude import Done, conclude
from storage.transaction import Transaction

ACTOR = "import"  # in the audit log
BATCH = 50  # lines in one transaction: a report that comes meanwhile waits for as long as one takes
PATIENCE = 15.0  # seconds in which a batch is tried again while others hold the database's locks
PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Rules:
    """How lines are understood. `listed`: every reference of the list."""

    listed: Collection[str]
    same_name: SameName | None = None


def import_customers(
    context: Context,
    team: str,
    listed: Sequence[ImportLine],
    same_name: SameName | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Imported:
    """Import the list, if nothing in it is wrong. Idempotent: doing it again finishes what was interrupted.

    A customer is known by the CRM reference, else by the name, whatever its case, spaces and punctuation. A name never
    overrules a reference: docs/decisions/names-and-references.md. What the list does not mention stays as it is. It is
    imported in several transactions, with half as much time in between for others. `progress` gets the lines so far.

    Raises:
        CannotImport: two lines are about one customer, or a line's name and reference are of different customers.
        NotRecorded: after the lines that `progress` was called with.
    """
    for _ in would_import(context, team, listed, same_name):
        pass  # which raises what is wrong anywhere in the list
    rules = _rules(listed, same_name)
    done: Counter[str] = Counter()
    for number, batch in enumerate(_batches(listed), 1):
        start = time.monotonic()
        done.update(_patiently(partial(_import_batch, context, team, batch, rules, done.total())))
        progress(done.total())
        if done.total() < len(listed):  # on SQLite whoever waits only looks now and then whether it is their turn
            time.sleep((time.monotonic() - start) / 2)
        if number & (number - 1) == 0:  # whenever there are twice as many
            with context.begin(team) as tx:
                tx.customers.measure()
    return Imported(done["added"], done["changed"], done["unchanged"])


def would_import(
    context: Context, team: str, listed: Sequence[ImportLine], same_name: SameName | None = None
) -> Iterator[Planned]:
    """What an import would do with each line. Nothing is changed. Raises CannotImport, at the end, and NotRecorded."""
    rules, problems = _rules(listed, same_name), list[LineProblem]()
    first: dict[int, int] = {}
    with context.read(team) as tx:
        for batch in _batches(listed):
            planned, wrong = _plan(tx, batch, rules)
            problems += [*wrong, *_repeats(planned, first)]
            if not problems:
                yield from planned
    if problems:
        raise CannotImport(problems)


def _batches(listed: Sequence[ImportLine]) -> Iterator[Sequence[ImportLine]]:
    return (listed[first : first + BATCH] for first in range(0, len(listed), BATCH))


def _rules(listed: Sequence[ImportLine], same_name: SameName | None) -> Rules:
    return Rules(frozenset(each.crm_reference for each in listed if each.crm_reference), same_name)


def _patiently(batch: Callable[[], Counter[str]]) -> Counter[str]:
    """Try again while others hold the locks: a firm's busiest minute is no reason to stop halfway."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return batch()
        except NotRecorded:
            if time.monotonic() > end:
                raise
            time.sleep(PAUSE)


def _import_batch(
    context: Context, team: str, batch: Sequence[ImportLine], rules: Rules, imported: int
) -> Counter[str]:
    with context.begin(team) as tx:
        tx.customers.lock_numbers()
        planned, problems = _plan(tx, batch, rules)
        problems += _repeats(planned, {})
        if problems:
            raise CannotImport(problems, imported)
        return _import(tx, context, planned, context.clock())


def _plan(tx: Transaction, listed: Sequence[ImportLine], rules: Rules) -> tuple[list[Planned], list[LineProblem]]:
    """What becomes of each line, and what is wrong with the others."""
    referred = tx.customers.with_references([each.crm_reference for each in listed if each.crm_reference])
    named = tx.customers.named([each.name for each in listed])
    planned: list[Planned] = []
    problems: list[LineProblem] = []
    names: set[str] = set()
    for each in listed:
        found = _understood(tx, each, referred.get(each.crm_reference or ""), named.get(each.name), names, rules)
        if isinstance(found, Planned):
            planned.append(found)
            names.add(strict_key(found.after.name))
        else:
            problems.append(found)
    return planned, problems


def _understood(
    tx: Transaction,
    line: ImportLine,
    referred: Customer | None,
    named: Customer | None,
    names: Collection[str],
    rules: Rules,
) -> Planned | LineProblem:
    """`names`: those of the lines before in the same batch, as `strict_key` has them."""
    if referred and referred.merged_into is not None:  # its own line tells of the record that it was merged into
        return Planned(line, referred, referred)
    other = named if named and named.crm_reference not in {None, line.crm_reference} else None
    if referred and named and referred.number != named.number and not other:
        return _clash(line, referred, named)
    known = referred or named
    if line.crm_reference and not referred and other and rules.same_name is not SameName.ONE:
        if rules.same_name is None and other.crm_reference not in rules.listed:
            return _two_or_one(line, other)
        known = None
    name = line.name
    taken = named and (known is None or named.number != known.number)
    if line.crm_reference and (taken or strict_key(name) in names):
        name = namesake(name, line.crm_reference)
        known, problem = _namesake(tx, line, name, known)
        if problem:
            return problem
    return Planned(line, known, _as_listed(known or Customer(0, name), replace(line, name=name)))


def _namesake(
    tx: Transaction, line: ImportLine, name: str, known: Customer | None
) -> tuple[Customer | None, LineProblem | None]:
    """Whose line it is once the reference is a part of the name, which is too long or somebody else's."""
    if units(name) > LONGEST_NAME:
        what = f"there are two customers {line.name!r}, and the name does not fit with its reference"
        return None, LineProblem(line.line, what, "Tell the two apart by their names.")
    called = tx.customers.named([name]).get(name)
    if called is None or (known and called.number == known.number):
        return known, None
    if known or called.crm_reference not in {None, line.crm_reference}:
        return None, _clash(line, known or called, called)
    return called, None


def _clash(line: ImportLine, referred: Customer, named: Customer) -> LineProblem:
    what = f"{line.crm_reference} is {referred.name!r} on record, and {named.name!r} is another customer"
    return LineProblem(line.line, what, "Give the reference or the name of the one you mean, or merge the two first.")


def _two_or_one(line: ImportLine, other: Customer) -> LineProblem:
    what = f"{other.name!r} is on record with the reference {other.crm_reference}, and here with {line.crm_reference}"
    mend = "Say --same-name two if they are two customers of one name, --same-name one if the reference is a new one."
    return LineProblem(line.line, what, mend)


def _repeats(planned: Sequence[Planned], first: dict[int, int]) -> Iterator[LineProblem]:
    """Lines about the same customer as a line further up. `first`: the line of each customer, by number."""
    for each in planned:
        known, number = each.known, each.listed.line
        if known and known.merged_into is None and first.setdefault(known.number, number) != number:
            what = f"{known.name!r} on record is meant here and in line {first[known.number]}"
            yield LineProblem(number, what, "Keep one of the two lines.")


def _import(tx: Transaction, context: Context, planned: Sequence[Planned], now: datetime) -> Counter[str]:
    """Import these lines. How many were "added", "changed" and "unchanged"."""
    for added in tx.customers.add_listed([each.after for each in planned if not each.known], now):
        facts = _facts(Customer(added.number, added.name), added, new=True)
        tx.audit.append(added.number, ACTOR, Act.IMPORT, facts, now)  # nothing shows them yet
    outcomes = Counter(each.outcome for each in planned if not each.known or each.outcome == "unchanged")
    changed = {each.known.number: each for each in planned if each.known and each.outcome == "changed"}
    for number in sorted(changed):  # locked by number, as mergers
        outcomes["changed" if _change(tx, context, changed[number], now) else "unchanged"] += 1
    if renamed := [n for n, each in changed.items() if each.known and each.known.name != each.after.name]:
        tx.erasures.refresh_mentions(renamed, now)
    return outcomes


def _change(tx: Transaction, context: Context, planned: Planned, now: datetime) -> bool:
    """Give a customer on record the details of the list; whether any were different once they were locked."""
    before = tx.customers.lock(planned.after.number)
    after = _as_listed(before, replace(planned.listed, name=planned.after.name))
    if before == after:
        return False
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


def _facts(before: Customer, after: Customer, *, new: bool) -> Mapping[str, object]:
    return {"new": new, "changed": changed_fields(before, after), "owner": after.owner}
