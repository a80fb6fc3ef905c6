"""The other sessions of a PostgreSQL database."""

import psycopg
from sqlalchemy.engine import make_url

from tests.kept_database import KEPT

_OTHERS = (
    "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    f"AND application_name <> '{KEPT}'"
)


def sessions(url: str) -> list[str]:
    """The last statement of each other session."""
    return [said for (said,) in _asked(url, f"SELECT query {_OTHERS} AND backend_type = 'client backend'")]


def waiting(url: str) -> list[str]:
    """The statement of each other session that waits for a lock."""
    return [said for (said,) in _asked(url, f"SELECT query {_OTHERS} AND wait_event_type = 'Lock'")]


def listeners(url: str) -> list[str]:
    """The last statement of each other session that listens."""
    return [said for said in sessions(url) if said.startswith("LISTEN ")]


def end_listeners(url: str) -> int:
    """End the sessions that listen, as an administrator or a failing network does; how many there were."""
    return len(_asked(url, f"SELECT pg_terminate_backend(pid) {_OTHERS} AND query LIKE 'LISTEN %'"))


def end_all(url: str) -> int:
    """End every other session; how many there were."""
    return len(_asked(url, f"SELECT pg_terminate_backend(pid) {_OTHERS} AND backend_type = 'client backend'"))


def _asked(url: str, query: str) -> list[tuple[str]]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(query).fetchall()  # our own constants
