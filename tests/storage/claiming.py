"""How the tests of the outbox ask for messages, claim them and show them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.rules.notices import Notice
from storage.database import Database
from tests.builders import TEAM, FrozenClock

LEASE = timedelta(seconds=20)
HERE = "C0MANAGE"


def refresh(
    database: Database, subject: int, now: datetime, target: str = HERE, *, urgent: bool = False, kind: str = "case"
) -> None:
    with database.begin(TEAM) as tx:
        tx.notices.refresh(kind, subject, target, now, urgent=urgent)


def claim(database: Database, now: datetime) -> Notice | None:
    with database.outbox() as outbox:
        return outbox.claim(now, LEASE)


def claimed(database: Database, now: datetime) -> Notice:
    job = claim(database, now)
    assert job is not None
    return job


def show(database: Database, job: Notice, now: datetime, ts: str = "1.000001", digest: str | None = None) -> None:
    with database.outbox() as outbox:
        outbox.shown(job, job.target, ts, now, digest)


def shown(database: Database, subject: int, clock: FrozenClock, target: str) -> None:
    """Refresh a notice and have it shown."""
    refresh(database, subject, clock(), target)
    show(database, claimed(database, clock()), clock(), f"1.{subject:06d}", f"digest of {subject}")


def seconds_until(look: Callable[[], Notice | None], clock: FrozenClock, most: float, step: float = 0.25) -> float:
    """How long it takes until something can be claimed."""
    passed = 0.0
    while passed <= most:
        if look() is not None:
            return passed
        clock.forward(seconds=step)
        passed += step
    raise AssertionError(f"nothing to claim within {most} s")
