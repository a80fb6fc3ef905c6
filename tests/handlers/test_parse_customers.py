"""The command, buttons and forms about customers, parsed from Slack's payloads."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.rules.customers import Standing
from bot.rules.people import Person
from bot.usecases.customers.edit import EditCustomer
from bot.usecases.customers.merge import Merge, UndoMerge
from handlers.button_values import ListPage, customer_click, list_page
from handlers.customers import parse as read
from handlers.names import ActionId, BlockId
from handlers.parsing.form import Form
from handlers.parsing.reading import Malformed
from tests.handlers import customer_samples as sample
from tests.handlers.payload_samples import Json, click, typed

ANA = Person("T0FIRM", "U0ANA", "T0FIRM")
PRIYA = Person("T0FIRM", "U0PRIYA", "T0FIRM")


def test_the_name_after_the_command_is_parsed_as_people_wrote_it() -> None:
    assert read.customer_named(sample.customer_command("  Acme &amp;  Sons ")) == (ANA, "Acme & Sons")
    assert read.customer_named(sample.customer_command("")) == (ANA, "")
    assert len(read.customer_named(sample.customer_command("x" * 5_000))[1]) == read.LONGEST


@pytest.mark.parametrize(
    ("value", "page"),
    [
        ("list:mine:1", ListPage(PRIYA, "mine", 1)),
        ("list:queue:12", ListPage(PRIYA, "queue", 12)),
        ("list:standing:under_review:2", ListPage(PRIYA, "standing", 2, standing=Standing.UNDER_REVIEW)),
        ("list:timeline:7:3", ListPage(PRIYA, "timeline", 3, record=7)),
        ("list:case:12:2", ListPage(PRIYA, "case", 2, record=12)),
    ],
)
def test_a_lists_button_says_which_page_of_what(value: str, page: ListPage) -> None:
    assert list_page(sample.list_click(value)) == page


@pytest.mark.parametrize(
    "value", ["list:queue:0", "list:secrets:1", "list:standing:gone:1", "list:queue", "list:timeline:1", "queue:1"]
)
def test_an_unknown_list_is_rejected(value: str) -> None:
    with pytest.raises(Malformed):
        list_page(sample.list_click(value))


def test_the_changes_of_managers_are_parsed() -> None:
    assert read.edit_customer(Form(sample.edit_customer_form())) == EditCustomer(
        PRIYA, 7, "Apex Holdings", "U0BRAD", "£18,000 a year", "", "0123456789abcdef"
    )
    nobody = sample.edit_customer_form(**{BlockId.OWNER: {"type": "users_select", "selected_user": None}})
    assert read.edit_customer(Form(nobody)).owner is None
    seen = ("0123456789abcdef", "fedcba9876543210")
    assert read.duplicate(Form(sample.merge_form())) == Merge(PRIYA, 8, 7, seen[0])
    assert read.merge(Form(sample.merge_both_form())) == Merge(PRIYA, 8, 7, *seen)
    assert read.undo_merge(click(ActionId.UNDO_MERGE, "merger:3")) == UndoMerge(PRIYA, 3)
    assert customer_click(click(ActionId.OPEN_CUSTOMER, "customer:7")) == (PRIYA, 7)
    assert read.customer_found(Form(sample.found_form())) == (ANA, 7)


@pytest.mark.parametrize("value", ["new:Zenith", "typed:Zenith", "known:0", "known:x"])
def test_only_a_customer_on_record_is_found(value: str) -> None:
    for parser, body in ((read.customer_found, sample.found_form(value)), (read.duplicate, sample.merge_form(value))):
        with pytest.raises(Malformed):
            parser(Form(body))


PARSERS: list[tuple[Callable[[Any], object], Json]] = [
    (read.customer_named, sample.customer_command()),
    (customer_click, click(ActionId.OPEN_CUSTOMER, "customer:7")),
    (lambda body: read.customer_found(Form(body)), sample.found_form()),
    (list_page, sample.list_click("list:timeline:7:3")),
    (
        lambda body: read.edit_customer(Form(body)),
        sample.edit_customer_form(**{BlockId.CRM_REFERENCE: typed("CRM-77")}),
    ),
    (lambda body: read.duplicate(Form(body)), sample.merge_form()),
    (lambda body: read.merge(Form(body)), sample.merge_both_form()),
    (read.undo_merge, click(ActionId.UNDO_MERGE, "merger:3")),
]


@pytest.mark.parametrize(("parser", "body"), PARSERS)
def test_a_payload_with_one_thing_wrong_is_parsed_or_rejected(parser: Callable[[Any], object], body: Json) -> None:
    from tests.handlers.test_parse_broken import WILD, changed, paths  # noqa: PLC0415 - the same ways to break

    for path in paths(body):
        for wild in WILD:
            broken = changed(body, path, lambda parent, key, wild=wild: parent.__setitem__(key, wild))
            try:
                parser(broken)
            except Malformed:
                continue
