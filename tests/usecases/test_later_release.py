"""A new release is not tampering, and what was tampered with before it is still found after it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.usecases.context import Context
from storage.database import Database
from storage.db.digested_tables import DIGESTED
from storage.tables.columns import metadata
from tests.builders import FrozenClock, before_a_decision, dropped, kept

ROOT = Path(__file__).parents[2]


@pytest.mark.usefixtures("tamper")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_later_release_with_new_columns_and_a_new_policy_key_finds_an_old_record_whole_and_its_changes(
    context: Context, clock: FrozenClock, database_url: str
) -> None:
    dropped(context, before_a_decision(context, clock))
    kept(context, before_a_decision(context, clock, "Acme"))
    run = [sys.executable, "-m", "tests.later_release", database_url]
    said = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    upgraded, reported, changed, changed_since = map(json.loads, said.stdout.splitlines())
    assert (upgraded, reported) == ([], [])
    assert ["report 1 was changed" in line for line in changed] == [True]
    assert ["was changed" in line for line in changed_since] == [True, True]


def test_a_release_that_still_runs_goes_on_once_a_later_one_has_added_columns(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    """For as long as both run, as in an update without an interruption. The audit log stays whole."""
    dropped(context, before_a_decision(context, clock))
    number = before_a_decision(context, clock, "Acme")
    with database.engine.begin() as later:
        for table in metadata.tables:
            later.execute(text(f'ALTER TABLE "{table}" ADD COLUMN later VARCHAR(9)'))  # our own names
        later.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    kept(context, number)
    dropped(context, before_a_decision(context, clock, "Larkspur"))


@pytest.fixture
def tamper() -> None:
    """The program leaves a record that does not verify."""


@pytest.mark.parametrize("table", sorted(DIGESTED))
def test_every_column_is_vouched_for_or_said_not_to_be_and_none_of_an_old_version_is_gone(table: str) -> None:
    kind = DIGESTED[table]
    versions = [
        {*version.facts, *version.texts, *(name for names in version.texts.values() for name in names)}
        for version in kind.versions
    ]
    columns = {column.name for column in metadata.tables[table].c}
    assert versions[-1] | {"team", *kind.not_digested} == columns
    assert not versions[-1] & set(kind.not_digested)
    assert all(version <= columns for version in versions)
