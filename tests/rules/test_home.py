"""Lists are read a page at a time."""

import pytest

from bot.rules.home import Page, Queue, QueueKind, page_of


@pytest.mark.parametrize(
    ("asked", "total", "page"),
    [
        (1, 20, Page((10, 0), 1, 2, 20)),
        (2, 20, Page((10, 10), 2, 2, 20)),
        (3, 21, Page((10, 20), 3, 3, 21)),
        (9, 21, Page((10, 20), 3, 3, 21)),
        (0, 21, Page((10, 0), 1, 3, 21)),
        (1, 1, Page((10, 0), 1, 1, 1)),
        (2, 0, Page((), 1, 1, 0)),
    ],
)
def test_the_page_asked_for_is_read_or_else_the_last_one(asked: int, total: int, page: Page[int]) -> None:
    assert page_of(asked, 10, total, lambda size, skip: (size, skip)) == page


def test_what_awaits_somebody_is_the_sum_of_all_kinds() -> None:
    kinds = list(QueueKind)[:2]
    assert Queue(dict.fromkeys(kinds, 2), 1, 9).theirs == 4
    assert Queue({}, 0, 9).theirs == 0
