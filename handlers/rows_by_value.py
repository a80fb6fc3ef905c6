"""Buttons and menus whose value names a row of `handlers/entry_points.py`."""

import re
from collections.abc import Mapping
from typing import Final

from handlers.button_values import list_name, menu_item
from handlers.entry_point import Response, RowByValue
from handlers.entry_points import ENTRY_POINTS
from handlers.names import LIST_BUTTON, ActionId, ListName

_LISTS: Final = {str(row.name): row for row in ENTRY_POINTS if isinstance(row.name, ListName)}

ROWS_BY_VALUE: Final[Mapping[str | re.Pattern[str], RowByValue]] = {
    ActionId.MORE: RowByValue({str(row.name): row for row in ENTRY_POINTS if row.in_menu}, menu_item),
    LIST_BUTTON: RowByValue(_LISTS, list_name),
    ActionId.TURN_BACK: RowByValue(_LISTS, list_name, Response.REPLACE),
    ActionId.TURN_ON: RowByValue(_LISTS, list_name, Response.REPLACE),
}
"""By the button's or menu's action_id."""
