"""Customers imported from a list: new ones, changed ones, and lines that clash."""

from contextlib import closing
from dataclasses import replace
from itertools import count

import pytest

from bot.rules.customer_import import CannotImport, Imported, ImportLine, SameName
from bot.rules.customers import Customer
from bot.rules.refusals import Denial
from bot.rules.reports import TypedCustomer
from bot.usecases.context import Context
from bot.usecases.customers.import_list import import_customers, would_import
from bot.usecases.customers.merge import Merge, merge
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.customers import customer
from storage.tables.outbox import notice
from tests.builders import TEAM, FrozenClock, a_context, before_a_decision, denied, dropped, reported, rows, someone

ZENITH = ImportLine(2, "Zenith Corp", "CRM-1", "£18,000 a year", "U0BRAD")
ACME = ImportLine(3, "Acme Ltd", "CRM-2")


def on_record(database: Database) -> list[Customer]:
    numbers = sorted(row.number for row in rows(database, customer))
    with database.read(TEAM) as tx:
        return [tx.customers.get(number) for number in numbers]


def imports_logged(database: Database) -> list[tuple[str, dict[str, object]]]:
    entries = sorted(rows(database, audit), key=lambda row: (row.customer, row.n))
    return [(row.actor, row.facts) for row in entries if row.act == "import"]


def versions(database: Database) -> dict[str, int]:
    return {row.kind: row.wanted for row in rows(database, notice)}


def test_new_customers_are_added_and_found_by_reps(context: Context, database: Database) -> None:
    assert import_customers(context, TEAM, [ZENITH, ACME]) == Imported(added=2, changed=0, unchanged=0)
    assert on_record(database) == [
        Customer(1, "Zenith Corp", "CRM-1", "£18,000 a year", "U0BRAD"),
        Customer(2, "Acme Ltd", "CRM-2"),
    ]
    assert reported(context, customer="zenith corp.").customer.number == 1
    with context.read(TEAM) as tx:
        assert [likely.name for likely in tx.customers.likely("zenit", 5)] == ["Zenith Corp"]
    every = ["crm_reference", "worth", "owner"]
    assert imports_logged(database)[0] == ("import", {"new": True, "changed": every, "owner": "U0BRAD"})


def test_the_same_list_again_changes_nothing(context: Context, database: Database) -> None:
    import_customers(context, TEAM, [ZENITH, ACME])
    assert import_customers(context, TEAM, [ACME, ZENITH]) == Imported(added=0, changed=0, unchanged=2)
    assert len(imports_logged(database)) == 2


def test_a_customer_whom_a_rep_named_is_known_by_the_name(context: Context, database: Database) -> None:
    reported(context, customer="ZENITH-Corp")
    assert import_customers(context, TEAM, [ZENITH]) == Imported(added=0, changed=1, unchanged=0)
    (zenith,) = on_record(database)
    assert (zenith.name, zenith.crm_reference, zenith.owner) == ("Zenith Corp", "CRM-1", "U0BRAD")


def test_the_reference_leads_to_a_customer_who_has_another_name_by_now(context: Context, database: Database) -> None:
    import_customers(context, TEAM, [ZENITH])
    assert import_customers(context, TEAM, [replace(ZENITH, name="Apex Holdings", worth=None, owner="")]).changed == 1
    assert on_record(database) == [Customer(1, "Apex Holdings", "CRM-1", "£18,000 a year", None)]
    assert imports_logged(database)[-1][1] == {"new": False, "changed": ["name", "owner"], "owner": None}
    for name in ("apex holdings", "Zenith Corp"):
        assert reported(context, customer=TypedCustomer(name)).customer.number == 1
    assert import_customers(context, TEAM, [ZENITH]).changed == 1
    assert reported(context, customer="Apex Holdings").customer.name == "Zenith Corp"


@pytest.mark.parametrize(
    ("clashing", "says"),
    [
        (
            ImportLine(3, "Typed Ltd", "CRM-1"),
            "line 3: CRM-1 is 'Zenith Corp' on record, and 'Typed Ltd' is another customer.",
        ),
        (ImportLine(3, "Zenith Corp"), "line 3: 'Zenith Corp' on record is meant here and in line 2. Keep one"),
    ],
)
def test_lines_that_clash_with_the_record_are_refused_and_nothing_is_written(
    context: Context, database: Database, clashing: ImportLine, says: str
) -> None:
    import_customers(context, TEAM, [ZENITH, ACME, ImportLine(4, "Typed Ltd")])
    before = on_record(database)
    renamed = ImportLine(2, "Apex", "CRM-1", worth="nothing")
    with pytest.raises(CannotImport) as refusal:
        import_customers(context, TEAM, [ImportLine(1, "Quite New"), renamed, clashing])
    assert any(str(problem).startswith(says) for problem in refusal.value.problems)
    assert on_record(database) == before
    assert len(imports_logged(database)) == 3


