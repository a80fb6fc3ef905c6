"""Five thousand requests of every kind, with anything wrong in them: no error of the server, no change that nobody is
entitled to, and no word of it in the log. `make soak` sends a hundred thousand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handlers.entry_points import ENTRY_POINTS
from tests.slack.any_input import UNENTITLED, Door, Wrong, door_on, send_many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.database import Database

INPUTS = 5_000


@pytest.fixture
def door(database: Database) -> Iterator[Door]:
    with door_on(database) as one:
        yield one


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_is_wrong_in_a_request_nothing_breaks_and_nobody_gets_what_is_not_theirs(door: Door) -> None:
    send_many(door, INPUTS)
    assert door.statuses.total() >= INPUTS
    assert min(door.statuses[200], door.statuses[400], door.statuses[403]) > INPUTS // 100


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_kind_of_request_is_taken_when_nothing_is_wrong_with_it(door: Door) -> None:
    for number in range(0, len(door.bases), 4):
        door.send(Wrong(number, sender=number // 4 % len(UNENTITLED), way=number % 9, places=[]), [])
    assert door.changes == 0
    for number in range(len(door.bases)):
        for way in (number % 3, 3 + number % 6):  # over a socket, and in one of the ways over HTTP
            door.send(Wrong(number, sender=len(UNENTITLED), way=way, places=[]), [])
    kinds = {str(each.get("type", "command")) for each in door.bases}
    assert {kind for kind, times in door.taken.items() if times} == kinds
    assert {str(row.name) for row in ENTRY_POINTS} - {name for name, times in door.ways.items() if times} == set()
    assert door.changes > 15  # of those who are entitled
