"""Whom a typed name may mean: asked before a new customer is made, and what a withdrawn report leaves of it."""

import pytest

from bot.rules.customer_import import ImportLine
from bot.rules.refusals import MeantAnother
from bot.rules.reports import PickedCustomer, TypedCustomer
from bot.usecases.context import Context
from bot.usecases.customers.import_list import import_customers
from bot.usecases.customers.look_up import suggest_to_rep
from bot.usecases.reports.which_customer import who_is_meant
from bot.usecases.reports.withdraw import Withdraw, withdraw
from storage.database import Database
from storage.tables.customers import customer
from tests.builders import TEAM, reported, rows, someone


def meant(context: Context, typed: str, user: str = "U0ANA") -> list[str]:
    return [each.name for each in who_is_meant(context, someone(user), typed)]


@pytest.mark.parametrize("typed", ["Northwind", "Northwnid Travel", "NORTHWIND TRAVEL GmbH", "northwind  travell"])
def test_a_name_that_is_nearly_one_on_record_is_asked_about_and_adds_nobody(
    context: Context, database: Database, typed: str
) -> None:
    reported(context, customer="Northwind Travel")
    assert meant(context, typed) == ["Northwind Travel"]
    with pytest.raises(MeantAnother) as refusal:
        reported(context, customer=TypedCustomer(typed))
    assert [each.name for each in refusal.value.likely] == ["Northwind Travel"]
    assert len(rows(database, customer)) == 1
    assert reported(context, customer=TypedCustomer(typed, new=True)).customer.number == 2
    assert meant(context, typed) == []


def test_the_receipt_says_whether_the_customer_is_new(context: Context) -> None:
    assert reported(context, "U0ANA", "Zenith Corp").is_new
    assert not reported(context, "U0JOE", "Zenith Corp").is_new
    assert not reported(context, "U0ANA", "Zenith Corp").is_new


def test_the_standing_is_shown_with_the_name(context: Context) -> None:
    reported(context, customer="Zenith Corp", category="threat")
    (zenith,) = who_is_meant(context, someone("U0ANA"), "zenth")
    assert zenith.standing == "under_review"


def test_who_is_not_known_is_asked_about_nobody(context: Context) -> None:
    reported(context, customer="Zenith Corp")
    assert meant(context, "zenth", "U0NEW") == []


def test_a_former_name_is_asked_about_as_well(context: Context) -> None:
    import_customers(context, TEAM, [ImportLine(2, "Zenith Corp", "CRM-1")])
    import_customers(context, TEAM, [ImportLine(2, "Apex Holdings", "CRM-1")])
    assert meant(context, "Zenth Corp") == ["Apex Holdings"]


def test_which_of_two_customers_of_one_name_is_meant_is_asked(context: Context) -> None:
    import_customers(context, TEAM, [ImportLine(2, "Acme Ltd", "CRM-1"), ImportLine(3, "Acme Ltd", "CRM-2")])
    assert meant(context, "acme ltd") == ["Acme Ltd", "Acme Ltd (CRM-2)"]
    assert meant(context, "Acme Ltd (CRM-2)") == []


def test_a_name_that_nobody_reports_any_more_is_gone_from_the_type_ahead(context: Context) -> None:
    def offered(typed: str) -> list[str]:
        return [each.name for each in suggest_to_rep(context, someone("U0ANA"), typed)]

    first = reported(context, customer="Lakspur")
    assert offered("lak") == ["Lakspur"]
    withdraw(context, Withdraw(someone("U0ANA"), first.report))
    assert offered("lak") == []
    assert reported(context, "U0JOE", PickedCustomer(first.customer.number)).others == 0
    assert offered("lak") == ["Lakspur"]
    import_customers(context, TEAM, [ImportLine(2, "Borealis Foods")])
    known = reported(context, customer="Borealis Foods")
    withdraw(context, Withdraw(someone("U0ANA"), known.report))
    assert offered("bor") == ["Borealis Foods"]
