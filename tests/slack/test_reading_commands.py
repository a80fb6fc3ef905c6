"""Commands that read change nothing, create nothing and upgrade nothing; and what they write may go nowhere."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from multiprocessing import Pipe
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from bot.cli.commands import COMMANDS, Command
from bot.cli.main import main
from bot.policy_file.load import BUILT_IN
from storage.database import Database
from storage.migrate import migrate
from tests import forked
from tests.builders import TEAM, FrozenClock, a_context, a_profile, opened
from tests.slack.test_commands import LIST, Shell, shell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["shell"]  # the fixture

ROOT = Path(__file__).parents[2]
READING: dict[str, Sequence[str]] = {
    "check": ("check", "--json"),
    "manifest": ("manifest",),
    "policy check": ("policy", "check", "policy.toml"),
    "policy show": ("policy", "show"),
    "policy replay": ("policy", "replay", "policy.toml", "--json"),
    "summary": ("summary", "--json"),
    "audit verify": ("audit", "verify", "--json"),
    "export customer": ("export", "customer", "Zenith Corp", "--dry-run"),
    "export all": ("export", "all", "--dry-run"),
    "export case": ("export", "case", "1", "--dry-run"),
    "export endings": ("export", "endings", "--dry-run"),
    "export verifier": ("export", "verifier"),
    "erase a customer": ("erase", "--number", "1", "--dry-run", "--even-with-an-open-case"),
    "erase a person": ("erase", "--person", "U0ANA", "--dry-run"),
    "customers import": ("customers", "import", "customers.csv", "--dry-run", "--json"),
}
WITHOUT_DATABASE = ("manifest", "policy check", "policy show", "export verifier")


@pytest.fixture
def files(shell: Shell) -> Shell:
    shell.write("policy.toml", BUILT_IN.read_text(encoding="utf-8"))
    shell.write("customers.csv", LIST)
    return shell


@pytest.fixture
def recorded(files: Shell) -> Shell:
    with closing(files.database()) as database:
        migrate(database)
        context = a_context(database, FrozenClock())
        opened(context, "U0ANA", "Zenith Corp", category="threat")
        with context.begin(TEAM) as tx:
            tx.people.save_profiles([a_profile("U0ANA", context.clock(), deactivated=True)])
    return files


def content(shell: Shell) -> list[str]:
    with closing(sqlite3.connect(shell.folder / "backstop.db")) as database:
        return list(database.iterdump())


def others(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} - {"backstop.db-wal", "backstop.db-shm"}


@pytest.mark.parametrize("command", READING)
def test_a_command_that_reads_changes_no_data(recorded: Shell, command: str) -> None:
    before, there = content(recorded), others(recorded.folder)
    code, said, _ = recorded.run(*READING[command])
    assert code in ({0, 1} if command == "check" else {0})
    assert content(recorded) == before
    assert others(recorded.folder) == there
    if "--json" in READING[command]:
        assert json.loads(said) is not None


@pytest.fixture
def backup(migrated_file: Path) -> Iterator[Path]:
    """A copy of a database, as somebody has it who may only read it; no folder above hides it from other users."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "backstop.db"
        file.write_bytes(migrated_file.read_bytes())
        with closing(Database(f"sqlite:///{file}")) as database:
            opened(a_context(database, FrozenClock()), "U0ANA", "Zenith Corp", category="threat")
        file.chmod(0o444)
        file.parent.chmod(0o555)
        yield file
        file.parent.chmod(0o755)


