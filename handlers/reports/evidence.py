"""The evidence of a report: the quoted message, links and files."""

import re
from collections.abc import Sequence
from typing import Final

from bot.language import _
from bot.rules.fields import is_storable
from bot.rules.policy.policy import MOST_FILES
from bot.rules.reports import Evidence
from handlers.blockkit.quote import Quote
from handlers.blockkit.text import one_line
from handlers.parsing.reading import optional

QUOTED_MESSAGE: Final = _("Quoted message")

_ID: Final = re.compile(r"F[A-Z0-9]{1,30}", re.ASCII)
_FILE: Final = re.compile(r"https?://[^\s<>|]{1,1000}", re.ASCII)


def lines(text: str) -> list[str]:
    """The links as typed, one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def evidence(quote: Quote | None, links: Sequence[str], files: Sequence[object]) -> tuple[Evidence, ...]:
    """All evidence, in the order in which it is shown. Files that Slack does not tell from others are left out."""
    quoted = [Evidence("message", quote.link, QUOTED_MESSAGE)] if quote else []
    linked = [Evidence("link", link, link) for link in dict.fromkeys(links)]
    found = {each.file: each for each in map(_file, files[:MOST_FILES]) if each.file}
    return (*quoted, *linked, *found.values())


def _file(file: object) -> Evidence:
    """A file as a form has it. Of one that Slack has not processed yet it may have no more than the ID."""
    file_id, address, name = optional(file, "id"), optional(file, "permalink"), optional(file, "name")
    known = file_id if isinstance(file_id, str) and _ID.fullmatch(file_id) else ""
    shown = one_line(name)[:255] if isinstance(name, str) and is_storable(name) else ""
    size = optional(file, "size")
    return Evidence(
        "file",
        address if isinstance(address, str) and _FILE.fullmatch(address) else "",
        shown or known,
        file=known,
        size=size if isinstance(size, int) else 0,
    )
