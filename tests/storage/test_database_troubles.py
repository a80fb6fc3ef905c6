"""Why a database cannot be used: each cause made for real, told apart, and said with the database's own code."""

from __future__ import annotations

import os
import resource
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from bot.problems import away_text
from bot.rules.refusals import NotRecorded
from bot.rules.troubles import DatabaseTrouble as Trouble
from storage.database import Database
from storage.migrate import migrate
from tests.builders import TEAM, FrozenClock, a_customer
from tests.postgres import a_quick_server, address_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "hunter2"
HBA = """\
local all locked_out reject
local all {user} trust
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""


def refused(url: str) -> NotRecorded:
    """How a database of this address is refused."""
    with closing(Database(url)) as database, pytest.raises(NotRecorded) as caught:
        migrate(database)
    words = away_text(caught.value)
    assert SECRET not in words
    assert caught.value.code in words
    return caught.value


@pytest.fixture(scope="module")
def guarded() -> Iterator[URL]:
    """The address of a server that asks everybody but its owner for a password."""
    with a_quick_server() as server:
        address = make_url(address_of(server))
        (server.pgdata / "pg_hba.conf").write_text(HBA.format(user=address.username))
        with psycopg.connect(_plain(address), autocommit=True) as owner:
            owner.execute(f"CREATE ROLE rep LOGIN PASSWORD '{SECRET}'")
            owner.execute(f"CREATE ROLE locked_out LOGIN PASSWORD '{SECRET}'")
            owner.execute("CREATE ROLE reader LOGIN PASSWORD 'reader'")
            owner.execute("SELECT pg_reload_conf()")
        yield address


def _plain(address: URL) -> str:
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


def _with(address: URL, **changes: str) -> str:
    return address.set(**changes).render_as_string(hide_password=False)  # names of a URL's parts


@pytest.mark.parametrize(
    ("changes", "trouble", "code"),
    [
        ({"username": "rep", "password": f"{SECRET}x"}, Trouble.WRONG_PASSWORD, "28P01"),
        ({"username": "rep"}, Trouble.WRONG_PASSWORD, "28P01"),
        ({"username": "locked_out", "password": SECRET}, Trouble.NOT_ALLOWED, "28000"),
        ({"username": "rep", "password": SECRET, "database": "nowhere"}, Trouble.NO_SUCH_DATABASE, "3D000"),
        ({"username": "reader", "password": "reader"}, Trouble.NOT_ALLOWED, "42501"),
    ],
)
def test_what_a_server_refuses_is_kept_apart(
    guarded: URL, changes: dict[str, str], trouble: Trouble, code: str
) -> None:
    failure = refused(_with(guarded, **changes))
    assert (failure.trouble, failure.code) == (trouble, code)


def test_a_server_that_is_not_there_is_not_taken_for_a_name_that_is_none(guarded: URL) -> None:
    there = "postgresql+psycopg://rep:x@{}/backstop"
    assert refused(there.format("db.invalid")).trouble is Trouble.NO_SUCH_HOST
    assert refused(there.format("127.0.0.1:1")).trouble is Trouble.UNREACHABLE
    assert refused(_with(guarded.set(query={"host": "/nowhere"}))).trouble is Trouble.UNREACHABLE


def test_a_server_without_tls_is_not_taken_for_one_that_is_not_there() -> None:
    """A server answers N to the request for TLS."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        threading.Thread(target=_answer_no, args=(listener,), daemon=True).start()
        address = f"postgresql+psycopg://rep:x@127.0.0.1:{listener.getsockname()[1]}/backstop?sslmode=require"
        assert refused(address).trouble is Trouble.TLS


