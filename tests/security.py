"""Writes the tables that docs/security.md has from the code: `python -m tests.security`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.usecases.permissions.permissions import Permission
from handlers.entry_point import Response
from handlers.entry_points import ENTRY_POINTS
from handlers.names import ActionId, BlockId, CallbackId, Command, Event, ListName, Shortcut

if TYPE_CHECKING:
    from handlers.entry_point import EntryPoint

PAGE: Final = Path(__file__).parents[1] / "docs" / "security.md"
BEGIN, END = "<!-- ways in: printed by python -m tests.security -->", "<!-- ways in: end -->"
KINDS: Final = {
    Command: "command",
    Shortcut: "shortcut",
    ActionId: "button",
    BlockId: "type-ahead",
    CallbackId: "form",
    Event: "event",
    ListName: "list",
}
WHO: Final = {
    Permission.ANYBODY: "everybody in the workspace; it shows them what they may see",
    Permission.REP: "full members; whoever's profile was not read yet",
    Permission.MEMBER: "full members",
    Permission.REPORTER: "who made the report",
    Permission.CARE_CONTACT: "whom `CARE_CONTACT` names",
    Permission.MANAGER: "managers, directors",
    Permission.WITHOUT_STAKE: "managers and directors without a stake",
    Permission.LETTER_READER: "managers and directors; who has a stake, once the letter has gone to the customer",
    Permission.DECIDER: "managers without a stake; directors without one once the case is theirs too",
    Permission.CUSTOMER_EDITOR: "managers and directors without a stake; while a case is open, who may decide it",
    Permission.ANSWERER: "managers without a stake who took no part in what is objected to; then such directors",
    Permission.CALLED: "whoever was or may be asked in this call, but for the caller and who has a stake",
    Permission.IN_CALL: "who called for backup, and who came",
}
DOES: Final = {
    Response.OPEN: "opens a view",
    Response.REPLACE: "replaces the view",
    Response.UPDATE: "takes what was sent",
    Response.OPTIONS: "suggests customers",
    Response.SAY: "is carried out, and answered by a text",
    Response.ACK: "is carried out at once",
}


def ways_in() -> str:
    """A line for each row of the table of entry points, in its order."""
    head = ["| way in | name | who may | what it does |", "|---|---|---|---|"]
    return "\n".join([*head, *(_line(row) for row in ENTRY_POINTS)])


def _line(row: EntryPoint) -> str:
    kind = KINDS[type(row.name)] + (", also in the menu" if row.in_menu else "")
    return f"| {kind} | `{row.name}` | {WHO[row.permission]} | {DOES[row.response]} |"


def printed(page: str) -> str:
    """The page with the table as the code has it now."""
    return re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", f"{BEGIN}\n{ways_in()}\n{END}", page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(printed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
