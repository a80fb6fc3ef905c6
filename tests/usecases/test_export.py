"""An export holds all about a customer, readable and verified, and nothing of others; and the commands as typed."""

from __future__ import annotations

import io
import json
import re
import stat
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import String

from bot.cli.export import as_json, as_text, customer_export, workspace_lines
from bot.cli.finding import find_customer, find_exactly
from bot.cli.main import main
from bot.cli.shared import system_user
from bot.cli.subject_access import FREE_TEXTS, without_colleagues
from bot.rules.backup import HowEnded
from bot.rules.customer_import import ImportLine
from bot.rules.erasure import CannotErase
from bot.rules.reports import CheckInAnswer, Evidence, TypedCustomer
from bot.usecases.backup.answer import EndCall, TakeCall, end_backup, take_call
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.customers.erase import EraseCustomer, erase_customer
from bot.usecases.customers.import_list import import_customers
from bot.usecases.customers.look_up import open_customer
from bot.usecases.customers.merge import Merge, merge
from bot.usecases.reports.check_ins import AnswerCheckIn, answer_check_in
from storage.customers.export import TABLES
from storage.tables.audit import audit
from storage.tables.columns import metadata
from storage.tables.reports import check_in, report
from tests.builders import (
    FRIDAY,
    TEAM,
    audit_problems,
    before_a_decision,
    dropped,
    opened,
    reported,
    rows,
    run_due_tasks,
    someone,
)

if TYPE_CHECKING:
    from pathlib import Path

    from bot.cli.export import CustomerExport
    from bot.usecases.context import Context
    from storage.database import Database
    from tests.builders import FrozenClock

FILE = Evidence("file", "https://files.slack.com/files/U0ANA/F1/call.mp3", "call.mp3")
USERS = {"actor", "by", "owner", "rep", "reporter", "user"}
LINK = Evidence("link", "https://example.com/call", "The call")


@pytest.fixture
def story(context: Context, clock: FrozenClock, database: Database) -> Database:
    dropped(context, before_a_decision(context, clock))
    reported(context, customer="Acme", narrative="Acme shouted.", evidence=(LINK,))
    for rep, customer in (("U0ANA", "Zenith Corp"), ("U0JOE", "Acme")):
        call_backup(context, CallBackup(someone(rep), f"{customer}, at the desk"))
    return database


@pytest.fixture
def shell(database: Database, context: Context, typed_settings: None) -> Database:
    """A record about which commands can be typed."""
    del typed_settings
    reported(context, customer="Acme", narrative="Acme shouted.")
    return database


def about(database: Database, who: str) -> CustomerExport:
    with database.read(TEAM) as tx:
        return customer_export(tx, find_customer(tx, who).number, FRIDAY, with_names=True)


def test_it_holds_every_row_about_them_and_no_other(story: Database) -> None:
    found = about(story, "Zenith Corp")
    assert [(row["caller"], row["words"]) for row in found["backup calls"]] == [("U0ANA", "at the desk")]
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


def test_it_holds_the_calls_for_backup_that_named_them_before_they_were_on_record(
    context: Context, story: Database
) -> None:
    call_backup(context, CallBackup(someone("U0MIA"), "Hollow Reed, in the lobby"))
    call_backup(context, CallBackup(someone("U0CORA"), "Somebody else, in the lobby"))
    reported(context, "U0MIA", "Hollow Reed")
    assert [row["words"] for row in about(story, "Hollow Reed")["backup calls"]] == ["Hollow Reed, in the lobby"]


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
    assert entries[0].facts == {"report": asked.report, "round": asked.round}
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
    assert found["audit verification"]["problems"] == ["customer 1: report 1 was changed after entry 1 recorded it."]
    assert "The audit log about them is NOT whole:" in list(as_text(found))


