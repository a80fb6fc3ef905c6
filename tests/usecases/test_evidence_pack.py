"""An evidence pack holds a case's whole record, and proves itself without the bot: one changed byte shows."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.rules.audit import CLOCK, Act
from bot.rules.backup import HowEnded
from bot.rules.evidence_pack.archive import unzipped, zipped
from bot.rules.evidence_pack.checks import main, problems
from bot.rules.evidence_pack.contents import MANIFEST, REPORT, as_json, manifest
from bot.rules.evidence_pack.pack import evidence_pack
from bot.rules.evidence_pack.published import publication_digest, published_last
from bot.rules.evidence_pack.record import Record
from bot.rules.evidence_pack.report import report
from bot.rules.evidence_pack.zone import zone_from, zone_problems
from bot.rules.objections import Answer
from bot.rules.policy.verdicts import Severity
from bot.rules.reports import CheckInAnswer, Evidence
from bot.rules.weeks import Week
from bot.usecases.backup.answer import EndCall, TakeCall, end_backup, take_call
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.cases.evidence_pack import pack_contents, request_pack
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.customers.erase import EraseCustomer, erase_customer
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.customers.safeguards import SetSafeguard, set_safeguard
from bot.usecases.objections.answer import AnswerObjection, answer_objection
from bot.usecases.objections.record import RecordObjection, record_objection
from bot.usecases.reports.check_ins import AnswerCheckIn, answer_check_in
from bot.usecases.shared.access import record_for_workspace
from bot.usecases.weekly.summaries import figures_of, publish_digest
from storage.database import Database
from storage.weekly.summaries import figures_digest
from tests.builders import (
    TEAM,
    FrozenClock,
    a_context,
    before_a_decision,
    dropped,
    opened,
    reported,
    run_due_tasks,
    someone,
    warned,
)
from tests.later import MONDAY, REVIEW_ON, Later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.rules.evidence_pack.pack import Contents
    from bot.usecases.context import Context

Files = dict[str, bytes]
HOSTILE = "</div><script>alert(1)</script>\u202egnp.exe\u0007 & שלום"
NAMES = {"U0ANA": "Ana <b>Lopez</b>", "U0JOE": "יוסף\u202e כהן"}


@pytest.fixture(scope="module")
def later(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Later]:
    """A record of these tests' own, which none of them changes."""
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("pack"))
    database, clock = Database(f"sqlite:///{file}"), FrozenClock()
    yield Later(a_context(database, clock), clock, database)
    database.close()


@pytest.fixture(scope="module")
def case(later: Later) -> int:
    """A drop after a warning, with evidence and a hostile report; a check-in; an objection and its answer.

    Three weeks were published; in the second the customer's chain had not grown.
    """
    context = later.context
    evidence = (Evidence("link", "https://example.com/call", "The call"), Evidence("file", "https://x.test/f", HOSTILE))
    reported(context, "U0JOE", "Acme")
    first = reported(context, "U0MIA", narrative=HOSTILE, evidence=evidence, wants_support=True).report
    number = later.dropped()
    publish(context, Week(2026, 47))
    for customer in ("Acme", "Globex"):
        reported(context, "U0JOE", customer)
    publish(context, Week(2026, 48))
    later.go_to(MONDAY)
    answer_check_in(context, AnswerCheckIn(someone("U0MIA"), first, 1, CheckInAnswer.FINE))
    later.objects(number)
    later.answer(number, Answer.STANDS)
    publish(context, Week(2026, 49))
    return number


@pytest.fixture(scope="module")
def contents(later: Later, case: int) -> Contents:
    with later.context.read(TEAM) as tx:
        return pack_contents(tx, case)


@pytest.fixture(scope="module")
def files(contents: Contents) -> Files:
    return unzipped(evidence_pack(contents, NAMES))


def publish(context: Context, week: Week) -> None:
    """As the delivery does when it posts the summary of a week."""
    now = context.clock()
    with context.begin(TEAM) as tx:
        figures = figures_of(tx, context, week, now)
        tx.summaries.add(week, "C0MANAGE", now, figures)
        said = {"week": week.key, "channel": "C0MANAGE", "figures": figures_digest(figures)}
        record_for_workspace(tx, CLOCK, Act.SUM_UP, said, now)
    publish_digest(context, TEAM, week, "C0MANAGE")


