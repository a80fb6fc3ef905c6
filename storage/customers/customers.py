"""The customers on record: finding, adding, locking and changing them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from bot.rules.audit_chain import NO_HASH
from bot.rules.customers import Customer, LikelyCustomer, Standing
from bot.rules.name_matching import grams, likeness, loose_key, strict_key
from storage.customers.search import ADD_GRAMS, CustomerSearch
from storage.db.digested_tables import random_salt
from storage.db.executor import Executor
from storage.db.mapping import columns_of, value_of
from storage.db.queries import DIALECTS, bound, insert, insert_or_ignore, many, ours
from storage.db.repository import Repository, new_key
from storage.db.row_digests import ChainEnd, TouchedRows
from storage.db.statements import Row
from storage.tables.audit import audit_head
from storage.tables.customers import counter, customer, former_name

ALIKE_ENOUGH = 0.45  # of 1; below it a name is no answer to what was typed

_THIS = ours(customer, "number")
_COLUMNS = [
    column for column in customer.c if column.name not in {"team", "strict_key", "loose_key", "created_at", "salt"}
]
_BY_NUMBER = select(*_COLUMNS).where(_THIS)
_BY_STRICT_KEY = select(*_COLUMNS).where(ours(customer, "strict_key"))
_BY_LOOSE_KEY = select(*_COLUMNS).where(ours(customer, "loose_key")).limit(10)
_BY_REFERENCE = select(*_COLUMNS).where(ours(customer, "crm_reference"))
_BY_STRICT_KEYS = select(*_COLUMNS, customer.c.strict_key).where(
    ours(customer), customer.c.strict_key.in_(many("keys"))
)
_BY_REFERENCES = select(*_COLUMNS).where(ours(customer), customer.c.crm_reference.in_(many("references")))
_BY_NUMBERS = select(*_COLUMNS).where(ours(customer), customer.c.number.in_(many("numbers")))
_FORMER_NAMES = select(former_name.c.customer, former_name.c.name).where(
    ours(former_name), former_name.c.customer.in_(many("numbers"))
)
_FORMER_STRICT = select(former_name.c.customer).where(ours(former_name, "strict_key"))
_FORMER_STRICTS = select(former_name.c.strict_key, former_name.c.customer).where(
    ours(former_name), former_name.c.strict_key.in_(many("keys"))
)
_FORMER_LOOSE = select(former_name.c.customer).where(ours(former_name, "loose_key")).limit(10)
_LOCK = select(*audit_head.c["n", "hash", "salt", "at"]).where(ours(audit_head, "customer")).with_for_update()
_UNCOUNT = update(counter).where(ours(counter, "name")).values(value=counter.c.value - 1)
_SET_STANDING = update(customer).where(_THIS, customer.c.standing != bindparam("standing")).values(**bound("standing"))
_SET_DETAILS = update(customer).where(_THIS).values(**bound("crm_reference", "worth", "owner"))
_SET_NAME = update(customer).where(_THIS).values(**bound("name"))
_SET_NAME_AND_KEYS = update(customer).where(_THIS).values(**bound("name", "strict_key", "loose_key"))
_KEY_OF_ANOTHER = select(customer.c.number).where(
    ours(customer, "strict_key"), customer.c.number != bindparam("number")
)
_ADD_FORMER_NAME = insert_or_ignore(former_name)
_DELETE_FORMER_NAME = delete(former_name).where(ours(former_name, "strict_key"))


def _take_numbers(dialect: str) -> Any:  # noqa: ANN401 - SQLAlchemy's type of a returning insert names the row's types
    new = insert(counter, dialect).values(value=bindparam("taken"))
    more = {"value": counter.c.value + new.excluded.value}
    return new.on_conflict_do_update(index_elements=list(counter.primary_key), set_=more).returning(counter.c.value)


_TAKE_NUMBERS = {dialect: _take_numbers(dialect) for dialect in DIALECTS}


class Customers(Repository):
    """The customers on record. A record that was merged leads to the customer whom it was merged into."""

    def __init__(self, db: Executor, team: str, touched: TouchedRows) -> None:
        super().__init__(db, team, touched)
        self._standings: dict[int, Standing] = {}  # of those who are locked

    def get(self, number: int) -> Customer:
        """The customer. Raises Unknown."""
        return _customer(self.known("customer", number, _BY_NUMBER, number=number))

    def same(self, name: str) -> Customer | None:
        """The one with this name or former name, whatever its case, spaces and punctuation."""
        key = strict_key(name)
        self.db.read_ahead(lambda: self.one(_FORMER_STRICT, strict_key=key))
        row = self.one(_BY_STRICT_KEY, strict_key=key)
        if row is not None:
            return self.current(_customer(row))
        former = self.one(_FORMER_STRICT, strict_key=key)
        return None if former is None else self.current(self.get(former.customer))

    def alike(self, name: str) -> tuple[LikelyCustomer, ...]:
        """Those with this name or former name but for a company suffix or "the"."""
        key = loose_key(name)
        self.db.read_ahead(lambda: self.all(_FORMER_LOOSE, loose_key=key))
        found = [_customer(row) for row in self.all(_BY_LOOSE_KEY, loose_key=key)]
        found += [self.get(row.customer) for row in self.all(_FORMER_LOOSE, loose_key=key)]
        return tuple({each.number: _likely(each) for each in map(self.current, found)}.values())

    def likely(
        self, typed: str, most: int, accepts: Callable[[LikelyCustomer], bool] = lambda _: True
    ) -> tuple[LikelyCustomer, ...]:
        """Those that somebody typing this may mean, best first, typos forgiven. `accepts`: which of them count."""
        search = CustomerSearch(self.db, self.team, self.touched)
        best: dict[int, LikelyCustomer] = {}
        for number, batch in enumerate(search.batches(typed)):
            for found in self._scored(typed, batch):
                best.setdefault(found.number, found)
            if len(best) >= most or (number and best):  # names that hold what was typed outdo all others
                break
        return search.without_withdrawn(filter(accepts, best.values()))[:most]

    def by_reference(self, reference: str) -> Customer | None:
        """The customer with this CRM reference."""
        return self.maybe(_customer, _BY_REFERENCE, crm_reference=reference)

    def with_references(self, references: Sequence[str]) -> dict[str, Customer]:
        """The records with these CRM references, by the reference; also such as were merged into others."""
        return {row.crm_reference: _customer(row) for row in self.all(_BY_REFERENCES, references=list(references))}

    def named(self, names: Sequence[str]) -> dict[str, Customer]:
        """Those whom `same` finds by these names, by the name."""
        keys = {name: strict_key(name) for name in names}
        wanted = list(set(keys.values()))
        found = {row.strict_key: self.get(row.customer) for row in self.all(_FORMER_STRICTS, keys=wanted)}
        found |= {row.strict_key: _customer(row) for row in self.all(_BY_STRICT_KEYS, keys=wanted)}
        return {name: self.current(found[key]) for name, key in keys.items() if key in found}

    def _scored(self, typed: str, numbers: Sequence[int]) -> Iterator[LikelyCustomer]:
        """Those of these customers who are like it, by their best name or former name, best first."""
        rows, former = self.all(_BY_NUMBERS, numbers=list(numbers)), self.all(_FORMER_NAMES, numbers=list(numbers))
        by_number = {row.number: _customer(row) for row in rows}
        named = {(row.name, row.number) for row in rows} | {(row.name, row.customer) for row in former}
        for score, name, number in sorted((-likeness(typed, name), name, number) for name, number in named):
            if -score < ALIKE_ENOUGH:
                return
            yield _likely(self.current(by_number[number]), name)

    def add(self, name: str, now: datetime) -> Customer:
        """A new customer, or the one with the same name if another transaction has just added it."""
        numbers: list[int] = []  # their row is locked to the end, so nobody adds one in between
        self.db.lock(*self.next_number_of("customer"), lambda rows, _: numbers.append(int(rows[0].value)))
        same = self.same(name)
        if same:
            self.run(_UNCOUNT, name="customer")
            return same
        added = Customer(numbers[0], name.strip())
        self._add_rows([added], now)
        return added

    def lock_numbers(self) -> None:
        """Until the end of the transaction nobody else adds a customer."""
        self._take_numbers(0)

    def add_listed(self, listed: Sequence[Customer], now: datetime) -> list[Customer]:
        """These customers, numbered. `lock_numbers` came first, and nobody has one of the names."""
        first = self._take_numbers(len(listed)) - len(listed) + 1
        added = [replace(each, number=number) for number, each in enumerate(listed, first)]
        self._add_rows(added, now)
        return added

    def measure(self) -> None:
        """Have PostgreSQL plan again: it keeps a plan that reads all customers, made for a few, when there are many."""
        if self.db.dialect != "sqlite":
            self.db.command("ANALYZE (SKIP_LOCKED) customer, audit_head, former_name")

    def _take_numbers(self, many: int) -> int:
        """Take so many numbers; the last one taken."""
        values = {"team": self.team, "name": "customer", "taken": many}
        return int(self.db.one(_TAKE_NUMBERS[self.db.dialect], values).value)

    def _add_rows(self, added: Sequence[Customer], now: datetime) -> None:
        new = {"created_at": now}
        rows = [
            columns_of(each) | _keys(each.name) | new | {"salt": random_salt(), "random_key": new_key()}
            for each in added
        ]
        self.add_rows(customer, rows)
        for each in added:
            self.put(ADD_GRAMS, grams=sorted(grams(each.name)), customer=each.number)
        chain_ends = {each.number: ChainEnd(0, NO_HASH, random_salt()) for each in added}
        self.add_rows(audit_head, [{"customer": number, **end._asdict()} for number, end in chain_ends.items()])
        self.touched.chain_ends.update(chain_ends)

    def lock(self, number: int, reads: Callable[[int], object] = lambda _: None) -> Customer:
        """Lock this customer: until the end of the transaction nobody else changes anything about them.

        Where the record was merged into another one, that one is locked as well, and returned. A transaction that only
        reads locks nothing: it is one snapshot anyway. `reads`: what of this customer is read next, once they are
        locked; it is read together with them, as `Executor.read_ahead` does.
        """
        if not self.db.reads_only:
            lock = {"our_team": self.team, "customer": number}
            self.db.lock(_LOCK, lock, lambda rows, _: self._locked(number, rows))
        self.db.read_ahead(lambda: reads(number))
        found = self.get(number)  # which reads them as they are once the lock is held
        self._standings[number] = found.standing
        return found if found.merged_into is None else self.lock(found.merged_into, reads)

    def _locked(self, number: int, ends: Sequence[Row]) -> None:
        for end in ends:
            self.touched.chain_ends[number] = ChainEnd(*end)

    def current(self, found: Customer) -> Customer:
        """The customer, or the one whom they were merged into."""
        return found if found.merged_into is None else self.current(self.get(found.merged_into))

    def set_standing(self, number: int, standing: Standing) -> None:
        """Store the customer's standing. That of a locked customer is known, and usually stays the same."""
        if self._standings.get(number) is not standing:
            self.run(_SET_STANDING, number=number, standing=standing.value)
            self._standings[number] = standing

    def set_details(self, changed: Customer) -> None:
        """Store the CRM reference, the worth and the owner."""
        crm_reference, worth, owner = changed.crm_reference, changed.worth, changed.owner
        self.run(_SET_DETAILS, number=changed.number, crm_reference=crm_reference, worth=worth, owner=owner)

    def rename(self, renamed: Customer, name: str) -> None:
        """Give the customer another name from now on; the name that they had still leads to them."""
        number, old, new = renamed.number, _keys(renamed.name), _keys(name)
        self.run(_DELETE_FORMER_NAME, strict_key=new["strict_key"])
        if self.one(_KEY_OF_ANOTHER, strict_key=new["strict_key"], number=number):  # of a record merged into this one
            self.run(_SET_NAME, number=number, name=name)
        else:
            self.run(_SET_NAME_AND_KEYS, number=number, name=name, **new)
        if old["strict_key"] != new["strict_key"]:
            self.put(_ADD_FORMER_NAME, **old, name=renamed.name, customer=number)
        self.put(ADD_GRAMS, grams=sorted(grams(name)), customer=number)


def _keys(name: str) -> dict[str, str]:
    return {"strict_key": strict_key(name), "loose_key": loose_key(name)}


def _customer(row: Row) -> Customer:
    return value_of(Customer, row, standing=Standing(row.standing))


def _likely(found: Customer, by: str = "") -> LikelyCustomer:
    known_as = by if by and by != found.name else ""
    return LikelyCustomer(found.number, found.name, found.standing.value, known_as)