@pytest.mark.usefixtures("shell")
def test_export_writes_a_new_private_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "customer", "acme", "--format", "json", "--out", "acme.json"]) == 0
    assert capsys.readouterr().out == "Exported customer 1, with 1 report, to acme.json.\n"
    assert json.loads((tmp_path / "acme.json").read_text())["customer"]["name"] == "Acme"
    assert stat.S_IMODE((tmp_path / "acme.json").stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    assert main(["export", "all", "--out", "acme.json"]) != 0
    assert "acme.json is there already" in capsys.readouterr().err


@pytest.mark.usefixtures("shell")
def test_export_to_the_terminal_writes_nothing_but_the_export(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "all"]) == 0
    assert {json.loads(line)["kind"] for line in capsys.readouterr().out.splitlines()} >= {"report", "end"}
    assert main(["export", "customer", "1"]) == 0
    assert capsys.readouterr().out.startswith("Acme · customer 1 · clear\n")


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (["export", "customer", "Globex"], "Give the name as it is on record"),
        (["export", "all", "--team", "T0OTHER"], "Nothing is on record of workspace T0OTHER"),
        (["export", "all", "--out", "no/such/folder"], "Name another file"),
        (["erase", "--customer", "1", "--yes"], "add --even-with-an-open-case"),
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
    assert "Found: customer 1, Acme, no reference, standing clear, 1 report, on record since 20 Nov 2026." in said.err
    assert len(said.out.splitlines()) == erased
    assert (rows(shell, report)[0].narrative == "Acme shouted.") is not erased
    assert main(["audit", "verify"]) == 0


def last_entries(database: Database, *acts: str) -> list[tuple[int, str, dict[str, object]]]:
    """What the audit log says of these acts: customer, actor and facts."""
    return [(row.customer, row.actor, row.facts) for row in rows(database, audit) if row.act in acts]


@pytest.mark.usefixtures("capsys")
def test_every_export_is_on_record_with_the_user_of_the_system(shell: Database) -> None:
    assert main(["export", "customer", "Acme"]) == 0
    assert main(["export", "all"]) == 0
    assert sorted(last_entries(shell, "export")) == [
        (0, "export", {"what": "workspace", "by": system_user()}),
        (1, "export", {"what": "customer", "with names": False, "by": system_user()}),
    ]


def test_a_dry_run_of_an_export_counts_and_records_nothing(shell: Database, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["customer", "Acme"], ["all"]):
        assert main(["export", *words, "--dry-run"]) == 0
        assert "Nothing was exported." in capsys.readouterr().out
    assert last_entries(shell, "export") == []


@pytest.mark.usefixtures("tamper")
def test_an_export_of_everything_cut_out_of_the_log_is_found(shell: Database) -> None:
    main(["export", "all"])
    main(["export", "all"])
    with shell.engine.begin() as connection:
        connection.execute(audit.delete().where(audit.c.customer == 0, audit.c.n == 2))
    assert list(audit_problems(shell)) == [f"{TEAM}, the workspace: entry 2 was cut off."]


def test_who_asks_gets_no_colleague_and_nothing_that_a_rep_said_of_themselves(
    context: Context, story: Database, clock: FrozenClock
) -> None:
    reported(
        context, "U0ANA", "Acme", narrative="<@U0BRAD> and U0PRIYA heard it.", wants_support=True, evidence=(FILE,)
    )
    take_call(context, TakeCall(someone("U0PRIYA"), 2))
    end_backup(context, EndCall(someone("U0PRIYA"), 2, HowEnded.CALMED))
    case = opened(context, "U0JOE", "Acme")
    recuse(context, Recuse(someone("U0CARLA"), case.number, "He is my neighbour"))
    for owner in ("U0MIA", "U0BRAD"):
        edit_customer(context, EditCustomer(someone("U0PRIYA"), 2, "Acme", owner, "", ""))
    clock.forward(days=1, hours=1)
    run_due_tasks(context, story)
    asked = next(row for row in rows(story, check_in) if row.rep == "U0ANA")
    answer_check_in(context, AnswerCheckIn(someone("U0ANA"), asked.report, asked.round, CheckInAnswer.TALK))
    with story.read(TEAM) as tx:
        given = customer_export(tx, 2, FRIDAY)
        for_us = as_json(customer_export(tx, 2, FRIDAY, with_names=True))
    text = "\n".join([as_json(given), *as_text(given)])
    users = {"U0ANA", "U0JOE", "U0PRIYA", "U0BRAD", "U0CARLA", "U0MIA"}
    assert {user for user in users if user in for_us} == users
    assert [user for user in users if user in text] == []
    assert re.search(r"colleague \d and colleague \d heard it", text)
    for hidden in ("neighbour", "check-in", "check in", "support", '"hash"', system_user()):
        assert hidden not in text, hidden
    assert len({row["reporter"] for row in given["reports"]}) == 2