def digest_of(contents: Contents, n: int = -1) -> str:
    return publication_digest(TEAM, contents.proof["publications"][n])


def wrong(files: Files, contents: Contents, digest: str = "") -> list[str]:
    return list(problems(files, digest or digest_of(contents), contents.definitions))


def with_manifest(files: Files) -> Files:
    """The files, with another manifest: whoever changes one can do that too."""
    others = {name: content for name, content in files.items() if name != MANIFEST}
    return others | {MANIFEST: manifest(others)}


def edited(contents: Contents, change: Callable[[dict[str, Any], dict[str, Any]], object]) -> Files:
    """A pack made by somebody who changed case.json or proof.json first, and everything that follows from them."""
    case, proof = json.loads(as_json(contents.case)), json.loads(as_json(contents.proof))
    change(case, proof)
    return unzipped(evidence_pack(replace(contents, case=case, proof=proof), None))


def test_a_pack_is_proven_by_what_was_published_and_by_nothing_else(files: Files, contents: Contents) -> None:
    assert wrong(files, contents) == []
    assert [wrong(files, contents, digest_of(contents, n)) for n in range(3)] == [[], [], []]
    assert wrong(files, contents, "f" * 64) == [f"{'f' * 64} is none of the 3 digests that this pack has a proof for."]


def test_the_digests_are_those_that_slack_shows(later: Later, contents: Contents) -> None:
    with later.context.read(TEAM) as tx:
        shown = [each.digest for each in tx.publications.all_published()]
    assert [digest_of(contents, n) for n in range(3)] == shown


def test_the_same_record_gives_the_same_bytes(later: Later, case: int, contents: Contents) -> None:
    with later.context.read(TEAM) as tx:
        again = pack_contents(tx, case)
    assert evidence_pack(again, NAMES) == evidence_pack(contents, NAMES)


def test_one_byte_changed_in_any_file_is_found(files: Files, contents: Contents) -> None:
    chance, missed = random.Random(11), []
    for name, content in files.items():
        for at in {0, len(content) - 1, *chance.sample(range(len(content)), 6)}:
            changed = content[:at] + bytes([content[at] ^ chance.choice([1, 4, 32, 128])]) + content[at + 1 :]
            if not wrong(files | {name: changed}, contents):
                missed.append((name, at))
    assert missed == []


def test_one_byte_changed_anywhere_in_the_zip_file_is_found(files: Files) -> None:
    packed, chance = zipped({name: content[:300] for name, content in files.items()}), random.Random(7)
    for at in range(len(packed)):
        changed = packed[:at] + bytes([packed[at] ^ 1 << chance.randrange(8)]) + packed[at + 1 :]
        with pytest.raises(ValueError, match="ZIP"):
            unzipped(changed)


@pytest.mark.parametrize(
    "name", ["report.html", "case.json", "case.schema.json", "proof.json", "READ-ME.txt", "names.html"]
)
def test_what_is_changed_together_with_the_manifest_is_found(files: Files, contents: Contents, name: str) -> None:
    content = files[name]
    for old, new in ((b"e", b"o"), (b"1", b"2"), (b"\n", b"\n ")):
        if old in content:
            assert wrong(with_manifest(files | {name: content.replace(old, new, 1)}), contents), (old, new)


def test_a_file_that_is_missing_or_more_is_found(files: Files, contents: Contents) -> None:
    for name in files:
        assert wrong({other: content for other, content in files.items() if other != name}, contents), name
    assert wrong(files | {"evidence/photo.jpg": b"1"}, contents) == ["evidence/photo.jpg is no file of this pack."]


