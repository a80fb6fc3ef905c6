"""Whom a rep may mean by the name that they typed: a typo must not make a new customer, whose warnings do not count."""

import re
from typing import Final

from bot.rules.customers import LikelyCustomer
from bot.rules.name_matching import strict_key
from bot.rules.people import Person
from bot.rules.refusals import MeantAnother
from bot.rules.reports import PickedCustomer, TypedCustomer
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import refuse_unless_rep
from bot.usecases.shared.nearly_called import LOOKED_AT, MOST_OFFERED, nearly_called

_IN_BRACKETS: Final = re.compile(r"\s*\([^()]*\)\s*$")


def refuse_nearly_called(context: Context, by: Person, customer: PickedCustomer | TypedCustomer) -> None:
    """Raises MeantAnother where the typed name is nearly that of customers on record, and none has it."""
    if isinstance(customer, TypedCustomer):
        with context.read(by.team) as tx:
            nearly = () if tx.customers.same(customer.name) else nearly_called(tx, customer.name)
        if nearly:
            raise MeantAnother(customer.name, nearly)


def who_is_meant(context: Context, by: Person, typed: str) -> tuple[LikelyCustomer, ...]:
    """Whom to ask about before the form opens: who is nearly called so; or all whose name it is but for brackets.

    Nobody where the name is one customer's, nor to a person who is not known yet. Raises as `refuse_unless_rep`.
    """
    with context.read(by.team) as tx:
        if not refuse_unless_rep(tx, by, context.clock()) or not strict_key(typed):
            return ()
        same = tx.customers.same(typed)
        if same is None:
            return nearly_called(tx, typed)
        called = tx.customers.likely(typed, LOOKED_AT, lambda each: _is_namesake(typed, each.name))
        return called[:MOST_OFFERED] if {each.number for each in called} - {same.number} else ()


def _is_namesake(typed: str, name: str) -> bool:
    """As the second customer of one name has it, "Acme (CRM-2)"; see docs/decisions/names-and-references.md."""
    return strict_key(typed) in {strict_key(name), strict_key(_IN_BRACKETS.sub("", name))}
