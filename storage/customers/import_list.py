"""What a list of customers from elsewhere changes: references, worth, owners, names."""

from sqlalchemy import bindparam, delete, select, update

from bot.rules.customers import Customer, Standing
from bot.rules.name_matching import grams, loose_key, strict_key
from storage.customers.customers import KEY_LENGTH
from storage.db.repository import Repository, insert
from storage.tables.customers import customer, customer_gram, former_name

_OURS = customer.c.team == bindparam("our_team")
_BY_REFERENCE = select(customer).where(_OURS, customer.c.crm_reference == bindparam("reference"))
_THIS = update(customer).where(_OURS, customer.c.number == bindparam("which"))
_DESCRIBE = _THIS.values(crm_reference=bindparam("ref"), worth=bindparam("worth_now"), owner=bindparam("owned_by"))
_CALL = _THIS.values(name=bindparam("to"))
_TAKEN = select(customer.c.number).where(
    _OURS, customer.c.strict_key == bindparam("key"), customer.c.number != bindparam("number")
)
_RENAME = _THIS.values(name=bindparam("to"), strict_key=bindparam("strict"), loose_key=bindparam("loose"))
_DIALECTS = ("sqlite", "postgresql")
_GRAM = {dialect: insert(customer_gram, dialect).on_conflict_do_nothing() for dialect in _DIALECTS}
_ONCE = {dialect: insert(former_name, dialect).on_conflict_do_nothing() for dialect in _DIALECTS}
_AGAIN = delete(former_name).where(
    former_name.c.team == bindparam("our_team"), former_name.c.strict_key == bindparam("strict")
)


class Roll(Repository):
    """See `ports.Roll`."""

    def by_reference(self, reference: str) -> Customer | None:
        """The customer with this CRM reference."""
        row = self.one(_BY_REFERENCE, reference=reference)
        if row is None:
            return None
        standing = Standing(row.standing)
        return Customer(row.number, row.name, row.crm_reference, row.worth, row.owner, standing, row.merged_into)

    def describe(self, customer: Customer) -> None:
        """Note the CRM reference, the worth and the owner."""
        self.run(
            _DESCRIBE,
            which=customer.number,
            ref=customer.crm_reference,
            worth_now=customer.worth,
            owned_by=customer.owner,
        )

    def rename(self, customer: Customer, name: str) -> None:
        """The customer has another name from now on; the one they had still leads to them."""
        old, new = _keys(customer.name), _keys(name)
        self.run(_AGAIN, strict=new["strict_key"])
        if self.one(_TAKEN, key=new["strict_key"], number=customer.number):  # by a record that was merged into this one
            self.run(_CALL, which=customer.number, to=name)
        else:
            self.run(_RENAME, which=customer.number, to=name, strict=new["strict_key"], loose=new["loose_key"])
        if old["strict_key"] != new["strict_key"]:
            self.put(_ONCE, **old, name=customer.name, customer=customer.number)
        for gram in sorted(grams(name)):
            self.put(_GRAM, gram=gram, customer=customer.number)


def _keys(name: str) -> dict[str, str]:
    return {"strict_key": strict_key(name)[:KEY_LENGTH], "loose_key": loose_key(name)[:KEY_LENGTH]}
