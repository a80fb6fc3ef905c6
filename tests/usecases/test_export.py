"""An export holds all about a customer, readable and verified, and nothing of others; and the commands as typed."""

from __future__ import annotations

import io
import json
import stat
from typing import TYPE_CHECKING

import pytest

from bot.cli.export import as_json, as_text, customer_export, workspace_lines
from bot.cli.main import main
from bot.rules.reports import CheckInAnswer, Evidence
from bot.usecases.customers.merge import Merge, merge
from bot.usecases.reports.check_ins import AnswerCheckIn, answer_check_in
from storage.tables.audit import audit
from storage.tables.columns import metadata
from storage.tables.reports import check_in, report
from tests.builders import FRIDAY, TEAM, before_a_decision, dropped, reported, rows, run_due_tasks, someone

if TYPE_CHECKING:
    from pathlib import Path

    from bot.cli.export import CustomerExport
    from bot.usecases.context import Context
    from storage.database import Database
    from tests.builders import FrozenClock

LINK = Evidence("link", "https://example.com/call", "The call")


@pytest.fixture
def story(context: Context, clock: FrozenClock, database: Database) -> Database:
    dropped(context, before_a_decision(context, clock))
    reported(context, customer="Acme", narrative="Acme shouted.", evidence=(LINK,))
    return database


@pytest.fixture
def shell(database: Database, context: Context, typed_settings: None) -> Database:
    """A record about which commands can be typed."""
    del typed_settings
    reported(context, customer="Acme", narrative="Acme shouted.")
    return database


def about(database: Database, who: str) -> CustomerExport:
    with database.read(TEAM) as tx:
        return customer_export(tx, who, FRIDAY)


def test_it_holds_every_row_about_them_and_no_other(story: Database) -> None:
    found = about(story, "Zenith Corp")
    assert {name: len(found[name]) for name in ("reports", "cases", "warnings", "decisions", "verdicts")} == {
        "reports": 3,
        "cases": 2,
        "warnings": 1,
        "decisions": 1,
        "verdicts": sum(1 for row in rows(story, metadata.tables["verdict"]) if row.customer == 1),
    }
    assert {row["narrative"] for row in found["reports"]} == {"He screamed until I hung up."}
    assert found["audit verification"] == {"whole": True, "problems": []}
    assert len(found["audit log"]) == sum(1 for row in rows(story, audit) if row.customer == 1)
    assert "Acme" not in as_json(found)
    assert "salt" not in as_json(found)


def test_each_verdict_has_its_reasons_in_words(story: Database) -> None:
    said = [words for row in about(story, "1")["verdicts"] for words in row["reasons in words"]]
    assert "3 different reps have reported this customer." in said
    assert all(row["policy"] for row in about(story, "1")["verdicts"])


def test_the_text_says_what_the_json_says(story: Database) -> None:
    text = "\n".join(as_text(about(story, "Acme")))
    assert text.startswith("Acme · customer 2 · ")
    assert "The audit log about them is whole." in text
    for words in ("REPORTS (1)", "narrative: Acme shouted.", "link · https://example.com/call · The call"):
        assert words in text
    assert "happened at: 20 Nov 2026, 10:55" in text


def test_a_merged_record_is_exported_with_the_customer(context: Context, story: Database) -> None:
    merge(context, Merge(someone("U0PRIYA"), 2, 1))
    found = about(story, "Acme")
    assert found["customer"]["number"] == 1
    assert [row["name"] for row in found["records"]] == ["Zenith Corp", "Acme"]
    assert len(found["mergers"]) == 1
    assert found["audit verification"]["whole"]


def test_the_answer_to_a_check_in_is_not_exported(context: Context, story: Database, clock: FrozenClock) -> None:
    clock.forward(days=1, hours=1)
    run_due_tasks(context, story)
    asked = rows(story, check_in)[0]
    answer_check_in(context, AnswerCheckIn(someone(asked.rep), asked.report, asked.round, CheckInAnswer.DECLINED))
    entries = [row for row in rows(story, audit) if row.act == "answer check-in"]
    assert entries[0].facts["answer"] == "declined"
    with story.read(TEAM) as tx:
        assert "declined" not in "\n".join(workspace_lines(tx))


