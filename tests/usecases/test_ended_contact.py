"""A contact that a rep ended: what is kept of it, who reads of it, and the list for whoever keeps figures."""

from __future__ import annotations

import csv
import re
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.cli.main import main
from bot.rules.audit import Act
from bot.rules.policy.ending_rules import EndedContact, EndingRule, EndingRules, Informed
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.customers.merge import Merge, merge
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.shared.read_models import receipt, report_file
from storage.tables.audit import audit
from storage.tables.reports import report
from tests.builders import TEAM, audit_problems, reported, rows, someone

if TYPE_CHECKING:
    from pathlib import Path

    from bot.usecases.context import Context
    from storage.database import Database

WARNED = EndedContact(Informed.YES)


def test_what_the_rep_says_and_the_rule_of_the_day_are_kept_and_vouched_for(
    context: Context, database: Database
) -> None:
    assert reported(context, ended=WARNED).ended_within is EndingRule.AFTER_WARNING
    assert reported(context, "U0JOE", ended=EndedContact(Informed.NO)).ended_within is None
    assert reported(context, "U0MIA").ended_within is None
    kept = [(row.informed_first, row.ended_within) for row in rows(database, report)]
    assert kept == [("yes", "after_warning"), ("no", None), (None, None)]
    facts = [row.facts for row in rows(database, audit) if row.act == Act.REPORT]
    said = [{key: each[key] for key in each if key in {"informed_first", "ended_within"}} for each in facts]
    assert said == [{"informed_first": "yes", "ended_within": "after_warning"}, {"informed_first": "no"}, {}]
    assert list(audit_problems(database)) == []


def test_a_later_policy_takes_nothing_back(context: Context, database: Database) -> None:
    reported(context, ended=WARNED)
    strict = replace(context, policy=replace(context.policy, ending=EndingRules()))
    with database.read(TEAM) as tx:
        assert report_file(tx, strict, 1).report.ended_within is EndingRule.AFTER_WARNING
        assert receipt(tx, strict, 1).ended_within is EndingRule.AFTER_WARNING
    assert reported(strict, "U0JOE", ended=WARNED).ended_within is None


@pytest.fixture
def ended(context: Context, database: Database, typed_settings: None) -> Database:
    """Four contacts that were ended within the policy, one of which was withdrawn, and others."""
    del typed_settings
    reported(context, ended=WARNED, narrative="He screamed.")
    reported(context, "U0JOE", ended=EndedContact(Informed.NO))
    reported(context, "U0JOE", "Acme", category="threat", ended=EndedContact(Informed.NO_TIME))
    reported(context, "U0MIA", "Acme", category="persistent_contact", ended=EndedContact(Informed.NO, repeated=True))
    reported(context, "U0MIA", "Acme")
    reported(context, "U0EVA", "Acme", ended=WARNED)
    withdraw(context, Withdraw(someone("U0EVA"), 6))
    edit_customer(context, EditCustomer(someone("U0PRIYA"), 1, "Zenith Corp", None, "", "=CRM-7"))
    return database


def test_the_list_says_report_time_and_reference_and_nothing_else(
    ended: Database, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "endings"]) == 0
    at = "2026-11-20T09:55Z"
    said = capsys.readouterr().out
    assert [*csv.reader(said.splitlines())] == [
        ["report", "time", "reference"],
        ["1", at, "'=CRM-7"],
        ["3", at, ""],
        ["4", at, ""],
    ]
    assert not re.search("U0|Zenith|Acme|screamed|threat|severe", said)
    merge(context, Merge(someone("U0PRIYA"), 1, 2))
    assert main(["export", "endings"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4
    assert list(audit_problems(ended)) == []


def test_who_took_the_list_is_on_record_before_it_is_handed_out(
    ended: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def exports() -> list[dict[str, object]]:
        return [row.facts for row in rows(ended, audit) if row.act == Act.EXPORT]

    assert main(["export", "endings", "--dry-run"]) == 0
    assert capsys.readouterr().out == "The export would contain 3 ended contacts. Nothing was exported.\n"
    assert exports() == []
    where = tmp_path / "endings.csv"
    assert main(["export", "endings", "--out", str(where)]) == 0
    assert capsys.readouterr().out == f"Exported 3 ended contacts to {where}.\n"
    assert stat.S_IMODE(where.stat().st_mode) == 0o600
    assert [each["what"] for each in exports()] == ["endings"]
    assert main(["export", "endings", "--out", str(where)]) == 2
    assert list(audit_problems(ended)) == []
