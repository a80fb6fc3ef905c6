"""`audit verify`: every chain against itself, its head, and the record that it tells of."""

from collections.abc import Iterator

from bot.rules.chain import verify
from storage.database import Database


def broken_chains(database: Database) -> Iterator[str]:
    """One line for each customer whose log is not whole, naming the first entry that is not as it was written."""
    for team in database.teams():
        with database.read(team) as ledger:
            for customer, head in ledger.audit.heads().items():
                broken = verify(team, customer, ledger.audit.chain(customer), head)
                if broken:
                    yield f"{team}, customer {customer}: entry {broken.n} was {broken.what}."