def test_the_workspace_is_exported_line_by_line_and_the_last_counts_the_others(story: Database) -> None:
    with story.read(TEAM) as tx:
        *found, last = map(json.loads, workspace_lines(tx))
    assert last == {"kind": "end", "workspace": TEAM, "rows": len(found)}
    assert sum(1 for row in found if row["kind"] == "report") == len(rows(story, report))
    assert {"customer", "report", "verdict", "case", "warning", "decision", "audit", "policy"} <= {
        row["kind"] for row in found
    }


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("77", "There is no customer 77"),
        ("Zenit Corp", r"No customer is called 'Zenit Corp'. The nearest: 1 \(Zenith Corp\)"),
        ("Nowhere", "No customer is called 'Nowhere'"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_names(story: Database, who: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        about(story, who)


def test_an_export_says_that_the_record_was_tampered_with(story: Database, tamper: None) -> None:
    del tamper
    with story.engine.begin() as connection:
        connection.execute(report.update().where(report.c.number == 1).values(narrative="He whispered."))
    found = about(story, "1")
    assert found["audit verification"]["problems"] == ["customer 1: report 1 was changed after entry 1 told of it."]
    assert "The audit log about them is NOT whole:" in list(as_text(found))


@pytest.mark.usefixtures("shell")
def test_export_writes_a_new_private_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--customer", "acme", "--format", "json", "--out", "acme.json"]) == 0
    assert capsys.readouterr().out == "Exported customer 1, with 1 report, to acme.json.\n"
    assert json.loads((tmp_path / "acme.json").read_text())["customer"]["name"] == "Acme"
    assert stat.S_IMODE((tmp_path / "acme.json").stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    assert main(["export", "--all", "--out", "acme.json"]) != 0
    assert "acme.json is there already" in capsys.readouterr().err


@pytest.mark.usefixtures("shell")
def test_export_to_the_terminal_writes_nothing_but_the_export(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--all"]) == 0
    assert {json.loads(line)["kind"] for line in capsys.readouterr().out.splitlines()} >= {"report", "end"}
    assert main(["export", "--customer", "1"]) == 0
    assert capsys.readouterr().out.startswith("Acme · customer 1 · clear\n")


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (["export", "--customer", "Globex"], "Give the name as it is on record"),
        (["export", "--all", "--format", "json"], "leave --format out"),
        (["export", "--all", "--team", "T0OTHER"], "Nothing is on record of workspace T0OTHER"),
        (["export", "--all", "--out", "no/such/folder"], "Name another file"),
        (["erase", "--customer", "1", "--yes"], "say --even-with-an-open-case"),
        (["erase", "--customer", "77", "--yes"], "There is no customer 77"),
        (["erase", "--person", "U0ANA", "--yes"], "Deactivate them in Slack first"),
        (["erase", "--person", "U0WHO", "--yes"], "Nothing of U0WHO's own is on record"),
    ],
)
@pytest.mark.usefixtures("shell")
def test_a_refused_command_says_what_to_do_and_exits_with_2(
    words: list[str], mend: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    assert mend in said.err
    assert said.out == ""


@pytest.mark.parametrize(("answer", "erased"), [("1\n", True), ("yes\n", False), ("", False)])
def test_erase_asks_first_and_prints_one_line(
    shell: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str, *, erased: bool
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert main(["erase", "--customer", "Acme", "--even-with-an-open-case"]) == (0 if erased else 2)
    said = capsys.readouterr()
    assert "Every name and text about customer 1, Acme, is erased for good" in said.err
    assert len(said.out.splitlines()) == erased
    assert (rows(shell, report)[0].narrative == "Acme shouted.") is not erased
    assert main(["audit", "verify"]) == 0
