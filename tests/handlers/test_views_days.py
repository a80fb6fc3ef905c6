"""Every day in a sentence has its preposition: "issued on 6 Oct", not "issued 6 Oct"."""

import re
from collections.abc import Iterator
from typing import Any

from tests.handlers.every_view import every_view

# What may stand before a day: a preposition, or the end of what was said before.
BEFORE = re.compile(r"(^|\b(on|of|since|until|Since)|[·(“]) ?$")


def lines_of(drawn: Any) -> Iterator[list[dict[str, Any]]]:  # noqa: ANN401 - Slack's JSON
    if isinstance(drawn, dict):
        if drawn.get("type") == "rich_text_section":
            yield drawn["elements"]
        drawn = [*drawn.values()]
    if isinstance(drawn, list):
        for each in drawn:
            yield from lines_of(each)


def before_days(line: list[dict[str, Any]]) -> Iterator[str]:
    """What stands before each day of a line."""
    for n, element in enumerate(line):
        if element["type"] == "date" and "{time}" not in element["format"]:
            yield "".join(each.get("text", "x") for each in line[max(0, n - 2) : n])


def test_a_day_within_a_sentence_has_its_preposition() -> None:
    said = [before for line in lines_of(every_view()) for before in before_days(line)]
    assert len(said) > 100
    assert [before for before in said if not BEFORE.search(before)] == []
