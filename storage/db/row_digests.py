"""Which rows of digested tables a transaction changed, and their digests."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Table

from bot.rules.audit_chain import Chain
from storage.db.digested_tables import DIGESTED, Key, Values, by_key
from storage.db.executor import Executor


class ChainEnd(NamedTuple):
    """How long a customer's chain is, the hash of its last entry, its salt, and the time of the last entry."""

    n: int
    hash: str
    salt: str
    at: datetime | None = None


class TouchedRows:
    """What a transaction changed in digested tables. `chain_ends`: of the audit chains that it locked, by customer.

    A row whose values are not known is read again for its digest.
    """

    def __init__(self) -> None:
        self.chain_ends: dict[int, ChainEnd] = {}
        self._rows: dict[tuple[str, Key], Values | None] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def added(self, table: Table, values: Values) -> None:
        """A row with these values was added to any table."""
        kind = DIGESTED.get(table.name)
        if kind:
            name = (table.name, tuple(values[column] for column in kind.key))
            self._rows[name] = None if name in self._rows else values

    def read(self, table: Table, row: Values) -> None:
        """A row of a digested table was changed and read: it is as given here, with every column."""
        self._rows[table.name, tuple(row[column] for column in DIGESTED[table.name].key)] = row

    def changed(self, table: Table, keys: Iterable[Key]) -> None:
        """The rows of a digested table with these keys were changed."""
        self._rows.update({(table.name, tuple(key)): None for key in keys})

    def read_again(self, db: Executor, team: str) -> None:
        """Read the rows whose values are not known. Call it when nothing will be changed any more."""
        for (table, key), values in self._rows.items():
            if values is None:
                bound = {"our_team": team, **dict(zip(DIGESTED[table].key, key, strict=True))}
                self._rows[table, key] = db.one(by_key(table), bound)._asdict()

    def digests(self, chain: Chain) -> dict[str, str]:
        """The digest of each row as it is now, for an entry of this chain, by the row's name in the log."""
        return _digests(self._rows, chain)

    def digests_apart(self, chains: Iterable[Chain]) -> dict[int, dict[str, str]]:
        """The same for several chains by customer, for each of only the rows whose key begins with the customer."""
        rows: defaultdict[int, dict[tuple[str, Key], Values | None]] = defaultdict(dict)
        for name, values in self._rows.items():
            rows[name[1][0]][name] = values
        return {chain.customer: _digests(rows[chain.customer], chain) for chain in chains}


def _digests(rows: Mapping[tuple[str, Key], Values | None], chain: Chain) -> dict[str, str]:
    kinds = ((DIGESTED[table], key, values) for (table, key), values in rows.items())
    return {kind.name(key): kind.digest(values, chain) for kind, key, values in kinds if values is not None}
