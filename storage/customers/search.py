"""Finding customers by what somebody types, letter by letter, typos and all: batch by batch, the surest first.

A name is on record with the stretches that begin at each of its characters (`bot.rules.names.grams`). Whatever stands
in a name therefore begins one of them, and is found by an index. Where there is a typo in what was typed, most of the
windows of a few characters that can be cut from it are still whole: who shares the most of them is looked at closely.
"""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import bindparam, select

from bot.rules.name_matching import LONGEST_GRAM, loose_key
from storage.db.repository import Repository
from storage.tables.customers import customer, customer_gram

CLOSELY = 200  # how many names of a batch are looked at closely
PER_WINDOW = 1000  # names read for each window; what stands in more tells little
COMMON = 0.3  # how much sharing such a window counts, where any other counts 1
WINDOWS = 30  # windows are cut at each character of what was typed, or at fewer where it is longer than this
WIDTHS = ((12, 6), (7, 4), (0, 3))  # characters of a window, for a text longer than this; narrower ones come after
LAST = "\U0010ffff"  # the last character there is

_BEGINNING_SO = (
    select(customer.c.number)
    .where(
        customer.c.team == bindparam("our_team"), customer.c.loose_key.between(bindparam("first"), bindparam("last"))
    )
    .order_by(customer.c.loose_key)
    .limit(CLOSELY)
)
_HOLDING = (
    select(customer_gram.c.customer)
    .where(customer_gram.c.team == bindparam("our_team"))
    .where(customer_gram.c.gram.between(bindparam("first"), bindparam("last")))
    .order_by(customer_gram.c.gram, customer_gram.c.customer)
    .limit(bindparam("most"))
)


class Finding(Repository):
    """Which customers somebody may mean."""

    def batches(self, typed: str) -> Iterator[list[int]]:
        """Customers whose names hold what was typed, then others that share ever narrower windows with it."""
        key = loose_key(typed)
        if not key:
            return
        beginning = [row.number for row in self.all(_BEGINNING_SO, first=key, last=key + LAST)]
        yield list(dict.fromkeys([*beginning, *self._holding(f" {key}", CLOSELY), *self._holding(key, CLOSELY)]))
        for longer_than, width in WIDTHS:
            if len(key) > longer_than:
                yield self._sharing(f" {key}", width)

    def _sharing(self, text: str, width: int) -> list[int]:
        shared: defaultdict[int, float] = defaultdict(float)
        for at in range(0, max(len(text) - width, 0) + 1, len(text) // WINDOWS + 1):
            holding = self._holding(text[at : at + width], PER_WINDOW)
            for number in set(holding):
                shared[number] += 1 if len(holding) < PER_WINDOW else COMMON
        return sorted(shared, key=lambda number: (-shared[number], number))[:CLOSELY]

    def _holding(self, text: str, most: int) -> list[int]:
        """Customers in whose name this stands, each as often as it does."""
        start = text[:LONGEST_GRAM]
        return self.db.column(_HOLDING, {"our_team": self.team, "first": start, "last": start + LAST, "most": most})
