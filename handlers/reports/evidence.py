"""The evidence of a report: the quoted message, links and files."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from bot.language import _, ngettext
from bot.rules.reports import Evidence
from bot.rules.text import characters
from handlers.blockkit.quote import Quote
from handlers.blockkit.text import one_line, units
from handlers.parsing.reading import Malformed, matching, string

LONGEST_LINK: Final = 500
MOST_LINKS: Final = 10
MOST_FILES: Final = 10

# Translators: {characters} is such as "612 characters".
LINK_TOO_LONG: Final = _("The link in line {line} is {characters} long; {limit} fit.")
NOT_A_LINK: Final = _("Line {line} is not a link. Please put one on each line, starting with https:// or http://.")
QUOTED_MESSAGE: Final = _("Quoted message")

_FILE: Final = re.compile(r"https?://[^\s<>|]{1,1000}", re.ASCII)


def lines(text: str) -> list[str]:
    """The links as typed, one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def links_problem(links: Sequence[str]) -> str | None:
    """The first problem with the links, or None."""
    if len(links) > MOST_LINKS:
        return _too_many(len(links))
    problems = (_link_problem(link, line) for line, link in enumerate(links, start=1))
    return next((problem for problem in problems if problem), None)


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


def _too_many(n: int) -> str:
    return ngettext(
        "This is {n:,} link; {limit} fit. Please keep those that say most.",
        "These are {n:,} links; {limit} fit. Please keep those that say most.",
        n,
    ).format(n=n, limit=MOST_LINKS)


def _link_problem(link: str, line: int) -> str | None:
    if units(link) > LONGEST_LINK:
        return LINK_TOO_LONG.format(line=line, characters=characters(units(link)), limit=LONGEST_LINK)
    return None if _is_link(link) else NOT_A_LINK.format(line=line)


def _is_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s<>|]", link)
