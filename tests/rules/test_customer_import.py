"""A list of customers with problems is refused with all of them."""

from bot.rules.customer_import import CannotImport, LineProblem


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