def test_a_copy_in_a_folder_in_which_nothing_may_be_written_is_verified(
    backup: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{backup}")
    me = os.geteuid()
    if me == 0:  # to whom no folder is closed; modules are read before, as nobody else might read them
        assert main(["audit", "verify"]) == 0
        for suffix in ("-wal", "-shm"):
            backup.with_name(f"{backup.name}{suffix}").unlink()
        os.seteuid(65534)
    try:
        assert main(["audit", "verify"]) == 0
    finally:
        os.seteuid(me)
    assert "The audit log is whole." in capsys.readouterr().out
    assert [each.name for each in backup.parent.iterdir()] == ["backstop.db"]


@pytest.mark.parametrize("command", READING)
def test_a_command_that_reads_creates_no_database(files: Shell, command: str) -> None:
    there = others(files.folder)
    code, said, complaint = files.run(*READING[command])
    assert others(files.folder) == there
    if command not in WITHOUT_DATABASE:
        assert "There is no file" in said + complaint
        assert code == (1 if command == "check" else 2)


@pytest.mark.parametrize("revision", ["r9999", "0001"])
@pytest.mark.parametrize("command", sorted(set(READING) - set(WITHOUT_DATABASE)))
def test_a_command_that_reads_says_that_another_release_made_the_database(
    recorded: Shell, command: str, revision: str
) -> None:
    with closing(sqlite3.connect(recorded.folder / "backstop.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    before = content(recorded)
    code, said, complaint = recorded.run(*READING[command])
    assert f"The database is at revision {revision}" in said + complaint
    assert code == (1 if command == "check" else 2)
    assert content(recorded) == before


def test_an_export_is_on_record_and_upgrades_nothing(recorded: Shell) -> None:
    with closing(sqlite3.connect(recorded.folder / "backstop.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = 'r9999'")
    before = content(recorded)
    assert recorded.run("export", "all")[0] == 2
    assert content(recorded) == before


def test_an_export_needs_no_other_setting_than_the_database(recorded: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    (recorded.folder / ".env").unlink()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{recorded.folder / 'backstop.db'}")
    for command in ("export all", "export case", "export customer", "policy replay", "audit verify"):
        assert recorded.run(*READING[command])[0] == 0, command


@pytest.mark.parametrize("command", sorted(set(READING) - {"policy check", "export verifier"}))
def test_the_settings_may_be_in_another_file(
    recorded: Shell, tmp_path_factory: pytest.TempPathFactory, command: str
) -> None:
    before = recorded.run(*READING[command])
    file = tmp_path_factory.mktemp("elsewhere") / "firm.env"
    (recorded.folder / ".env").rename(file)
    (recorded.folder / "backstop.db").rename(database := file.with_name("firm.db"))
    with file.open("a") as settings:
        settings.write(f"\nDATABASE_URL=sqlite:///{database}\n")
    assert recorded.run(*READING[command], "--env-file", str(file)) == before
    (recorded.folder / ".env").write_text("DATABASE_URL=sqlite:///nowhere/backstop.db\n")
    assert recorded.run(*READING[command], "--env-file", str(file)) == before


TAKES_A_FILE = [each for each in COMMANDS if each.name != "setup"]  # which makes it


@pytest.mark.parametrize("command", TAKES_A_FILE, ids=lambda command: command.name)
def test_a_file_of_settings_that_is_not_there_is_an_error_like_one_in_it(shell: Shell, command: Command) -> None:
    for wrong in (shell.folder / "missing.env", shell.folder):  # a folder is no file either
        words = (*command.name.split(), "--env-file", str(wrong))
        if command.reads_settings:
            said = f"--env-file: there is no file {wrong}. Name one that is there.\n"
            assert shell.run(*words) == (2, "", said)
        else:
            with pytest.raises(SystemExit):
                shell.run(*words)


WRITING = (
    ("manifest",),
    ("export", "verifier"),
    ("export", "all"),
    ("export", "customer", "Zenith Corp"),
    ("policy", "replay", "policy.toml"),
    ("summary",),
    ("audit", "verify"),
    ("check",),
    ("--help",),
)


@pytest.mark.parametrize("arguments", WRITING, ids=" ".join)
def test_a_reader_that_stops_and_a_full_disk_get_a_line(recorded: Shell, arguments: Sequence[str]) -> None:
    here, there = Pipe(duplex=False)
    here.close()
    for out, why in ((there, "Nobody reads the output any more"), (Path("/dev/full"), "No space left on device")):
        done = forked.command(recorded.folder, os.environ, *arguments, output=out)
        assert done.ended()
        said = done.log.read_text()
        assert why in said
        assert done.process.exitcode == os.EX_IOERR
        assert "Traceback" not in said
    there.close()


def test_nothing_more_is_said_when_the_interpreter_ends(recorded: Shell) -> None:
    """It flushes what is left, once more: with a buffer, which some environments switch off. So this is a process."""
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "bot", "manifest"], cwd=recorded.folder, stdout=full,
            env=settings | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert "No space left on device" in done.stderr
    assert done.returncode == os.EX_IOERR
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
