"""The evidence of a report: the quoted message, links and files."""

import re
from collections.abc import Sequence
from typing import Final

from bot.language import _
from bot.rules.reports import Evidence
from handlers.blockkit.quote import Quote
from handlers.blockkit.text import one_line
from handlers.parsing.reading import Malformed, matching, string

MOST_FILES: Final = 10

QUOTED_MESSAGE: Final = _("Quoted message")

_FILE: Final = re.compile(r"https?://[^\s<>|]{1,1000}", re.ASCII)


def lines(text: str) -> list[str]:
    """The links as typed, one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def evidence(quote: Quote | None, links: Sequence[str], files: Sequence[object]) -> tuple[Evidence, ...]:
    """All evidence, in the order in which it is shown. Raises `Malformed`."""
    if len(files) > MOST_FILES:
        raise Malformed("files")
    quoted = [Evidence("message", quote.link, QUOTED_MESSAGE)] if quote else []
    linked = [Evidence("link", link, link) for link in dict.fromkeys(links)]
    return (*quoted, *linked, *(_file(file) for file in files))


def _file(file: object) -> Evidence:
    name = one_line(string(file, "name"))[:255]
    return Evidence("file", matching(_FILE, file, "permalink"), name or string(file, "id"))
