"""The tests' counter of statements counts what the driver executes."""

from storage.database import Database
from storage.tables.people import member
from tests.builders import FRIDAY, TEAM, a_profile
from tests.statements import counted


def test_reads_and_writes_are_counted_and_what_begins_and_ends_a_transaction_is_not(database: Database) -> None:
    with counted(database) as count:
        with database.begin(TEAM) as tx:
            tx.people.save_profiles([a_profile("U0ANA", FRIDAY)])
        with database.read(TEAM) as tx:
            tx.people.profile("U0ANA")
    assert ["INSERT" in count[0], "SELECT" in count[1], len(count)] == [True, True, 2]


def test_the_writers_kept_connection_is_counted_and_nothing_after_the_block(database: Database) -> None:
    with database.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0ANA", FRIDAY)])
    with counted(database) as count, database.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0ANA", FRIDAY)])
    with database.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0ANA", FRIDAY)])
    assert len(count) == 1


def test_rows_that_the_driver_adds_with_one_call_are_a_statement_each(database: Database) -> None:
    row = {"group": "S0MANAGERS"}
    with counted(database) as count, database.begin(TEAM) as tx:
        tx.people.add_rows(member, [row | {"user": user} for user in ("U0ANA", "U0JOE", "U0MIA")])
    assert len(count) == 3
