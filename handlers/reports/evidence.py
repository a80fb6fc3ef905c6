"""The evidence of a report: the quoted message, links and files."""

import re
from collections.abc import Sequence
from typing import Final

from bot.language import _
from bot.rules.fields import LONGEST_TEXT, is_storable
from bot.rules.policy.policy import MOST_FILES
from bot.rules.reports import Evidence
from handlers.blockkit.quote import Quote
from handlers.blockkit.text import fit, one_line
from handlers.parsing.reading import optional

QUOTED: Final = "\n\n" + _("——— The message ———") + "\n{text}"
QUOTED_MESSAGE: Final = _("Quoted message")

_ID: Final = re.compile(r"F[A-Z0-9]{1,30}", re.ASCII)
_FILE: Final = re.compile(r"https?://[^\s<>|]{1,1000}", re.ASCII)


def lines(text: str) -> list[str]:
    """The links as typed, one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def with_quotes(narrative: str, quotes: Sequence[Quote]) -> str:
    """What the rep wrote, with the messages below that they have chosen besides; cut where there is no room."""
    if not narrative or not quotes or len(narrative) > LONGEST_TEXT:
        return narrative
    return fit("".join((narrative, *(QUOTED.format(text=each.text) for each in quotes))), LONGEST_TEXT)


def evidence(quotes: Sequence[Quote], links: Sequence[str], files: Sequence[object]) -> tuple[Evidence, ...]:
    """All evidence, in the order in which it is shown. Files that Slack does not tell from others are left out."""
    quoted = [Evidence("message", quote.link, QUOTED_MESSAGE) for quote in quotes]
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
