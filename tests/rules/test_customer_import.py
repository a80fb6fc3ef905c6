"""A list of customers with problems is refused with all of them."""

from bot.rules.customer_import import CannotImport, ImportLine, LineProblem, Planned, changed_fields, namesake
from bot.rules.customers import Customer, Standing


def test_the_problems_of_a_list_come_in_the_order_of_its_lines() -> None:
    later, first = LineProblem(9, "no name", "Give one."), LineProblem(2, "the name is too long", "Shorten it.")
    assert str(CannotImport([later, first])) == (
        "The list has 2 problems, and nothing was imported:\n"
        "  line 2: the name is too long. Shorten it.\n"
        "  line 9: no name. Give one."
    )
    one = CannotImport([later])
    assert str(one).startswith("The list has one problem, and nothing was imported:\n  line 9:")
    assert one.problems == [later]
    assert str(CannotImport([later], imported=50)).startswith("The list has one problem, after 50 lines were imported:")


def test_a_second_customer_of_a_name_has_the_reference_behind_it() -> None:
    assert namesake("Zenith", "C-7") == "Zenith (C-7)"


def test_a_line_changes_the_fields_that_a_list_may_say_and_no_others() -> None:
    known = Customer(1, "Zenith", "C-7", "10k", "U0BRAD")
    renamed = Customer(1, "Zenith Ltd", "C-7", None, "U0BRAD", Standing.WARNED, 4)
    assert changed_fields(known, renamed) == ["name", "worth"]
    assert changed_fields(known, Customer(2, "Zenith", "C-8", "10k", "U0ADA")) == ["crm_reference", "owner"]
    assert changed_fields(known, known) == []


def test_a_line_adds_a_customer_or_changes_one_or_nothing() -> None:
    line, known = ImportLine(2, "Zenith"), Customer(1, "Zenith")
    found = [Planned(line, before, known).outcome for before in (None, Customer(1, "Zenit"), known)]
    assert found == ["added", "changed", "unchanged"]
