"""Writes the tables that the pages on security have from the code: `python -m tests.security`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.sandbox.web_api import METHODS
from bot.usecases.permissions.permissions import Permission
from handlers import names
from handlers.entry_point import Response
from handlers.entry_points import ENTRY_POINTS
from handlers.names import ActionId, BlockId, CallbackId, Command, Event, ListName, Shortcut

if TYPE_CHECKING:
    from handlers.entry_point import EntryPoint

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "security.md"
REVIEW: Final = ROOT / "docs" / "security-review.md"
BEGIN, END = "<!-- {}: printed by python -m tests.security -->", "<!-- {}: end -->"
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
    Response.AGAIN: "shows the form again, with another button",
    Response.UPDATE: "takes what was sent",
    Response.OPTIONS: "suggests customers",
    Response.SAY: "is carried out, and answered by a text",
    Response.ACK: "is carried out at once",
}
SCOPES: Final = {
    "app_mentions:read": (
        "Somebody who mentions the bot gets help, by direct message. What was written is neither read nor kept",
        "A mention is not answered",
    ),
    "channels:history": (
        "Was its own message posted, where Slack's answer stayed out? The rest of a reported message's thread",
        "As with `CONFIRM_POSTS=off`: such a post may come twice, and says so",
    ),
    "channels:read": (
        "Is a public channel of the settings there, is the bot in it, is it shared with another firm?",
        "That a channel is archived, public or shared is not noticed; the bot says that it cannot look",
    ),
    "chat:write": (
        "Posts, edits and deletes its own messages",
        "No case reaches management, and no rep hears what came of a report",
    ),
    "commands": (
        "The slash commands, and the shortcuts",
        "Reports are made from the App Home alone, and nobody can call for backup but from there",
    ),
    "files:read": (
        "Fetches the files that a rep adds to a report, which are kept in the database",
        "Reports have no files; the case says why",
    ),
    "files:write": (
        "Sends letters, the week as CSV, evidence packs and the files of a report, to whoever asked for them",
        "These do not come. Letters can be read and copied, `export case` makes the pack",
    ),
    "groups:history": ("As `channels:history`, in private channels, such as that of the management", "As there"),
    "groups:read": ("As `channels:read`, of private channels", "As there"),
    "im:history": (
        "The same in direct messages. Whoever writes to the bot gets help; what was written is not kept",
        "As there; and the bot's tab for messages is read-only",
    ),
    "im:write": (
        "Finds the direct message with somebody, to send a file there, and to look whether its own message was posted",
        "No file comes by direct message, `OPERATORS` hear nothing, a doubtful message cannot be looked for",
    ),
    "usergroups:read": (
        "Who is in a user group that `MANAGERS`, `DIRECTORS` or `LEADS` names",
        "A group has nobody in it, or whoever was read last: name people instead",
    ),
    "users:read": (
        "Is somebody a full member, a guest, of another firm, deactivated? Their name, for evidence packs",
        "Nobody may do anything but report, withdraw that report, and call for backup",
    ),
}
"""Of each scope what it is for, and what fails without it."""


@cache
def called() -> frozenset[str]:
    """Slack's methods that the handlers name, as functions of the SDK or as words."""
    code = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "handlers").rglob("*.py"))
    methods = {name: re.compile(rf"\b{name.replace('.', '[._]')}\b") for name in METHODS}
    return frozenset(name for name, pattern in methods.items() if pattern.search(code))


def methods_of(scope: str) -> list[str]:
    """The methods that the bot calls and that need the scope."""
    kinds = ("channels", "groups", "im")
    needs = {name: {METHODS[name].scope.format(kind=kind) for kind in kinds} for name in called()}
    return sorted(name for name, scopes in needs.items() if scope in scopes)


def scopes() -> str:
    """A line for each scope of the manifest, in its order."""
    head = ["| scope | what the bot does with it | methods | without it |", "|---|---|---|---|"]
    return "\n".join([*head, *(_of_scope(scope, *SCOPES[scope]) for scope in names.SCOPES)])


def _of_scope(scope: str, reason: str, without: str) -> str:
    methods = ", ".join(f"`{name}`" for name in methods_of(scope))
    return f"| `{scope}` | {reason} | {methods} | {without} |"


def ways_in() -> str:
    """A line for each row of the table of entry points, in its order."""
    head = ["| way in | name | who may | what it does |", "|---|---|---|---|"]
    return "\n".join([*head, *(_line(row) for row in ENTRY_POINTS)])


def _line(row: EntryPoint) -> str:
    kind = KINDS[type(row.name)] + (", also in the menu" if row.in_menu else "")
    return f"| {kind} | `{row.name}` | {WHO[row.permission]} | {DOES[row.response]} |"


def printed(page: str) -> str:
    """The page with the tables as the code has them now."""
    for name, table in (("ways in", ways_in()), ("scopes", scopes())):
        begin, end = BEGIN.format(name), END.format(name)
        page = re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", f"{begin}\n{table}\n{end}", page, flags=re.DOTALL)
    return page


if __name__ == "__main__":
    for file in (PAGE, REVIEW):
        file.write_text(printed(file.read_text(encoding="utf-8")), encoding="utf-8")
