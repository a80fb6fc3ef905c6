"""Who may take an evidence pack, that it is on record, and what comes by direct message."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.cli.main import main
from bot.cli.shared import system_user
from bot.rules.audit import Act
from bot.rules.evidence_pack.archive import unzipped
from bot.rules.notices import Notice, NoticeKind
from bot.rules.refusals import Denial, NotEntitled
from bot.usecases.cases.evidence_pack import request_pack
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.delivery.content import content
from bot.usecases.shared.access import see_case
from handlers.cases.evidence_pack import pack_message
from storage.tables.audit import audit
from storage.tables.outbox import notice
from tests.builders import (
    FRIDAY,
    TEAM,
    a_profile,
    before_a_decision,
    denied,
    dropped,
    kept,
    opened,
    read_from_slack,
    reported,
    rows,
    someone,
)

if TYPE_CHECKING:
    from pathlib import Path

    from bot.usecases.context import Context
    from bot.usecases.transport import Message
    from storage.database import Database
    from tests.builders import FrozenClock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def case(context: Context, clock: FrozenClock) -> int:
    return before_a_decision(context, clock)


def taken(database: Database) -> list[tuple[str, object]]:
    return [(row.actor, row.facts["case"]) for row in rows(database, audit) if row.act == Act.EXPORT]


def delivered(context: Context, case: int, to: str) -> Message:
    """What the direct message says now."""
    asked = Notice(
        TEAM, NoticeKind.PACK, case, to, 1, None, None, "tag", to, 1, 0, 0, in_doubt=False, created_at=FRIDAY
    )
    with context.read(TEAM) as tx:
        return pack_message(content(tx, context, asked))


def test_a_manager_without_a_stake_gets_the_pack_and_that_is_on_record(
    context: Context, database: Database, case: int
) -> None:
    request_pack(context, someone("U0PRIYA"), case)
    assert taken(database) == [("U0PRIYA", case)]
    assert [(row.subject, row.target) for row in rows(database, notice) if row.kind == "pack"] == [(case, "U0PRIYA")]
    message = delivered(context, case, "U0PRIYA")
    assert message.file is not None
    files = unzipped(message.file.content)
    assert message.file.name == f"case-{case}.zip"
    assert b'"export"' in files["case.json"]
    assert b"U0PRIYA" in files["names.html"]


def test_two_clicks_within_a_minute_are_one_message_and_one_entry(
    context: Context, database: Database, clock: FrozenClock, case: int
) -> None:
    for seconds in (0, 5, 60):
        clock.forward(seconds=seconds)
        read_from_slack(context)
        request_pack(context, someone("U0PRIYA"), case)
    assert taken(database) == [("U0PRIYA", case)] * 2
    assert sum(1 for row in rows(database, notice) if row.kind == "pack") == 2


@pytest.mark.parametrize(("user", "denial"), [("U0ANA", Denial.NOT_A_MANAGER), ("U0GUS", Denial.GUEST)])
def test_whoever_may_not_read_the_case_gets_none(
    context: Context, database: Database, case: int, user: str, denial: Denial
) -> None:
    with pytest.raises(NotEntitled) as refusal:
        request_pack(context, someone(user), case)
    assert refusal.value.denial is denial
    assert taken(database) == []


def test_a_manager_with_a_stake_gets_none_also_where_it_came_after_the_click(
    context: Context, database: Database, case: int
) -> None:
    request_pack(context, someone("U0PRIYA"), case)
    recuse(context, Recuse(someone("U0PRIYA"), case, "They are my neighbours."))
    message = delivered(context, case, "U0PRIYA")
    assert message.file is None
    assert "I did not send" in message.text
    with pytest.raises(NotEntitled):
        request_pack(context, someone("U0PRIYA"), case)
    assert len(taken(database)) == 1


def test_nobody_reads_a_report_about_a_customer_in_whom_they_have_a_stake_in_the_case_of_another_one(
    context: Context, database: Database
) -> None:
    case = opened(context, "U0MIA", "Acme", category="threat").number
    reported(context, "U0JOE", "Zebra", category="other")
    merge(context, Merge(someone("U0CARLA"), 1, 2))
    reported(context, "U0ANA", "Zebra", category="other")
    kept(context, case, "U0CARLA")
    undo_merge(context, UndoMerge(someone("U0CARLA"), 1))
    request_pack(context, someone("U0PRIYA"), case)
    file = see_case(context, someone("U0PRIYA"), case, 1)
    assert {report.customer for report in file.reports.items} == {1, 2}
    edit_customer(context, EditCustomer(someone("U0CARLA"), 2, "Zebra", "U0PRIYA", "", ""))
    with denied(Denial.OWNER):
        see_case(context, someone("U0PRIYA"), case, 1)
    with denied(Denial.OWNER):
        request_pack(context, someone("U0PRIYA"), case)
    assert delivered(context, case, "U0PRIYA").file is None
    assert see_case(context, someone("U0BRAD"), case, 1)
    assert delivered(context, case, "U0BRAD").file
    assert taken(database) == [("U0PRIYA", case)]


def test_the_pack_says_what_slack_calls_people(context: Context, case: int) -> None:
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([replace(a_profile("U0ANA", FRIDAY), name="Ana")])
    file = delivered(context, case, "U0PRIYA").file
    assert file is not None
    assert b"<bdi>Ana</bdi>" in unzipped(file.content)["names.html"]


@pytest.fixture
def typed(typed_settings: None, context: Context, case: int) -> int:
    """A case about which commands can be typed."""
    del typed_settings
    dropped(context, case)
    return case


def test_export_case_writes_a_private_file_and_is_on_record_before(
    typed: int, database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "case", str(typed)]) == 0
    written = tmp_path / f"case-{typed}.zip"
    assert stat.S_IMODE(written.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    files = unzipped(written.read_bytes())
    entry = json.loads(files["case.json"])["log"][-1]
    assert (entry["act"], entry["actor"], entry["facts"]["with names"]) == ("export", "export", True)
    assert system_user().encode() in files["names.html"]
    assert system_user().encode() not in files["case.json"] + files["report.html"]
    assert taken(database) == [("export", typed)]
    assert f"The evidence pack of case {typed} is in case-{typed}.zip." in capsys.readouterr().out
    assert main(["export", "case", str(typed)]) == 2
    assert "is there already" in capsys.readouterr().err


def test_export_case_without_names_names_nobody(typed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "case", str(typed), "--without-names", "--output", "theirs.zip"]) == 0
    assert "without people's names and IDs" in capsys.readouterr().out
    files = unzipped((tmp_path / "theirs.zip").read_bytes())
    assert "names.html" not in files
    assert b"U0ANA" not in b"".join(files.values())


def test_a_dry_run_writes_nothing_and_an_unknown_case_is_refused(
    typed: int, database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "case", str(typed), "--dry-run"]) == 0
    assert "report.html" in capsys.readouterr().out
    assert main(["export", "case", "77"]) == 2
    assert capsys.readouterr().err == "There is no case 77.\n"
    assert taken(database) == []
    assert not list(tmp_path.glob("*.zip"))


def test_export_verifier_prints_the_program_that_every_pack_has(
    typed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "verifier"]) == 0
    printed = capsys.readouterr().out
    assert main(["export", "case", str(typed)]) == 0
    assert unzipped((tmp_path / f"case-{typed}.zip").read_bytes())["verify.py"].decode() == printed
