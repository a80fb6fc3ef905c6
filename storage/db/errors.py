"""The errors of a database that cannot be used, as distinct from mistakes of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, exc

from bot.rules.refusals import NotRecorded

# The errors that are mistakes of ours, by the names that SQLAlchemy and every driver have for them (PEP 249). All
# others mean that the database cannot be used now.
MISTAKES = ("DataError", "IntegrityError", "NotSupportedError", "ProgrammingError")


@contextmanager
def raising_not_recorded(engine: Engine) -> Iterator[None]:
    """Turn the errors of a database that cannot be used into NotRecorded; mistakes of ours stay as they are."""
    driver: Any = engine.dialect.dbapi
    try:
        yield
    except tuple(getattr(source, name) for source in (exc, driver) for name in MISTAKES):
        raise
    except (exc.DBAPIError, exc.TimeoutError, driver.Error) as failure:
        raise NotRecorded from failure
