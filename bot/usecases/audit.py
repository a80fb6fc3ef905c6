"""`audit verify`: compares the chains of the audit log with their ends, and the record with the chains."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.rules.audit import WORKSPACE, Act
from bot.rules.audit_chain import NO_HASH, Chain, counted_in, verify_chain
from bot.rules.policy.policy import text_digest
from bot.rules.publications import Derived, Published
from bot.rules.reports import Evidence
from bot.rules.vouching import CLOCKS_DIFFER, SEVERAL, numbers_left_out, overtaken, unfit_entries
from bot.rules.weeks import Week
from storage.audit.inspection import CustomerRows
from storage.transaction import Transaction

UNREADABLE = "what stands there was never written by Backstop, and cannot be read"
MAY_BE_ABOUT_NOBODY = "backup_call"  # a rep need not say who the customer is
NOT_FETCHED = "is not to be fetched as it should be"
NOT_HELD = "the record is not as it was when digest {number} was published, for week {week}."


@dataclass(frozen=True, slots=True)
class Held:
    """A published digest that the record still gives: which one it is, and what was published and written since."""

    published: Published
    later: int
    entries_since: int


@dataclass
class Verification:
    """The verification of one workspace: what it went through, once `problems` has been gone through.

    `now`: what has to be scheduled still; None: that is not asked of what depends on the time.
    `held`: of the digests that it was to be compared with, those that the record still gives.
    """

    tx: Transaction
    against: Collection[str] = ()
    now: datetime | None = None
    customers: int = 0
    entries: int = 0
    rows: int = 0
    reports: int = 0
    first: datetime | None = None
    last: datetime | None = None
    clock_put_back: int = 0
    numbers_left_out: int = 0
    published: Published | None = None
    held: list[Held] = field(default_factory=list)

    @property
    def team(self) -> str:
        """The workspace."""
        return self.tx.audit.team

    def problems(self, progress: Callable[[int], None] = lambda _: None) -> Iterator[str]:
        """A line for each thing that is not as it was written. `progress` is called with each customer's number.

        Of each chain: the first entry that was changed, removed, put in or cut off. Of the record: each digested row
        (see `digested_tables`) that was changed, removed, put in or erased without an entry about it, and what follows
        from others and is not so (see `derived`). Of what was published: each digest that the record does not give.
        """
        erased = _erased(self.tx)
        published = list(self.tx.publications.all_published())
        derived = Derived([each.growth for each in published])
        counted, number = NO_HASH, 0
        for about in self.tx.inspection.by_customer():
            yield from _removed(number + 1, about.customer - 1)
            number = max(number, about.customer)
            progress(number)
            yield from (f"{_named(number)}: {what}." for what in _problems(self.tx, about, erased))
            yield from _files(self.tx, about, _surely(self.now))
            hashes = [digest for _, digest in about.chain]
            counted = counted_in(counted, hashes[:1] if number != WORKSPACE else [])
            derived.add(about.customer, hashes)
            self._go_through(about)
        yield from _removed(number + 1, self.tx.audit.customers_counted()[0])
        yield from _miscounted(self.tx, number, counted)
        yield from (
            f"{what} is not scheduled as it should be." for what in self.tx.derived.unscheduled(_surely(self.now))
        )
        yield from _policies(self.tx)
        yield from _summed_up(self.tx)
        yield from self._published(published, derived)

    def _go_through(self, about: CustomerRows) -> None:
        times = [entry.at for entry, _ in about.chain]
        self.customers += about.is_known
        self.entries += len(times)
        self.rows += len(about.rows)
        self.clock_put_back += sum(entry.act == Act.CLOCK_PUT_BACK for entry, _ in about.chain)
        self.numbers_left_out += sum(entry.act == Act.SKIP_NUMBERS for entry, _ in about.chain)
        self.reports += sum(kind.table.name == "report" for kind, _ in about.rows)
        self.first = min([*times, *([self.first] if self.first else [])], default=None)
        self.last = max([*times, *([self.last] if self.last else [])], default=None)

    def _published(self, published: Sequence[Published], derived: Derived) -> Iterator[str]:
        """Each digest is derived from the one that was derived before it, so none holds after one that does not."""
        before, vouched, holds = NO_HASH, 0, True
        for n, (stored, tree) in enumerate(zip(published, derived.trees, strict=True), 1):
            said = stored.publication
            before = said.digest(before, tree.leaves, tree.root)
            vouched += derived.entries[n - 1]
            if holds and (said.number != n or before != stored.digest):
                yield NOT_HELD.format(number=said.number, week=said.week)
                holds = False
            if before in self.against and holds:
                self.held.append(Held(stored, len(published) - n, self.entries - vouched))
        self.published = published[-1] if published else None
        yield from _unpublished(self.tx, len(published))


def _surely(now: datetime | None) -> datetime | None:
    """By now it is this time for certain, whatever the difference between two machines' clocks."""
    return now and now + CLOCKS_DIFFER


def _files(tx: Transaction, about: CustomerRows, now: datetime | None) -> Iterator[str]:
    """The files of reports that are no longer what was fetched from Slack, by the digests in the reports' evidence.

    And those that are still to be fetched, and will not be.
    """
    for row in (row for kind, row in about.rows if kind.table.name == "report"):
        number, listed = row["number"], [Evidence(*parts) for parts in row["evidence"]]
        named = {each.file: each.digest for each in listed if each.digest}
        waiting = [each.file for each in listed if each.is_waiting]
        kept = tx.files.digests(number) if named else {}
        fetched = tx.files.to_fetch(number, row["reported_at"], now) if waiting else ()
        wrong = {file: _lost(kept, file) for file, digest in named.items() if kept.get(file) != digest}
        wrong |= {file: NOT_FETCHED for file in waiting if file not in fetched}
        yield from (f"{_named(about.customer)}: file {file} of report {number} {what}." for file, what in wrong.items())


