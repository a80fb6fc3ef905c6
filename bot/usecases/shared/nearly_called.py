"""Customers who are nearly called so: a mistyped name must not make a new one, for whom no warning is valid."""

from dataclasses import replace
from typing import Final

from bot.rules.case_files import CaseFile
from bot.rules.customers import Customer, LikelyCustomer
from bot.rules.name_matching import is_nearly
from bot.usecases.context import Context
from bot.usecases.shared.read_models import case_file
from storage.transaction import Transaction

LOOKED_AT: Final = 20
MOST_OFFERED: Final = 4  # choices that a form shows; there is one more for somebody else


def nearly_called(tx: Transaction, typed: str) -> tuple[LikelyCustomer, ...]:
    """The customers on record who are nearly called so, the likeliest first."""
    return all_nearly_called(tx, typed)[:MOST_OFFERED]


def all_nearly_called(tx: Transaction, typed: str) -> tuple[LikelyCustomer, ...]:
    """As `nearly_called`, also more of them than a form shows."""
    return tx.customers.likely(typed, LOOKED_AT, lambda each: is_nearly(typed, each.known_as or each.name))


def looks_like(tx: Transaction, customer: Customer) -> Customer | None:
    """Who was on record before under nearly this name; None if the firm's own list has this customer by a reference."""
    if customer.crm_reference:
        return None
    found = (each.number for each in nearly_called(tx, customer.name) if each.number < customer.number)
    number = next(found, None)
    return None if number is None else tx.customers.get(number)


def noticed_case(tx: Transaction, context: Context, number: int) -> CaseFile:
    """As `case_file`, and whether the name may be mistyped while the case is open. Raises Unknown."""
    file = case_file(tx, context, number)
    return replace(file, looks_like=looks_like(tx, file.customer)) if file.case.is_open else file
