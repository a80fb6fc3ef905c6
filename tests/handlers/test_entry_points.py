"""The table of entry points is complete: every name that Slack can send has a row, every kind of notice its content."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from itertools import chain

import pytest

from bot.rules.notices import NoticeKind
from bot.usecases.delivery.content import READ
from bot.usecases.permissions.permissions import Permission
from handlers.entry_points import ENTRY_POINTS
from handlers.names import LIST_BUTTON, ActionId, BlockId, CallbackId, Command, Event, ListName, Shortcut
from handlers.notices import RENDERERS
from handlers.rows_by_value import ROWS_BY_VALUE
from tests.security import PAGE, WHO, printed, ways_in

NEVER_SENT = {CallbackId.LIST, CallbackId.NOTE}  # views without a button to send them
FIELDS_THAT_SUGGEST = {BlockId.CUSTOMER, BlockId.FIND}
ROWS = [row.name for row in ENTRY_POINTS]


def of_enum(names: Iterable[object], kind: type[StrEnum]) -> list[StrEnum]:
    return [name for name in names if isinstance(name, kind)]


@pytest.mark.parametrize("kind", [ActionId, CallbackId, Command, Shortcut, Event, ListName])
def test_every_name_has_one_row_and_no_row_another_name(kind: type[StrEnum]) -> None:
    found = Counter(of_enum(chain(ROWS, ROWS_BY_VALUE), kind))
    assert found == Counter(set(kind) - NEVER_SENT)


def test_the_fields_that_suggest_something_have_a_row_each() -> None:
    assert Counter(of_enum(ROWS, BlockId)) == Counter(FIELDS_THAT_SUGGEST)


def test_no_two_rows_and_no_two_enums_share_a_name_that_slack_sends_in_the_same_way() -> None:
    assert max(Counter((type(name), str(name)) for name in ROWS).values()) == 1
    assert not [name for name in ActionId if LIST_BUTTON.fullmatch(name)]


def test_bolt_asks_for_the_report_form_first() -> None:
    assert ENTRY_POINTS[0].name is CallbackId.REPORT_FORM


def test_every_row_says_who_may_use_it() -> None:
    assert {type(row.permission) for row in ENTRY_POINTS} == {Permission}


def test_a_menu_and_the_buttons_of_a_list_name_rows_that_there_are() -> None:
    assert {name for choice in ROWS_BY_VALUE.values() for name in choice.rows} <= set(ROWS)
    assert all(set(ROWS_BY_VALUE[button].rows) == set(ListName) for button in (LIST_BUTTON, ActionId.TURN_ON))


@pytest.mark.parametrize("table", [READ, RENDERERS])
def test_every_kind_of_notice_is_read_and_drawn(table: dict[str, object]) -> None:
    assert set(table) == set(NoticeKind)


def test_the_page_on_security_has_the_table_as_the_code_has_it() -> None:
    """If not: `python -m tests.security`."""
    page = PAGE.read_text(encoding="utf-8")
    assert ways_in() in page
    assert printed(page) == page
    assert set(WHO) == set(Permission)
