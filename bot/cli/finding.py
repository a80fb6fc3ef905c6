"""Finding a customer: as people type it for what only reads, and without any doubt for what cannot be undone."""

from collections.abc import Iterator
from typing import Final

from bot.rules.customer_cards import CustomerOnRecord
from bot.rules.customers import Customer
from bot.rules.name_matching import strict_key
from bot.rules.refusals import Unknown
from bot.rules.text import short_day
from storage.transaction import Transaction

NOBODY: Final = "No customer is called {who!r}.{nearest} Give the name as it is on record, or the number."
NO_NUMBER: Final = "There is no customer {who}. Numbers count from 1; `export all` lists them."
SEVERAL: Final = "{who!r} may mean {several}. Add --number N of the one you mean."
NOT_EXACT: Final = (
    "{who!r} is no record's own name or number now; it leads to {found}. If you mean that one, add --number {n}."
)
NEAREST: Final = " The nearest: {names}."
NAMES_SHOWN: Final = 3


def find_customer(tx: Transaction, who: str | None, number: int | None = None) -> Customer:
    """The customer with this number, or whom this name, reference or number leads to; for what only reads.

    A record that was merged leads to the customer whom it was merged into.

    Raises ValueError if there is none, or if several customers may be meant.
    """
    if number is not None:
        return tx.customers.current(_numbered(tx, number))
    typed = str(who)
    found = list(_leading(tx, typed)) or [tx.customers.get(each.number) for each in tx.customers.alike(typed)]
    return _only(tx, typed, found)


def find_exactly(tx: Transaction, who: str | None, number: int | None = None) -> Customer:
    """The one record with this number, or that has this very name now; for what cannot be undone.

    Raises ValueError if there is none, if what was typed may mean several records (also as a number, a reference or a
    former name), or if it only leads to one: then it says which, and how to name that one beyond doubt.
    """
    if number is not None:
        return _unmerged(tx, _numbered(tx, number))
    typed = str(who)
    found = _only(tx, typed, list(_leading(tx, typed)))
    if _as_number(typed) == found.number or strict_key(typed) == strict_key(found.name):
        return found
    raise ValueError(NOT_EXACT.format(who=typed, found=description(tx.cards.on_record(found)), n=found.number))


def description(found: CustomerOnRecord) -> str:
    """Whom somebody has found: name, number, reference, standing, reports, since when, and what was merged into it."""
    customer, n = found.customer, found.reports
    facts = [
        f"customer {customer.number}, {customer.name}",
        f"reference {customer.crm_reference}" if customer.crm_reference else "no reference",
        f"standing {customer.standing.value.replace('_', ' ')}",
        f"{n} report{'' if n == 1 else 's'}",
        f"on record since {short_day(found.since.date())}",
    ]
    merged = " and ".join(map(str, found.merged))
    return ", ".join([*facts, *([f"with what was merged into it: {merged}"] if merged else [])])


def _leading(tx: Transaction, typed: str) -> Iterator[Customer]:
    """Every customer to whom what was typed leads as a name, former name, number or reference.

    Of all of these the spelling counts as little as of names: "#2" may mean what "2" may mean.
    """
    key = strict_key(typed)
    found = (_maybe_numbered(tx, _as_number(typed)), tx.customers.same(typed))
    referred = (tx.customers.get(n) for n, reference in tx.cards.references() if strict_key(reference) == key)
    for each in (*found, *referred):
        if each:
            yield tx.customers.current(each)


def _as_number(typed: str) -> int | None:
    key = strict_key(typed)
    return int(key) if key.isascii() and key.isdigit() and len(key) <= len(str(2**31)) else None


def _maybe_numbered(tx: Transaction, number: int | None) -> Customer | None:
    try:
        return None if number is None else tx.customers.get(number)
    except Unknown:
        return None


def _numbered(tx: Transaction, number: int) -> Customer:
    try:
        return tx.customers.get(number)
    except Unknown:
        raise ValueError(NO_NUMBER.format(who=number)) from None


def _unmerged(tx: Transaction, found: Customer) -> Customer:
    """The record, unless it was merged into another one: whoever names it may not know that it is about both."""
    if found.merged_into is None:
        return found
    into = tx.customers.current(found)
    raise ValueError(
        NOT_EXACT.format(who=str(found.number), found=description(tx.cards.on_record(into)), n=into.number)
    )


def _only(tx: Transaction, typed: str, found: list[Customer]) -> Customer:
    """The only one of these. Raises ValueError where there is none or several."""
    several = {each.number: each for each in found}
    if len(several) == 1:
        return found[0]
    if several:
        names = " or ".join(f"{each.number} ({each.name})" for each in several.values())
        raise ValueError(SEVERAL.format(who=typed, several=names))
    if (digits := _as_number(typed)) is not None:
        raise ValueError(NO_NUMBER.format(who=digits))
    nearest = [*tx.customers.alike(typed), *tx.customers.likely(typed, NAMES_SHOWN)]
    names = ", ".join(
        f"{number} ({name})" for number, name in sorted({each.number: each.name for each in nearest}.items())
    )
    raise ValueError(NOBODY.format(who=typed, nearest=NEAREST.format(names=names) if names else ""))
