"""A form that was open all the while is held against what has become of its customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.rules.customers import seen_as
from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import Became, CustomerChanged, Wrong
from bot.rules.reports import PickedCustomer
from bot.usecases.customers.edit import (
    EditCustomer,
    customer_for_form,
    edit_customer,
    lift_customer_safeguard,
    set_customer_safeguard,
)
from bot.usecases.customers.erase import EraseCustomer, erase_customer
from bot.usecases.customers.merge import Merge, both_records, merge
from bot.usecases.customers.safeguards import LiftCustomerSafeguard, SetCustomerSafeguard
from storage.tables.audit import audit
from tests.builders import TEAM, reported, rows, someone, wrong

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.usecases.context import Context
    from storage.database import Database

PRIYA = "U0PRIYA"


def merged(context: Context) -> None:
    merge(context, Merge(someone(PRIYA), 1, 2))


def erased(context: Context) -> None:
    erase_customer(context, EraseCustomer(TEAM, 1, "root", even_with_an_open_case=True))


def renamed(context: Context) -> None:
    edit_customer(context, EditCustomer(someone(PRIYA), 1, "Zenith and Sons", None, "", ""))


SENT: dict[str, Callable[[Context, str], object]] = {
    "edit": lambda context, seen: edit_customer(
        context, EditCustomer(someone(PRIYA), 1, "Zenith Corp", "U0BRAD", "", "", seen)
    ),
    "set": lambda context, seen: set_customer_safeguard(
        context, SetCustomerSafeguard(someone(PRIYA), 1, "health", "Ill.", None, seen)
    ),
    "lift": lambda context, seen: lift_customer_safeguard(
        context, LiftCustomerSafeguard(someone(PRIYA), 1, 1, "Well again.", seen)
    ),
    "merge": lambda context, seen: merge(context, Merge(someone(PRIYA), 3, 1, seen)),
}


@pytest.mark.parametrize(
    ("become", "became"), [(merged, Became.MERGED), (erased, Became.ERASED), (renamed, Became.CHANGED)]
)
def test_no_form_about_a_customer_acts_on_another_or_brings_back_what_was_erased(
    context: Context, database: Database, become: Callable[[Context], None], became: Became
) -> None:
    for name in ("Zenith Corp", "Acme", "Globex"):
        reported(context, customer=name, severity=Severity.MINOR, category="other")
    set_customer_safeguard(context, SetCustomerSafeguard(someone(PRIYA), 1, "language", "French."))
    seen = seen_as(customer_for_form(context, someone(PRIYA), 1).customer)
    become(context)
    before = rows(database, audit)
    for send in SENT.values():
        with pytest.raises(CustomerChanged) as refusal:
            send(context, seen)
        assert refusal.value.became is became
    assert rows(database, audit) == before


@pytest.mark.parametrize(("become", "became"), [(erased, None), (renamed, Became.CHANGED)])
def test_no_other_record_is_merged_than_the_one_that_was_described(
    context: Context, database: Database, become: Callable[[Context], None], became: Became | None
) -> None:
    for name in ("Zenith Corp", "Acme"):
        reported(context, customer=name, severity=Severity.MINOR, category="other")
    duplicate, into = both_records(context, Merge(someone(PRIYA), 1, 2))
    assert [(each.found.customer.name, each.found.reports) for each in (duplicate, into)] == [
        ("Zenith Corp", 1),
        ("Acme", 1),
    ]
    form = Merge(someone(PRIYA), 1, 2, seen_as(into.found.customer), seen_as(duplicate.found.customer))
    become(context)
    before = rows(database, audit)
    with pytest.raises(CustomerChanged if became else Wrong) as refusal:
        merge(context, form)
    assert getattr(refusal.value, "became", None) is became
    assert rows(database, audit) == before


def test_a_form_about_a_customer_who_is_as_before_is_taken_once(context: Context, database: Database) -> None:
    reported(context)
    seen = seen_as(customer_for_form(context, someone(PRIYA), 1).customer)
    form = EditCustomer(someone(PRIYA), 1, "Zenith Limited", None, "", "", seen)
    assert edit_customer(context, form) == edit_customer(context, form)  # sent twice: answered as the first time
    assert len([row for row in rows(database, audit) if row.act == "describe"]) == 1


def test_a_report_about_a_customer_who_was_erased_meanwhile_asks_for_the_name(context: Context) -> None:
    reported(context)
    erased(context)
    with wrong({"customer"}):
        reported(context, customer=PickedCustomer(1))
    assert reported(context).customer.number == 2


def test_a_duplicate_that_was_erased_or_merged_meanwhile_is_asked_for_again(context: Context) -> None:
    for name in ("Zenith Corp", "Acme", "Globex"):
        reported(context, customer=name)
    erased(context)
    with wrong({"duplicate"}):
        merge(context, Merge(someone(PRIYA), 1, 2))
    merge(context, Merge(someone(PRIYA), 3, 2))
    reported(context, customer="Initech")
    with wrong({"duplicate"}):
        merge(context, Merge(someone(PRIYA), 3, 4))