def _answer_no(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with closing(connection):
        connection.recv(8)
        connection.sendall(b"N")


def test_a_server_that_says_nothing_is_called_silent() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        address = f"postgresql+psycopg://rep:x@127.0.0.1:{listener.getsockname()[1]}/backstop"
        assert refused(address).trouble is Trouble.SILENT


def test_a_full_disk_is_found_before_a_report_is_refused(guarded: URL) -> None:
    """The device that is always full stands where the server writes its temporary files; what is small still fits."""
    temporary = Path(str(guarded.query["host"])) / "base" / "pgsql_tmp"
    with closing(Database(_with(guarded))) as database:
        migrate(database)
        database.try_to_write()
        with psycopg.connect(_plain(guarded)) as owner:
            servers = owner.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'").fetchall()
        for (server,) in servers:
            for number in range(100):
                (temporary / f"pgsql_tmp{server}.{number}").symlink_to("/dev/full")
        with pytest.raises(NotRecorded) as caught:
            database.try_to_write()
        with database.begin(TEAM) as tx:
            a_customer(tx, "Zenith", FrozenClock()())
    assert (caught.value.trouble, caught.value.code) == (Trouble.FULL, "53100")


def test_who_may_write_only_small_temporary_files_cannot_tell_whether_there_is_room(guarded: URL) -> None:
    with psycopg.connect(_plain(guarded), autocommit=True) as owner:
        owner.execute("CREATE DATABASE limited")
        owner.execute("ALTER DATABASE limited SET temp_file_limit = 100")
    with closing(Database(_with(guarded, database="limited"))) as database:
        migrate(database)
        database.try_to_write()


def test_a_server_on_which_nothing_may_be_written_is_called_read_only(guarded: URL) -> None:
    with psycopg.connect(_plain(guarded), autocommit=True) as owner:
        owner.execute("CREATE DATABASE standby")
        owner.execute("ALTER DATABASE standby SET default_transaction_read_only = on")
    failure = refused(_with(guarded, database="standby"))
    assert (failure.trouble, failure.code) == (Trouble.READ_ONLY, "25006")


def written(database: Database, *, times: int = 1) -> None:
    for number in range(times):
        with database.begin(TEAM) as tx:
            a_customer(tx, f"Zenith {number} {'x' * 200}", FrozenClock()())


def failure_of(database: Database, *, times: int = 1) -> NotRecorded:
    with pytest.raises(NotRecorded) as caught:
        written(database, times=times)
    return caught.value


@pytest.fixture
def filed(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "record.db"
    file.write_bytes(migrated_file.read_bytes())
    with closing(Database(f"sqlite:///{file}")) as database:
        yield database


def file_of(database: Database) -> Path:
    return Path(str(database.engine.url.database))


def test_a_file_that_another_process_holds_is_called_locked(filed: Database) -> None:
    written(filed)
    with closing(sqlite3.connect(file_of(filed), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        failure = failure_of(filed)
    assert (failure.trouble, failure.code) == (Trouble.LOCKED, "SQLITE_BUSY")


def test_a_file_that_is_gone_is_called_moved(filed: Database) -> None:
    written(filed)
    file_of(filed).rename(file_of(filed).with_suffix(".away"))
    assert failure_of(filed).trouble is Trouble.MOVED


def test_a_folder_that_is_none_and_a_file_that_is_no_database_are_kept_apart(tmp_path: Path) -> None:
    assert refused(f"sqlite:///{tmp_path / 'nowhere' / 'record.db'}").trouble is Trouble.NOT_OPENED
    (tmp_path / "letter").write_text("Dear Sir or Madam, " * 100)
    assert refused(f"sqlite:///{tmp_path / 'letter'}").trouble is Trouble.DAMAGED


def test_a_full_file_is_called_full(filed: Database) -> None:
    written(filed)
    filed.connections.writer.connection.exec_driver_sql("PRAGMA max_page_count=1")  # it has written
    failure = failure_of(filed, times=10_000)
    assert (failure.trouble, failure.code) == (Trouble.FULL, "SQLITE_FULL")


def test_a_disk_that_takes_no_more_is_named_by_the_command_line_too(migrated_file: Path, tmp_path: Path) -> None:
    """A limit of the operating system on the size of files: SQLite cannot write its journal."""
    file = tmp_path / "record.db"
    file.write_bytes(migrated_file.read_bytes())
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "shhh", "SLACK_API_URL": "http://127.0.0.1:1/api/",
        "MANAGEMENT_CHANNEL": "C0MANAGE", "MANAGERS": "U0PRIYA", "DATABASE_URL": f"sqlite:///{file}",
    }  # fmt: skip
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "bot", "serve"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", **settings},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert done.returncode == os.EX_TEMPFAIL
    assert "The bot cannot use the database" in done.stderr
    assert '"trouble"' in done.stderr


@pytest.mark.parametrize(
    "refused",
    ["SELECT no_such_function()", "SELECT relname FROM pg_class GROUP BY relname FOR UPDATE"],
    ids=["there is no such function", "it is not supported"],
)
def test_a_server_that_does_not_tell_its_identifier_has_no_place(
    database: Database, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    """As a hosted PostgreSQL answers that keeps what is in the control file to itself."""
    assert database.place()
    monkeypatch.setattr("storage.db.connections._PLACE", refused)
    assert bool(database.place()) is (database.engine.dialect.name == "sqlite")
