"""docs/privacy.md says what is kept, how long and who reads it: its tables are printed from the code."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Boolean, Table

from bot.policy_file.load import BUILT_IN
from handlers.entry_point import Response
from handlers.entry_points import ENTRY_POINTS
from storage.customers.erasures import KEPT, OF_THE_REP, UNDER_WAY
from storage.db.digested_tables import DIGESTED
from storage.tables.columns import metadata

DOCUMENT = Path(__file__).parents[1] / "docs" / "privacy.md"
USERS = frozenset(
    {
        "user",
        "rep",
        "caller",
        "asked",
        "reporter",
        "actor",
        "owner",
        "target",
        "by",
        "approved_by",
        "set_by",
        "taken_by",
    }
)
WORD = {"matter": "case"}


def is_of_a_person(column: str) -> bool:
    return column in USERS or column.endswith("_by")


def what_is_kept() -> Iterator[str]:
    """For each table in which a text or somebody stands: the columns, and what becomes of them."""
    yield "| table | texts, erased with their salt | people | how long |"
    yield "|---|---|---|---|"
    for table in sorted(metadata.tables.values(), key=lambda each: each.name):
        texts, people = ", ".join(texts_of(table)), ", ".join(filter(is_of_a_person, _not_said_with_yes_or_no(table)))
        if texts or people:
            yield f"| {WORD.get(table.name, table.name)} | {texts} | {people} | {how_long(table)} |"


def _not_said_with_yes_or_no(table: Table) -> list[str]:
    return [column.name for column in table.c if not isinstance(column.type, Boolean)]


def texts_of(table: Table) -> list[str]:
    kind = DIGESTED.get(table.name)
    texts = kind.texts.values() if kind else ()
    found = {"person": ["name"], "evidence_file": ["content"]}.get(table.name, [])
    found += [name for names in texts for name in names if (table.name, name) not in KEPT]
    return [name for name in found if name not in {"strict_key", "loose_key"}]


def how_long(table: Table) -> str:
    kept = {name: f"{months} months" for name, months in tomllib.loads(BUILT_IN.read_text())["retention"].items()}
    if table.name == "customer":
        return f"dropped: {kept['dropped_months']} from the decision's end"
    if table.name == "report":
        return f"{kept['texts_months']}; files {kept['files_months']}; support {kept['support_months']}"
    if table.name in {"evidence_file", "check_in", "talk"}:
        return kept["files_months"] if table.name == "evidence_file" else f"answers {kept['support_months']}"
    until = {"person": "as Slack says", "member": "as Slack says", "unavailable": "until they say otherwise"}
    if table.name in until:
        return f"{until[table.name]}; until `erase --person`"
    if table.name not in DIGESTED or not texts_of(table):
        return "facts stay"
    return f"{kept['texts_months']}" + (", once it has ended" if table.name in UNDER_WAY else "")


def who_may_read() -> Iterator[str]:
    """For each way in from Slack that shows something: the permission that it takes."""
    yield "| what opens | who |"
    yield "|---|---|"
    shows = (Response.OPEN, Response.REPLACE, Response.OPTIONS)
    for row in sorted((row for row in ENTRY_POINTS if row.response in shows), key=lambda row: str(row.name)):
        yield f"| `{row.name}` | {row.permission.value.replace('_', ' ')} |"


PRINTED = {"what is kept": what_is_kept, "who may read": who_may_read}


@pytest.mark.parametrize("title", PRINTED)
def test_the_tables_in_the_document_are_those_of_the_code(title: str) -> None:
    found = re.search(rf"<!-- {title} -->\n(.*?)\n<!-- end -->", DOCUMENT.read_text(), re.DOTALL)
    assert found, f"{title} is not in docs/privacy.md"
    assert found[1].splitlines() == list(PRINTED[title]())


def test_what_a_rep_says_of_themselves_has_a_salt_of_its_own() -> None:
    assert DIGESTED["report"].texts[OF_THE_REP] == ("wants_support",)


def print_again() -> None:
    """Put the tables into the document as they are now: `python -m tests.test_privacy`."""
    text = DOCUMENT.read_text()
    for title, lines in PRINTED.items():
        printed = "\n".join((f"<!-- {title} -->", *lines(), "<!-- end -->"))
        text = re.sub(rf"<!-- {title} -->\n.*?\n<!-- end -->", printed.replace("\\", "\\\\"), text, flags=re.DOTALL)
    DOCUMENT.write_text(text)


if __name__ == "__main__":
    print_again()
