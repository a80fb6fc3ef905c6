"""A customer as somebody names them on the command line."""

from typing import Final

from bot.rules.customers import Customer
from bot.rules.refusals import Unknown
from storage.transaction import Transaction

NOBODY: Final = "No customer is called {who!r}.{nearest} Give the name as it is on record, or the number."
NO_NUMBER: Final = "There is no customer {who}. Numbers count from 1; `export --all` lists them."
SEVERAL: Final = "{who!r} may mean {several}. Give the number of the one you mean."
NEAREST: Final = " The nearest: {names}."
FEW: Final = 3


def find(tx: Transaction, who: str) -> Customer:
    """The customer of this number or name, or the one whom they were merged into.

    Raises ValueError where there is none, or several may be meant: nobody is guessed at.
    """
    if who.isascii() and who.isdigit():
        return _numbered(tx, int(who))
    same = tx.customers.same(who)
    if same:
        return same
    alike = tx.customers.alike(who)
    if len(alike) == 1:
        return tx.customers.get(alike[0].number)
    if alike:
        raise ValueError(SEVERAL.format(who=who, several=" or ".join(f"{each.number} ({each.name})" for each in alike)))
    names = ", ".join(f"{each.number} ({each.name})" for each in tx.customers.likely(who, FEW))
    raise ValueError(NOBODY.format(who=who, nearest=NEAREST.format(names=names) if names else ""))


def _numbered(tx: Transaction, number: int) -> Customer:
    try:
        return tx.customers.current(tx.customers.get(number))
    except Unknown:
        raise ValueError(NO_NUMBER.format(who=number)) from None
