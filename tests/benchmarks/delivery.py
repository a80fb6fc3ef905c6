"""From an accepted report to its notice in Slack, and how a storm drains. `STORM=500 make bench`: the whole storm."""

import os
import time
from collections import defaultdict
from datetime import datetime
from http.client import HTTPConnection

from sqlalchemy import func, select

from bot.rules.notices import NoticeKind
from handlers.names import EVENTS_PATH
from storage.database import Database
from storage.tables.outbox import notice
from tests.benchmarks.firm import REPS, Serving, a_firm, signed_report
from tests.benchmarks.table import Line, at_most, percentile
from tests.slack.calling import get_json
from tests.slack.office import real_clock

STORM = int(os.environ.get("STORM", "100"))  # reports in a storm; the whole one has 500 about 200 customers
CUSTOMERS_IN_A_STORM = STORM * 2 // 5
BETWEEN = 60 / 500  # seconds between two reports: 500 in a minute
EDITS_A_MINUTE = 50  # chat.update, which Slack puts into its third tier
IDLE = 60  # reports while nothing else goes on
APART = 0.3  # seconds; each of six reps has a message every 1.8 s, so that Slack's pace for a channel holds up none


def lines() -> list[Line]:
    """Idle, and in a storm."""
    with a_firm() as (slack, bot):
        soon = _soon(slack, bot)
    with a_firm() as (slack, bot):
        return [soon, *_storm(slack, bot)]


def _soon(slack: str, bot: Serving) -> Line:
    """How long after its answer each report's message reached Slack, Slack's own time included."""
    acked: dict[str, list[datetime]] = defaultdict(list)
    connection = HTTPConnection("127.0.0.1", bot.port)
    for number in range(IDLE):
        user = REPS[number % len(REPS)]
        _sent(connection, f"Customer {number}", user, "other", "minor")
        acked[user].append(real_clock())
        time.sleep(APART)
    _drained(bot)
    posts = [call for call in get_json(f"{slack}sandbox/calls")["calls"] if call["method"] == "chat.postMessage"]
    took = []
    for user, moments in acked.items():
        there = [datetime.fromisoformat(call["at"]) for call in posts if call["channel"] == user and call["ok"]]
        took += [(at - moment).total_seconds() * 1000 for moment, at in zip(moments, there, strict=True)]
    what = f"from an accepted report to its notice in Slack, idle: p99 of {IDLE}"
    return at_most(what, percentile(took, 0.99), 250, "ms")


def _storm(slack: str, bot: Serving) -> list[Line]:
    connection, start = HTTPConnection("127.0.0.1", bot.port), time.monotonic()
    for number in range(STORM):
        user, customer = REPS[number % len(REPS)], f"Customer {number % CUSTOMERS_IN_A_STORM}"
        _sent(connection, customer, user, "verbal_abuse", "severe")
        time.sleep(max(0.0, start + (number + 1) * BETWEEN - time.monotonic()))
    posted = _posted(bot) - start
    _drained(bot)
    drained, messages = time.monotonic() - start, _most_in_one_channel(bot)
    if bot.recorded() != STORM:
        raise AssertionError(f"{bot.recorded()} reports on record where {STORM} were acked")
    edits = get_json(f"{slack}sandbox/calls")["counts"].get("chat.update", 0)
    shortest = max(messages, edits * 60 / EDITS_A_MINUTE)
    storm = f"storm, {STORM} reports about {CUSTOMERS_IN_A_STORM} customers"
    return [
        _against(
            f"{storm}: until the last message is posted, against a second for each to the busiest channel",
            posted,
            messages,
            f"{messages} messages to one channel",
        ),
        _against(
            "the same until the last edit is made, against the posts or the edits at an even 50 a minute",
            drained,
            shortest,
            f"{shortest:.0f} s; {edits} edits",
        ),
        at_most("memory under the storm, at its highest", bot.memory("VmHWM"), 110, "MB"),
    ]


def _against(what: str, took: float, shortest: float, floor: str) -> Line:
    """A span of time against the shortest that Slack's limits allow."""
    return Line(what, f"{took / shortest:.2f} ({took:.0f} s)", floor, "≤ 1.10", took / shortest <= 1.1)


def _sent(connection: HTTPConnection, customer: str, user: str, category: str, severity: str) -> None:
    request = signed_report(customer, user, category, severity)
    connection.request("POST", EVENTS_PATH, request.body, dict(request.headers))
    answer = connection.getresponse()
    if answer.status != 200 or b"Recorded as report" not in answer.read():
        raise AssertionError(f"{customer} by {user}: {answer.status}")


def _posted(bot: Serving) -> float:
    """Return once every message stands in Slack, be it up to date or not; when that was."""
    missing = select(func.count()).where(notice.c.kind != NoticeKind.HOME, notice.c.ts.is_(None))
    database = Database(bot.database)
    with database.engine.connect() as connection:
        while connection.scalar(missing):
            connection.rollback()  # so that the next look is a new one
            time.sleep(0.05)
    database.close()
    return time.monotonic()


def _drained(bot: Serving) -> None:
    """Return once Slack shows everything."""
    database = Database(bot.database)
    while database.gauges(real_clock()).behind:
        time.sleep(0.05)
    database.close()


def _most_in_one_channel(bot: Serving) -> int:
    """How many messages went into the channel with the most."""
    database = Database(bot.database)
    of_each = (
        select(func.count())
        .where(notice.c.kind != NoticeKind.HOME, notice.c.ts.is_not(None))
        .group_by(notice.c.channel)
    )
    with database.engine.connect() as connection:
        most = max(connection.scalars(of_each))
    database.close()
    return int(most)
