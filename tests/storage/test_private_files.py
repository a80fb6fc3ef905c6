"""The database and its journal are readable by their owner alone, also where an earlier release left them readable."""

import os
import stat
import threading
from pathlib import Path

from storage.database import Database
from storage.db.sqlite_file import SqliteFile
from storage.migrate import migrate
from tests.builders import FRIDAY

TEAM = "T0FIRM"


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


def test_a_new_database_and_its_journal_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        database = Database(f"sqlite:///{tmp_path / 'new.db'}")
        migrate(database)
        with database.begin(TEAM) as tx:
            tx.people.save_group("S0MANAGERS", (), FRIDAY)
        assert modes(tmp_path) == dict.fromkeys(("new.db", "new.db-wal", "new.db-shm"), 0o600)
    finally:
        os.umask(before)
    database.close()


def test_files_that_were_readable_become_private_when_the_bot_opens_them(migrated_file: Path, tmp_path: Path) -> None:
    for name in ("old.db", "old.db-wal"):
        (tmp_path / name).write_bytes(migrated_file.read_bytes() if name == "old.db" else b"")
        (tmp_path / name).chmod(0o664)
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    database.teams()
    assert modes(tmp_path)["old.db"] == 0o664  # what only reads changes nothing
    with database.begin(TEAM):
        pass
    assert set(modes(tmp_path).values()) == {0o600}
    database.close()


def test_a_journal_that_another_process_is_done_with_meanwhile_is_passed_over(tmp_path: Path) -> None:
    file, journal, stop = SqliteFile(str(tmp_path / "new.db")), tmp_path / "new.db-journal", threading.Event()

    def come_and_go() -> None:
        while not stop.is_set():
            journal.touch()
            journal.unlink()

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        for _ in range(10_000):
            file.make_private()
    finally:
        stop.set()
        other.join()