EDITS: dict[str, Callable[[dict[str, Any], dict[str, Any]], object]] = {
    "an entry says something else": lambda case, _: case["log"][2].update(act="not now"),
    "an entry was made by somebody else": lambda case, _: case["log"][2].update(actor=case["log"][0]["actor"]),
    "two entries change places": lambda case, _: case["log"].insert(2, case["log"].pop(3)),
    "two entries change numbers": lambda case, _: (case["log"][2].update(n=4), case["log"][3].update(n=3)),
    "the last entry is cut off": lambda case, _: case["log"].pop(),
    "the first entry is cut off": lambda case, _: case["log"].pop(0),
    "an entry is left out": lambda case, _: case["log"].pop(4),
    "an entry is there twice": lambda case, _: case["log"].append(dict(case["log"][-1])),
    "a narrative is another": lambda case, _: case["rows"]["report"][0].update(narrative="He whispered."),
    "a letter is another": lambda case, _: case["rows"]["warning"][0].update(letter="Dear friend."),
    "a decision has another maker": lambda case, _: case["rows"]["decision"][0].update(by="~" + "0" * 32),
    "a report is left out": lambda case, _: case["rows"]["report"].pop(),
    "an objection is left out": lambda case, _: case["rows"]["objection"].clear(),
    "a report is there twice": lambda case, _: case["rows"]["report"].append(dict(case["rows"]["report"][0])),
    "the policy is another": lambda case, _: next(iter(case["policies"].values())).update(warn_at_points=9),
    "the policy is left out": lambda case, _: case["policies"].clear(),
    "the workspace is another": lambda case, _: case.update(workspace="T0OTHER"),
    "a salt is another": lambda _, proof: next(iter(proof["salts"].values())).update(salt="00"),
    "a salt is left out": lambda _, proof: proof["salts"].popitem(),
    "a week is another": lambda _, proof: proof["publications"][0].update(week="2026-W40"),
    "a leaf is another": lambda _, proof: proof["publications"][0]["chains"]["2"][0].update(n=3),
    "something is put in": lambda case, _: case.update(verdict="guilty"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_whoever_makes_a_pack_of_another_record_is_found(
    contents: Contents, edit: Callable[[dict[str, Any], dict[str, Any]], object]
) -> None:
    assert wrong(edited(contents, edit), contents)


@pytest.fixture(scope="module")
def rich(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contents]:
    """What a pack has of a case in which as much happened as can: rows of every table are there."""
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("rich"))
    database, clock = Database(f"sqlite:///{file}"), FrozenClock()
    later = Later(a_context(database, clock), clock, database)
    context = later.context
    call_backup(context, CallBackup(someone("U0ANA"), "Zenith Corp, of whom nothing is on record yet"))
    end_backup(context, EndCall(someone("U0ANA"), 1, HowEnded.CALMED))
    number = before_a_decision(context, clock)
    run_due_tasks(context, database)
    call_backup(context, CallBackup(someone("U0ANA"), "Zenith Corp, on the phone"))
    recuse(context, Recuse(someone("U0BRAD"), number, "They are my neighbours."))
    dropped(context, number, review_on=REVIEW_ON)
    later.sent(number)
    record_objection(context, RecordObjection(someone("U0PRIYA"), 1, "By phone", "I was not on that call."))
    set_safeguard(context, SetSafeguard(someone("U0PRIYA"), 1, "health", "Their daughter told us.", None))
    later.go_to(MONDAY)
    later.objects(number)
    later.answer(number, Answer.STANDS, by="U0CARLA")
    later.record_lesson(number)
    for owner in ("U0BRAD", None):
        edit_customer(context, EditCustomer(someone("U0CARLA"), 1, "Zenith Corp", owner, "", ""))
    publish(context, Week(2026, 48))
    with context.read(TEAM) as tx:
        yield pack_contents(tx, number)
    database.close()


def test_a_row_that_is_left_out_is_found_and_named(rich: Contents) -> None:
    """Whichever it is, by somebody who leaves out its salt too and makes the pack again."""
    assert wrong(unzipped(evidence_pack(rich, None)), rich) == []
    missed = []
    for table, rows in rich.case["rows"].items():
        for n, row in enumerate(rows):
            name = f"{table} {'/'.join(str(row[column]) for column in rich.definitions['versions'][table]['key'])}"

            def leave_out(case: dict[str, Any], proof: dict[str, Any], at: tuple[str, int] = (table, n)) -> None:
                del case["rows"][at[0]][at[1]]
                proof["salts"].pop(name, None)  # noqa: B023 - called at once

            missed += [name] if not found_without(rich, leave_out, name) else []
    assert missed == []
    there = {table for table, rows in rich.case["rows"].items() if rows}
    assert there >= {
        "warning",
        "objection",
        "safeguard",
        "stake",
        "recusal",
        "lesson",
        "decision",
        "verdict",
        "backup_call",
        "sent_letter",
    }


def test_it_has_the_calls_for_backup_until_the_case_ended_with_who_came_when_and_how_it_ended(
    context: Context, clock: FrozenClock
) -> None:
    number = before_a_decision(context, clock)
    call_backup(context, CallBackup(someone("U0ANA"), "Zenith Corp, on the phone"))
    clock.forward(seconds=40)
    take_call(context, TakeCall(someone("U0CARLA"), 1))
    end_backup(context, EndCall(someone("U0CARLA"), 1, HowEnded.CONTACT_ENDED))
    dropped(context, number, review_on=REVIEW_ON)
    clock.forward(hours=1)
    call_backup(context, CallBackup(someone("U0ANA"), "Zenith Corp, once more"))
    made = proven(context, number)
    assert [row["number"] for row in made.case["rows"]["backup_call"]] == [1]
    page = unzipped(evidence_pack(made, None))[REPORT].decode()
    part = page[page.index("Calls for backup (1)") : page.index("Timeline")]
    for said in ("on the phone", "Somebody came", "after 40 seconds", "The contact was ended"):
        assert said in part
    assert "once more" not in page


def found_without(made: Contents, leave_out: Callable[[dict[str, Any], dict[str, Any]], object], name: str) -> bool:
    """Whether the missing row is named. No report can be made without the case, its customer, or what judged it."""
    try:
        files = edited(made, leave_out)
    except IndexError:
        return name.startswith(("customer ", "matter "))
    return f"{name} is of this case, and is not in the pack." in wrong(files, made)


def test_a_warning_that_went_back_with_a_merger_undone_is_not_missed(context: Context) -> None:
    reported(context, "U0ANA", "Acme")
    reported(context, "U0JOE", "Acme")
    reported(context, "U0ANA", "Zenith Corp")
    case = opened(context, "U0JOE", "Zenith Corp").number
    with context.read(TEAM) as tx:
        warned(context, tx.cases.open_about(1).number)
    merge(context, Merge(someone("U0PRIYA"), 1, 2))
    assert [row["case"] for row in pack(context, case).case["rows"]["warning"]]
    undo_merge(context, UndoMerge(someone("U0PRIYA"), 1))
    assert proven(context, case).case["rows"]["warning"] == []


def invented(act: str, at: str, **facts: object) -> Callable[[dict[str, Any], dict[str, Any]], object]:
    """Puts an entry behind the log, as anybody can who has the pack."""
    return lambda case, _: case["log"].append(
        {**case["log"][-1], "n": case["log"][-1]["n"] + 1, "at": at, "act": act, "facts": facts, "rows": {}}
    )


def test_an_invented_entry_is_never_called_proven_and_stands_apart_in_the_report(
    contents: Contents, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = edited(contents, invented("decide", "2099-01-01T10:00:00+00:00", case=3, choice="keep"))
    (tmp_path / "a.zip").write_bytes(zipped(forged))
    assert main([digest_of(contents), str(tmp_path / "a.zip")], contents.definitions) == 3
    said = capsys.readouterr().out
    assert said.splitlines()[-1] == (
        "PROVEN IN PART: up to the digest of week 2026-W49; 1 entry after it is not proven."
    )
    assert "made after a later digest was published" in said
    page = forged["report.html"].decode()
    assert page.index("Not published yet, and not proven (1)") < page.index("Decided in case 3: keep")


def test_an_invented_entry_that_goes_back_in_time_is_refused(contents: Contents) -> None:
    n = contents.case["log"][-1]["n"] + 1
    found = wrong(edited(contents, invented("export", "2026-11-20T10:00:00+00:00")), contents)
    assert found == [f"Entry {n} about record 2 goes back in time, and no digest vouches for it."]


def test_the_entry_of_who_took_the_pack_is_said_not_to_be_proven(
    contents: Contents, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(edited(contents, invented("export", "2099-01-01T10:00:00+00:00"))))
    assert main([digest_of(contents), str(tmp_path / "a.zip")], contents.definitions) == 0
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == "PROVEN up to the digest of week 2026-W49; 1 entry after it is not proven."


def test_what_lies_beside_an_unpacked_pack_does_not_refuse_it(
    contents: Contents, files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("__MACOSX/._report.html", "._case.json", ".DS_Store", "Thumbs.db", "desktop.ini", "case-2.zip"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"1")
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    for digest in (digest_of(contents), f" `{digest_of(contents).upper()}`\n"):
        assert main([digest, str(tmp_path)], contents.definitions) == 0
    assert "not looked at: .DS_Store, ._case.json, Thumbs.db, __MACOSX/._report.html, case-2.zip" in (
        capsys.readouterr().out
    )
    (tmp_path / "note.txt").write_bytes(b"1")
    assert main([digest_of(contents), str(tmp_path)], contents.definitions) == 1


@pytest.mark.parametrize("given", ["abc", "f" * 63, "f" * 65, "g" * 64, "case-2.zip", ""])
def test_what_is_no_digest_is_said_to_be_none(
    contents: Contents, tmp_path: Path, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    assert main([given, str(tmp_path)], contents.definitions) == 2
    said = capsys.readouterr().out
    assert f"This is not a digest: {given}." in said
    assert "NOT PROVEN" not in said


def test_it_holds_the_whole_case_and_nothing_that_reps_said_of_themselves(files: Files, contents: Contents) -> None:
    page = files["report.html"].decode()
    for words in (
        "Third rep in six weeks",
        "Please stop shouting",
        "We are ending our business",
        "only one who shouted",
    ):
        assert words in page
    assert {row["number"] for row in contents.case["rows"]["report"]} == {2, 3, 4, 5}
    everything = b"".join(content for name, content in files.items() if name != "verify.py").decode()
    assert '"fine"' not in everything
    assert "wants_support" not in everything


def test_times_are_those_of_the_firm_and_in_utc_beside_it(later: Later, case: int) -> None:
    """What the machine knows of zones is not asked again: the pack says by what its times were reckoned."""
    with later.context.read(TEAM) as tx:
        contents = pack_contents(tx, case)
    ahead = [{"since": "2026-01-01T00:00:00+00:00", "minutes": 60}]
    moved = Record(json.loads(as_json({**contents.case, "zone": {"name": "Africa/Lagos", "offsets": ahead}})))
    page = report(moved, published_last(moved, contents.proof["publications"]))
    assert "Times are those of Africa/Lagos (UTC+1)." in page
    assert moved.log[0]["at"].startswith("2026-11-20T10:00")
    assert "20 November 2026, 11:00" in page
    assert list(zone_problems(moved)) == ["The zone of the times is not the one of the policy."]


def test_the_clocks_of_a_zone_are_put_forward_and_back_at_the_minute() -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    london = zone_from("Europe/London", at, at)["offsets"]
    assert {"since": "2026-03-29T01:00:00+00:00", "minutes": 60} in london
    assert {"since": "2026-10-25T01:00:00+00:00", "minutes": 0} in london
    assert zone_from("UTC", at, at)["offsets"] == [{"since": "2024-01-01T00:00:00+00:00", "minutes": 0}]


@pytest.mark.parametrize("minutes", [7, 15 * 60, 60])
def test_a_time_that_the_zone_never_had_is_found(contents: Contents, minutes: int) -> None:
    zone = contents.case["zone"]
    offsets = [{**each, "minutes": minutes} for each in zone["offsets"]]
    changed = replace(contents, case={**contents.case, "zone": {**zone, "offsets": offsets}})
    found = wrong(unzipped(evidence_pack(changed, NAMES)), contents)
    assert any("offsets" in each or "at another time" in each for each in found)


def test_a_page_says_how_each_verdict_came_about_and_what_the_policy_says(files: Files) -> None:
    page = files["report.html"].decode()
    assert "<td>Verbal abuse, serious</td><td>2, times 2</td><td>4</td>" in page
    assert re.search(r"Together \d+ points by \d reps", page)
    assert "A warning is due from 4 points on, while none is valid." in page
    assert "Threat of violence</td><td>Against a person, their family or their things</td><td>4, goes to" in page
    for raw in ("zero_tolerance", "warn at points", "payment_withheld", "verbal_abuse", "categories:"):
        assert raw not in page


def test_two_packs_of_a_case_differ_by_the_entry_of_who_took_the_first(context: Context, clock: FrozenClock) -> None:
    number = before_a_decision(context, clock)
    packs = []
    for _ in range(2):
        request_pack(context, someone("U0PRIYA"), number)
        with context.read(TEAM) as tx:
            packs.append(pack_contents(tx, number))
        clock.forward(minutes=1)
    first, second = (pack.case for pack in packs)
    more = [entry for entry in second["log"] if entry not in first["log"]]
    assert [(entry["act"], entry["facts"]["what"]) for entry in more] == [("export", "evidence pack")]
    assert {**first, "log": []} == {**second, "log": []}
    assert b"differ by that entry" in unzipped(evidence_pack(packs[0], None))["report.html"].replace(b"\n", b" ")


def test_hostile_text_is_shown_as_text(files: Files) -> None:
    page, names = files["report.html"].decode(), files["names.html"].decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\u202egnp.exe\\u0007 &amp; שלום" in page
    assert "Ana &lt;b&gt;Lopez&lt;/b&gt;" in names
    assert "יוסף\\u202e כהן" in names
    for written in (page, names):
        assert not re.search("<script|<img|<iframe|<link|@import|url\\(|\u202e|\u0007", written)
        assert "default-src 'none'" in written


def test_without_names_nobody_can_be_recognised_and_the_rest_is_proven(contents: Contents) -> None:
    without = unzipped(evidence_pack(contents, None))
    assert wrong(without, contents) == []
    assert "names.html" not in without
    assert b"left out on request" in without["READ-ME.txt"]
    everything = b"".join(content for name, content in without.items() if name != "verify.py").decode()
    assert not re.search("U0(ANA|JOE|MIA|PRIYA|BRAD)", everything)
    assert not [salt for salt in contents.salts.values() if salt in everything]
    everybody = unzipped(evidence_pack(contents, NAMES))
    assert {name: everybody[name] for name in ("report.html", "case.json", "proof.json")} == {
        name: without[name] for name in ("report.html", "case.json", "proof.json")
    }


def test_a_name_behind_another_reference_is_found(files: Files, contents: Contents) -> None:
    swapped = files["names.html"].replace(b"U0ANA", b"U0???").replace(b"U0JOE", b"U0ANA").replace(b"U0???", b"U0JOE")
    found = wrong(with_manifest(files | {"names.html": swapped}), contents)
    assert found == ["names.html: U0JOE is not who Person 2 is.", "names.html: U0ANA is not who Person 3 is."]


def test_verify_py_needs_nothing_but_python(tmp_path: Path, files: Files, contents: Contents) -> None:
    folder, archive = tmp_path / "pack", tmp_path / "case.zip"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    archive.write_bytes(zipped(files))
    for where in ([], [str(archive)]):
        said = verified(folder, digest_of(contents).upper(), *where)
        assert said.stdout.splitlines()[-1] == "PROVEN. The pack is what the record held when the digest was published."
        assert said.returncode == 0
    partly = verified(folder, digest_of(contents, 0))
    assert (partly.returncode, partly.stderr) == (3, "")
    assert "Ask for that of week 2026-W49." in partly.stdout
    (folder / "report.html").write_bytes(files["report.html"].replace(b"Drop", b"Keep"))
    refused = verified(folder, digest_of(contents))
    assert refused.returncode == 1
    assert refused.stdout.splitlines() == [
        "report.html was changed.",
        "report.html does not say what case.json says.",
        "NOT PROVEN. Do not rely on this pack.",
    ]
    assert verified(folder).returncode == 2


def verified(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")  # noqa: S603 - our own file


def test_no_two_parts_of_verify_py_have_the_same_name(files: Files) -> None:
    defined = re.findall(r"^(?:def|class) (\w+)|^(\w+)(?:: [^=]+)? = ", files["verify.py"].decode(), re.MULTILINE)
    names = [function or constant for function, constant in defined]
    assert len(names) > 100
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_what_is_no_pack_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], contents: Contents) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK")
    assert main(["0" * 64, str(tmp_path / "a.zip")], contents.definitions) == 1
    assert main(["0" * 64, str(tmp_path / "nowhere.zip")], contents.definitions) == 1
    assert main(["0" * 64, str(tmp_path)], contents.definitions) == 1
    said = capsys.readouterr().out
    assert said.count("The pack cannot be read") == 2
    assert said.count("NOT PROVEN") == 3


def test_a_pack_has_the_log_of_each_record_that_was_merged_into_the_customers(context: Context) -> None:
    """On both databases."""
    reported(context, "U0ANA", "Acme")
    case = opened(context, "U0JOE", "Zenith Corp")
    merge(context, Merge(someone("U0PRIYA"), 1, 2))
    publish(context, Week(2026, 47))
    with context.read(TEAM) as tx:
        made = pack_contents(tx, case.number)
    assert made.case["customers"] == [2, 1]
    assert {row["number"] for row in made.case["rows"]["report"]} == {1, 2}
    assert wrong(unzipped(evidence_pack(made, NAMES)), made) == []

    def without_the_other(found: dict[str, Any], proof: dict[str, Any]) -> None:
        found["customers"].remove(1)
        found["log"] = [entry for entry in found["log"] if entry["customer"] != 1]
        found["rows"]["customer"] = [row for row in found["rows"]["customer"] if row["number"] != 1]
        proof["salts"].pop("customer 1")
        for each in proof["publications"]:
            each["chains"].pop("1")

    assert wrong(edited(made, without_the_other), made) == [
        "The log is not about the customer of the case and just those records that were merged into theirs."
    ]


def pack(context: Context, case: int) -> Contents:
    with context.read(TEAM) as tx:
        return pack_contents(tx, case)


def proven(context: Context, case: int) -> Contents:
    """What a pack of the case would have, once it is published and proven."""
    publish(context, Week(2026, 47))
    made = pack(context, case)
    assert wrong(unzipped(evidence_pack(made, NAMES)), made) == []
    return made


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_case_is_proven_that_came_with_a_merger_and_from_which_somebody_stepped_aside(context: Context) -> None:
    """The same person has another reference in the log of each record. Found by the simulated year."""
    reported(context, "U0ANA", "Acme")
    case = opened(context, "U0JOE", "Acme").number
    recuse(context, Recuse(someone("U0BRAD"), case, "They are my neighbours."))
    reported(context, "U0ANA", "Zenith Corp", category="persistent_contact", severity=Severity.MINOR)
    merge(context, Merge(someone("U0PRIYA"), 1, 2))
    assert len(proven(context, case).case["rows"]["recusal"]) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_case_is_proven_whose_warning_was_cancelled_when_no_case_was_open(context: Context) -> None:
    """The verdict that follows is of no case, and the entry is about this one. Found by the simulated year."""
    reported(context, "U0ANA")
    case = opened(context, "U0JOE").number
    warned(context, case)
    record_objection(context, RecordObjection(someone("U0PRIYA"), case, "By phone", "It was my brother."))
    answer_objection(context, AnswerObjection(someone("U0BRAD"), case, Answer.CANCELLED, "It was.", "Dear customer, …"))
    assert proven(context, case).case["rows"]["verdict"][-1]["case"] is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_erased_is_proven_to_be_erased(context: Context) -> None:
    reported(context, "U0ANA")
    case = opened(context, "U0JOE").number
    erase_customer(context, EraseCustomer(TEAM, 1, "alice", even_with_an_open_case=True))
    made = proven(context, case)
    assert all(row["narrative"].startswith("Erased on") for row in made.case["rows"]["report"])
    assert "alice" in made.people.values()
    assert "alice" not in str(made.case)


def test_the_report_is_the_same_in_the_bot_and_in_verify_py(files: Files, contents: Contents) -> None:
    record = Record(dict(contents.case))
    assert report(record, published_last(record, contents.proof["publications"])).encode() == files["report.html"]