def test_no_column_of_any_exported_table_shows_a_colleague_to_who_asks() -> None:
    texts = {name: [c.name for c in table.c if isinstance(c.type, String)] for name, table in TABLES.items()}
    ids = {
        (table, column): f"U0N{n}" for n, (table, column) in enumerate((t, c) for t, cs in texts.items() for c in cs)
    }
    shown = without_colleagues({table: [{c: ids[table, c] for c in columns}] for table, columns in texts.items()})
    left = {column for rows in shown.values() for row in rows for column, text in row.items() if text.startswith("U0N")}
    names = {c.name for table in TABLES.values() for c in table.c if c.name in USERS or c.name.endswith("_by")}
    assert {"by", "owner", "reporter", "user", "taken_by"} <= names
    assert left & names == set()
    assert left == FREE_TEXTS & {column for _table, column in ids}


def test_a_customer_whose_name_looks_like_an_id_keeps_it() -> None:
    rows = [{"name": "UBS", "narrative": "UBS", "copied": {"crm_reference": "UBS", "owner": "U0BRAD"}}]
    assert without_colleagues({"records": rows}) == {
        "records": [{"name": "UBS", "narrative": "UBS", "copied": {"crm_reference": "UBS", "owner": "colleague 1"}}]
    }


def test_support_is_in_no_export(context: Context, story: Database) -> None:
    reported(context, wants_support=True)
    with story.read(TEAM) as tx:
        assert '_support"' not in "".join(
            [*workspace_lines(tx), as_json(customer_export(tx, 1, FRIDAY, with_names=True))]
        )


NAMES = ("Acme Ltd", "Acme Inc", "2", "Globex", "Initech", "Zed")


@pytest.fixture
def names(context: Context, database: Database) -> Database:
    """Customers 1 to 6: 5 was once called Initech, 4 has the reference 1, and 3 has that of 6's name."""
    for name in NAMES:
        reported(context, customer=TypedCustomer(name, new=True))
    edit_customer(context, EditCustomer(someone("U0PRIYA"), 4, "Globex", None, "", "1"))
    edit_customer(context, EditCustomer(someone("U0PRIYA"), 3, "2", None, "", "ZED-"))
    edit_customer(context, EditCustomer(someone("U0PRIYA"), 5, "Hooli", None, "", ""))
    return database


EXACT = {
    ("Acme Ltd", None): 1,
    ("ACME  inc.", None): 2,
    ("3", None): 3,
    ("Hooli", None): 5,
    (None, 1): 1,
    ("Acme", None): "The nearest: 1 (Acme Ltd), 2 (Acme Inc)",
    ("The Globex Ltd", None): "The nearest: 4 (Globex)",
    ("2", None): "'2' may mean 2 (Acme Inc) or 3 (2). Add --number N",
    ("1", None): "'1' may mean 1 (Acme Ltd) or 4 (Globex). Add --number N",
    ("#2", None): "'#2' may mean 2 (Acme Inc) or 3 (2). Add --number N",
    ("#1", None): "'#1' may mean 1 (Acme Ltd) or 4 (Globex). Add --number N",
    ("Zed", None): "'Zed' may mean 6 (Zed) or 3 (2). Add --number N",
    ("zed", None): "'zed' may mean 6 (Zed) or 3 (2). Add --number N",
    ("#3", None): 3,
    ("Initech", None): "leads to customer 5, Hooli, no reference",
    ("77", None): "There is no customer 77",
    (None, 77): "There is no customer 77",
}


