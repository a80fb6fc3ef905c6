"""The customers on record, and finding them by what somebody typed."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.rules.case_files import Likely
from bot.rules.customers import Customer, Standing
from bot.rules.name_matching import grams, likeness, loose_key, strict_key
from bot.rules.refusals import Unknown
from storage.customers.search import Finding
from storage.db.repository import Repository
from storage.db.statements import Found
from storage.tables.audit import audit_head
from storage.tables.customers import counter, customer, customer_gram, former_name

KEY_LENGTH = 400  # characters; some single characters fold into many, and an index takes only so much
ALIKE_ENOUGH = 0.45  # of 1; below it a name is no answer to what was typed

_COLUMNS = (
    customer.c.number,
    customer.c.name,
    customer.c.crm_reference,
    customer.c.worth,
    customer.c.owner,
    customer.c.standing,
    customer.c.merged_into,
)
_OURS = customer.c.team == bindparam("our_team")
_BY_NUMBER = select(*_COLUMNS).where(_OURS, customer.c.number == bindparam("number"))
_BY_STRICT_KEY = select(*_COLUMNS).where(_OURS, customer.c.strict_key == bindparam("key"))
_BY_LOOSE_KEY = select(*_COLUMNS).where(_OURS, customer.c.loose_key == bindparam("key")).limit(10)
_THESE = select(*_COLUMNS).where(_OURS, customer.c.number.in_(bindparam("numbers", expanding=True)))
_FORMER = select(former_name.c.customer, former_name.c.name).where(former_name.c.team == bindparam("our_team"))
_FORMER_OF = _FORMER.where(former_name.c.customer.in_(bindparam("numbers", expanding=True)))
_ONCE = select(former_name.c.customer).where(former_name.c.team == bindparam("our_team"))
_ONCE_STRICT = _ONCE.where(former_name.c.strict_key == bindparam("key"))
_ONCE_LOOSE = _ONCE.where(former_name.c.loose_key == bindparam("key")).limit(10)
_LOCK = (
    select(audit_head.c.n, audit_head.c.hash)
    .where(audit_head.c.team == bindparam("our_team"), audit_head.c.customer == bindparam("customer"))
    .with_for_update()
)
_STAND = (
    update(customer)
    .where(_OURS, customer.c.number == bindparam("which"), customer.c.standing != bindparam("now_standing"))
    .values(standing=bindparam("now_standing"))
)
_GIVE_BACK = (
    update(counter)
    .where(counter.c.team == bindparam("our_team"), counter.c.name == bindparam("counted"))
    .values(value=counter.c.value - 1)
)


class Customers(Repository):
    """See `ports.Customers`."""

    def get(self, number: int) -> Customer:
        """The customer, or `refusals.Unknown`."""
        row = self.one(_BY_NUMBER, number=number)
        if row is None:
            raise Unknown("customer", number)
        return _customer(row)

    def same(self, name: str) -> Customer | None:
        """The one of this name, or once of it, whatever its case, spaces and punctuation."""
        key = strict_key(name)[:KEY_LENGTH]
        row = self.one(_BY_STRICT_KEY, key=key)
        if row is not None:
            return self.current(_customer(row))
        once = self.one(_ONCE_STRICT, key=key)
        return None if once is None else self.current(self.get(once.customer))

    def alike(self, name: str) -> tuple[Likely, ...]:
        """Those of this name, or once of it, but for a company suffix or "the"."""
        key = loose_key(name)[:KEY_LENGTH]
        found = [_customer(row) for row in self.all(_BY_LOOSE_KEY, key=key)]
        found += [self.get(row.customer) for row in self.all(_ONCE_LOOSE, key=key)]
        return tuple({each.number: _likely(each) for each in map(self.current, found)}.values())

    def likely(self, typed: str, most: int) -> tuple[Likely, ...]:
        """Those that somebody typing this may mean, best first, typos forgiven."""
        return self._ranked(typed, most, at_least=ALIKE_ENOUGH)

    def nearest(self, typed: str, most: int) -> tuple[Likely, ...]:
        """The names that have most in common with what was typed, though none may fit."""
        return self._ranked(typed, most, at_least=0.0)

    def _ranked(self, typed: str, most: int, *, at_least: float) -> tuple[Likely, ...]:
        """Those whose name, or a name they had, is at least so much like what was typed, best first."""
        finding = Finding(self.db, self.team, self.touched)
        best: dict[int, Likely] = {}
        for number, batch in enumerate(finding.batches(typed)):
            for found in self._weighed(typed, batch, at_least):
                best.setdefault(found.number, found)
            if len(best) >= most or (number and best):  # names that hold what was typed outdo all others
                break
        return tuple(best.values())[:most]

    def _weighed(self, typed: str, numbers: Sequence[int], at_least: float) -> Iterator[Likely]:
        """Of these, and by the name of theirs that is most like what was typed, those who are like it, best first."""
        rows, once = self.all(_THESE, numbers=list(numbers)), self.all(_FORMER_OF, numbers=list(numbers))
        by_number = {row.number: _customer(row) for row in rows}
        named = {(row.name, row.number) for row in rows} | {(row.name, row.customer) for row in once}
        for score, name, number in sorted((-likeness(typed, name), name, number) for name, number in named):
            if -score < at_least:
                return
            yield _likely(self.current(by_number[number]), name)

    def add(self, name: str, now: datetime) -> Customer:
        """A new customer, or the same one where somebody was quicker."""
        number = self.next_number("customer")  # its row is locked to the end, so nobody adds one in between
        same = self.same(name)
        if same:
            self.run(_GIVE_BACK, counted="customer")
            return same
        self.add_row(
            customer,
            number=number,
            name=name.strip(),
            strict_key=strict_key(name)[:KEY_LENGTH],
            loose_key=loose_key(name)[:KEY_LENGTH],
            standing=Standing.CLEAR.value,
            created_at=now,
        )
        self.add_rows(customer_gram, [{"gram": gram, "customer": number} for gram in sorted(grams(name))])
        self.add_row(audit_head, customer=number, n=0, hash="0" * 64)
        return Customer(number, name.strip(), None, None, None, Standing.CLEAR, None)

    def lock(self, number: int) -> Customer:
        """From here to the end of the transaction nobody else changes anything about this customer.

        Where it was merged into another one, that one is meant.
        """
        head = self.one(_LOCK, customer=number)
        found = self.get(number)
        if head is not None:
            self.touched.heads[number] = (head.n, head.hash)
        return found if found.merged_into is None else self.lock(found.merged_into)

    def current(self, found: Customer) -> Customer:
        """The customer, or the one whom they were merged into."""
        return found if found.merged_into is None else self.current(self.get(found.merged_into))

    def stand(self, number: int, standing: Standing) -> None:
        """Note how the customer stands now."""
        self.run(_STAND, which=number, now_standing=standing.value)


def _customer(row: Found) -> Customer:
    standing = Standing(row.standing)
    return Customer(row.number, row.name, row.crm_reference, row.worth, row.owner, standing, row.merged_into)


def _likely(found: Customer, by: str = "") -> Likely:
    known_as = by if by and by != found.name else ""
    return Likely(found.number, found.name, found.standing.value, known_as)
