"""`make texts`: gathers the texts of the interface for translators, from the code into bot/locale/backstop.pot."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from bot.language import DOMAIN, LOCALES

ROOT = Path(__file__).parents[1]
TEMPLATE = LOCALES / f"{DOMAIN}.pot"
KEYWORDS = {"_": None, "ngettext": (1, 2)}
TAGS = ("Translators:",)
WIDTH = 110
HEAD = """\
# The texts of Backstop. backstop.pot is gathered from the code by `make texts`.
msgid ""
msgstr ""
"Project-Id-Version: Backstop\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def modules() -> Iterator[Path]:
    """The modules whose texts people read; the sandbox is a tool of those who develop."""
    for folder in ("bot", "handlers"):
        yield from sorted(path for path in (ROOT / folder).rglob("*.py") if "sandbox" not in path.parts)


def gathered() -> Catalog:
    """Every marked text in the code, with the modules in which it stands and what is said to translators."""
    catalog = Catalog(domain=DOMAIN)
    for path in modules():
        found = extract_from_file("python", path, keywords=KEYWORDS, comment_tags=TAGS, strip_comment_tags=True)
        for line, text, comments, context in found:
            where = path.relative_to(ROOT).as_posix()
            catalog.add(text, locations=[(where, line)], auto_comments=comments, context=context)
    return catalog


def written(catalog: Catalog) -> bytes:
    """The catalog as a file that is the same as long as the texts are: no dates, no numbers of lines."""
    file = BytesIO()
    write_po(file, catalog, width=WIDTH, omit_header=True, sort_by_file=True, include_lineno=False)
    return HEAD.encode() + file.getvalue()


def main() -> None:
    """Make the file again, and say how many texts it has."""
    catalog = gathered()
    TEMPLATE.write_bytes(written(catalog))
    sys.stderr.write(f"{len(catalog)} texts in {TEMPLATE.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
