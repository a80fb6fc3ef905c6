"""A real PgBouncer in front of a test's PostgreSQL, which gives each transaction any session that is free."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from tests.cleanup import if_killed
from tests.slack.steps import soon

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = """\
[databases]
* = host={host} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {sessions}
"""


@contextmanager
def pgbouncer(url: str, sessions: int = 4) -> Iterator[str]:
    """The address at which a pooler of so many sessions passes on to the database at `url`."""
    address = make_url(url)
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "Debian's package pgbouncer is missing"
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "pgbouncer.ini"
        host = address.query.get("host") or address.host
        settings.write_text(SETTINGS.format(host=host, user=address.username, port=port, sessions=sessions))
        owner = Path(str(host)).owner() if str(host).startswith("/") and not os.getuid() else None
        for path in (settings.parent, settings):
            path.chmod(0o755)
        with (settings.parent / "log").open("w") as log:
            process = subprocess.Popen(  # noqa: S603 - the package's own program
                [program, *(["-u", owner] if owner else []), str(settings)], stdout=log, stderr=log
            )
        with if_killed('kill -KILL "$1"', str(process.pid)):
            try:
                assert soon(lambda: _listens(port)), (settings.parent / "log").read_text()
                yield address.set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
            finally:
                process.kill()
                process.wait()


def _listens(port: int) -> bool:
    with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
        return True
    return False
