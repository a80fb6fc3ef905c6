"""Finding customers by what somebody types, letter by letter, with typos: in batches, the surest first.

A name is on record with the grams that begin at each of its characters (`bot.rules.name_matching.grams`). So any part
of a name is the beginning of a gram, and an index finds it. If there is a typo in what was typed, most of the windows
of a few characters that can be cut from it are still right: the names that share most of them are compared in full.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import Insert, and_, bindparam, exists, select

from bot.rules.audit import Act
from bot.rules.customers import LikelyCustomer, Standing
from bot.rules.name_matching import LONGEST_GRAM, loose_key
from storage.db.queries import DIALECTS, each_of, insert, many, ours
from storage.db.repository import Repository
from storage.tables.audit import audit
from storage.tables.customers import customer, customer_gram
from storage.tables.reports import report

BATCH = 200  # how many names of a batch are compared in full
PER_WINDOW = 1000  # names read for each window; a window that is in more of them tells little
COMMON = 0.3  # how much sharing such a window counts, where any other counts 1
WINDOWS = 30  # windows are cut at each character of what was typed, or at fewer where it is longer than this
WIDTHS = ((12, 6), (7, 4), (0, 3))  # characters of a window, for a text longer than this; narrower ones come later
LAST = "\U0010ffff"  # the last character there is

_BEGINNING = (
    select(customer.c.number)
    .where(ours(customer), customer.c.loose_key.between(bindparam("first"), bindparam("last")))
    .order_by(customer.c.loose_key)
    .limit(BATCH)
)
_HOLDING = (
    select(customer_gram.c.customer)
    .where(ours(customer_gram), customer_gram.c.gram.between(bindparam("first"), bindparam("last")))
    .order_by(customer_gram.c.gram, customer_gram.c.customer)
    .limit(bindparam("most"))
)


_WITHDRAWN = (
    select(customer.c.number)
    .join(audit, and_(ours(audit), audit.c.customer == customer.c.number, audit.c.n == 1, audit.c.act == Act.REPORT))
    .where(ours(customer), customer.c.number.in_(many("numbers")))
    .where(customer.c.standing == Standing.CLEAR, customer.c.crm_reference.is_(None))
    .where(~exists().where(ours(report), report.c.customer == customer.c.number, report.c.withdrawn_at.is_(None)))
)


def _add_grams(dialect: str) -> Insert:
    """One statement for all grams of a name: sent one by one, they took longer than everything else about it."""
    grams, columns = each_of("grams", dialect), customer_gram.c
    our_team, number = (
        bindparam("our_team", type_=columns.team.type),
        bindparam("customer", type_=columns.customer.type),
    )
    rows = select(our_team, grams, number).where(grams.c.value != "")  # SQLite wants a WHERE before ON CONFLICT
    return insert(customer_gram, dialect).from_select(["team", "gram", "customer"], rows).on_conflict_do_nothing()


ADD_GRAMS = {dialect: _add_grams(dialect) for dialect in DIALECTS}


class CustomerSearch(Repository):
    """Which customers somebody may mean."""

    def without_withdrawn(self, found: Iterable[LikelyCustomer]) -> tuple[LikelyCustomer, ...]:
        """These without such as came on record by reports that were all withdrawn since: a mistyped name, perhaps."""
        likely = tuple(found)
        rows = self.all(_WITHDRAWN, numbers=[each.number for each in likely]) if likely else []
        withdrawn = {row.number for row in rows}
        return tuple(each for each in likely if each.number not in withdrawn)

    def batches(self, typed: str) -> Iterator[list[int]]:
        """Customers whose names hold what was typed, then those that share ever narrower windows with it."""
        key = loose_key(typed)
        if not key:
            return
        beginning = [row.number for row in self.all(_BEGINNING, first=key, last=key + LAST)]
        yield list(dict.fromkeys([*beginning, *self._holding(f" {key}", BATCH), *self._holding(key, BATCH)]))
        for longer_than, width in WIDTHS:
            if len(key) > longer_than:
                yield self._sharing(f" {key}", width)

    def _sharing(self, text: str, width: int) -> list[int]:
        shared: defaultdict[int, float] = defaultdict(float)
        for at in range(0, max(len(text) - width, 0) + 1, len(text) // WINDOWS + 1):
            holding = self._holding(text[at : at + width], PER_WINDOW)
            for number in set(holding):
                shared[number] += 1 if len(holding) < PER_WINDOW else COMMON
        return sorted(shared, key=lambda number: (-shared[number], number))[:BATCH]

    def _holding(self, text: str, most: int) -> list[int]:
        """Customers whose name holds this text, each as often as it does."""
        start = text[:LONGEST_GRAM]
        return self.db.column(_HOLDING, {"our_team": self.team, "first": start, "last": start + LAST, "most": most})