def _lost(kept: Mapping[str, str], file: str) -> str:
    return "was changed" if file in kept else "was removed"


def _named(customer: int) -> str:
    return f"customer {customer}" if customer != WORKSPACE else "the workspace"


def _removed(first: int, last: int) -> Iterator[str]:
    """The customers of these numbers were removed, as far as there are any."""
    if first == last:
        yield f"customer {first}: the customer was removed."
    elif first < last:
        yield f"customers {first} to {last}: the customers were removed."


def audit_problems_about(tx: Transaction, customers: Sequence[int]) -> list[str]:
    """The problems of some customers only, without what is derived from several."""
    erased = _erased(tx)
    found = {about.customer: _problems(tx, about, erased) for about in tx.inspection.by_customer(customers)}
    return [f"customer {number}: {what}." for number in customers for what in found.get(number, ["it was removed"])]


def _problems(tx: Transaction, about: CustomerRows, erased: frozenset[str]) -> list[str]:
    if about.customer == WORKSPACE:
        calls = [(kind, row) for kind, row in about.rows if kind.table.name == MAY_BE_ABOUT_NOBODY]
        others = [(kind, row) for kind, row in about.rows if kind.table.name != MAY_BE_ABOUT_NOBODY]
        found = [f"{kind.name(tuple(row[each] for each in kind.key))} is about nobody" for kind, row in others]
        about = replace(about, rows=calls)
        if not about.chain and about.end is None and not calls:
            return found
    else:
        found = [] if about.is_known else ["the customer was removed"]
    found += [UNREADABLE] if about.unreadable else []
    if about.end is None:
        return [*found, "the end of the audit log was removed"]
    try:
        whose = Chain(tx.audit.team, about.customer, about.end.salt)
        broken = verify_chain(whose, about.chain, (about.end.n, about.end.hash))
        found += [f"entry {broken.n} was {broken.what}"] if broken else unfit_entries(entry for entry, _ in about.chain)
        if not broken and about.end.at != (about.chain[-1][0].at if about.chain else None):
            found.append("the time of the last entry was changed")
        found += _rows(tx, whose, about, erased)
        found += overtaken([entry for entry, _ in about.chain], ((each.table.name, row) for each, row in about.rows))
    except (TypeError, ValueError, AttributeError):
        found.append(UNREADABLE)
    return found


def _erased(tx: Transaction) -> frozenset[str]:
    """The rows that were erased according to the log."""
    try:
        return tx.audit.rows_named_by(Act.ERASE)
    except (TypeError, ValueError):  # an entry cannot be read: `problems` names its customer
        return frozenset()


def _rows(tx: Transaction, whose: Chain, about: CustomerRows, erased: frozenset[str]) -> Iterator[str]:
    logged = {name: (digest, entry) for entry, _ in about.chain for name, digest in entry.rows.items()}
    for kind, row in about.rows:
        name = kind.name(tuple(row[column] for column in kind.key))
        digest, entry = logged.pop(name, ("", None))
        if not entry:
            yield f"{name} was put in, and no entry tells of it"
        elif not kind.holds(digest, row, whose):
            yield f"{name} was changed after entry {entry.n} recorded it"
        elif kind.is_erased(row) and name not in erased:
            yield f"{name} was erased, and no entry says that it was"
    for name, (_, entry) in logged.items():
        if not tx.inspection.has_row(name):
            yield f"{name} was removed, of which entry {entry.n} tells"
        elif entry.act not in SEVERAL:  # a row that was moved to another customer is compared there
            yield f"{name} was moved to another customer, of which entry {entry.n} does not tell"


def _miscounted(tx: Transaction, customers: int, digest: str) -> Iterator[str]:
    """`customers`: the highest number. `digest`: of all first entries."""
    if tx.audit.customers_counted() != (customers, digest):
        yield "customers were put in or removed: the counter vouches for others."
    try:
        left_out = numbers_left_out(entry for entry, _ in tx.audit.chain(WORKSPACE))
    except (TypeError, ValueError, AttributeError):  # an entry cannot be read: `problems` says so
        left_out = {}
    wrong = tx.derived.miscounted(left_out)
    yield from (f"the counter of numbers for {name} does not fit the record." for name in wrong)


def _policies(tx: Transaction) -> Iterator[str]:
    kept = tx.inspection.policies()
    yield from (f"policy {digest} was changed." for digest, text in kept.items() if text_digest(text) != digest)
    yield from (f"policy {digest} was removed." for digest in sorted(tx.inspection.policies_used() - set(kept)))


def _summed_up(tx: Transaction) -> Iterator[str]:
    """The summaries whose figures are not those that the log vouches for: by week and channel, its newest entry."""
    try:
        entries = [entry.facts for entry, _ in tx.audit.chain(WORKSPACE) if entry.act == Act.SUM_UP]
        said = {f"{facts['week']} in {facts['channel']}": facts["figures"] for facts in entries}
        kept = {f"{week} in {channel}": digest for (week, channel), digest in tx.summaries.digests().items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        yield f"the weekly summaries: {UNREADABLE}."
        return
    wrong = (each for each in {**said, **kept} if said.get(each) != kept.get(each))
    yield from (f"the summary of week {each} is not as it was posted." for each in wrong)


def _unpublished(tx: Transaction, publications: int) -> Iterator[str]:
    for number in tx.derived.without_summary():
        yield f"the weekly summary of publication {number} was changed or removed."
    for week in tx.derived.without_publication():
        yield f"the publication for week {Week.of_key(week)} was removed: its summary was posted."
    if tx.derived.last_posted() > publications:
        yield f"publication {publications + 1} was removed: it was posted."