def test_what_cannot_be_undone_never_guesses(names: Database) -> None:
    with names.read(TEAM) as tx:
        for (typed, number), expected in EXACT.items():
            if isinstance(expected, int):
                assert find_exactly(tx, typed, number).number == expected
                continue
            with pytest.raises(ValueError, match=re.escape(expected)):
                find_exactly(tx, typed, number)


def test_a_merged_record_is_erased_only_by_the_number_of_what_it_belongs_to(context: Context, names: Database) -> None:
    merge(context, Merge(someone("U0PRIYA"), 2, 1))
    with names.read(TEAM) as tx:
        for typed, number in (("Acme Inc", None), (None, 2)):
            with pytest.raises(ValueError, match=r"leads to customer 1, Acme Ltd.*with what was merged into it: 2"):
                find_exactly(tx, typed, number)
        assert find_customer(tx, "Acme Inc").number == find_customer(tx, None, 2).number == 1


def test_what_reads_finds_every_record(context: Context, names: Database) -> None:
    """By its number, also one that nobody reported or that was erased; by a name that is a number; by a reference."""
    import_customers(context, TEAM, [ImportLine(1, "Never Reported")])
    erase_customer(context, EraseCustomer(TEAM, 1, "root", even_with_an_open_case=True))
    for number in range(1, 8):
        with names.read(TEAM) as tx:
            assert customer_export(tx, find_customer(tx, None, number).number, FRIDAY)["customer"]["number"] == number
        assert open_customer(context, someone("U0PRIYA"), number).customer.number == number
    with names.read(TEAM) as tx:
        assert (find_customer(tx, "3").number, find_customer(tx, "Initech").number) == (3, 5)
        assert find_customer(tx, "Never Reported").number == 7


def test_an_erasure_is_refused_when_the_record_has_changed_since_it_was_found(
    context: Context, shell: Database
) -> None:
    with shell.read(TEAM) as tx:
        seen = tx.cards.on_record(tx.customers.get(1))
    edit_customer(context, EditCustomer(someone("U0PRIYA"), 1, "Acme and Sons", None, "", ""))
    with pytest.raises(CannotErase, match="has changed since they were found"):
        erase_customer(context, EraseCustomer(TEAM, 1, "root", seen, even_with_an_open_case=True))


def test_a_dry_run_of_an_erasure_counts_and_changes_nothing(
    shell: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["erase", "--customer", "Acme", "--even-with-an-open-case"]
    before = {table.name: rows(shell, table) for table in metadata.sorted_tables}
    assert main([*words, "--dry-run"]) == 0
    assert "Found: customer 1, Acme" in capsys.readouterr().out
    assert {table.name: rows(shell, table) for table in metadata.sorted_tables} == before
    assert main([*words, "--yes"]) == 0
    assert last_entries(shell, "erase") == [(1, "erase", {"texts": 1, "by": system_user()})]


def test_no_command_prints_what_a_terminal_would_obey(
    context: Context, shell: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reported(context, customer="Evil \u202eLtd", narrative="\x1b[2J gone")
    for words in (["export", "customer", "--number", "2"], ["export", "all"], ["erase", "--number", "2", "--dry-run"]):
        main(words)
    main(["export", "customer", "--number", "2", "--out", "evil.txt"])
    main(["export", "customer", "Evil"])
    said = capsys.readouterr()
    text = said.out + said.err + (tmp_path / "evil.txt").read_text()
    assert "\\u001b[2J gone" in text
    assert not {"\x1b", "\u202e"} & set(text)
    del shell