def test_a_name_of_a_merged_record_can_be_imported(context: Context) -> None:
    import_customers(context, TEAM, [ZENITH, ImportLine(3, "Zenith Group")])
    merge(context, Merge(someone("U0PRIYA"), duplicate=2, into=1))
    assert import_customers(context, TEAM, [replace(ZENITH, name="Zenith Group")]).changed == 1
    for name in ("zenith group", "Zenith Corp"):
        found = reported(context, customer=name).customer
        assert (found.number, found.name) == (1, "Zenith Group")


def test_an_owner_takes_no_part_from_then_on_and_the_notice_says_so(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    case = before_a_decision(context, clock)
    before = versions(database)
    import_customers(context, TEAM, [replace(ZENITH, owner="U0PRIYA")])
    assert versions(database)["case"] > before["case"]
    with denied(Denial.OWNER):
        dropped(context, case)


def test_a_long_list_is_imported_completely(context: Context, database: Database) -> None:
    listed = [ImportLine(n, f"Firm {n}", f"CRM-{n}") for n in range(2, 302)]
    assert import_customers(context, TEAM, listed).added == 300
    assert import_customers(context, TEAM, listed).unchanged == 300
    assert len(on_record(database)) == 300


def test_reports_are_recorded_while_a_long_list_is_imported(
    context: Context, clock: FrozenClock, database: Database, database_url: str
) -> None:
    listed = [ImportLine(n, f"Firm {n}", f"CRM-{n}") for n in range(2, 302)]
    so_far: list[int] = []

    def newcomer() -> None:
        """Between two transactions of the import."""
        reported(context, customer=f"Newcomer {len(so_far)}")
        so_far.append(sum(row.crm_reference is not None for row in rows(database, customer)))

    with closing(Database(database_url, newcomer)) as another:
        assert import_customers(a_context(another, clock), TEAM, listed).added == 300
    assert any(0 < imported < 300 for imported in so_far)


def test_each_customer_has_an_entry_of_the_audit_log_that_vouches_for_their_rows_alone(
    context: Context, database: Database
) -> None:
    import_customers(context, TEAM, [ZENITH, ACME])
    import_customers(context, TEAM, [replace(ZENITH, owner="U0MIA"), replace(ACME, worth="much")])
    entries = sorted(
        (row for row in rows(database, audit) if row.act == "import"), key=lambda row: (row.customer, row.n)
    )
    assert [sorted(row.rows) for row in entries] == [
        ["customer 1"],
        ["customer 1", "stake 1/U0BRAD/former_owner"],
        ["customer 2"],
        ["customer 2"],
    ]


def test_an_import_reads_no_more_of_postgresql_the_more_customers_there_are(
    context: Context, database: Database
) -> None:
    if database.engine.dialect.name == "sqlite":  # whose plans do not depend on the rows: tests/storage/test_plans.py
        return
    listed = [ImportLine(n, f"Firm {n}", f"CRM-{n}") for n in range(2, 1202)]
    read = [customers_read(database)]
    for half in (listed[:600], listed[600:]):
        import_customers(context, TEAM, half)
        read.append(customers_read(database))
    assert read[2] - read[1] <= 2 * (read[1] - read[0])


def customers_read(database: Database) -> int:
    """How many rows of customers PostgreSQL has read so far, by its own statistics."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")
        connection.commit()
        return int(
            connection.exec_driver_sql(
                "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'customer'"
            ).scalar_one()
        )


def test_an_import_that_was_interrupted_goes_on_where_it_stopped(context: Context, database: Database) -> None:
    listed = [ImportLine(n, f"Firm {n}", f"CRM-{n}") for n in range(1, 151)]
    said: list[int] = []

    def interrupted(lines: int) -> None:
        said.append(lines)
        if lines >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_customers(context, TEAM, listed, progress=interrupted)
    assert said == [50, 100]
    assert len(on_record(database)) == 100
    assert import_customers(context, TEAM, listed) == Imported(added=50, changed=0, unchanged=100)


def test_two_customers_of_one_name_stay_two_and_a_second_run_changes_nothing(
    context: Context, database: Database
) -> None:
    listed = [ZENITH, ACME, ImportLine(4, "ACME Ltd", "CRM-3", "little"), ImportLine(5, "Acme Ltd", "CRM-4")]
    assert import_customers(context, TEAM, listed).added == 4
    assert [(each.name, each.crm_reference) for each in on_record(database)][1:] == [
        ("Acme Ltd", "CRM-2"),
        ("ACME Ltd (CRM-3)", "CRM-3"),
        ("Acme Ltd (CRM-4)", "CRM-4"),
    ]
    assert import_customers(context, TEAM, listed) == Imported(added=0, changed=0, unchanged=4)
    assert import_customers(context, TEAM, listed[::-1]) == Imported(added=0, changed=0, unchanged=4)


def test_a_name_on_record_with_a_reference_that_the_list_lacks_is_asked_about(
    context: Context, database: Database
) -> None:
    import_customers(context, TEAM, [ZENITH])
    renumbered = [replace(ZENITH, crm_reference="SF-9")]
    with pytest.raises(CannotImport, match=r"'Zenith Corp' is on record with the reference CRM-1, and here with SF-9"):
        import_customers(context, TEAM, renumbered)
    assert import_customers(context, TEAM, renumbered, SameName.TWO).added == 1
    assert [each.name for each in on_record(database)] == ["Zenith Corp", "Zenith Corp (SF-9)"]


def test_one_customer_under_a_new_reference_keeps_their_record(context: Context, database: Database) -> None:
    import_customers(context, TEAM, [ZENITH])
    assert import_customers(context, TEAM, [replace(ZENITH, crm_reference="SF-9")], SameName.ONE).changed == 1
    assert [(each.number, each.crm_reference) for each in on_record(database)] == [(1, "SF-9")]


def test_two_customers_whose_names_were_exchanged_keep_their_records(context: Context, database: Database) -> None:
    import_customers(context, TEAM, [ZENITH, ACME])
    exchanged = [replace(ZENITH, name="Acme Ltd"), replace(ACME, name="Zenith Corp")]
    import_customers(context, TEAM, exchanged)
    assert [(each.number, each.crm_reference) for each in on_record(database)] == [(1, "CRM-1"), (2, "CRM-2")]
    assert import_customers(context, TEAM, exchanged).unchanged == 2


def test_a_customer_whom_a_rep_typed_by_the_name_and_the_reference_is_the_one_listed(
    context: Context, database: Database
) -> None:
    reported(context, customer=TypedCustomer("Acme Ltd (CRM-3)", new=True))
    import_customers(context, TEAM, [ACME, ImportLine(4, "Acme Ltd", "CRM-3")])
    assert sorted((each.name, each.crm_reference or "") for each in on_record(database)) == [
        ("Acme Ltd", "CRM-2"),
        ("Acme Ltd (CRM-3)", "CRM-3"),
    ]


def test_the_line_of_a_record_that_was_merged_changes_nothing(context: Context, database: Database) -> None:
    group = ImportLine(3, "Zenith Group", "CRM-7", "nothing", "U0MIA")
    import_customers(context, TEAM, [ZENITH, group])
    merge(context, Merge(someone("U0PRIYA"), duplicate=2, into=1))
    before = on_record(database)
    for listed in ([ZENITH, group], [group]):
        assert import_customers(context, TEAM, listed).unchanged == len(listed)
    assert on_record(database) == before


def test_a_trial_says_what_would_change_and_changes_nothing(context: Context, database: Database) -> None:
    import_customers(context, TEAM, [ZENITH])
    before = on_record(database)
    planned = list(would_import(context, TEAM, [replace(ZENITH, name="Apex", owner="-"), ACME]))
    assert [(each.outcome, each.after.name) for each in planned] == [("changed", "Apex"), ("added", "Acme Ltd")]
    assert on_record(database) == before


def test_a_line_that_becomes_wrong_meanwhile_ends_the_import_and_says_how_much_was_imported(
    context: Context, clock: FrozenClock, database: Database, database_url: str
) -> None:
    listed = [ImportLine(n, f"Firm {n}", f"CRM-{n}") for n in range(1, 151)]
    with closing(Database(database_url)) as another:
        importing = a_context(another, clock)
        clashing = [ImportLine(1, "Other Ltd", "CRM-140"), ImportLine(2, "Firm 140")]  # which has no reference
        commits = count(1)

        def changed() -> None:
            if next(commits) == 1:
                import_customers(context, TEAM, clashing)

        another.changed = changed
        with pytest.raises(CannotImport, match=r"has one problem, after 100 lines were imported:\n  line 140: "):
            import_customers(importing, TEAM, listed)
    assert len(on_record(database)) == 102
    assert import_customers(context, TEAM, [each for each in listed if each.line != 140]).added == 49
